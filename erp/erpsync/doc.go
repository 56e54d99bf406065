// Package erpsync keeps what is here and what is in the ERP in step, both ways.
// It is the only place that knows both sides: erp's neutral documents and the
// domain.
//
// The Relay takes what orders, billing and threads put on the outbox, reads the
// document as it is now, and brings the ERP to hold exactly one of it: it notes
// that a push is about to leave, looks up by key before it creates, never posts
// blind again. Orders are revised as drafts where the ERP can, or left to
// validation where it cannot; a validated order is confirmed there, and watched
// without end until the ERP has confirmed and numbered it; what of it is given
// up here is told. Payments are booked when they are confirmed, invoices when
// they are issued here, messages when their document is there. What only a
// person can settle becomes a dead letter, see Letters, and shows on the
// document as its ERP.Problem.
//
// The Puller brings what changed in the ERP: states, reservations and
// cancellations of orders, deliveries and returns, invoices, payments, messages,
// articles, prices, stock, and customers where PullOptions.Parties take them. A
// page and its cursor are one transaction; a change that comes twice, late or after its children harms nothing; what cannot be
// applied is parked, see Parking. What has waited for PullOptions.ParkedFor is
// forgotten, with a ChangeDropped, and money of a customer that is here goes to a
// person; what comes of an order of somebody else's in the same ERP is left. What
// the ERP deletes without a trace is found by Puller.Resync, once a day in a
// Schedule: customers, articles, prices and stock that two comparisons have missed
// end here, too, and come back when the ERP lists the same rows again, by the same ids.
//
// Drift compares the books of both sides and changes nothing: it names each
// difference with its cause, in a report and in events.
//
// # What is lost on the way
//
// A push whose answer is missing may be done already, still be worked there,
// or never have arrived. Until Options.Grace is over, a look-up that finds
// nothing is not believed: no second push is made and no withdrawal ends. An
// ERP that works on a push for longer than that, after its answer was given
// up, and has no unique key, can end with two documents, or with one of an
// order that was withdrawn. An ERP with neither keys nor look-up is never
// pushed to twice: a person looks, and says by Letters.Arrived or
// Letters.NeverArrived what is there. As long as nobody has, changes that may
// be of that document are parked: without keys, a payment of the same customer,
// direction and amount, a message of the same text, an order with our lines.
//
// A second document of ours that the ERP tells of never takes the place of the
// first: it is parked until it is cancelled there.
//
// A message on an order that ended before its twin was known is not told.
//
// What is given up of an order here while the ERP picks the same goods is
// refused there, by some ERPs without a word: then the line stays cancelled here
// and open there, and what they ship of it shows as excess.
//
// # What waits, and what fails
//
// Looking again, an ERP that is away, and refused credentials are waited for
// without end and do not count as attempts; refused credentials show as
// ERP.Problem meanwhile. What fails otherwise is tried Options.MaxAttempts
// times. One delivery is worked for at most Options.PerDelivery; what a step
// has no time left for is given back at once.
package erpsync
