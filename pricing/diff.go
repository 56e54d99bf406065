package pricing

import (
	"cmp"
	"encoding/json"

	"github.com/comptoir-go/comptoir/money"
)

// What names the figure that a Change is about.
type What string

// What can change. The first group is about a line and sets Change.Line, what
// is about an adjustment sets Change.Adjustment.
const (
	LineAdded       What = "line_added"   // New.Amount is the line's net
	LineRemoved     What = "line_removed" // Old.Amount is the line's net
	ProductChanged  What = "product"      // Text, the id
	SKUChanged      What = "sku"          // Text
	QuantityChanged What = "quantity"     // Quantity
	ListChanged     What = "list"         // Price, the list price
	PriceChanged    What = "price"        // Price, the unit price
	StatedChanged   What = "stated"       // Text, "net" or "gross"
	DiscountChanged What = "discount"     // Amount
	RateChanged     What = "rate"         // Text, category and rate: "S 20"
	NetChanged      What = "net"          // Amount
	TaxChanged      What = "tax"          // Amount
	GrossChanged    What = "gross"        // Amount
	ShareChanged    What = "share"        // Amount, of an adjustment that both have

	AdjustmentChanged What = "adjustment" // Amount; none on the side that does not have it

	PartnerChanged    What = "partner"     // Text, the id
	CurrencyChanged   What = "currency"    // Text, the code
	BreakdownChanged  What = "breakdown"   // Text, a row: "S 20: 100.00 EUR, 20.00 EUR"
	TotalNetChanged   What = "total_net"   // Amount
	TotalTaxChanged   What = "total_tax"   // Amount
	TotalGrossChanged What = "total_gross" // Amount
)

// Change is one figure that differs between two quotes.
type Change struct {
	What What `json:"what"`
	// Line is the line's id, "" for what concerns the whole quote.
	Line LineID `json:"line,omitempty"`
	// Adjustment is the code of the allowance or charge, "" for what is about
	// none.
	Adjustment string `json:"adjustment,omitempty"`
	// Old and New are the figures; what was added has no Old, what was removed
	// no New.
	Old Figure `json:"old,omitzero"`
	New Figure `json:"new,omitzero"`
}

// String prints "line 3: price 9.45 EUR → 9.90 EUR".
func (c Change) String() string {
	s := string(c.What)
	if c.Line != "" {
		s = "line " + string(c.Line) + ": " + s
	}
	if c.Adjustment != "" {
		s += " " + c.Adjustment
	}
	if old := c.Old.String(); old != "" {
		s += " " + old
	}
	if c.New != (Figure{}) {
		s += " → " + c.New.String()
	}
	return s
}

// Figure is a value of one kind; the field that is set follows from What.
type Figure struct {
	Amount   money.Amount   `json:"amount"`
	Price    money.Price    `json:"price"`
	Quantity money.Quantity `json:"quantity"`
	Text     string         `json:"text"`
}

// MarshalJSON writes the field that is set; an amount or a price of zero is
// set when it has a currency.
func (f Figure) MarshalJSON() ([]byte, error) {
	var out struct {
		Amount   *money.Amount   `json:"amount,omitempty"`
		Price    *money.Price    `json:"price,omitempty"`
		Quantity *money.Quantity `json:"quantity,omitempty"`
		Text     string          `json:"text,omitempty"`
	}
	if !f.Amount.IsNone() {
		out.Amount = &f.Amount
	}
	if !f.Price.IsNone() {
		out.Price = &f.Price
	}
	if !f.Quantity.IsZero() {
		out.Quantity = &f.Quantity
	}
	out.Text = f.Text
	return json.Marshal(out)
}

// String prints the value with its unit, "" for none.
func (f Figure) String() string {
	if !f.Quantity.IsZero() {
		return f.Quantity.String()
	}
	return cmp.Or(f.Amount.String(), f.Price.String(), f.Text)
}

