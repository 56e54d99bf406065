package trytonerp

import (
	"context"
	"fmt"

	"github.com/shopspring/decimal"

	"github.com/comptoir-go/comptoir/erp"
)

// What our documents name by codes and words, Tryton names by ids. What was
// found is remembered (Options.CacheFor).

// wrong collects why a document cannot go to Tryton: all of it at once, each
// with the path of what it is about.
type wrong []string

func (w *wrong) add(path, format string, args ...any) {
	*w = append(*w, path+": "+fmt.Sprintf(format, args...))
}

// error is Rejected with all that is wrong; nothing was sent.
func (w wrong) error(op erp.Op) error {
	if len(w) == 0 {
		return nil
	}
	text := w[0]
	for _, more := range w[1:] {
		text += "; " + more
	}
	return erp.Reject(op, text)
}

// only is the id of the one record of the model that matches, zero where there
// is none or more than one.
func (a *Adapter) only(ctx context.Context, op erp.Op, model string, domain ...any) (int64, error) {
	key := fmt.Sprint(model, domain)
	if id, ok := known[int64](a.books, key); ok {
		return id, nil
	}
	ids, err := a.search(ctx, op, model, domain, 0, 2, nil)
	if err != nil || len(ids) != 1 {
		return 0, err
	}
	a.books.note(key, ids[0])
	return ids[0], nil
}

// shop is the web shop that our orders belong to.
func (a *Adapter) shop(ctx context.Context, op erp.Op) (int64, error) {
	var domain []any
	text := "Tryton has no web shop, or more than one: name ours (Options.WebShop)"
	if a.o.WebShop != "" {
		domain = []any{[]any{"name", "=", a.o.WebShop}}
		text = fmt.Sprintf("Tryton has no web shop %q, or more than one", a.o.WebShop)
	}
	id, err := a.only(ctx, op, "web.shop", domain...)
	if err == nil && id == 0 {
		err = erp.NewError(erp.Contract, op, text, nil)
	}
	return id, err
}

func (a *Adapter) currency(ctx context.Context, op erp.Op, code string) (int64, error) {
	return a.only(ctx, op, "currency.currency", []any{"code", "=", code})
}

// customer is a party and what Tryton suggests for a sale to it.
type customer struct {
	id   int64
	name string
	// invoice and shipment are the addresses, zero where the party has none.
	invoice, shipment int64
	// term and prices are null where the party has none.
	term, prices *int64
}

// customer is the one of the code, nil where there is none.
func (a *Adapter) customer(ctx context.Context, op erp.Op, code string) (*customer, error) {
	if c, ok := known[*customer](a.books, "customer "+code); ok {
		return c, nil
	}
	var parties []struct {
		ID   int64
		Name string
	}
	err := a.searchRead(ctx, op, "party.party", []any{[]any{"code", "=", code}}, []string{"name"}, 0, 1, nil, &parties)
	if err != nil || len(parties) == 0 {
		return nil, err
	}
	s, err := a.session(ctx, op, 0)
	if err != nil {
		return nil, err
	}
	var suggested []struct {
		Invoice  int64  `json:"invoice_address"`
		Shipment int64  `json:"shipment_address"`
		Term     *int64 `json:"payment_term"`
		Prices   *int64 `json:"price_list"`
	}
	head := map[string]any{"company": s.company, "party": parties[0].ID, "lines": []any{}}
	err = a.call(ctx, request{op: op, method: "model.sale.sale.on_change", params: []any{head, []string{"party"}}}, &suggested)
	if err != nil {
		return nil, err
	}
	c := &customer{id: parties[0].ID, name: parties[0].Name}
	if len(suggested) > 0 {
		c.invoice, c.shipment, c.term, c.prices = suggested[0].Invoice, suggested[0].Shipment, suggested[0].Term, suggested[0].Prices
	}
	a.books.note("customer "+code, c)
	return c, nil
}

// article is a product that can be sold.
type article struct{ id, unit int64 }

