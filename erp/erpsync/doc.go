// Package erpsync keeps orders here and in the ERP in step. It is the only
// place that knows both sides: erp's neutral documents and the domain.
//
// The Relay takes what orders put on the outbox, reads the order as it is
// now, and brings the ERP to hold exactly one document of that content: it
// notes on the order that a push is about to leave, looks up by key before it
// creates, never posts blind again, revises drafts where the ERP can, and
// leaves an order to validation where it cannot. A validated order is
// confirmed there, and watched without end until the ERP has confirmed and
// numbered it. What only a person can settle becomes a dead letter, see
// Letters, and shows on the order as ERP.Problem.
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
// Letters.NeverArrived what is there.
//
// # What waits, and what fails
//
// Looking again, an ERP that is away, and refused credentials are waited for
// without end and do not count as attempts; refused credentials show as
// ERP.Problem meanwhile. What fails otherwise is tried Options.MaxAttempts
// times. One delivery is worked for at most Options.PerDelivery; what a step
// has no time left for is given back at once.
package erpsync
