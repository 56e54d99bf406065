package billing

import (
	"strings"

	"github.com/comptoir-go/comptoir/fault"
	"github.com/comptoir-go/comptoir/money"
	"github.com/comptoir-go/comptoir/pricing"
)

// Check holds a document against the rules of EN 16931 that its content can
// break. What is violated are the issues of ErrSums (Invalid, billing.sums),
// each with the rule's own id as its code: the sums BR-CO-10 to BR-CO-16 to the
// minor unit, the VAT of a row (BR-CO-17) and the base of a standard-rated row
// (BR-S-08) with the tolerance of the norm's own validation, less than 1.00 of
// the currency, the bases of the other categories (BR-Z-08, BR-E-08, BR-AE-08,
// BR-IC-08, BR-G-08, BR-O-08) exactly, and no VAT in them (-09); and what has to be there at all. Every
// document issued here passes.
func (d Document) Check() error {
	var is fault.Issues
	d.Record.checkParts(&is)
	d.Record.checkSums(&is)
	return is.Err(ErrSums)
}

// checkParts notes what is missing.
func (r Record) checkParts(is *fault.Issues) {
	for _, need := range []struct {
		there      bool
		path, rule string
	}{
		{r.Number != "", "number", "BR-02"},
		{!r.Issued.IsZero(), "issued", "BR-03"},
		{!r.Currency.IsZero(), "currency", "BR-05"},
		{r.Seller.Name != "", "seller.name", "BR-06"},
		{r.Buyer.Name != "", "buyer.name", "BR-07"},
		{len(r.Lines) > 0, "lines", "BR-16"},
		{len(r.Taxes) > 0, "taxes", "BR-CO-18"},
		{r.Kind != Invoice || r.Totals.Payable.Sign() <= 0 || !r.Due.IsZero(), "due", "BR-CO-25"},
		{r.Corrects == nil || r.Corrects.Number != "", "corrects.number", "BR-55"},
	} {
		if !need.there {
			is.Add(need.path, need.rule, "is missing")
		}
	}
}

// checkSums notes which figures do not add up.
func (r Record) checkSums(is *fault.Issues) {
	var t tally
	want := totalsOf(&t, r)
	got := r.Totals
	exact := func(path, rule string, got, want money.Amount) {
		if t.err == nil && got != want {
			is.Add(path, rule, "is %s, not %s", got, want)
		}
	}
	exact("totals.lines", "BR-CO-10", got.Lines, want.Lines)
	exact("totals.allowances", "BR-CO-11", got.Allowances, want.Allowances)
	exact("totals.charges", "BR-CO-12", got.Charges, want.Charges)
	net := got.Lines
	t.sub(&net, got.Allowances)
	t.add(&net, got.Charges)
	exact("totals.net", "BR-CO-13", got.Net, net)
	exact("totals.tax", "BR-CO-14", got.Tax, want.Tax)
	gross := got.Net
	t.add(&gross, got.Tax)
	exact("totals.gross", "BR-CO-15", got.Gross, gross)
	payable := got.Gross
	t.sub(&payable, got.Prepaid)
	t.add(&payable, got.Rounding)
	exact("totals.payable", "BR-CO-16", got.Payable, payable)
	bases := r.bases(&t)
	for _, row := range r.Taxes {
		path := "taxes " + string(row.Category) + " " + row.Rate.String()
		tax, err := row.Base.Percent(row.Rate, money.HalfAwayFromZero)
		if err != nil {
			t.err = err
			break
		}
		rule := ruleOr(baseRule[row.Category])
		switch {
		case !near(row.Tax, tax):
			is.Add(path, "BR-CO-17", "%s %% of %s is %s, not %s", row.Rate, row.Base, tax, row.Tax)
		case row.Category != pricing.StandardRated && !row.Tax.IsZero():
			is.Add(path, strings.Replace(rule, "-08", "-09", 1), "there is no VAT in category %s", row.Category)
		}
		base, ok := bases[keyOf(row)]
		if !ok {
			base = money.Zero(r.Currency)
		}
		if row.Base != base && (row.Category != pricing.StandardRated || !near(row.Base, base)) {
			is.Add(path, rule, "the base is %s, not %s", row.Base, base)
		}
	}
	if t.err != nil {
		is.AddUnder("totals", t.err)
	}
}

// baseRule is the rule on the base of a category's row.
var baseRule = map[pricing.Category]string{
	pricing.StandardRated: "BR-S-08", pricing.ZeroRated: "BR-Z-08", pricing.Exempt: "BR-E-08", pricing.ReverseCharge: "BR-AE-08",
	pricing.IntraCommunity: "BR-IC-08", pricing.Export: "BR-G-08", pricing.OutOfScope: "BR-O-08",
}

func ruleOr(rule string) string {
	if rule == "" {
		return "BR-CO-18" // a row of a category that the norm does not know
	}
	return rule
}

// bases sums lines and adjustments by category and rate.
func (r Record) bases(t *tally) map[taxKey]money.Amount {
	out := map[taxKey]money.Amount{}
	add := func(k taxKey, x money.Amount) {
		sum, ok := out[k]
		if !ok {
			sum = money.Zero(r.Currency)
		}
		t.add(&sum, x)
		out[k] = sum
	}
	for _, l := range r.Lines {
		add(taxKey{l.Category, l.Rate}, l.Net)
	}
	for _, a := range r.Adjustments {
		add(taxKey{a.Category, a.Rate}, a.Amount)
	}
	return out
}

// near reports whether two amounts differ by less than one unit of their
// currency.
func near(a, b money.Amount) bool {
	d, err := a.Sub(b)
	one := int64(1)
	for range a.Currency().Digits() {
		one *= 10
	}
	return err == nil && d.Abs().Minor() < one || a == b
}
