package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/comptoir-go/comptoir"
	"github.com/comptoir-go/comptoir/access"
	"github.com/comptoir-go/comptoir/billing"
	"github.com/comptoir-go/comptoir/catalog"
	"github.com/comptoir-go/comptoir/money"
	"github.com/comptoir-go/comptoir/partner"
	"github.com/comptoir-go/comptoir/pricing"
	"github.com/comptoir-go/comptoir/store"
	"github.com/comptoir-go/comptoir/store/memstore"
	"github.com/comptoir-go/comptoir/store/pgstore"
	"github.com/comptoir-go/comptoir/store/sqlitestore"
)

// openStore opens the engine that a URL names and says where the data is.
func openStore(ctx context.Context, url string) (store.Store, string, error) {
	file, isFile := strings.CutPrefix(url, "sqlite:")
	switch {
	case url == "memory":
		return memstore.New(nil), "memory", nil
	case strings.HasPrefix(url, "postgres://"), strings.HasPrefix(url, "postgresql://"), strings.HasPrefix(url, "host="):
		st, err := pgstore.Open(ctx, url, &pgstore.Options{AllowBypass: true})
		return st, "PostgreSQL", err
	case url == "":
		dir, err := os.MkdirTemp("", "comptoir-")
		if err != nil {
			return nil, "", err
		}
		file = filepath.Join(dir, "comptoir.db")
	case !isFile || file == "":
		return nil, "", fmt.Errorf("-store %q: use sqlite:FILE, memory or postgres://…", url)
	}
	st, err := sqlitestore.Open(ctx, file, nil)
	return st, "sqlite:" + file, err
}

// openCounter wires the library: French VAT, euros, list prices.
func openCounter(ctx context.Context, st store.Store) (*comptoir.Counter, error) {
	taxes, err := pricing.NewTaxTable(
		pricing.TaxRow{Country: "FR", Class: "standard", Category: pricing.StandardRated, Rate: money.RateOf(20)},
		pricing.TaxRow{Country: "FR", Class: "reduced", Category: pricing.StandardRated, Rate: money.MustRate("5.5")},
	)
	if err != nil {
		return nil, err
	}
	c, err := comptoir.Open(ctx, st, &comptoir.Options{Settings: comptoir.Settings{
		Pricer:   pricing.WithAdjustments(pricing.NewListPricer(taxes, &pricing.Options{Seller: "FR"}), opening),
		Currency: money.EUR,
		Billing: billing.Options{Sellers: []billing.Seller{{ID: "maker", Name: "Cuisines du Midi SAS", VATID: "FR40303265045",
			Address: partner.Address{Company: "Cuisines du Midi SAS", Street: "18 rue des Fondeurs", Postcode: "13002", City: "Marseille", Country: "FR"}}}},
	}})
	if err != nil {
		return nil, err
	}
	return c.For("fr")
}

// opening takes two percent off orders from 1000.00 on.
func opening(q pricing.Quote) ([]pricing.Adjustment, error) {
	from := money.MustAmount("1000.00", money.EUR)
	if q.Currency != money.EUR || q.Net.Minor() < from.Minor() {
		return nil, nil
	}
	off, err := q.Net.Percent(money.RateOf(2), money.HalfAwayFromZero)
	return []pricing.Adjustment{{Code: "OPENING", Text: "Opening offer, 2 %", Amount: off.Neg()}}, err
}

// load registers what is not there yet, so that a second run goes on with the
// same file.
func load(ctx context.Context, k *comptoir.Counter, dir string) (partners, products int, err error) {
	admin := access.Actor{ID: "setup", Name: "Setup", Roles: []access.Role{access.Admin}}
	var ps []partner.Partner
	if err := read(filepath.Join(dir, "partners.json"), &ps); err != nil {
		return 0, 0, err
	}
	for _, p := range ps {
		_, err := k.Partners.Get(ctx, admin, p.ID)
		if errors.Is(err, partner.ErrNotFound) {
			_, err = k.Partners.Register(ctx, admin, partner.RegisterInput{Partner: p})
		}
		if err != nil {
			return 0, 0, fmt.Errorf("partner %s: %w", p.ID, err)
		}
	}
	var goods []catalog.Product
	if err := read(filepath.Join(dir, "catalog.json"), &goods); err != nil {
		return 0, 0, err
	}
	for _, g := range goods {
		_, err := k.Catalog.Get(ctx, admin, g.ID)
		if errors.Is(err, catalog.ErrNotFound) {
			_, err = k.Catalog.Save(ctx, admin, catalog.SaveInput{Product: g})
		}
		if err != nil {
			return 0, 0, fmt.Errorf("product %s: %w", g.SKU, err)
		}
	}
	return len(ps), len(goods), nil
}

func read(path string, into any) error {
	f, err := os.Open(path)
	if err != nil {
		return fmt.Errorf("%w (run from the repository's root, or name the directory with -data)", err)
	}
	defer f.Close()
	dec := json.NewDecoder(f)
	dec.DisallowUnknownFields()
	if err := dec.Decode(into); err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	return nil
}
