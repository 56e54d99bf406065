package sqlitestore_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"

	"github.com/comptoir-go/comptoir/partner"
	"github.com/comptoir-go/comptoir/store"
	"github.com/comptoir-go/comptoir/store/sqlitestore"
)

func ExampleOpen() {
	ctx := context.Background()
	dir, err := os.MkdirTemp("", "shop")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer func() { _ = os.RemoveAll(dir) }()
	file := filepath.Join(dir, "comptoir.db")

	// A first run saves a partner, a second one finds it.
	for range 2 {
		s, err := sqlitestore.Open(ctx, file, nil)
		if err != nil {
			fmt.Println(err)
			return
		}
		shop, err := s.For("fr")
		if err != nil {
			fmt.Println(err)
			return
		}
		err = shop.Update(ctx, func(ctx context.Context, tx store.Tx) error {
			p, err := tx.Partners().Get(ctx, "p1")
			if err == nil {
				fmt.Println("found", p.Name, "at version", p.Version)
				return nil
			}
			fmt.Println(err)
			_, err = tx.Partners().Save(ctx, partner.Partner{ID: "p1", Number: "FR10", Name: "Atelier Morel", Type: partner.Dealer})
			return err
		})
		if err != nil {
			fmt.Println(err)
		}
		if err := s.Close(); err != nil {
			fmt.Println(err)
		}
	}
	// Output:
	// partner.not_found: no such partner
	// found Atelier Morel at version 1
}

func ExampleMigrations() {
	entries, err := os.ReadDir("migrations")
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, e := range entries {
		f, err := sqlitestore.Migrations().Open(e.Name())
		if err != nil {
			fmt.Println(err)
			return
		}
		fmt.Println(e.Name(), f.Close() == nil)
	}
	// Output:
	// 0001_tables.sql true
	// 0002_indexes.sql true
	// 0003_order_to_cash.sql true
	// 0004_codes.sql true
	// 0005_turnover.sql true
}
