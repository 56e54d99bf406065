package billing

import (
	"context"
	"fmt"
	"slices"

	"github.com/comptoir-go/comptoir/fault"
	"github.com/comptoir-go/comptoir/internal/check"
	"github.com/comptoir-go/comptoir/money"
	"github.com/comptoir-go/comptoir/order"
)

// The bounds of texts that the ERP tells, in characters.
const (
	maxERPText = 255
	maxName    = 2000
)

// check notes what no mirror can be made of. Figures that do not add up are no
// reason to refuse.
func (in InvoiceReport) check(s *Service) error {
	var is fault.Issues
	check.Need(&is, "twin.id", in.Twin.ID, maxERPText)
	check.Line(&is, "twin.number", in.Twin.Number, maxERPText)
	check.Line(&is, "twin.state", in.Twin.State, maxERPText)
	check.Need(&is, "number", in.Number, maxERPText)
	check.Need(&is, "partner", string(in.Partner), maxERPText)
	check.Line(&is, "customer", in.Customer, maxERPText)
	check.Line(&is, "corrects", in.Corrects, maxERPText)
	check.Note(&is, "reason", in.Reason, maxNote)
	if !in.Kind.valid() {
		is.Add("kind", "unknown", "%q is no kind of document", in.Kind)
	}
	if _, ok := s.opts.seller(in.Seller); !ok {
		is.Add("seller", "unknown", "there is no seller %q", in.Seller)
	}
	if in.Issued.IsZero() {
		is.Add("issued", "required", "is missing")
	}
	if in.Currency.IsZero() {
		is.Add("currency", "required", "is missing")
	}
	in.checkAmounts(&is)
	for i, l := range in.Lines {
		path := fmt.Sprintf("lines[%d]", i)
		check.Note(&is, path+".name", l.Name, maxName)
		check.Line(&is, path+".sku", string(l.SKU), maxERPText)
		check.Line(&is, path+".unit", l.Unit, maxERPText)
		if (l.Order == "") != (l.OrderLine == "") {
			is.Add(path, "order", "an order and a line of it are named together")
		}
		if l.Order != "" && l.Quantity.Sign() < 0 {
			is.Add(path+".quantity", "range", "of a line of an order it is not below 0")
		}
	}
	return is.Err(ErrInvalid)
}

// checkAmounts notes amounts that are missing or of another currency.
func (in InvoiceReport) checkAmounts(is *fault.Issues) {
	need := func(path string, x money.Amount) {
		if x.Currency() != in.Currency {
			is.Add(path, "amount.currency", "is in %q, not in %s", x.Currency().Code(), in.Currency)
		}
	}
	for i, l := range in.Lines {
		need(fmt.Sprintf("lines[%d].net", i), l.Net)
		for k, share := range l.Shares {
			need(fmt.Sprintf("lines[%d].shares[%d]", i, k), share)
		}
	}
	for i, x := range in.Adjustments {
		need(fmt.Sprintf("adjustments[%d].amount", i), x.Amount)
	}
	for i, x := range in.Taxes {
		need(fmt.Sprintf("taxes[%d].base", i), x.Base)
		need(fmt.Sprintf("taxes[%d].tax", i), x.Tax)
	}
	t := in.Totals
	need("totals.net", t.Net)
	need("totals.tax", t.Tax)
	need("totals.gross", t.Gross)
	for path, x := range map[string]money.Amount{"totals.lines": t.Lines, "totals.allowances": t.Allowances, "totals.charges": t.Charges,
		"totals.prepaid": t.Prepaid, "totals.rounding": t.Rounding, "totals.payable": t.Payable} {
		if !x.IsNone() {
			need(path, x)
		}
	}
	if in.Residual != nil {
		need("residual", *in.Residual)
	}
}

// shareOut finds what a mirror bills to each of the orders that its lines and
// adjustments name. Net follows these; what else stands on document level, and
// the VAT of each row, are shared by net with the largest remainder, the lines
// without an order taking their part, so that all parts sum to the totals.
func shareOut(ctx context.Context, tx Tx, r Record) ([]OrderPart, error) {
	ids := []order.ID{""} // the lines without an order
	name := func(id order.ID) {
		if !slices.Contains(ids, id) {
			ids = append(ids, id)
		}
	}
	for _, l := range r.Lines {
		name(l.Order)
	}
	for _, a := range r.Adjustments {
		name(a.Order)
	}
	if len(ids) == 1 {
		return nil, nil
	}
	zero := money.Zero(r.Currency)
	nets := make([]money.Amount, len(ids))
	taxes := make([]money.Amount, len(ids))
	for i := range ids {
		nets[i], taxes[i] = zero, zero
	}
	var t tally
	for _, l := range r.Lines {
		t.add(&nets[slices.Index(ids, l.Order)], l.Net)
	}
	for _, a := range r.Adjustments {
		if a.Order != "" {
			t.add(&nets[slices.Index(ids, a.Order)], a.Amount)
		}
	}
	all := weigh(r, ids, func(taxKey) bool { return true })
	rest := r.Totals.Net
	for _, n := range nets {
		t.sub(&rest, n)
	}
	if t.err != nil {
		return nil, t.err
	}
	if err := spread(nets, rest, all); err != nil {
		return nil, err
	}
	left := r.Totals.Tax
	for _, x := range r.Taxes {
		w := weigh(r, ids, func(k taxKey) bool { return k == keyOf(x) })
		if !positive(w) {
			continue
		}
		t.sub(&left, x.Tax)
		if err := spread(taxes, x.Tax, w); err != nil {
			return nil, err
		}
	}
	if t.err != nil {
		return nil, t.err
	}
	if err := spread(taxes, left, all); err != nil {
		return nil, err
	}
	var out []OrderPart
	for i, id := range ids[1:] {
		o, err := tx.Orders().Get(ctx, id)
		if err != nil {
			return nil, err
		}
		if o.Customer.Partner != r.Partner {
			return nil, ErrMixed.With("order %s is not of the partner %s", o.Ref, r.Partner)
		}
		p := OrderPart{Order: id, Ref: o.Ref, CustomerNo: o.CustomerNo, Net: nets[i+1], Tax: taxes[i+1], Gross: nets[i+1]}
		t.add(&p.Gross, p.Tax)
		out = append(out, p)
	}
	return out, t.err
}

// weigh sums by order the nets of lines, and of adjustments that name one, in
// some categories and rates; what comes to less than nothing weighs nothing.
func weigh(r Record, ids []order.ID, of func(taxKey) bool) []int64 {
	out := make([]int64, len(ids))
	for _, l := range r.Lines {
		if of(taxKey{l.Category, l.Rate}) {
			out[slices.Index(ids, l.Order)] += l.Net.Minor()
		}
	}
	for _, a := range r.Adjustments {
		if a.Order != "" && of(taxKey{a.Category, a.Rate}) {
			out[slices.Index(ids, a.Order)] += a.Amount.Minor()
		}
	}
	for i := range out {
		out[i] = max(out[i], 0)
	}
	return out
}

func positive(w []int64) bool { return slices.ContainsFunc(w, func(n int64) bool { return n > 0 }) }

// spread adds an amount to others by weights; where nothing weighs, the first
// order takes it.
func spread(to []money.Amount, x money.Amount, weights []int64) error {
	if x.IsZero() {
		return nil
	}
	if !positive(weights) {
		weights = make([]int64, len(to))
		weights[1] = 1
	}
	shares, err := money.LargestRemainder.Split(x, weights)
	if err != nil {
		return err
	}
	var t tally
	for i := range to {
		t.add(&to[i], shares[i])
	}
	return t.err
}
