package cart

import (
	"fmt"
	"strings"

	"github.com/comptoir-go/comptoir/fault"
)

// The errors of the commands. Those of the repository are beside it.
var (
	// ErrInvalid carries an issue for everything wrong with the input.
	ErrInvalid = fault.Define(fault.Invalid, "cart.invalid", "the input is not valid")
	// ErrLine: the cart has no such line.
	ErrLine = fault.Define(fault.NotFound, "cart.line_not_found", "the cart has no such line")
	// ErrNotHolder carries the Baton as it is.
	ErrNotHolder = fault.Define(fault.Forbidden, "cart.not_holder", "somebody else holds the cart")
	// ErrLimit carries the LimitHit.
	ErrLimit = fault.Define(fault.Precondition, "cart.limit", "a limit is reached")
	// ErrTickets: no port to service tickets was given to NewService.
	ErrTickets = fault.Define(fault.Unsupported, "cart.tickets", "lines cannot be tied to tickets here")
	// ErrCodes: no keeper of discount codes was given to NewService.
	ErrCodes = fault.Define(fault.Unsupported, "cart.codes", "discount codes cannot be entered here")
	// ErrCode: the code is not in the cart.
	ErrCode = fault.Define(fault.NotFound, "cart.code_not_found", "the cart has no such discount code")
	// ErrPricer: a pricer that calls out cannot be asked inside a transaction.
	ErrPricer = fault.Define(fault.Unsupported, "cart.pricer", "this pricer cannot be asked inside a transaction")
	// ErrOffers: the pricer lists no prices of single products.
	ErrOffers = fault.Define(fault.Unsupported, "cart.offers", "this pricer makes no price lists")
	// ErrQuote: the pricer's lines are not the cart's, one for one in order, or
	// its figures do not agree; then pricing.ErrQuote is the cause, with the
	// issues.
	ErrQuote = fault.Define(fault.Internal, "cart.quote", "the pricer's answer is not about this cart")
	// ErrEmpty: there is nothing to price or order.
	ErrEmpty = fault.Define(fault.Precondition, "cart.empty", "the cart has no lines")
	// ErrLines carries an issue for every line that cannot be ordered now.
	ErrLines = fault.Define(fault.Precondition, "cart.lines", "some lines cannot be ordered")
	// ErrSeal carries the cart's current *pricing.Quote, nil if it has none.
	ErrSeal = fault.Define(fault.Conflict, "cart.seal", "the cart's calculation is not the one that was confirmed")
	// ErrExpired: the offer has run out; recalculate.
	ErrExpired = fault.Define(fault.Precondition, "cart.expired", "the calculation has expired")
	// ErrMinimum carries the Shortfall.
	ErrMinimum = fault.Define(fault.Precondition, "cart.minimum", "the order is below the minimum amount")
	// ErrInactive: the partner may look but not order.
	ErrInactive = fault.Define(fault.Precondition, "cart.partner_inactive", "the partner is not active")
	// ErrQuick carries an issue for every faulty line of a pasted text.
	ErrQuick = fault.Define(fault.Invalid, "cart.quick_order", "some lines of the text cannot be taken")
	// ErrOrdered is the code of every *AlreadyOrdered.
	ErrOrdered = fault.Define(fault.Conflict, "cart.already_ordered", "the cart was ordered already")
	// ErrMerge is the code of every *MergeConflict.
	ErrMerge = fault.Define(fault.Precondition, "cart.merge_conflict", "the lines do not go together")
)

// AlreadyOrdered answers whoever orders a calculation second. errors.Is with
// ErrOrdered holds; the kind is fault.Conflict, the code cart.already_ordered.
type AlreadyOrdered struct {
	Order OrderID `json:"order"`
	// Ref is the order's reference.
	Ref string `json:"ref"`
}

// Error names the order.
func (e *AlreadyOrdered) Error() string {
	return fmt.Sprintf("%s: the cart was ordered already as %s", ErrOrdered.FaultCode(), e.Ref)
}

// FaultKind implements fault.Faulty.
func (e *AlreadyOrdered) FaultKind() fault.Kind { return ErrOrdered.FaultKind() }

// FaultCode implements fault.Faulty.
func (e *AlreadyOrdered) FaultCode() string { return ErrOrdered.FaultCode() }

// Unwrap makes errors.Is(err, ErrOrdered) hold.
func (e *AlreadyOrdered) Unwrap() error { return ErrOrdered }

// Clash says why a line cannot go where it was sent.
type Clash string

// The clashes.
const (
	ClashCurrency Clash = "currency" // the two carts have different currencies
	ClashQuantity Clash = "quantity" // a quantity rule would be broken
	ClashMark     Clash = "mark"     // one ticket, in warranty on one line and out on the other
	ClashLines    Clash = "lines"    // the cart would have too many lines
)

// LineConflict is one reason that two lines, or two carts, do not go
// together.
type LineConflict struct {
	Clash Clash `json:"clash"`
	// Line is the line that was to go, Into the one it would have become part
	// of; both are empty where the carts as a whole clash.
	Line LineID `json:"line,omitempty"`
	Into LineID `json:"into,omitempty"`
	// Message is for a person, in English.
	Message string `json:"message"`
}

// MergeConflict lists everything that clashes when lines are put together.
// Nothing has been changed. errors.Is with ErrMerge holds; the kind is
// fault.Precondition, the code cart.merge_conflict.
type MergeConflict struct {
	Clashes []LineConflict `json:"clashes"`
}

// Error lists the clashes.
func (e *MergeConflict) Error() string {
	texts := make([]string, len(e.Clashes))
	for i, c := range e.Clashes {
		texts[i] = c.Message
	}
	return ErrMerge.FaultCode() + ": " + strings.Join(texts, "; ")
}

// FaultKind implements fault.Faulty.
func (e *MergeConflict) FaultKind() fault.Kind { return ErrMerge.FaultKind() }

// FaultCode implements fault.Faulty.
func (e *MergeConflict) FaultCode() string { return ErrMerge.FaultCode() }

// Unwrap makes errors.Is(err, ErrMerge) hold.
func (e *MergeConflict) Unwrap() error { return ErrMerge }

func (e *MergeConflict) add(c Clash, line, into LineID, format string, args ...any) {
	e.Clashes = append(e.Clashes, LineConflict{Clash: c, Line: line, Into: into, Message: fmt.Sprintf(format, args...)})
}

func (e *MergeConflict) err() error {
	if len(e.Clashes) == 0 {
		return nil
	}
	return e
}
