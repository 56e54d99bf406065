package trytonerp

import (
	"context"
	"fmt"
	"hash/fnv"
	"slices"

	"github.com/shopspring/decimal"

	"github.com/comptoir-go/comptoir/erp"
)

// Has implements erp.Partial: prices are told where the options name lists.
func (a *Adapter) Has(op erp.Op) bool { return op != erp.OpPullPrices || len(a.o.PriceLists) > 0 }

// PullPrices implements erp.PricePuller: of each article that has a code its
// prices on the lists of Options.PriceLists, net or gross as the list says, in
// the company's currency and for the unit of sale. Tryton computes each from a
// formula, which takes it some 3 ms: an article's are asked for when it changes,
// and all when a list does. One that is not sold any more has no prices.
func (a *Adapter) PullPrices(ctx context.Context, after erp.Cursor, limit int) (erp.Page[erp.Price], error) {
	f, err := a.priceFeed(ctx, erp.OpPullPrices)
	if err != nil {
		return erp.Page[erp.Price]{}, err
	}
	return pullWalked(ctx, a, f, after, limit)
}

func (a *Adapter) priceFeed(ctx context.Context, op erp.Op) (feed[erp.Price], error) {
	lists, rules, as, err := a.priceLists(ctx, op)
	return feed[erp.Price]{op: op, spare: spareChanges, several: true, each: len(lists), head: func(r *erp.Price) *erp.Head { return &r.Head },
		listed: productSources[:1], sources: productSources, rules: rules, as: as,
		read: func(ctx context.Context, subjects []subject) (map[subject]read[erp.Price], error) {
			return a.readPrices(ctx, op, lists, idsOf(subjects))
		},
		names: func(ctx context.Context, subjects []subject) (map[subject][]string, error) {
			articles, err := a.variants(ctx, op, idsOf(subjects))
			names := map[subject][]string{}
			for _, p := range lists {
				for _, v := range articles {
					of := subject{"product.template", v.Template.ID}
					names[of] = append(names[of], priceID(v, p))
				}
			}
			return names, err
		}}, err
}

// priceList is a list of Tryton's, and the quantities from which its lines hold.
type priceList struct {
	ID    int64
	Name  string
	Gross flag   `json:"tax_included"`
	Unit  string // of the quantities
	stamps
	from []decimal.Decimal
}

// priceLists are the lists of the options, the time of their last change and how
// they are: a hash of the stamps of lists and lines, because one that is deleted,
// or comes to light late, leaves the time as it was.
func (a *Adapter) priceLists(ctx context.Context, op erp.Op) (lists []priceList, rules int64, as uint64, err error) {
	if len(a.o.PriceLists) == 0 {
		return nil, 0, 0, erp.NotSupported(op)
	}
	domain := []any{[]any{"name", "in", a.o.PriceLists}}
	err = a.searchRead(ctx, op, "product.price_list", domain, append([]string{"name", "tax_included", "unit"}, stampFields...), 0, 0, byID, &lists)
	if err != nil {
		return nil, 0, 0, err
	}
	if len(lists) != len(a.o.PriceLists) {
		return nil, 0, 0, erp.NewError(erp.Contract, op, fmt.Sprintf("of the %d price lists of the options Tryton has %d", len(a.o.PriceLists), len(lists)), nil)
	}
	var lines []struct {
		ID       int64
		List     int64 `json:"price_list"`
		Quantity quantity
		stamps
	}
	domain = []any{[]any{"price_list.name", "in", a.o.PriceLists}}
	if err := a.searchRead(ctx, op, "product.price_list.line", domain, append([]string{"price_list", "quantity"}, stampFields...), 0, 0, byID, &lines); err != nil {
		return nil, 0, 0, err
	}
	sum := fnv.New64a()
	for i := range lists {
		p := &lists[i]
		fmt.Fprintf(sum, "%d %d;", p.ID, p.at())
		rules, p.from = max(rules, p.at()), []decimal.Decimal{decimal.Zero}
		for _, l := range lines {
			if l.List == p.ID {
				fmt.Fprintf(sum, "%d %d,", l.ID, l.at())
				rules = max(rules, l.at())
				p.from = append(p.from, l.Quantity.Decimal)
			}
		}
		slices.SortFunc(p.from, decimal.Decimal.Cmp)
		p.from = slices.CompactFunc(p.from, decimal.Decimal.Equal)
	}
	return lists, rules, sum.Sum64(), nil
}