// articles are those of the codes, by code; what Tryton does not sell is not
// among them.
func (a *Adapter) articles(ctx context.Context, op erp.Op, codes []string) (map[string]article, error) {
	found := map[string]article{}
	var ask []string
	for _, code := range codes {
		if p, ok := known[article](a.books, "product "+code); ok {
			found[code] = p
		} else {
			ask = append(ask, code)
		}
	}
	if len(ask) == 0 {
		return found, nil
	}
	var rows []struct {
		ID   int64
		Code string
		Unit int64 `json:"sale_uom"`
	}
	err := a.searchRead(ctx, op, "product.product", []any{[]any{"code", "in", ask}, []any{"salable", "=", true}}, []string{"code", "sale_uom"}, 0, 0, nil, &rows)
	for _, r := range rows {
		found[r.Code] = article{r.ID, r.Unit}
		a.books.note("product "+r.Code, found[r.Code])
	}
	return found, err
}

// unit is a unit of measure; quantities in it have at most so many digits.
type unit struct {
	ID           int64
	Name, Symbol string
	Digits       int32
	Category     int64
}

func (a *Adapter) units(ctx context.Context, op erp.Op) ([]unit, error) {
	if all, ok := known[[]unit](a.books, "units"); ok {
		return all, nil
	}
	var all []unit
	err := a.searchRead(ctx, op, "product.uom", nil, []string{"name", "symbol", "digits", "category"}, 0, 0, [][2]string{{"id", "ASC"}}, &all)
	if err != nil {
		return nil, err
	}
	a.books.note("units", all)
	return all, nil
}

// symbols are Tryton's for codes of UN/ECE Recommendation 20.
var symbols = map[string]string{"C62": "u", "H87": "u", "KGM": "kg", "GRM": "g", "LBR": "lb", "ONZ": "oz", "SEC": "s", "MIN": "min", "HUR": "h",
	"DAY": "d", "MTR": "m", "KMT": "km", "CMT": "cm", "MMT": "mm", "FOT": "ft", "YRD": "yd", "INH": "in", "SMI": "mi",
	"MTQ": "m³", "LTR": "l", "CMQ": "cm³", "MTK": "m²", "CMK": "cm²", "ARE": "a", "HAR": "ha"}

// unitOf finds the unit of a code of ours.
func (a *Adapter) unitOf(all []unit, code string) (unit, bool) {
	name := a.o.Units[code]
	for _, u := range all {
		if name != "" && u.Name == name || name == "" && u.Symbol == symbols[code] {
			return u, true
		}
	}
	return unit{}, false
}

// tax is a tax of the company that is not part of another.
type tax struct {
	ID    int64
	Name  string
	Type  string
	Rate  exact
	Group *struct{ Kind string } `json:"group."`
}

// sells says that the tax is one of sales.
func (t tax) sells() bool { return t.Group == nil || t.Group.Kind != "purchase" }

func (a *Adapter) taxes(ctx context.Context, op erp.Op) ([]tax, error) {
	if all, ok := known[[]tax](a.books, "taxes"); ok {
		return all, nil
	}
	s, err := a.session(ctx, op, 0)
	if err != nil {
		return nil, err
	}
	var all []tax
	err = a.searchRead(ctx, op, "account.tax", []any{[]any{"parent", "=", nil}, []any{"company", "=", s.company}},
		[]string{"name", "type", "rate", "group.kind"}, 0, 0, [][2]string{{"id", "ASC"}}, &all)
	if err != nil {
		return nil, err
	}
	a.books.note("taxes", all)
	return all, nil
}

// taxOf are the ids for a category and a rate in percent: one, or none for the
// rate zero. text says why there is none that is meant.
func (a *Adapter) taxOf(all []tax, category string, rate decimal.Decimal) (ids []int64, text string) {
	key := taxKey(category, rate)
	name, named := a.o.Taxes[key]
	part := rate.Shift(-2)
	for _, t := range all {
		if named && t.Name == name || !named && t.sells() && t.Type == "percentage" && !rate.IsZero() && t.Rate.Equal(part) {
			ids = append(ids, t.ID)
		}
	}
	switch {
	case len(ids) == 1 || len(ids) == 0 && !named && rate.IsZero():
		return ids, ""
	case named:
		return nil, fmt.Sprintf("Tryton has no tax %q, or more than one", name)
	case len(ids) == 0:
		return nil, fmt.Sprintf("Tryton has no tax of sales for %q", key)
	}
	return nil, fmt.Sprintf("Tryton has more than one tax of sales for %q: name ours (Options.Taxes)", key)
}
