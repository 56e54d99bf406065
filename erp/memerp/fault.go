package memerp

import (
	"context"
	"errors"
	"time"

	"github.com/shopspring/decimal"

	"github.com/comptoir-go/comptoir/erp"
)

// Fault is one thing that goes wrong with one call. The variables and
// functions of this file make them.
type Fault struct {
	what  trouble
	text  string
	wait  time.Duration
	delta decimal.Decimal
}

type trouble uint8

const (
	none trouble = iota
	notSent
	requestLost
	answerLost
	busy
	badLogin
	duplicate
	refuse
	question
	slow
	drift
	shuffled
	doubled
	halved
	lagging
)

// The faults without a parameter.
var (
	// NotSent: no connection; nothing left (class NotSent).
	NotSent = Fault{what: notSent}
	// RequestLost: the call times out and no work was done. A write is
	// OutcomeUnknown: the caller cannot tell it from AnswerLost.
	RequestLost = Fault{what: requestLost}
	// AnswerLost: the work is done, then the connection is cut. A write is
	// OutcomeUnknown.
	AnswerLost = Fault{what: answerLost}
	// Busy: 503 before any work (class Retryable).
	Busy = Fault{what: busy}
	// BadLogin: the credentials are refused (class Auth).
	BadLogin = Fault{what: badLogin}
	// Rival: somebody else pushes the same document a moment before this
	// push, which then meets the ERP's treatment of its key (class Duplicate
	// where keys are unique). It does nothing to other operations.
	Rival = Fault{what: duplicate}
)

// The faults of pulls; they do nothing to other operations.
var (
	// Shuffled: the rows of the page come in reverse order.
	Shuffled = Fault{what: shuffled}
	// Doubled: each row of the page comes twice, half as many fit.
	Doubled = Fault{what: doubled}
	// HalfPage: only half of the rows come, and the cursor stands behind them.
	HalfPage = Fault{what: halved}
	// Lagging: a replica that has not heard of the news answers an empty page. Set on the
	// parents' stream, it makes children arrive before their parents.
	Lagging = Fault{what: lagging}
)

// Refuse is a business rule's refusal with its text (class Rejected).
func Refuse(text string) Fault { return Fault{what: refuse, text: text} }

// Ask is a question of the ERP that must be answered first (class NeedsConfirmation).
func Ask(text string) Fault { return Fault{what: question, text: text} }

// Slow makes the call take d before its work, then go on. A caller who leaves
// in between leaves before any work was done, and cannot know it.
func Slow(d time.Duration) Fault { return Fault{what: slow, wait: d} }

// Drift makes the ERP value the pushed or revised document delta higher than
// its prices say, as a price list of its own would.
func Drift(delta decimal.Decimal) Fault { return Fault{what: drift, delta: delta} }

// Fail makes the next n calls of the operation meet the fault, after those
// already waiting for earlier ones.
func (e *ERP) Fail(op erp.Op, n int, f Fault) {
	e.mu.Lock()
	defer e.mu.Unlock()
	for range n {
		e.faults[op] = append(e.faults[op], f)
	}
}

// Heal forgets all faults that have not happened yet.
func (e *ERP) Heal() {
	e.mu.Lock()
	defer e.mu.Unlock()
	clear(e.faults)
}

var (
	errTimeout = errors.New("timed out waiting for the answer")
	errCut     = errors.New("connection reset by peer")
	errDial    = errors.New("connection refused")
)

// arrive counts the call, takes its fault and lets it happen as far as it
// happens before the work.
func (e *ERP) arrive(ctx context.Context, op erp.Op) (Fault, error) {
	if err := ctx.Err(); err != nil {
		return Fault{}, erp.Unsent(op, err)
	}
	f := e.take(op)
	switch f.what {
	case notSent:
		return f, erp.Unsent(op, errDial)
	case requestLost:
		return f, erp.Lost(op, errTimeout)
	case busy:
		return f, erp.NewError(erp.Retryable, op, "503 Service Unavailable", nil)
	case badLogin:
		return f, erp.NewError(erp.Auth, op, "login failed", nil)
	case refuse:
		return f, erp.Reject(op, f.text)
	case question:
		return f, erp.NewError(erp.NeedsConfirmation, op, f.text, nil)
	case slow:
		if err := e.o.Sleep(ctx, f.wait); err != nil {
			return f, erp.Lost(op, err)
		}
	}
	return f, nil
}

func (e *ERP) take(op erp.Op) Fault {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.calls[op]++
	waiting := e.faults[op]
	if len(waiting) == 0 {
		return Fault{}
	}
	e.faults[op] = waiting[1:]
	return waiting[0]
}

// leave loses the answer where the fault says so.
func leave[R any](f Fault, op erp.Op, r R) (R, error) {
	if f.what == answerLost {
		var none R
		return none, erp.Lost(op, errCut)
	}
	return r, nil
}
