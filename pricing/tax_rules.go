package pricing

import (
	"fmt"
	"slices"
	"strings"
	"text/tabwriter"

	"github.com/comptoir-go/comptoir/catalog"
	"github.com/comptoir-go/comptoir/fault"
	"github.com/comptoir-go/comptoir/internal/check"
	"github.com/comptoir-go/comptoir/money"
	"github.com/comptoir-go/comptoir/partner"
)

// TaxRule is a row of a table that is matched from the top: the first of which
// all conditions hold decides. A condition that is empty holds always. A rule is
// changed by being marked as gone and another of its name behind it.
type TaxRule struct {
	Name    string             `json:"name"`
	Sale    Sale               `json:"sale,omitempty"`
	Sellers []partner.Country  `json:"sellers,omitempty"`
	Buyers  []partner.Country  `json:"buyers,omitempty"`
	Classes []catalog.TaxClass `json:"classes,omitempty"`
	// Home is what the sale would be at home.
	Home []Category       `json:"home,omitempty"`
	ID   []Identification `json:"id,omitempty"`
	// Status is what is known of the identifier: valid or invalid, any where empty.
	Status VATStatus `json:"vat_status,omitempty"`
	Kind   BuyerKind `json:"kind,omitempty"`
	Then   TaxThen   `json:"then"`
	// Category is that of TaxFree: AE, K, G, E or O.
	Category Category `json:"category,omitempty"`
	// Exemption is the reason; the usual one of the category by default.
	Exemption Exemption `json:"exemption,omitzero"`
	Span
}

// TaxThen is what a rule decides.
type TaxThen string

// The decisions.
const (
	TaxAsHome  TaxThen = "home"        // as the seller's country taxes the class
	TaxAsThere TaxThen = "destination" // as the buyer's country does, at its rate
	TaxFree    TaxThen = "free"        // category Category at 0 %
)

// EUTaxOptions adjusts EUTaxRules; the zero value is the default.
type EUTaxOptions struct {
	// OneStopShop says that the seller is registered for it: consumers in other
	// member states pay the rate of their country (Directive 2006/112/EC,
	// article 33).
	OneStopShop bool
	// CheckedOnly says that sales to other member states are free of tax by an
	// identifier only that is known to be valid (article 138). One that nobody has
	// asked about pays as at home. How old an answer may be is for whoever says that
	// it is valid.
	CheckedOnly bool
	// ReverseCharge are classes that a business owes the tax of within a
	// country (article 199).
	ReverseCharge []ReverseChargeOf
}

// ReverseChargeOf is a class that is under the reverse charge in a country.
type ReverseChargeOf struct {
	Country partner.Country  `json:"country"`
	Class   catalog.TaxClass `json:"class"`
	Reason  Exemption        `json:"reason,omitzero"`
}

// EUTaxRules returns the rules of the EU for sales of goods, as a table that
// may be changed before it is used. Without options they decide as
// Parties.Abroad does.
func EUTaxRules(opts *EUTaxOptions) []TaxRule {
	var o EUTaxOptions
	if opts != nil {
		o = *opts
	}
	rules := []TaxRule{{Name: "exempt everywhere", Home: []Category{Exempt, OutOfScope}, Then: TaxAsHome}}
	for _, r := range o.ReverseCharge {
		rules = append(rules, TaxRule{Name: fmt.Sprintf("reverse charge %s %s", r.Country, r.Class), Sale: Domestic,
			Sellers: []partner.Country{r.Country}, Classes: []catalog.TaxClass{r.Class}, ID: []Identification{IdentifiedHome, IdentifiedAbroad},
			Kind: Business, Then: TaxFree, Category: ReverseCharge, Exemption: r.Reason})
	}
	status := VATUnknown
	if o.CheckedOnly {
		status = VATValid
	}
	rules = append(rules,
		TaxRule{Name: "domestic", Sale: Domestic, Then: TaxAsHome},
		TaxRule{Name: "export", Sale: Abroad, Then: TaxFree, Category: Export},
		TaxRule{Name: "intra-community", Sale: IntraEU, ID: []Identification{IdentifiedAbroad}, Status: status, Then: TaxFree, Category: IntraCommunity})
	if o.OneStopShop {
		rules = append(rules, TaxRule{Name: "one-stop shop", Sale: IntraEU, Kind: Consumer, Then: TaxAsThere})
	}
	return append(rules, TaxRule{Name: "distance sale", Then: TaxAsHome})
}

// RuledTaxes decides by a table of rules over a table of rates. It is immutable
// and reads its case alone.
type RuledTaxes struct {
	table TaxTable
	rules []TaxRule
	usual []TaxRule // where none of rules holds
}

// ErrTaxRules: rules that are not sound, an issue each ("rules[2].then").
var ErrTaxRules = fault.Define(fault.Invalid, "pricing.tax_rules", "the tax rules are not valid")

