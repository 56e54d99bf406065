// Package billing makes invoices, credit notes, payments and statements.
//
//	inv, err := bills.Issue(ctx, operator, billing.IssueInput{Deliveries: []order.DeliveryID{parcel}, Key: key})
//	credit, err := bills.Credit(ctx, operator, billing.CreditInput{Document: inv.ID, Reason: "damaged"})
//	p, err := bills.Pay(ctx, purchaser, billing.PayInput{Amount: due, Method: billing.Transfer, Invoices: …})
//
// # Who issues
//
// The documents of a legal seller and kind have exactly one issuer
// (Options.Issuers). ByERP, the default, the ERP makes them, and ReportInvoice
// keeps read-only mirrors with the ERP's numbers and figures. Here they are made
// by Issue, Credit and AndInvoice and pushed to the ERP by the relay. The other
// path is refused with ErrIssuer.
//
// # Documents
//
// A Document is a Record, which never changes once issued here, and beside it
// what happened since: what was credited, paid and set off. There is no way to
// delete one, and an invoiced order cannot be deleted. Issue takes deliveries,
// quantities of lines or whole orders, as far as the order's policy has something
// to invoice; several orders of one account share an invoice. AndInvoice invoices
// together with the step that made something due. Credit gives back all or a part
// of an invoice and sets it off against what is left to pay there.
//
// Figures follow EN 16931, and Check names the rule that does not hold. Lines
// carry exact slices of the orders' lines and the VAT of an order's documents
// sums to the order's: see order.Slice and TaxMode.
//
// # Numbers and the chain
//
// A Series makes numbers without a gap, in the transaction that issues; its issue
// date never goes back. Each record holds the hash of the one before: Verify walks
// the chain and names the first record that is broken.
//
// # Money
//
// Money arrives as a Payment, whose life cycle is the table of
// DefaultPaymentLife. Confirmed money settles the invoices that it is allocated
// to, in one transaction with the ledgers of their orders; what is left is credit
// owed: Allocate gives it to invoices, Refund promises to pay it back, which
// Advance then executes. SetOff uses a credit note on another invoice.
//
// Money on account stays apart from documents: the Prepaid [BT-113] of our own is
// zero, and an invoice asks for all of its gross. Money that was paid in advance
// is given to the invoice with Allocate, in the transaction of IssueTx where it
// has to be at once; Left is what the customer still pays.
//
// # Mirrors
//
// What the ERP tells may arrive again and in any order. A report of an older
// Sequence changes nothing; one that names a document which is not here is
// refused with *Awaits, to be told again when it is; a credit note may be here
// before its invoice; what a payment cannot give yet is its Pending and given
// when there is room.
//
// # Statements
//
// A Statement is the account of one customer between two dates, with both
// parties' columns and its ageing. It is computed from documents and payments
// each time and stored nowhere.
package billing
