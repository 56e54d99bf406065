package uow_test

import (
	"context"
	"fmt"

	"github.com/comptoir-go/comptoir/uow"
)

func ExampleNarrow() {
	// A service that needs text runs on a store of numbers.
	texts := uow.Narrow(&runner{}, func(n int) string { return fmt.Sprint("number ", n) })
	_ = texts.View(context.Background(), func(_ context.Context, tx string) error {
		fmt.Println(tx)
		return nil
	})
	// Output: number 42
}

func ExampleOnce() {
	k := keys{}
	for range 2 {
		got, err := uow.Once(context.Background(), k, "order.place", "click-1", "cart 7", func() (result, error) {
			fmt.Println("ordering")
			return result{N: 1}, nil
		})
		fmt.Println(got.N, err)
	}
	// Output:
	// ordering
	// 1 <nil>
	// 1 <nil>
}