// NewRuledTaxes makes a decider of rates and rules. Before the first of the rules
// holds and is known, and after the last, EUTaxRules(nil) decide. What is to be as
// they have it in between is recorded too.
//
// Errors: ErrTaxRules (Invalid, pricing.tax_rules) with all issues: a name that
// is missing or there twice at one time, values that are none, a category where
// none belongs, spans that end before they begin, a gap (pricing.gap: a time in which
// none holds, as of one instant of knowledge, or none is known, between rules that
// do; or from the instant at which rules are gone until others known then begin), a
// last rule that leaves sales undecided, rules behind one that decides every sale at
// the same time, more than 2000 rules. Rules that became known only after they began
// are sound: what was taxed before, by EUTaxRules(nil), stays as it was.
func NewRuledTaxes(table TaxTable, rules ...TaxRule) (*RuledTaxes, error) {
	var is fault.Issues
	if len(rules) > maxTaxRules {
		is.Add("rules", issueRange, "at most %d rules, not %d", maxTaxRules, len(rules))
		return nil, is.Err(ErrTaxRules)
	}
	spans := make([]Span, len(rules))
	for i := range rules {
		spans[i] = rules[i].Span
	}
	lacking, behind := undecided(rules, spans), gaps(spans)
	for i := range rules {
		r, path := &rules[i], fmt.Sprintf("rules[%d]", i)
		r.check(&is, path)
		if slices.ContainsFunc(rules[:i], func(o TaxRule) bool { return o.Name == r.Name && r.Name != "" && o.Span.overlaps(r.Span) }) {
			is.Add(path+".name", issueTwice, "another rule has this name at the same time")
		}
		if r.always() && slices.ContainsFunc(rules[i+1:], func(o TaxRule) bool { return o.Span.overlaps(r.Span) }) {
			is.Add(path, issueOverlap, "decides every sale, and the rules behind it none at the same time")
		}
		if behind[i] {
			is.Add(path, issueGap, "between the rules before and this one none holds, or none is known: sales in between would be taxed as by default")
		}
		if lacking[i] {
			is.Add(path, issueCondition, "the last rule decides what is left, without a condition, as long as another holds")
		}
	}
	if err := is.Err(ErrTaxRules); err != nil {
		return nil, err
	}
	return &RuledTaxes{table: table, rules: cloneTaxRules(rules), usual: EUTaxRules(nil)}, nil
}

func cloneTaxRules(rules []TaxRule) []TaxRule {
	out := slices.Clone(rules)
	for i := range out {
		r := &out[i]
		r.Sellers, r.Buyers, r.Classes = slices.Clone(r.Sellers), slices.Clone(r.Buyers), slices.Clone(r.Classes)
		r.Home, r.ID = slices.Clone(r.Home), slices.Clone(r.ID)
	}
	return out
}

// Rules returns the rules in their order, EUTaxRules(nil) where there are none; the
// slice is the caller's.
func (t *RuledTaxes) Rules() []TaxRule { return cloneTaxRules(t.shown()) }

func (r *TaxRule) always() bool {
	return r.Sale == "" && len(r.Sellers) == 0 && len(r.Buyers) == 0 && len(r.Classes) == 0 && len(r.Home) == 0 && len(r.ID) == 0 && r.Status == "" && r.Kind == ""
}

func (r *TaxRule) check(is *fault.Issues, path string) {
	check.Need(is, path+".name", r.Name, maxTermText)
	r.Span.check(is, path)
	if !slices.Contains([]Sale{"", Domestic, IntraEU, Abroad}, r.Sale) {
		is.Add(path+".sale", issueUnknown, "%q is no sale", r.Sale)
	}
	if !slices.Contains([]BuyerKind{"", Business, Consumer}, r.Kind) {
		is.Add(path+".kind", issueUnknown, "%q is no kind of buyer", r.Kind)
	}
	if !slices.Contains([]VATStatus{VATUnknown, VATValid, VATInvalid}, r.Status) {
		is.Add(path+".vat_status", issueUnknown, "%q says nothing of an identifier", r.Status)
	}
	for i, c := range r.Sellers {
		checkCountry(is, indexedPath(path+".sellers", i), c)
	}
	for i, c := range r.Buyers {
		checkCountry(is, indexedPath(path+".buyers", i), c)
	}
	for i, c := range r.Home {
		if !slices.Contains([]Category{StandardRated, ZeroRated, Exempt, ReverseCharge, OutOfScope}, c) {
			is.Add(indexedPath(path+".home", i), issueCategory, "%q is not a domestic category", c)
		}
	}
	for i, x := range r.ID {
		if !slices.Contains([]Identification{NotIdentified, IdentifiedHome, IdentifiedAbroad, IdentifiedAway}, x) {
			is.Add(indexedPath(path+".id", i), issueUnknown, "%q is no identification", x)
		}
	}
	switch r.Then {
	case TaxAsHome, TaxAsThere:
		if r.Category != "" {
			is.Add(path+".category", issueCategory, "the category follows from the rates")
		}
		if !r.Exemption.IsZero() {
			is.Add(path+".exemption", issueCategory, "the reason follows from the rates")
		}
	case TaxFree:
		if !slices.Contains([]Category{ReverseCharge, IntraCommunity, Export, Exempt, OutOfScope}, r.Category) {
			is.Add(path+".category", issueCategory, "%q is no category free of tax", r.Category)
		}
		r.Exemption.check(is, path+".exemption", r.Category)
	default:
		is.Add(path+".then", issueUnknown, "%q is no decision", r.Then)
	}
}

