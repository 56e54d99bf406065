package pricing

import (
	"cmp"
	"fmt"
	"slices"
	"time"

	"github.com/comptoir-go/comptoir/catalog"
	"github.com/comptoir-go/comptoir/fault"
	"github.com/comptoir-go/comptoir/money"
	"github.com/comptoir-go/comptoir/partner"
)

// Category is a VAT category code of UNTDID 5305: S, Z, E, AE, K, G, O.
type Category string

// The categories in use.
const (
	StandardRated  Category = "S"
	ZeroRated      Category = "Z"
	Exempt         Category = "E"
	ReverseCharge  Category = "AE"
	IntraCommunity Category = "K"
	Export         Category = "G"
	OutOfScope     Category = "O"
)

// rank is the place of a category in a breakdown; unknown ones come last.
func (c Category) rank() int {
	switch c {
	case StandardRated:
		return 0
	case ZeroRated:
		return 1
	case Exempt:
		return 2
	case ReverseCharge:
		return 3
	case IntraCommunity:
		return 4
	case Export:
		return 5
	case OutOfScope:
		return 6
	}
	return 7
}

// TaxRow says how a country taxes a class of products for a while.
type TaxRow struct {
	// Country is the seller's, whose law applies to a domestic sale.
	Country partner.Country  `json:"country"`
	Class   catalog.TaxClass `json:"class"`
	// Category is S, Z, E, AE or O: what a domestic sale is. K and G follow
	// from where the buyer is and are no rows.
	Category Category `json:"category"`
	// Rate is above 0 and at most 100 for S and 0 for the others.
	Rate money.Rate `json:"rate"`
	// From is included, Until excluded; zero is open.
	From  time.Time `json:"from,omitzero"`
	Until time.Time `json:"until,omitzero"`
	// Known is when the row was recorded (zero: ever since), Gone when it was
	// superseded (zero: it still stands). A rate that was wrong is corrected
	// backwards by a row that is gone and one that is known from then on.
	Known time.Time `json:"known,omitzero"`
	Gone  time.Time `json:"gone,omitzero"`
	// Exemption is why there is no tax, of rows that are neither S nor Z.
	Exemption Exemption `json:"exemption,omitzero"`
}

// Span returns when the row holds and is known.
func (r TaxRow) Span() Span { return Span{r.From, r.Until, r.Known, r.Gone} }

// TaxTable turns tax classes into categories and rates. It is immutable; the
// zero table knows no class.
type TaxTable struct {
	rows  []TaxRow // by country, class, from
	first partner.Country
}

// NewTaxTable checks the rows and makes a table of them; their order does not
// matter, except that the first names the country a pricer sells from when
// its Options do not. Wrong rows are ErrTaxTable (Invalid, pricing.tax_table)
// with every issue under "rows[i]": an unknown country, no class, a category
// or rate that does not belong there, a window that ends before it begins, a
// row that is gone before it is known, a reason for exemption where there is
// tax, two rows of one country and class that hold and are known at one time.
func NewTaxTable(rows ...TaxRow) (TaxTable, error) {
	var is fault.Issues
	order := make([]int, len(rows))
	for i, r := range rows {
		order[i] = i
		checkTaxRow(&is, fmt.Sprintf("rows[%d]", i), r)
	}
	slices.SortStableFunc(order, func(a, b int) int { return compareTaxRows(rows[a], rows[b]) })
	t := TaxTable{rows: make([]TaxRow, len(rows))}
	first := 0 // of the same country and class
	for k, i := range order {
		t.rows[k] = rows[i]
		if !sameSubject(rows[order[first]], rows[i]) {
			first = k
		}
		for _, n := range order[first:k] {
			if rows[n].Span().overlaps(rows[i].Span()) {
				is.Add(fmt.Sprintf("rows[%d]", i), issueOverlap, "%s %q is already taxed then by rows[%d]",
					rows[i].Country, rows[i].Class, n)
				break
			}
		}
	}
	if err := is.Err(ErrTaxTable); err != nil {
		return TaxTable{}, err
	}
	if len(rows) > 0 {
		t.first = rows[0].Country
	}
	return t, nil
}