// Diff returns what differs between an older and a newer quote, nil when lines
// and figures are the same: the lines of the older one in its order, then the
// lines added, then the whole. Lines are matched by id, so their order does
// not matter, adjustments by code; nor do instants, the version of the rules,
// explanations and the texts of adjustments.
func Diff(older, newer Quote) []Change {
	d := diff{common: common(older.Adjustments, newer.Adjustments)}
	at := make(map[LineID]int, len(newer.Lines))
	for i := range newer.Lines {
		at[newer.Lines[i].ID] = i
	}
	kept := make([]bool, len(newer.Lines))
	for i := range older.Lines {
		was := &older.Lines[i]
		d.line = was.ID
		k, ok := at[was.ID]
		if !ok {
			d.add(LineRemoved, Figure{Amount: was.Net}, Figure{})
			continue
		}
		kept[k] = true
		d.lines(was, &newer.Lines[k])
	}
	for i := range newer.Lines {
		if !kept[i] {
			d.line = newer.Lines[i].ID
			d.add(LineAdded, Figure{}, Figure{Amount: newer.Lines[i].Net})
		}
	}
	d.line = ""
	d.text(PartnerChanged, string(older.Partner), string(newer.Partner))
	d.text(CurrencyChanged, older.Currency.Code(), newer.Currency.Code())
	d.adjustments(older.Adjustments, newer.Adjustments)
	d.breakdown(older.Taxes, newer.Taxes)
	d.amount(TotalNetChanged, older.Net, newer.Net)
	d.amount(TotalTaxChanged, older.Tax, newer.Tax)
	d.amount(TotalGrossChanged, older.Gross, newer.Gross)
	return d.changes
}

// diff gathers the changes of the line it stands at.
type diff struct {
	line    LineID
	common  []pair // the adjustments that both quotes have
	changes []Change
}

func (d *diff) add(w What, was, is Figure) {
	if was != is {
		d.changes = append(d.changes, Change{What: w, Line: d.line, Old: was, New: is})
	}
}

func (d *diff) text(w What, was, is string) { d.add(w, Figure{Text: was}, Figure{Text: is}) }
func (d *diff) amount(w What, was, is money.Amount) {
	d.add(w, Figure{Amount: was}, Figure{Amount: is})
}
func (d *diff) price(w What, was, is money.Price) { d.add(w, Figure{Price: was}, Figure{Price: is}) }
func (d *diff) quantity(w What, was, is money.Quantity) {
	d.add(w, Figure{Quantity: was}, Figure{Quantity: is})
}

func (d *diff) lines(was, is *QuotedLine) {
	d.text(ProductChanged, string(was.Product), string(is.Product))
	d.text(SKUChanged, string(was.SKU), string(is.SKU))
	d.quantity(QuantityChanged, was.Quantity, is.Quantity)
	d.price(ListChanged, was.List, is.List)
	d.price(PriceChanged, was.Price, is.Price)
	d.text(StatedChanged, string(was.Stated), string(is.Stated))
	d.amount(DiscountChanged, was.Discount, is.Discount)
	if was.Category != is.Category || was.Rate != is.Rate {
		d.text(RateChanged, rateText(was.Category, was.Rate), rateText(is.Category, is.Rate))
	}
	d.amount(NetChanged, was.Net, is.Net)
	d.amount(TaxChanged, was.Tax, is.Tax)
	d.amount(GrossChanged, was.Gross, is.Gross)
	d.shares(was, is)
}

// breakdown compares rows by category and rate.
func (d *diff) breakdown(was, is []Tax) {
	for _, o := range was {
		d.text(BreakdownChanged, rowText(o), rowText(rowOf(is, o.Category, o.Rate)))
	}
	for _, n := range is {
		if rowOf(was, n.Category, n.Rate) == (Tax{}) {
			d.text(BreakdownChanged, "", rowText(n))
		}
	}
}

func rowOf(rows []Tax, c Category, rate money.Rate) Tax {
	for _, r := range rows {
		if r.Category == c && r.Rate == rate {
			return r
		}
	}
	return Tax{}
}

func rowText(t Tax) string {
	if t == (Tax{}) {
		return ""
	}
	return rateText(t.Category, t.Rate) + ": " + t.Base.String() + ", " + t.Tax.String()
}

func rateText(c Category, r money.Rate) string { return string(c) + " " + r.String() }
