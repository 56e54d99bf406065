package trytonerp

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"strings"

	"github.com/shopspring/decimal"

	"github.com/comptoir-go/comptoir/erp"
)

// billedLine is a line of an invoice.
type billedLine struct {
	ID       int64
	Invoice  int64
	Origin   ref
	Text     string `json:"description"`
	Quantity quantity
	Unit     *int64
	Price    exact `json:"unit_price"`
	Net      exact `json:"amount"`
	Taxes    []int64
	Product  *struct{ Code, Name string } `json:"product."`

	// What follows is not Tryton's.
	order, sale int64 // the order of ours, and the sale that was invoiced
	key         string
	discount    bool
	parent      int64 // the invoice whose line this credits
	rate        taxWord
	unit        string
}

var billedFields = []string{"invoice", "origin", "description", "quantity", "unit", "unit_price", "amount", "taxes", "product.code", "product.name"}

// billedLines are lines by invoice, and the invoices that invoiced lines of
// orders.
type billedLines struct {
	of map[int64][]billedLine
	by map[orderLine][]int64
}

// orderLine is a line of an order by our key.
type orderLine struct {
	order int64
	key   string
}

// billed reads the lines of invoices, and what of our orders they are.
func (a *Adapter) billed(ctx context.Context, op erp.Op, shop int64, invoices []int64) (billedLines, error) {
	all := billedLines{of: map[int64][]billedLine{}, by: map[orderLine][]int64{}}
	rows, err := a.billedRows(ctx, op, []any{"invoice", "in", invoices})
	if err != nil {
		return all, err
	}
	// A credit note's lines have those that they credit as origin.
	parents := map[int64]billedLine{}
	if ids := originsOf(rows, "account.invoice.line"); len(ids) > 0 {
		credited, err := a.billedRows(ctx, op, []any{"id", "in", ids})
		if err != nil {
			return all, err
		}
		for _, l := range credited {
			parents[l.ID] = l
		}
	}
	sold := originsOf(slices.Concat(rows, slices.Collect(maps.Values(parents))), "sale.line")
	lines, err := a.saleLines(ctx, op, []any{"id", "in", sold})
	if err != nil {
		return all, err
	}
	orders, err := a.ordersOf(ctx, op, shop, lines.in)
	if err != nil {
		return all, err
	}
	rates, err := a.taxWords(ctx, op)
	if err != nil {
		return all, err
	}
	units, err := a.units(ctx, op)
	if err != nil {
		return all, err
	}
	for _, l := range rows {
		origin := l.Origin
		if p, ok := parents[recordRef(string(origin), "account.invoice.line")]; ok {
			origin, l.parent = p.Origin, p.Invoice
		}
		if of, ok := lines.of[recordRef(string(origin), "sale.line")]; ok {
			l.order, l.sale, l.key = orders[of.Sale], of.Sale, of.key()
			l.discount = of.Product == nil && of.key() != ""
		}
		l.rate = rates.of(l.Taxes)
		if l.Unit != nil {
			l.unit = a.unitCode(units, *l.Unit)
		}
		all.of[l.Invoice] = append(all.of[l.Invoice], l)
	}
	return all, a.invoicedBy(ctx, op, &all)
}

func (a *Adapter) billedRows(ctx context.Context, op erp.Op, clause []any) ([]billedLine, error) {
	var rows []billedLine
	return rows, a.searchRead(ctx, op, "account.invoice.line", []any{clause, []any{"type", "=", "line"}}, billedFields, 0, 0,
		[][2]string{{"sequence", "ASC NULLS FIRST"}, {"id", "ASC"}}, &rows)
}

// originsOf are the ids of the records of the model that lines have as origin.
func originsOf(lines []billedLine, model string) []int64 {
	ids := []int64{}
	for _, l := range lines {
		if id := recordRef(string(l.Origin), model); id != 0 {
			ids = append(ids, id)
		}
	}
	slices.Sort(ids)
	return slices.Compact(ids)
}

// invoicedBy looks for the invoices of what came back: a return's credit note
// does not name the invoice that it corrects.
func (a *Adapter) invoicedBy(ctx context.Context, op erp.Op, all *billedLines) error {
	var back []int64
	for _, lines := range all.of {
		for _, l := range lines {
			if l.order != 0 && l.sale != l.order && !slices.Contains(back, l.order) {
				back = append(back, l.order)
			}
		}
	}
	if len(back) == 0 {
		return nil
	}
	slices.Sort(back)
	var rows []struct {
		Invoice int64
		Origin  struct {
			Sale int64
			Note string
		} `json:"origin."`
	}
	domain := []any{[]any{"origin.sale", "in", back, "sale.line"}, []any{"invoice.number", "!=", nil}, []any{"invoice.state", "in", []string{"posted", "paid"}},
		[]any{"quantity", ">", 0}}
	err := a.searchRead(ctx, op, "account.invoice.line", domain, []string{"invoice", "origin.sale", "origin.note"}, 0, 0, byID, &rows)
	for _, r := range rows {
		key, _ := unmark(r.Origin.Note)
		at := orderLine{r.Origin.Sale, key}
		all.by[at] = append(all.by[at], r.Invoice)
	}
	return err
}

// corrects is the id of the invoice that a credit note corrects, "" where it is
// none or nobody can tell which.
func (all billedLines) corrects(i invoice) string {
	var found []int64
	for _, l := range all.of[i.ID] {
		if l.parent != 0 {
			found = append(found, l.parent)
		} else if l.key != "" && l.sale != l.order {
			found = append(found, all.by[orderLine{l.order, l.key}]...)
		}
	}
	slices.Sort(found)
	if found = slices.Compact(found); len(found) != 1 || !i.Gross.IsNegative() || found[0] == i.ID {
		return ""
	}
	return idText(found[0])
}

