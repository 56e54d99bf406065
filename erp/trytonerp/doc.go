// Package trytonerp connects to Tryton 6.0 by JSON-RPC.
//
//	a, err := trytonerp.New(trytonerp.Options{URL: "https://erp.example.com", Database: "erp",
//		User: "connector", Password: password, WebShop: "Connector"})
//	client := erp.NewClient(a, nil)
//
// # What Tryton needs
//
// Series 6.0 with the modules sale, account_invoice_stock and web_shop; a user
// with the groups Sale and Account, and its company; the server's clock in UTC.
//
// # Orders
//
// An order is a sale of the web shop, and its key the web id, which is unique in
// the database: of any number of pushes of a key one makes a sale, from however
// many processes. Customers and articles go by their codes (a product's is its
// template's and its suffix), units, taxes, currencies and countries by what
// Options name and else by code, symbol or rate; the terms of payment and what
// the order does not say of addresses are what Tryton suggests for the party.
// What there is no record for, and what does not fit the digits of a price or
// of a unit, is Rejected before anything is sent, all of it at once by its path.
// An address that the party does not have is entered there. Our line keys stand
// in the lines' notes, our revision in the description ("comptoir:2 FR100025…").
//
// Discounts of the whole order are lines without a product. Where Tryton
// invoices by shipment it makes an invoice of them as soon as the order is
// confirmed.
//
// A draft and a quotation are drafts here; a quotation that is revised becomes a
// draft again. What changes at the same time is told by Tryton's timestamp,
// which SQLite knows to the second, and by the state: a line of a confirmed
// order cannot be replaced. Buttons that Tryton ignores show in the state, which
// is read after each.
//
// # Payments
//
// A payment is one move, its key in the description. One that pays one invoice
// and nothing else goes through Tryton's dialog in one transaction, which is
// refused when the invoice was changed meanwhile (SQLite tells changes to the
// second only: there a payment waits for a second before it is booked). Any other
// is entered, posted, put to its invoices and reconciled step by step, and is
// found when all of that is done: who ensures it goes on with it. Where several
// processes enter one payment at once, one move is posted, and the others are
// left without mark and amounts, not posted, for an accountant to delete; one
// that Tryton made after its caller had given up, and the payment was booked
// anew, keeps both until the payment is pushed once more. No
// database of Tryton's keeps two notes of a key apart, which messages are: the
// adapter does so among its own calls, and the caller by his lease (erpsync's
// queue). The user may write notes on what he may change.
//
// Deliveries, invoices and the rest of a confirmed order are the ERP's: nothing
// of an order is given up from here once it is confirmed (CancelRest), and no
// invoice of ours is booked there.
//
// # What changes there
//
// Of two web shops on one Tryton each is told of its own orders, deliveries,
// invoices, payments and notes; articles and parties are the company's, and stock is that of
// the shop's warehouses. A return is a sale of no shop and names the order as its
// origin. Streams follow the times at which records were written. Such a time is
// when the transaction began, so that two minutes before the last change are
// read again, and what of them was told stands in the cursor. A document told of
// has the latest time of all its records as its sequence. Pages take the same few
// requests however many rows they have.
//
// An invoice that a credit note settles stands, although Tryton calls it
// cancelled. What is left to pay counts booked money only, not payments that are
// planned. A payment that people put to an invoice after they booked it is told
// with it when the invoice is settled. Prices are told of the lists that
// Options.PriceLists names. Notes of people's are internal.
//
// # The wire
//
// One POST per call, with a session that is renewed once when Tryton refuses
// it. There are no redirects, no proxy of the environment, no request without a
// bound in time and size, and no retry: erp.Client repeats what may be repeated.
// A refused password is answered by erp.Auth and not tried again by those who
// waited for it, because Tryton makes each try slower. What Tryton answers:
//
//	UserError                        Rejected, in its words
//	UserWarning                      NeedsConfirmation, or confirmed (Options.Accept)
//	ConcurrencyException             Conflict
//	LoginException, 401              Auth
//	a database that is busy          Retryable
//	429, 503                         Retryable, with Retry-After
//	408, other 5xx, no answer        OutcomeUnknown of a write, else Retryable
//	an answer that cannot be read    OutcomeUnknown of a write, else Contract
//	403, 404, any other error        Contract
//
// A record that is gone and one that the user may not see get one answer from
// Tryton; both are NotFound.
package trytonerp
