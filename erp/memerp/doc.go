// Package memerp is an ERP in memory that behaves like one: for tests, for
// demonstrations, and as the plainest adapter to read before writing one.
//
// It has the habits that surprise callers of real ERPs. An order is a draft
// first and gets its human number later. The external key is unique, and a
// second document is refused in the database's words. A button pressed in
// the wrong state answers success and changes nothing (Tryton), or is refused
// (Odoo, by Options.LoudWrongState). Totals are its own, computed from
// quantities and prices, with the tax on the document.
//
//	books := memerp.New(nil)
//	client := erp.NewClient(books.Adapter(), nil)
//	receipt, err := client.EnsureOrder(ctx, order)
//	books.Confirm(receipt.ID) // as the ERP's own people do
//
// People confirm, pick, ship, take back, post, pay, write and count:
//
//	books.SetStock("00120", two, "")                 // waiting orders are served, first come first
//	delivery, ok := books.Pick(receipt.ID)           // what is set aside; the rest is a back order
//	for _, draft := range books.Drafts(receipt.ID) { // an invoice for each delivery
//		books.Post(draft)
//	}
//	id, err := books.Pay(payment)
//
// Each document has a sequence out of one counter of all writes, and is told by
// its stream in that order. Ids count per kind: the order 1, the delivery 1 and
// the invoice 1 are three documents. Invoices are valued document by document, as real ERPs do,
// so that the VAT of several may be a cent off the order's
// (Options.InvoicePerOrder for one that is exact).
//
// Faults are set per operation for the next n calls, and happen in the order
// they were set:
//
//	books.Fail(erp.OpPush, 1, memerp.AnswerLost)       // the work is done
//	books.Fail(erp.OpPush, 2, memerp.Refuse("credit limit"))
//	books.Fail(erp.OpPullInvoices, 1, memerp.Lagging) // children come before their parents
//
// An administrator may delete a document past all rules (Delete); the list of
// ids shows it.
//
// Nothing in it depends on the clock or on chance: ids count up, and without
// Options.Now each reading of its clock is a second after the one before.
package memerp