// turned is the line of a credit note in positive amounts.
func (l billedLine) turned() billedLine {
	l.Net.Decimal = l.Net.Neg()
	if l.Quantity.IsPositive() {
		l.Price.Decimal = l.Price.Neg()
	} else {
		l.Quantity.Decimal = l.Quantity.Neg()
	}
	return l
}

// document is the line; one of a discount of ours is of no line of the order.
func (l billedLine) document() erp.InvoiceLine {
	d := erp.InvoiceLine{Text: l.text(), Unit: l.unit, Quantity: l.Quantity.Decimal, UnitPrice: trimmed(l.Price.Decimal), Net: l.Net.Decimal,
		TaxCategory: l.rate.category, TaxRate: l.rate.rate}
	if l.Product != nil {
		d.SKU = l.Product.Code
	}
	if l.order != 0 && l.key != "" && !l.discount {
		d.Order, d.Key = idText(l.order), l.key
	}
	return d
}

func (l billedLine) text() string {
	if l.Product != nil {
		return cmp.Or(l.Text, l.Product.Name)
	}
	return l.Text
}

// adjustment is the line as one of the whole: of a discount of ours the code
// stands behind the text.
func (l billedLine) adjustment() erp.Discount {
	d := erp.Discount{Text: l.text(), Amount: l.Net.Decimal, TaxCategory: l.rate.category, TaxRate: l.rate.rate}
	if l.discount {
		d.Key = l.key
		if at := strings.LastIndex(d.Text, codeSign); at >= 0 {
			d.Text, d.Code = d.Text[:at], d.Text[at+len(codeSign):]
		}
	}
	return d
}

// codeSign stands between the text of a discount and its code.
const codeSign = " · "

// unitCode is our code of a unit, "" where it has none.
func (a *Adapter) unitCode(units []unit, id int64) string {
	for _, u := range units {
		if u.ID != id {
			continue
		}
		for _, code := range slices.Sorted(maps.Keys(a.o.Units)) {
			if a.o.Units[code] == u.Name {
				return code
			}
		}
		for _, code := range slices.Sorted(maps.Keys(symbols)) {
			if symbols[code] == u.Symbol {
				return code
			}
		}
		return u.Name
	}
	return ""
}

// taxWord is a tax by our words: the rate is in percent.
type taxWord struct {
	category string
	rate     decimal.Decimal
}

// taxWords are the taxes by id.
type taxWords map[int64]taxWord

// of is what several taxes are together.
func (w taxWords) of(ids []int64) taxWord {
	var sum taxWord
	for _, id := range ids {
		sum.category, sum.rate = cmp.Or(sum.category, w[id].category), sum.rate.Add(w[id].rate)
	}
	return sum
}

// taxWords reads all taxes, those no longer used too.
func (a *Adapter) taxWords(ctx context.Context, op erp.Op) (taxWords, error) {
	if all, ok := known[taxWords](a.books, "tax words"); ok {
		return all, nil
	}
	var rows []tax
	if err := a.allRead(ctx, op, "account.tax", nil, []string{"name", "type", "rate"}, 0, byID, &rows); err != nil {
		return nil, err
	}
	all := taxWords{}
	for _, t := range rows {
		w := taxWord{}
		if t.Type == "percentage" {
			w.rate = trimmed(t.Rate.Shift(2))
		}
		if w.rate.IsPositive() {
			w.category = "S"
		}
		for _, key := range slices.Sorted(maps.Keys(a.o.Taxes)) {
			category, _, _ := strings.Cut(key, " ")
			if a.o.Taxes[key] == t.Name && key == taxKey(category, w.rate) {
				w.category = category
				break
			}
		}
		all[t.ID] = w
	}
	a.books.note("tax words", all)
	return all, nil
}

// billedTaxes are the tax breakdowns by invoice, one row for each category and
// rate. A tax that is no record's is of the rate that it is of its base.
func (a *Adapter) billedTaxes(ctx context.Context, op erp.Op, invoices []int64) (map[int64][]erp.InvoiceTax, error) {
	var rows []struct {
		Invoice int64
		Base    exact
		Amount  exact
		Tax     *int64
	}
	words, err := a.taxWords(ctx, op)
	if err == nil {
		err = a.searchRead(ctx, op, "account.invoice.tax", []any{[]any{"invoice", "in", invoices}}, []string{"invoice", "base", "amount", "tax"}, 0, 0, byID, &rows)
	}
	all := map[int64][]erp.InvoiceTax{}
	for _, r := range rows {
		var w taxWord
		if r.Tax != nil {
			w = words[*r.Tax]
		} else if rate := rateOf(r.Amount.Decimal, r.Base.Decimal); rate.IsPositive() {
			w = taxWord{"S", rate}
		}
		taxes := all[r.Invoice]
		at := slices.IndexFunc(taxes, func(t erp.InvoiceTax) bool { return t.Category == w.category && t.Rate.Equal(w.rate) })
		if at < 0 {
			at, taxes = len(taxes), append(taxes, erp.InvoiceTax{Category: w.category, Rate: w.rate})
		}
		taxes[at].Base, taxes[at].Tax = taxes[at].Base.Add(r.Base.Decimal), taxes[at].Tax.Add(r.Amount.Decimal)
		all[r.Invoice] = taxes
	}
	return all, err
}

// rateOf is a tax in percent of its base, to four decimals.
func rateOf(tax, base decimal.Decimal) decimal.Decimal {
	if base.IsZero() {
		return decimal.Zero
	}
	rate := trimmed(tax.Shift(2).DivRound(base, 4))
	if rate.GreaterThan(decimal.NewFromInt(100)) {
		return decimal.Zero
	}
	return rate
}