func checkTaxRow(is *fault.Issues, path string, r TaxRow) {
	if !r.Country.Valid() {
		is.Add(path+".country", issueCountry, "%q is not a country", r.Country)
	}
	if r.Class == "" {
		is.Add(path+".class", issueClass, "a row is for a class")
	}
	switch r.Category {
	case StandardRated:
		if r.Rate.Sign() <= 0 || r.Rate.Cmp(money.RateOf(100)) > 0 {
			is.Add(path+".rate", issueRate, "the rate of category S is above 0 and at most 100, not %s", r.Rate)
		}
	case ZeroRated, Exempt, ReverseCharge, OutOfScope:
		if !r.Rate.IsZero() {
			is.Add(path+".rate", issueRate, "the rate of category %s is 0, not %s", r.Category, r.Rate)
		}
	default:
		is.Add(path+".category", issueCategory, "%q is not a domestic category", r.Category)
	}
	r.Span().check(is, path)
	r.Exemption.check(is, path+".exemption", r.Category)
}

func compareTaxRows(a, b TaxRow) int {
	return cmp.Or(cmp.Compare(a.Country, b.Country), cmp.Compare(a.Class, b.Class), a.From.Compare(b.From), a.Known.Compare(b.Known))
}

func sameSubject(a, b TaxRow) bool { return a.Country == b.Country && a.Class == b.Class }

// Rows returns the rows in the order country, class, beginning, knowledge. The slice is
// the caller's.
func (t TaxTable) Rows() []TaxRow { return slices.Clone(t.rows) }

// Lookup returns how a product of the class is taxed at an instant between
// the parties: as the seller's country taxes it at home when the sale is
// domestic, K or G at 0 % when Parties.Abroad says so. What is exempt (E) or
// out of scope (O) at home stays so. ok is false for a class that the table
// does not know then, wherever the buyer is. Rows that are gone do not count.
func (t TaxTable) Lookup(p Parties, class catalog.TaxClass, at time.Time) (c Category, rate money.Rate, ok bool) {
	return t.LookupAsOf(p, class, at, time.Time{})
}

// LookupAsOf is Lookup as it was known at an instant; a zero known is Lookup.
func (t TaxTable) LookupAsOf(p Parties, class catalog.TaxClass, at, known time.Time) (c Category, rate money.Rate, ok bool) {
	c, rate, _, ok = lookup(t.of(p.Seller), p.Abroad(), class, at, known)
	return c, rate, ok
}

// of returns the rows of one country.
func (t TaxTable) of(c partner.Country) []TaxRow {
	from, _ := slices.BinarySearchFunc(t.rows, c, func(r TaxRow, c partner.Country) int { return cmp.Compare(r.Country, c) })
	until := from
	for until < len(t.rows) && t.rows[until].Country == c {
		until++
	}
	return t.rows[from:until]
}

// lookup returns category and rate of the sale, and the rate of the same
// class at home, which is what prices stated gross contain.
func lookup(rows []TaxRow, abroad Category, class catalog.TaxClass, at, known time.Time) (c Category, rate, home money.Rate, ok bool) {
	r := rateOf(rows, class, at, known)
	if r == nil {
		return "", money.Rate{}, money.Rate{}, false
	}
	c, rate, _ = r.sold(abroad)
	return c, rate, r.Rate, true
}

// sold is how a sale is taxed that leaves the country as abroad says, and why not.
func (r *TaxRow) sold(abroad Category) (Category, money.Rate, Exemption) {
	if abroad != "" && r.Category != Exempt && r.Category != OutOfScope {
		return abroad, money.Rate{}, Exemption{}.orUsual(abroad)
	}
	return r.Category, r.Rate, r.Exemption.orUsual(r.Category)
}

// rateOf returns the row of a class that holds at an instant, as known at
// another, nil for none.
func rateOf(rows []TaxRow, class catalog.TaxClass, at, known time.Time) *TaxRow {
	for i := range rows {
		if r := &rows[i]; r.Class == class && r.Span().Covers(at, known) {
			return r
		}
	}
	return nil
}
