package storetest

import (
	"context"
	"errors"
	"fmt"

	"github.com/comptoir-go/comptoir/billing"
	"github.com/comptoir-go/comptoir/cart"
	"github.com/comptoir-go/comptoir/catalog"
	"github.com/comptoir-go/comptoir/order"
	"github.com/comptoir-go/comptoir/partner"
	"github.com/comptoir-go/comptoir/store"
	"github.com/comptoir-go/comptoir/uow"
)

func uniqueID(e *env) {
	t := e.tenant()
	for _, k := range kinds() {
		e.mustPut(t, k, k.sample(1))
		before := e.dump(t)
		_, err := e.put(t, k, k.edit(k.sample(1), 5))
		e.is(err, k.exists, k.name+" inserted twice")
		err = t.Update(e.ctx, func(ctx context.Context, tx store.Tx) error {
			if _, err := k.save(ctx, tx, k.sample(2)); err != nil {
				return err
			}
			_, err := k.save(ctx, tx, k.sample(2))
			return err
		})
		e.is(err, k.exists, k.name+" inserted twice in one transaction")
		e.unchanged(t, before, "after refused inserts of a "+k.name)
	}
}

func uniqueNumber(e *env) {
	t := e.tenant()
	for _, k := range kinds() {
		if k.twin == nil {
			continue
		}
		e.mustPut(t, k, k.sample(1))
		second := e.mustPut(t, k, k.sample(2))
		before := e.dump(t)
		_, err := e.put(t, k, k.twin(k.sample(1), "twin"))
		e.is(err, k.exists, k.name+" of a taken number")
		// Replacing a document by one of another's number is refused too.
		_, err = e.put(t, k, k.at(k.twin(k.sample(1), k.id(second)), 1))
		e.is(err, k.exists, k.name+" changed to a taken number")
		e.unchanged(t, before, "after refused numbers of a "+k.name)
		for round := range count(2, 20) {
			errs := crowd(count(16, 64), func(i int) error {
				return patient(func() error {
					_, err := e.put(t, k, k.twin(k.sample(10+round), fmt.Sprintf("twin-%d-%d", round, i)))
					return err
				})
			})
			e.onlyOne(errs, k.exists, k.name+" of one number inserted by many")
		}
	}
	// Cart names are unique within the partner, case and accents ignored.
	c := sampleCart(1)
	c.ID, c.Name = "cased", "CUÍSINE  1"
	_, err := uow.Do(e.ctx, t, func(ctx context.Context, tx store.Tx) (cart.Cart, error) { return tx.Carts().Save(ctx, c) })
	e.is(err, cart.ErrExists, "a cart name in other case and accents")
	c.Partner = "p0002"
	e.update(t, func(ctx context.Context, tx store.Tx) error {
		_, err := tx.Carts().Save(ctx, c)
		return err
	})
}

func uniqueFreed(e *env) {
	t := e.tenant()
	e.update(t, func(ctx context.Context, tx store.Tx) error {
		_, err := tx.Products().Save(ctx, sampleProduct(1))
		_, err2 := tx.Orders().Save(ctx, sampleOrder(1))
		_, err3 := tx.Carts().Save(ctx, sampleCart(1))
		_, err4 := tx.Partners().Save(ctx, samplePartner(1))
		return errors.Join(err, err2, err3, err4)
	})
	e.update(t, func(ctx context.Context, tx store.Tx) error {
		g, err := tx.Products().Get(ctx, sampleProduct(1).ID)
		if err != nil {
			return err
		}
		g.SKU = "moved"
		if _, err := tx.Products().Save(ctx, g); err != nil {
			return err
		}
		heir := sampleProduct(1)
		heir.ID = "heir"
		if _, err := tx.Products().Save(ctx, heir); err != nil {
			return err
		}
		p, err := tx.Partners().Get(ctx, samplePartner(1).ID)
		if err != nil {
			return err
		}
		p.Number = "moved"
		if _, err := tx.Partners().Save(ctx, p); err != nil {
			return err
		}
		next := samplePartner(1)
		next.ID = "heir"
		if _, err := tx.Partners().Save(ctx, next); err != nil {
			return err
		}
		if err := tx.Orders().Delete(ctx, sampleOrder(1).ID, 1); err != nil {
			return err
		}
		o := sampleOrder(1)
		o.ID = "heir"
		if _, err := tx.Orders().Save(ctx, o); err != nil {
			return err
		}
		if err := tx.Carts().Delete(ctx, sampleCart(1).ID, 1); err != nil {
			return err
		}
		// The very id may come back as a new document.
		c, err := tx.Carts().Save(ctx, sampleCart(1))
		e.true(err != nil || c.Version == 1, "a cart made anew starts at version %d", c.Version)
		return err
	})
	e.view(t, func(ctx context.Context, tx store.Tx) error {
		skus, err := tx.Products().BySKU(ctx, []catalog.SKU{sampleProduct(1).SKU, "moved"})
		if err != nil {
			return err
		}
		e.true(skus[sampleProduct(1).SKU].ID == "heir" && skus["moved"].ID == sampleProduct(1).ID, "BySKU after the swap: %v", skus)
		o, err := tx.Orders().ByRef(ctx, sampleOrder(1).Ref)
		if err != nil {
			return err
		}
		e.true(o.ID == order.ID("heir"), "the reference belongs to %s", o.ID)
		list, err := tx.Partners().Find(ctx, partner.Query{Number: samplePartner(1).Number})
		e.true(err != nil || len(list.Rows) == 1 && list.Rows[0].ID == "heir", "the number belongs to %v", list.Rows)
		return err
	})
}

