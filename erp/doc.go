// Package erp is the port to the company's ERP: neutral documents, what an
// ERP can do as interfaces of one method, the classes of what goes wrong, and
// the Client that makes any adapter safe to use. It knows no package of the
// domain, so that an adapter outlives changes of the domain.
//
// # For callers
//
// Wrap the adapter and ask for the result, not for the call:
//
//	client := erp.NewClient(adapter, &erp.Options{Now: time.Now, Random: rand.Float64, Rate: 5})
//	receipt, err := client.EnsureOrder(ctx, order)
//
// EnsureOrder may be called until it succeeds: whatever was lost on the way,
// the ERP ends with exactly one document of Order.Key. The ERP's id is there
// at once; its human number may come later (Receipt.Number).
//
// Payments, invoices and messages go the same way (EnsurePayment, EnsureInvoice,
// EnsureMessage). What happens in the ERP is pulled, a page at a time, from a
// cursor that is stored with what was done about the page:
//
//	page, err := client.PullDeliveries(ctx, cursor, 200)
//
// Pages may overlap and rows come twice or late: Head.Sequence tells which is
// newer, and applying a row that is not newer does nothing. Ask a row's Check
// before believing it. The empty cursor reads all again; what was deleted in
// the meantime is what ListIDs names no more.
//
// What to do about an error is its class, by ClassOf:
//
//	NotSent, Retryable   call again later; RetryAfter when the ERP said when
//	OutcomeUnknown       the same, through EnsureOrder; a person if Park is set
//	Rejected             a person reads Text; again only after the data changed
//	NeedsConfirmation    the same
//	Duplicate, Conflict  read the document, then decide
//	NotFound             the document is gone, or was never visible to us
//	Auth                 alarm; the client is stopped until Reset
//	Contract             alarm to developers
//	Unsupported          do without; Supports tells beforehand
//
// An answer without an error is no proof of an effect. ERPs ignore a button
// pressed in the wrong state, so look at Receipt.State and Receipt.Revision.
//
// # What the client does
//
// It validates documents before they leave, keeps a rate, holds
// calls back while the ERP is down (circuit breaker), bounds each attempt in
// time, stops after refused credentials, and refuses a receipt that cannot be
// the answer (no id, another document's). It repeats reads, and writes
// known not to have left. A write that may have been done, because the answer
// is lost or cannot be read, is answered at once as OutcomeUnknown and never
// repeated blindly. Time and chance come from
// Options.
//
// # For integrators
//
// An adapter implements Describer and whichever capability its ERP has:
// Pinger, OrderPusher, OrderFinder, PaymentPusher, DeliveryPuller and the
// others of one method each. A missing capability is a missing method. Where
// the ERP's installation decides, implement Partial, or answer NotSupported
// once and the client remembers it. It has no retries, no limits and no breaker of its own. It
// answers *Error (NewError, Reject, Lost, Unsent, NoSuch), and after a change
// it reads back the state reached. It honours ctx: cancelled before the
// request left is NotSent, after it Lost.
//
// An ERP whose keys can be found but are not unique (a plain reference field)
// declares LookupByKey too; then only the caller's lease keeps two
// simultaneous pushes of one key apart, and the adapter says so in its manual.
//
// A pull answers whole documents, oldest change first. Its cursor is the
// adapter's own: what the next process needs to go on where this one stood. It
// never skips a document that changes between two pages (no offsets; order by
// the change and the id), and with an ERP that tells time by the start of its
// transactions it reads some time back and tells those rows again. Deletions
// leave no trace in most ERPs; a Lister lets the reader find them.
//
// Package erptest holds an adapter to all of this; package memerp is an ERP
// in memory to try it on, and examples/adapter is one to copy.
package erp