func checkCountry(is *fault.Issues, path string, c partner.Country) {
	if !c.Valid() {
		is.Add(path, issueCountry, "%q is not a country", c)
	}
}

func (r *TaxRule) fits(f *taxFacts) bool {
	return (r.Sale == "" || r.Sale == f.sale) && (r.Kind == "" || r.Kind == f.kind) && (r.Status == "" || r.Status == f.status) &&
		(len(r.Sellers) == 0 || hasArea(r.Sellers, f.seller)) && (len(r.Buyers) == 0 || hasArea(r.Buyers, f.buyer)) &&
		(len(r.Classes) == 0 || slices.Contains(r.Classes, f.class)) && (len(r.Home) == 0 || slices.Contains(r.Home, f.home)) &&
		(len(r.ID) == 0 || slices.Contains(r.ID, f.id))
}

func hasArea(list []partner.Country, area partner.Country) bool {
	return slices.ContainsFunc(list, func(c partner.Country) bool { return vatArea(c) == area })
}

// DecideTax implements TaxDecider. Errors: ErrTaxCase (Invalid,
// pricing.tax_case) with all issues; ErrNoTax (Precondition, pricing.no_tax)
// for a class without a row then, at "class" for the seller's country, at
// "buyer" for that of the buyer.
func (t *RuledTaxes) DecideTax(c TaxCase) (TaxDecision, error) {
	if err := c.check(); err != nil {
		return TaxDecision{}, err
	}
	home := rateOf(t.table.of(c.Seller), c.Class, c.At, c.Known)
	if home == nil {
		return TaxDecision{}, noRate("class", c.Seller, c.Class)
	}
	f := c.facts()
	f.home = home.Category
	rule := t.ruleOf(&f, c.At, c.Known)
	d := TaxDecision{Home: home.Rate, Country: c.Seller, Rule: rule.Name}
	switch rule.Then {
	case TaxAsHome:
		d.take(home)
	case TaxAsThere:
		there := rateOf(t.table.of(f.buyer), c.Class, c.At, c.Known)
		if there == nil {
			return TaxDecision{}, noRate("buyer", f.buyer, c.Class)
		}
		d.Country = f.buyer
		d.take(there)
	case TaxFree:
		d.Category, d.Rate, d.Exemption = rule.Category, money.Rate{}, rule.Exemption.orUsual(rule.Category)
	}
	return d, nil
}

func (d *TaxDecision) take(r *TaxRow) {
	d.Category, d.Rate, d.Exemption = r.Category, r.Rate, r.Exemption.orUsual(r.Category)
}

func noRate(path string, c partner.Country, class catalog.TaxClass) error {
	var is fault.Issues
	is.Add(path, ErrNoTax.FaultCode(), "%s has no rate for %q then", c, class)
	return is.Err(ErrNoTax)
}

// String prints the table, a rule a line in the order of matching; "·" is any. A
// rule that does not hold for ever has its span behind it.
func (t *RuledTaxes) String() string {
	var b strings.Builder
	w := tabwriter.NewWriter(&b, 0, 0, 2, ' ', 0)
	_, _ = fmt.Fprintln(w, "rule\tsale\tseller\tbuyer\tclass\tat home\tidentified\tkind\tdecision")
	rules := t.shown()
	for i := range rules {
		r := &rules[i]
		then := string(r.Then)
		if r.Then == TaxFree {
			then = string(r.Category) + " " + r.Exemption.orUsual(r.Category).Code
		}
		cells := []string{r.Name, anyOr(r.Sale), anyOr(r.Sellers...), anyOr(r.Buyers...), anyOr(r.Classes...),
			anyOr(r.Home...), strings.TrimSpace(anyOr(r.ID...) + " " + string(r.Status)), anyOr(r.Kind), strings.TrimSpace(then)}
		if s := r.Span.text(); s != "" {
			cells = append(cells, s)
		}
		_, _ = fmt.Fprintln(w, strings.Join(cells, "\t"))
	}
	_ = w.Flush()
	return b.String()
}

func anyOr[T ~string](list ...T) string {
	var out []string
	for _, x := range list {
		if x != "" {
			out = append(out, string(x))
		}
	}
	if len(out) == 0 {
		return "·"
	}
	return strings.Join(out, ",")
}
