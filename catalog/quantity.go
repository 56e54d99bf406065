package catalog

import (
	"math"

	"github.com/comptoir-go/comptoir/fault"
	"github.com/comptoir-go/comptoir/money"
)

// ErrQuantity refuses a quantity that a rule does not allow.
var ErrQuantity = fault.Define(fault.Invalid, "catalog.quantity", "the quantity is not allowed")

// step is the rule's step, the whole unit by default.
func (r QuantityRule) step() money.Quantity {
	if r.Step.IsZero() {
		return money.QuantityOf(1)
	}
	return r.Step
}

// Check reports whether one line may ask for q: it is above zero, a multiple
// of Step, and not outside Min and Max. Where a document has several lines of
// the product ask CheckSum too. Errors: ErrQuantity (Invalid,
// catalog.quantity) with the issues quantity.positive, quantity.step,
// quantity.min and quantity.max at path "quantity".
func (r QuantityRule) Check(q money.Quantity) error {
	const path = "quantity"
	if q.Sign() <= 0 {
		var is fault.Issues
		is.Add(path, "quantity.positive", "must be above zero")
		return is.Err(ErrQuantity)
	}
	var is fault.Issues
	if !q.MultipleOf(r.step()) {
		is.Add(path, "quantity.step", "%s is not a multiple of %s", q, r.step())
	}
	if !r.Min.IsZero() && q.Cmp(r.Min) < 0 {
		is.Add(path, "quantity.min", "%s is less than %s", q, r.Min)
	}
	if !r.Max.IsZero() && q.Cmp(r.Max) > 0 {
		is.Add(path, "quantity.max", "%s is more than %s", q, r.Max)
	}
	return is.Err(ErrQuantity)
}

// CheckSum reports whether the lines of one product may ask for a sum together:
// it is not above Max. Errors: ErrQuantity (Invalid, catalog.quantity) with the
// issue quantity.max at path "quantity".
func (r QuantityRule) CheckSum(sum money.Quantity) error {
	var is fault.Issues
	if !r.Max.IsZero() && sum.Cmp(r.Max) > 0 {
		is.Add("quantity", "quantity.max", "%s on all lines of the product is more than %s", sum, r.Max)
	}
	return is.Err(ErrQuantity)
}

// Default returns the quantity a line starts with: 1 where the rule allows
// it, else the smallest allowed quantity above 1, else the largest below. A
// rule that allows no quantity at all has the default 0.
func (r QuantityRule) Default() money.Quantity {
	lowest := money.QuantityOf(1)
	if r.Min.Cmp(lowest) > 0 {
		lowest = r.Min
	}
	if q, ok := r.multiple(lowest, true); ok && (r.Max.IsZero() || q.Cmp(r.Max) <= 0) {
		return q
	}
	if q, ok := r.multiple(r.Max, false); ok && q.Sign() > 0 && q.Cmp(r.Min) >= 0 {
		return q
	}
	return money.Quantity{}
}

// multiple rounds q to a multiple of the step, up or down.
func (r QuantityRule) multiple(q money.Quantity, up bool) (money.Quantity, bool) {
	step := r.step().Units()
	if step <= 0 || q.Sign() < 0 {
		return money.Quantity{}, false
	}
	n, rest := q.Units()/step, q.Units()%step
	if up && rest > 0 {
		if n >= math.MaxInt64/step {
			return money.Quantity{}, false
		}
		n++
	}
	out, err := money.QuantityFromUnits(n * step)
	return out, err == nil
}

// check notes a rule that contradicts itself.
func (r QuantityRule) check(is *fault.Issues, path string) {
	before := len(*is)
	for _, f := range [...]struct {
		field string
		q     money.Quantity
	}{{"step", r.Step}, {"min", r.Min}, {"max", r.Max}} {
		if f.q.Sign() < 0 {
			is.Add(fault.Join(path, f.field), "quantity.negative", "is below zero")
		}
	}
	if !r.Max.IsZero() && r.Max.Cmp(r.Min) < 0 {
		is.Add(fault.Join(path, "max"), "quantity.order", "is below the minimum")
	}
	if len(*is) == before && r.Default().IsZero() {
		is.Add(path, "quantity.none", "no multiple of the step lies between minimum and maximum")
	}
}
