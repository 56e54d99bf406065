// Package billing makes invoices, credit notes, payments and statements.
//
//	inv, err := bills.Issue(ctx, operator, billing.IssueInput{Deliveries: []order.DeliveryID{parcel}, Key: key})
//	credit, err := bills.Credit(ctx, operator, billing.CreditInput{Document: inv.ID, Reason: "damaged"})
//	p, err := bills.Pay(ctx, purchaser, billing.PayInput{Amount: due, Method: billing.Transfer, Invoices: …})
//
// The documents of a legal seller and kind have exactly one issuer
// (Options.Issuers). ByERP, the default, the ERP makes them, and ReportInvoice
// keeps read-only mirrors with the ERP's numbers and figures. Here they are made
// by Issue, Credit and AndInvoice, numbered without a gap in a Series, tied
// into a chain of hashes that Verify walks, and pushed to the ERP by the relay.
// The other path is refused with ErrIssuer.
//
// A document is a Record, which never changes, and beside it what happened
// since: what was credited, paid and set off. Its figures follow EN 16931, and
// Check names the rule that does not hold. Lines carry exact slices of the
// orders' lines and the VAT of an order's documents sums to the order's: see
// order.Slice and TaxMode.
//
// Money arrives as a Payment, whose life cycle is the table of
// DefaultPaymentLife. Confirmed money settles the invoices that it is allocated
// to, together with the ledgers of their orders; what is left is credit owed.
// A Statement is computed from documents and payments each time.
package billing
