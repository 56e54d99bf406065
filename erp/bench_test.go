package erp_test

import (
	"testing"

	"github.com/comptoir-go/comptoir/erp"
	"github.com/comptoir-go/comptoir/erp/memerp"
)

// The price of a document's check.
func BenchmarkCheck(b *testing.B) {
	o := small("K")
	for b.Loop() {
		if err := o.Check(about); err != nil {
			b.Fatal(err)
		}
	}
}

// The price of the client around a look-up, beside the bare adapter.
func BenchmarkFind(b *testing.B) {
	a := memerp.New(nil).Adapter()
	if _, err := a.(erp.OrderPusher).PushOrder(b.Context(), small("K")); err != nil {
		b.Fatal(err)
	}
	for name, f := range map[string]erp.OrderFinder{"adapter": a.(erp.OrderFinder), "client": erp.NewClient(a, nil)} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				if _, err := f.FindOrder(b.Context(), "K"); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
