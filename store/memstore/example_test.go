package memstore_test

import (
	"context"
	"fmt"

	"github.com/comptoir-go/comptoir/partner"
	"github.com/comptoir-go/comptoir/store"
	"github.com/comptoir-go/comptoir/store/memstore"
)

func ExampleNew() {
	st := memstore.New(nil)
	defer st.Close()
	shop, err := st.For("fr")
	if err != nil {
		fmt.Println(err)
		return
	}
	ctx := context.Background()
	err = shop.Update(ctx, func(ctx context.Context, tx store.Tx) error {
		_, err := tx.Partners().Save(ctx, partner.Partner{ID: "p1", Number: "FR10002527", Name: "Cuisines Noël"})
		return err
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	err = shop.View(ctx, func(ctx context.Context, tx store.Tx) error {
		page, err := tx.Partners().Find(ctx, partner.Query{Words: "noel"})
		for _, p := range page.Rows {
			fmt.Println(p.Number, p.Name)
		}
		return err
	})
	fmt.Println(err)
	// Output:
	// FR10002527 Cuisines Noël
	// <nil>
}
