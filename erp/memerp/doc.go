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
// Faults are set per operation for the next n calls, and happen in the order
// they were set:
//
//	books.Fail(erp.OpPush, 1, memerp.AnswerLost)       // the work is done
//	books.Fail(erp.OpPush, 2, memerp.Refuse("credit limit"))
//
// Nothing in it depends on the clock or on chance: ids count up, and without
// Options.Now each reading of its clock is a second after the one before.
package memerp
