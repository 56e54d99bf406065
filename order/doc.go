// Package order turns a cart into an order and leads it to the ERP's
// confirmation.
//
//	receipt, err := orders.Place(ctx, purchaser, order.PlaceInput{Cart: id, Seal: quote.Seal, Key: key})
//	o, err := orders.Advance(ctx, operator, order.AdvanceInput{Order: receipt.Order, On: order.Validate})
//
// Place is one transaction over the cart, the order, its number, the events
// and the work for the ERP relay; of all who order one offer exactly one gets
// an order. Until the seller validates it, an order may be revised and
// deleted; from then on it is frozen. The life cycle is the table DefaultLife.
// What the ERP says comes back through ReportERP.
//
// Goods and invoices have a ledger on every line, Goods and Billed, from which
// the delivery, invoice and money axes follow (Order.Axes). Ship, Return and
// CancelRest move goods by hand and refuse more than there is; ReportDelivery
// and ReportERP record what the ERP did, in whatever order it arrives, and what
// is beyond the order as excess. Package billing writes the documents with
// BillTx and SettleBillTx; what stands on an invoice stays until it is credited.
//
// Beside its life an order is accompanied: NoteProgress tells the way of the
// goods, Hold and Resume, Release hands it to logistics, Attach and Certify
// keep its files, Post and Thread its correspondence, Again makes a cart of it.
// What is internal to the seller does not exist for the buyer: see Order.Shared.
//
// References are customer number + year + sequence by default; Numbering
// reads and writes other patterns. Lists are paged by keyset, exported as CSV.
package order
