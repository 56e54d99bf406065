// Package erpsync keeps orders here and in the ERP in step. It is the only
// place that knows both sides: erp's neutral documents and the domain.
//
// The Relay takes what orders put on the outbox, reads the order as it is
// now, and brings the ERP to hold exactly one document of that content: it
// looks up by key before it creates, never posts blind again, revises drafts
// where the ERP can, and leaves an order to validation where it cannot. A
// validated order is confirmed there, and watched until the ERP has confirmed
// and numbered it. What only a person can settle becomes a dead letter, see
// Letters, and shows on the order as ERP.Problem.
package erpsync
