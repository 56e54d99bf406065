package erptest

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/comptoir-go/comptoir/erp"
)

// Harness tells the suite how to reach an ERP.
type Harness struct {
	// New returns the ERP of one case, to be closed by t.Cleanup. It may be
	// the same ERP each time.
	New func(t *testing.T) Subject
	// Lane puts the cases into lanes: those of one run one after the other, the
	// lanes at the same time. No two lanes may share an ERP, an adapter or a
	// Proxy, as a fault made for one would meet the other. Default: one lane.
	Lane func(name string) string
	// Order returns a valid order that fits the ERP's master data; its
	// content depends on the revision. Default: SampleOrder.
	Order func(key string, revision int) erp.Order
	// Prefix begins every key, at most 8 characters. An ERP that keeps its
	// documents from run to run needs a new one each time.
	Prefix string
	// Except lists the cases this ERP is not held to, with the reason.
	Except map[string]string
	// ConfirmsLater says that a worker of the ERP carries out a confirmation,
	// so that its answer may still tell a draft. The suite then waits up to
	// 5 seconds for it.
	ConfirmsLater bool
	// Overlap is how many changes before the cursor a page may tell again, as an
	// ERP does that is asked by time; AnyOverlap where nobody can say.
	Overlap int
	// Secrets are the credentials that the adapter was given: passwords, tokens,
	// keys. None of them may stand in any error or answer of any case, nor in
	// Logs. Give the test's ERP some that occur nowhere else.
	Secrets []string
	// NoSecrets says that the adapter is given none, and NoWire that it sends
	// nothing over a network. The claims about them then do not apply; without a
	// word they are counted as not tried.
	NoSecrets, NoWire bool
	// Logs returns all that the adapter has logged since Run began; nil for one
	// that logs nothing.
	Logs func() string
	// Version is the ERP's name and version for the certificate,
	// "Tryton 6.0.29, sale 6.0.5".
	Version string
	// Patience is how long callers wait that give up on a slow ERP: long enough
	// for a request to be under way. Default 200 ms.
	Patience time.Duration
	// Timeout bounds one case. Default 1 minute.
	Timeout time.Duration
}

// AnyOverlap is a Harness.Overlap without a bound.
const AnyOverlap = -1

// Subject is an ERP behind an adapter. Only Adapter is required.
type Subject struct {
	Adapter erp.Adapter
	// Held returns all documents the ERP has for a key, in whatever state, by
	// a way of its own and not through the adapter. A document is of the key
	// when it was pushed with it, even where the ERP stores no key.
	Held func(ctx context.Context, key string) ([]Held, error)
	// Confirm confirms an order as the ERP's own people do. Without it the
	// suite uses the adapter's OrderAdvancer.
	Confirm func(ctx context.Context, id string) error
	// Fail makes the next call of the operation meet the fault and reports
	// whether the harness can do that. For AnswerLost, RequestLost, Busy and
	// Slow a Proxy stands in where it cannot.
	Fail func(op erp.Op, f Fault) bool
	// Happen makes something happen in the ERP as its own people do: with an
	// empty id a new document of the stream appears, else the document id
	// changes. It answers the document's id, and ErrCannot where it cannot.
	Happen func(ctx context.Context, stream erp.Stream, id string) (string, error)
	// Deliver ships lines of a confirmed order, and posts the invoices of them
	// where the ERP makes them.
	Deliver func(ctx context.Context, order string, lines []erp.LineQuantity) error
	// Return takes delivered goods of an order back, and posts the credit notes
	// of them where the ERP makes them.
	Return func(ctx context.Context, order string, lines []erp.LineQuantity) error
	// Reopen returns a further adapter of the same ERP, as after a restart.
	Reopen func() erp.Adapter
	// Count returns how many documents of the stream (erp.Payments, Invoices or
	// Messages) the ERP has for a key that they were pushed with, by a way of
	// its own. Without it the suite counts what the adapter pulls.
	Count func(ctx context.Context, stream erp.Stream, key string) (int, error)
	// Delete removes a document of the stream from the ERP, without a trace
	// where the ERP's people can do that; ErrCannot where they cannot.
	Delete func(ctx context.Context, stream erp.Stream, id string) error
	// Now is the ERP's clock, by which it says when something happened.
	Now func() time.Time
	// Proxy stands before the ERP, and the adapter speaks to Proxy.URL. Without
	// one the claims about the wire are not tried; see Harness.NoWire.
	Proxy *Proxy
	// Wire says which requests carry an operation out, among those that the
	// adapter makes around it (a login, a look-up of a customer); a fault of
	// the Proxy hits the first of them. Default: for what changes the ERP those
	// that are neither GET nor HEAD, for what reads it any.
	Wire func(op erp.Op) Match
	// Payment, Invoice and Message return valid documents that fit the ERP's
	// master data. Defaults: SamplePayment, SampleInvoice, and SampleMessage on
	// an order of the suite.
	Payment func(key string) erp.Payment
	Invoice func(key string) erp.Invoice
	Message func(key string) erp.Message
}

// ErrCannot is what a hook answers to what it cannot do; the case is skipped.
var ErrCannot = errors.New("erptest: the harness cannot do this")

// Held is a document as the ERP's own people see it.
type Held struct {
	ID    string
	State erp.OrderState
	// Order is its content, nil when the harness does not read it back. Only
	// the lines' keys, SKUs, texts, quantities and prices are looked at, and the
	// day and the customer where they are given.
	Order *erp.Order
}

// Fault is something that goes wrong with one call.
type Fault string

// The faults.
const (
	// AnswerLost: the work is done, then the connection is cut.
	AnswerLost Fault = "answer lost"
	// RequestLost: the call times out and no work was done.
	RequestLost Fault = "request lost"
	// Refused: a business rule refuses it with RefusedText.
	Refused Fault = "refused"
	// Busy: 503 or the like, no work was done.
	Busy Fault = "busy"
	// BadLogin: the credentials are refused.
	BadLogin Fault = "bad login"
	// Rival: somebody else creates the document of the key right before this
	// push, after any look-up of ours.
	Rival Fault = "rival"
	// Slow: the call takes longer than 2 seconds, or until the caller leaves.
	Slow Fault = "slow"
	// BadField: a rule about one field refuses it with RefusedText, and the ERP
	// names the field RefusedField beside it.
	BadField Fault = "bad field"
)

// RefusedText is what the ERP says when it meets the fault Refused or BadField.
const RefusedText = "The credit limit of the customer is exceeded."

// RefusedField is the field that the ERP names when it meets the fault BadField.
const RefusedField = "payment_term"