func (a *Adapter) readPrices(ctx context.Context, op erp.Op, lists []priceList, templates []int64) (map[subject]read[erp.Price], error) {
	articles, err := a.variants(ctx, op, templates)
	if err != nil {
		return nil, err
	}
	currency, err := a.companyCurrency(ctx, op)
	if err != nil {
		return nil, err
	}
	docs := map[subject]read[erp.Price]{}
	for _, p := range lists {
		breaks, err := a.breaks(ctx, op, p, articles)
		if err != nil {
			return nil, err
		}
		for _, v := range articles {
			of := subject{"product.template", v.Template.ID}
			d := docs[of]
			row := erp.Price{Head: erp.Head{ID: priceID(v, p)}, SKU: v.Code, List: p.Name, Currency: currency, Gross: bool(p.Gross), Breaks: breaks[v.ID]}
			docs[of] = read[erp.Price]{max(d.at, v.at()), append(d.rows, row)}
		}
	}
	return docs, nil
}

// priceID is the id of an article's prices on a list.
func priceID(v variant, p priceList) string { return fmt.Sprintf("%d/%d", v.ID, p.ID) }

// breaks are the prices of articles on a list, by article. Quantities of a list
// are in the article's own unit, or where it says so in that of sale.
func (a *Adapter) breaks(ctx context.Context, op erp.Op, p priceList, articles []variant) (map[int64][]erp.PriceBreak, error) {
	units, err := a.measures(ctx, op)
	if err != nil {
		return nil, err
	}
	// Articles whose units are in the same proportion are asked for at once.
	alike := map[string][]int64{}
	turn := map[string]decimal.Decimal{}
	for _, v := range articles {
		if !v.sold() || v.Unit == nil {
			continue
		}
		one := decimal.NewFromInt(1)
		if p.Unit == "product_default" {
			one = goods{units: units}.inUnit(move{Unit: v.Own, Quantity: quantity{one}}, *v.Unit)
		}
		key := text(one)
		alike[key], turn[key] = append(alike[key], v.ID), one
	}
	all := map[int64][]erp.PriceBreak{}
	for key, ids := range alike {
		for _, from := range p.from {
			from = trimmed(from.Mul(turn[key]))
			prices, err := a.pricesFrom(ctx, op, p.ID, from, ids)
			if err != nil {
				return nil, err
			}
			for id, price := range prices {
				b := all[id]
				if n := len(b); n == 0 || !b[n-1].UnitPrice.Equal(price) {
					all[id] = append(b, erp.PriceBreak{From: from, UnitPrice: price})
				}
			}
		}
	}
	return all, nil
}

// pricesFrom are the prices of articles from a quantity on, as a sale's line has
// them.
func (a *Adapter) pricesFrom(ctx context.Context, op erp.Op, list int64, from decimal.Decimal, ids []int64) (map[int64]decimal.Decimal, error) {
	var rows []struct {
		ID    int64
		Price *exact `json:"sale_price_uom"`
	}
	r := searching(op, "product.product", "search_read", []any{[]any{"id", "in", ids}}, 0, 0, byID, []string{"sale_price_uom"})
	r.context = map[string]any{"price_list": list, "quantity": quantity{from}}
	if err := a.call(ctx, r, &rows); err != nil {
		return nil, err
	}
	prices := map[int64]decimal.Decimal{}
	for _, row := range rows {
		if row.Price != nil {
			prices[row.ID] = trimmed(row.Price.RoundBank(priceDigits))
		}
	}
	return prices, nil
}

// companyCurrency is the code of the currency of our company.
func (a *Adapter) companyCurrency(ctx context.Context, op erp.Op) (string, error) {
	if code, ok := known[string](a.books, "currency"); ok {
		return code, nil
	}
	s, err := a.session(ctx, op, 0)
	if err != nil {
		return "", err
	}
	var rows []struct {
		Currency struct{ Code string } `json:"currency."`
	}
	err = a.read(ctx, op, "company.company", []int64{s.company}, []string{"currency.code"}, &rows)
	if err == nil && len(rows) != 1 {
		err = erp.NoSuch(op)
	}
	if err != nil {
		return "", err
	}
	a.books.note("currency", rows[0].Currency.Code)
	return rows[0].Currency.Code, nil
}
