package erpsync

import (
	"cmp"
	"context"
	"maps"
	"reflect"
	"slices"
	"strconv"
	"time"

	"github.com/shopspring/decimal"

	"github.com/comptoir-go/comptoir/catalog"
	"github.com/comptoir-go/comptoir/erp"
	"github.com/comptoir-go/comptoir/fault"
	"github.com/comptoir-go/comptoir/money"
	"github.com/comptoir-go/comptoir/store"
)

// Articles say how the ERP's articles become products. The zero value updates
// products that are there, by article number, and leaves unknown articles out.
type Articles struct {
	// Create makes the product of an article that is not in the catalog; false
	// leaves it out. nil leaves all out.
	Create func(erp.Product) (catalog.Product, bool)
	// Change lets an integrator take over more of an article, from Raw say; it
	// gets the product with what the ERP said filled in.
	Change func(erp.Product, *catalog.Product)
	// List is the catalog's code of a price list of the ERP. nil: its name.
	List func(string) string
}

// product applies an article.
func (p *Puller) product(ctx context.Context, tx store.Tx, c erp.Product) error {
	return p.fresh(ctx, tx, erp.Products, c.ID, held{Sequence: c.Sequence, heldKey: heldKey{SKU: c.SKU}}, func(was *held, moved bool) (bool, error) {
		return p.saveArticle(ctx, tx, c, was != nil && was.TakenOff && !moved)
	})
}

// saveArticle saves an article; with back it was on line before Resync took it off.
func (p *Puller) saveArticle(ctx context.Context, tx store.Tx, c erp.Product, back bool) (bool, error) {
	sku := catalog.SKU(c.SKU)
	have, err := tx.Products().BySKU(ctx, []catalog.SKU{sku})
	if err != nil {
		return false, err
	}
	old, known := have[sku]
	was := old
	if !known {
		if p.o.Articles.Create == nil {
			return false, nil
		}
		made, wanted := p.o.Articles.Create(c)
		if !wanted {
			return false, nil
		}
		was, old = catalog.Product{}, made
		old.SKU = sku
	}
	old.Names = maps.Clone(old.Names)
	if old.Names == nil {
		old.Names = map[string]string{}
	}
	for lang, name := range c.Names {
		if lang != "" && name != "" {
			old.Names[lang] = name
		}
	}
	old.Unit = cmp.Or(c.Unit, old.Unit)
	old.Tax = cmp.Or(catalog.TaxClass(c.TaxClass), old.Tax)
	old.Online = (old.Online || back) && c.Active
	if p.o.Articles.Change != nil {
		p.o.Articles.Change(c, &old)
	}
	if known && sameProduct(was, old) {
		return true, nil
	}
	_, err = p.books.Catalog.SaveTx(ctx, tx, p.actor, catalog.SaveInput{Product: old})
	return true, err
}

// article finds a product by its article number, or waits for it.
func article(ctx context.Context, tx store.Tx, sku string) (catalog.Product, error) {
	have, err := tx.Products().BySKU(ctx, []catalog.SKU{catalog.SKU(sku)})
	if err != nil {
		return catalog.Product{}, err
	}
	product, known := have[catalog.SKU(sku)]
	if !known {
		return product, &waiting{what: "product/" + sku, err: catalog.ErrNotFound}
	}
	return product, nil
}

// price applies all prices of one article on one list: what the list held in
// that currency for the same window is replaced. No prices and no window end
// the list for the article.
func (p *Puller) price(ctx context.Context, tx store.Tx, c erp.Price) error {
	product, err := article(ctx, tx, c.SKU)
	if err != nil {
		return err
	}
	row, is, err := p.priceRow(c)
	if err != nil {
		return err
	}
	ends := len(row.Breaks) == 0 && row.From.IsZero() && row.Until.IsZero()
	return p.fresh(ctx, tx, erp.Prices, c.ID, is, func(_ *held, moved bool) (bool, error) {
		if moved {
			if product, err = article(ctx, tx, c.SKU); err != nil {
				return false, err
			}
		}
		return true, p.savePrice(ctx, tx, product, c.Currency, row, ends)
	})
}

// priceRow is a price as a row of ours, and what is held of it.
func (p *Puller) priceRow(c erp.Price) (catalog.ListPrice, held, error) {
	list := c.List
	if p.o.Articles.List != nil {
		list = p.o.Articles.List(c.List)
	}
	row, err := listPrice(list, c)
	return row, held{Sequence: c.Sequence, heldKey: heldKey{SKU: c.SKU, List: list, Currency: c.Currency, From: row.From, Until: row.Until}}, err
}

// leavePrice ends a price whose row speaks of an article that is not here.
func (p *Puller) leavePrice(ctx context.Context, tx store.Tx, c erp.Price) error {
	_, is, _ := p.priceRow(c) // what is wrong with it is read when the article is here
	return p.leavePlace(ctx, tx, erp.Prices, c.ID, is)
}

