package erpsync

import (
	"cmp"
	"context"
	"reflect"
	"slices"
	"time"

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
	sku := catalog.SKU(c.SKU)
	have, err := tx.Products().BySKU(ctx, []catalog.SKU{sku})
	if err != nil {
		return err
	}
	old, known := have[sku]
	was := old
	if !known {
		if p.o.Articles.Create == nil {
			return nil
		}
		made, wanted := p.o.Articles.Create(c)
		if !wanted {
			return nil
		}
		was, old = catalog.Product{}, made
		old.SKU = sku
	}
	names := make(map[string]string, len(old.Names)+len(c.Names))
	for lang, name := range old.Names {
		names[lang] = name
	}
	for lang, name := range c.Names {
		if lang != "" && name != "" {
			names[lang] = name
		}
	}
	old.Names = names
	old.Unit = cmp.Or(c.Unit, old.Unit)
	old.Tax = cmp.Or(catalog.TaxClass(c.TaxClass), old.Tax)
	if !c.Active {
		old.Online = false
	}
	if p.o.Articles.Change != nil {
		p.o.Articles.Change(c, &old)
	}
	if known && sameProduct(was, old) {
		return nil
	}
	_, err = p.books.Catalog.SaveTx(ctx, tx, p.actor, catalog.SaveInput{Product: old})
	return err
}

// price applies all prices of one article on one list: what the list held
// for the same window is replaced.
func (p *Puller) price(ctx context.Context, tx store.Tx, c erp.Price) error {
	sku := catalog.SKU(c.SKU)
	have, err := tx.Products().BySKU(ctx, []catalog.SKU{sku})
	if err != nil {
		return err
	}
	product, known := have[sku]
	if !known {
		return &waiting{what: "product/" + c.SKU, err: catalog.ErrNotFound}
	}
	list := c.List
	if p.o.Articles.List != nil {
		list = p.o.Articles.List(c.List)
	}
	fresh, err := listPrice(list, c)
	if err != nil {
		return err
	}
	was := product
	product.Prices = slices.DeleteFunc(slices.Clone(product.Prices), func(l catalog.ListPrice) bool {
		return l.List == list && l.From.Equal(fresh.From) && l.Until.Equal(fresh.Until) &&
			(len(l.Breaks) == 0 || l.Currency().Code() == c.Currency)
	})
	if len(fresh.Breaks) > 0 {
		product.Prices = append(product.Prices, fresh)
	}
	if sameProduct(was, product) {
		return nil
	}
	_, err = p.books.Catalog.SaveTx(ctx, tx, p.actor, catalog.SaveInput{Product: product})
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
	for _, b := range c.Breaks {
		one := catalog.Break{From: count(&is, "breaks.from", b.From)}
		price, err := money.PriceFromDecimal(b.UnitPrice, cur, money.HalfAwayFromZero)
		is.AddUnder("breaks.unit_price", err)
		if err == nil && !price.Decimal().Equal(b.UnitPrice) {
			is.Add("breaks.unit_price", "digits", "a price has at most six decimals")
		}
		if base := count(&is, "breaks.price_base", b.PriceBase); err == nil && base.Sign() > 0 {
			price, err = price.PerBase(base)
			is.AddUnder("breaks.price_base", err)
		}
		one.Price = price
		out.Breaks = append(out.Breaks, one)
	}
	slices.SortFunc(out.Breaks, func(a, b catalog.Break) int { return a.From.Cmp(b.From) })
	// The first break of a list holds from the first piece on.
	if len(out.Breaks) > 0 && out.Breaks[0].From.Cmp(money.QuantityOf(1)) <= 0 {
		out.Breaks[0].From = money.Quantity{}
	}
	return out, is.Err(ErrChange)
}

// stock applies how much of an article there is; an older count is left out.
func (p *Puller) stock(ctx context.Context, tx store.Tx, c erp.Stock) error {
	sku := catalog.SKU(c.SKU)
	have, err := tx.Products().BySKU(ctx, []catalog.SKU{sku})
	if err != nil {
		return err
	}
	product, known := have[sku]
	if !known {
		return &waiting{what: "product/" + c.SKU, err: catalog.ErrNotFound}
	}
	var is fault.Issues
	in := catalog.Availability{Product: product.ID, OnHand: count(&is, "available", c.Available), At: instant(&is, "at", c.At)}
	if d := day(&is, "expected", c.Expected); !d.IsZero() {
		in.Next = time.Date(d.Year(), d.Month(), d.Day(), 0, 0, 0, 0, p.o.Zone)
	}
	if err := is.Err(ErrChange); err != nil {
		return err
	}
	if in.At.IsZero() {
		in.At = p.o.Now()
	}
	old, err := tx.Products().Availability(ctx, []catalog.ID{product.ID})
	if err != nil {
		return err
	}
	if was, ok := old[product.ID]; ok && !in.At.After(was.At) {
		return nil
	}
	_, err = p.books.Catalog.SetAvailabilityTx(ctx, tx, p.actor, catalog.SetAvailabilityInput{Stock: []catalog.Availability{in}})
	return err
}

// instant reads an RFC 3339 time; "" is none.
func instant(is *fault.Issues, path, text string) time.Time {
	if text == "" {
		return time.Time{}
	}
	t, err := time.Parse(time.RFC3339Nano, text)
	if err != nil {
		is.Add(path, "time", "is no RFC 3339 time")
	}
	return t.UTC()
}

// sameProduct reports whether nothing would change.
func sameProduct(a, b catalog.Product) bool { return reflect.DeepEqual(a, b) }
