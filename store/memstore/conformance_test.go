package memstore_test

import (
	"testing"

	"github.com/comptoir-go/comptoir/internal/golden"
	"github.com/comptoir-go/comptoir/store"
	"github.com/comptoir-go/comptoir/store/memstore"
	"github.com/comptoir-go/comptoir/store/storetest"
)

func TestConformance(t *testing.T) {
	open := func(_ testing.TB, o storetest.Options) store.Store {
		return memstore.New(&memstore.Options{Now: o.Now, Wait: o.Wait})
	}
	h := storetest.Harness{
		Name: "memstore", Open: open, Oracle: open,
		Exceptions: map[string]string{
			"durable/reopen":     "it keeps everything in memory",
			"durable/kill":       "it keeps everything in memory",
			"tenant/second_wall": "tenants are separate trees in memory; there are no statements that could forget one",
		},
	}
	golden.Check(t, "../storetest/testdata/exceptions-memstore.golden", []byte(h.ExceptionList()))
	storetest.Run(t, h)
}