// uniqueMissing gives documents twins and places in a chain and takes them
// away again.
func uniqueMissing(e *env) {
	t := e.tenant()
	delivery := func(n int, erp string) any { d := sampleDelivery(n); d.ERP.ID = erp; return d }
	payment := func(n int, erp string) any { p := samplePayment(n); p.ERP.ID = erp; return p }
	mirror := func(n int, erp string) any {
		d := sampleInvoice(n)
		d.Chain, d.ERP.ID = billing.Chain{}, erp
		return d
	}
	chained := func(n int, place string) any {
		d := sampleInvoice(n + 100)
		d.ERP.ID, d.Chain = "", billing.Chain{Position: int64(len(place))}
		return d
	}
	for _, c := range []struct {
		what string
		k    kind
		make func(n int, text string) any
	}{{"delivery's twin", kinds()[atDeliveries], delivery}, {"payment's twin", kinds()[atPayments], payment},
		{"invoice's twin", kinds()[atInvoices], mirror}, {"place in a chain", kinds()[atInvoices], chained}} {
		for n := range 3 {
			e.mustPut(t, c.k, c.make(n, ""))
		}
		e.mustPut(t, c.k, c.k.at(c.make(0, "x"), 1))
		_, err := e.put(t, c.k, c.k.at(c.make(1, "x"), 1))
		e.is(err, c.k.exists, "a "+c.what+" given twice")
		e.mustPut(t, c.k, c.k.at(c.make(1, "xx"), 1))
		// The text changes hands within one transaction, and back again.
		e.update(t, func(ctx context.Context, tx store.Tx) error {
			_, err := c.k.save(ctx, tx, c.k.at(c.make(0, ""), 2))
			_, err2 := c.k.save(ctx, tx, c.k.at(c.make(2, "x"), 1))
			_, err3 := c.k.save(ctx, tx, c.k.at(c.make(2, ""), 2))
			_, err4 := c.k.save(ctx, tx, c.k.at(c.make(0, "x"), 3))
			return errors.Join(err, err2, err3, err4)
		})
		for n, want := range []string{"x", "xx", ""} {
			v := c.make(n, want)
			got := read(e, t, func(ctx context.Context, tx store.Tx) (any, error) { return c.k.get(ctx, tx, c.k.id(v)) })
			e.same(got, c.k.at(v, c.k.version(got)), "the holder of a "+c.what)
		}
		_, err = e.put(t, c.k, c.make(3, "xx"))
		e.is(err, c.k.exists, "a new "+c.what+" that is taken")
		errs := crowd(count(16, 64), func(i int) error {
			return patient(func() error {
				_, err := e.put(t, c.k, c.make(10+i, "xxx"))
				return err
			})
		})
		e.onlyOne(errs, c.k.exists, "a "+c.what+" taken by many")
	}
}

// uniqueOrder touches a product, frees a number elsewhere, and only then
// gives the number to the product that was touched first.
func uniqueOrder(e *env) {
	t := e.tenant()
	e.mustPut(t, kinds()[1], sampleProduct(1))
	e.mustPut(t, kinds()[1], sampleProduct(2))
	e.update(t, func(ctx context.Context, tx store.Tx) error {
		a, b := sampleProduct(1), sampleProduct(2)
		a.Version, b.Version = 1, 1
		a.Unit = "KGM"
		a, err := tx.Products().Save(ctx, a)
		if err != nil {
			return err
		}
		b.SKU = "elsewhere"
		if _, err := tx.Products().Save(ctx, b); err != nil {
			return err
		}
		a.SKU = sampleProduct(2).SKU
		_, err = tx.Products().Save(ctx, a)
		return err
	})
}
