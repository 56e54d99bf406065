package erp

import (
	"fmt"

	"github.com/comptoir-go/comptoir/fault"
	"github.com/comptoir-go/comptoir/internal/check"
)

// Check validates a payment of the ERP: an amount above zero in the currency's
// digits, a day, and allocations that name an invoice each, once, and together
// do not exceed the amount.
func (p Payment) Check() error {
	var is fault.Issues
	p.Head.check(&is)
	p.check(&is)
	return is.Err(ErrInvalidDocument)
}

func (p Payment) sendable() error {
	var is fault.Issues
	checkOurs(&is, p.Head)
	check.Line(&is, "number", p.Number, wordMax)
	p.check(&is)
	return is.Err(ErrInvalidDocument)
}

func (p Payment) check(is *fault.Issues) {
	switch p.State {
	case PaymentDraft, PaymentPosted, PaymentFailed, PaymentCancelled:
	default:
		is.Add("state", "state.unknown", "%q is no state of a payment", p.State)
	}
	check.Need(is, "customer", p.Customer, wordMax)
	checkDay(is, "date", p.Date, true)
	check.Line(is, "method", p.Method, wordMax)
	check.Line(is, "cheque", p.Cheque, wordMax)
	check.Note(is, "reference", p.Reference, textMax)
	digits := checkCurrency(is, p.Currency)
	fits := checkDigits(is, "amount", "amount.digits", p.Amount, digits)
	if fits && !p.Amount.IsPositive() {
		is.Add("amount", "amount.range", "the amount is above zero")
	}
	parts := summed{ok: true}
	ids, numbers, alone := map[string]bool{}, map[string]bool{}, map[string]bool{} // alone: numbers without an id
	for i, a := range p.Allocations {
		path := fmt.Sprintf("allocations[%d]", i)
		check.Line(is, fault.Join(path, "invoice"), a.Invoice, wordMax)
		check.Line(is, fault.Join(path, "number"), a.Number, wordMax)
		if a.Invoice == "" && a.Number == "" {
			is.Add(fault.Join(path, "invoice"), "invoice.missing", "names no invoice")
		}
		if a.Invoice != "" && ids[a.Invoice] || a.Number != "" && (a.Invoice == "" && numbers[a.Number] || alone[a.Number]) {
			is.Add(fault.Join(path, "invoice"), "invoice.repeated", "the invoice stands twice")
		}
		ids[a.Invoice], numbers[a.Number], alone[a.Number] = true, true, alone[a.Number] || a.Invoice == ""
		if parts.add(is, fault.Join(path, "amount"), a.Amount, digits); bounded(a.Amount) && !a.Amount.IsPositive() {
			is.Add(fault.Join(path, "amount"), "amount.range", "the amount is above zero")
		}
	}
	if fits && parts.ok && parts.total.GreaterThan(p.Amount) {
		is.Add("allocations", "allocations.sum", "they sum to %s, more than the amount of %s", text(parts.total), text(p.Amount))
	}
}