// leaveStock ends a count whose row speaks of an article that is not here.
func (p *Puller) leaveStock(ctx context.Context, tx store.Tx, c erp.Stock) error {
	return p.leavePlace(ctx, tx, erp.Stocks, c.ID, stockHeld(c))
}

func stockHeld(c erp.Stock) held { return held{Sequence: c.Sequence, heldKey: heldKey{SKU: c.SKU}} }

// savePrice puts a row in the place of those of its list, currency and window, or
// with ends of all windows. One without breaks only takes them away.
func (p *Puller) savePrice(ctx context.Context, tx store.Tx, product catalog.Product, currency string, row catalog.ListPrice, ends bool) error {
	was := product
	product.Prices = slices.DeleteFunc(slices.Clone(product.Prices), func(l catalog.ListPrice) bool {
		window := l.From.Equal(row.From) && l.Until.Equal(row.Until)
		return l.List == row.List && (window || ends) && (len(l.Breaks) == 0 || l.Currency().Code() == currency)
	})
	if len(row.Breaks) > 0 {
		product.Prices = append(product.Prices, row)
	}
	if sameProduct(was, product) {
		return nil
	}
	_, err := p.books.Catalog.SaveTx(ctx, tx, p.actor, catalog.SaveInput{Product: product})
	return err
}

func listPrice(list string, c erp.Price) (catalog.ListPrice, error) {
	var is fault.Issues
	out := catalog.ListPrice{List: list, Stated: catalog.Net, From: instant(&is, "from", c.From), Until: instant(&is, "until", c.Until)}
	if c.Gross {
		out.Stated = catalog.Gross
	}
	cur, err := money.ParseCurrency(c.Currency)
	is.AddUnder("currency", err)
	if err := is.Err(ErrChange); err != nil {
		return out, err
	}
	r := reading{cur: cur}
	for i, b := range c.Breaks {
		path := "breaks[" + strconv.Itoa(i) + "]"
		out.Breaks = append(out.Breaks, catalog.Break{From: count(&r.is, path+".from", b.From), Price: r.price(path, b.UnitPrice, b.PriceBase)})
	}
	slices.SortFunc(out.Breaks, func(a, b catalog.Break) int { return a.From.Cmp(b.From) })
	// The first break of a list holds from the first piece on.
	if len(out.Breaks) > 0 && out.Breaks[0].From.Cmp(money.QuantityOf(1)) <= 0 {
		out.Breaks[0].From = money.Quantity{}
	}
	return out, r.is.Err(ErrChange)
}

// stock applies how much of an article there is; a count older than the one
// that is known, from wherever, is left out.
func (p *Puller) stock(ctx context.Context, tx store.Tx, c erp.Stock) error {
	product, err := article(ctx, tx, c.SKU)
	if err != nil {
		return err
	}
	return p.fresh(ctx, tx, erp.Stocks, c.ID, stockHeld(c), func(was *held, _ bool) (bool, error) {
		taken := was != nil && was.Ended && was.SKU != "" // else only its sequence is known
		return true, p.saveStock(ctx, tx, product.ID, c, taken)
	})
}

// saveStock saves a count; with anew it takes the place of one that may be younger.
func (p *Puller) saveStock(ctx context.Context, tx store.Tx, id catalog.ID, c erp.Stock, anew bool) error {
	var is fault.Issues
	// Below zero more is promised than there is: none is there.
	in := catalog.Availability{Product: id, OnHand: count(&is, "available", decimal.Max(decimal.Zero, c.Available)), At: instant(&is, "at", c.At)}
	if d := day(&is, "expected", c.Expected); !d.IsZero() {
		in.Next = time.Date(d.Year(), d.Month(), d.Day(), 0, 0, 0, 0, p.o.Zone)
	}
	if err := is.Err(ErrChange); err != nil {
		return err
	}
	if now := p.o.Now(); in.At.IsZero() || in.At.After(now) { // a clock of theirs that is ahead
		in.At = now
	}
	old, err := tx.Products().Availability(ctx, []catalog.ID{id})
	if err != nil {
		return err
	}
	// Clocks of ERPs tell whole seconds, and the sequence says that this count
	// is the later one.
	if was, known := old[id]; known && (was.At.Truncate(time.Second).Equal(in.At) || anew && !in.At.After(was.At)) {
		in.At = was.At.Add(time.Microsecond)
	}
	_, err = p.books.Catalog.SetAvailabilityTx(ctx, tx, p.actor, catalog.SetAvailabilityInput{Stock: []catalog.Availability{in}})
	return err
}

// sameProduct reports whether nothing would change.
func sameProduct(a, b catalog.Product) bool { return reflect.DeepEqual(a, b) }
