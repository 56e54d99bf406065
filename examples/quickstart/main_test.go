package main

import (
	"bytes"
	"context"
	"encoding/json"
	"path/filepath"
	"regexp"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/comptoir-go/comptoir/internal/golden"
	"github.com/comptoir-go/comptoir/internal/testpg"
	"github.com/comptoir-go/comptoir/order"
)

// What differs from run to run: the store's place, the day, the seal.
var volatile = regexp.MustCompile(`Store: .*|\d{4}-\d\d-\d\d( \d\d:\d\d)?|seal [0-9a-f]{12}|FR10002527\d\d|P-\d{4}`)

func play(t *testing.T, url string, asJSON bool) []byte {
	t.Helper()
	var out bytes.Buffer
	require.NoError(t, run(context.Background(), &out, choice{store: url, data: "../testdata", asJSON: asJSON, charts: true}))
	return out.Bytes()
}

// The three engines tell the same story, byte for byte but for ids and times.
func TestQuickstartGolden(t *testing.T) {
	for name, url := range map[string]func(t *testing.T) string{
		"memory":   func(*testing.T) string { return "memory" },
		"sqlite":   func(t *testing.T) string { return "sqlite:" + filepath.Join(t.TempDir(), "q.db") },
		"postgres": func(t *testing.T) string { return testpg.Schema(t) },
	} {
		t.Run(name, func(t *testing.T) {
			got := volatile.ReplaceAll(play(t, url(t), false), []byte("…"))
			golden.Check(t, "testdata/quickstart.txt", got)
		})
	}
}

func TestSecondRunGoesOnWithTheNextNumbers(t *testing.T) {
	url := "sqlite:" + filepath.Join(t.TempDir(), "q.db")
	var refs []order.Ref
	var owed []string
	for range 3 {
		var s State
		require.NoError(t, json.Unmarshal(play(t, url, true), &s))
		refs = append(refs, s.Order.Ref)
		require.Equal(t, order.Closed, s.Order.State)
		require.Equal(t, "2724.58 EUR", s.Order.Quote.Gross.String())
		require.Equal(t, s.ERP.Number, s.Order.ERP.Number)
		require.Equal(t, order.FullyDelivered, s.Order.Delivered())
		require.Equal(t, order.FullyInvoiced, s.Order.Invoiced())
		require.Equal(t, order.FullyPaid, s.Order.Paid())
		require.Len(t, s.Deliveries, 3)
		require.Len(t, s.Invoices, 3)
		require.Len(t, s.Payments, 2)
		owed = append(owed, s.Balance.Closing.String())
		require.NotEmpty(t, s.Second)
	}
	require.Equal(t, []string{"-752.64 EUR", "-1505.28 EUR", "-2257.92 EUR"}, owed)
	for i, ref := range refs {
		require.Equal(t, string(refs[0][:len(refs[0])-1])+string(rune('1'+i)), string(ref))
	}
}

func TestBadStoreIsNamed(t *testing.T) {
	err := run(context.Background(), new(bytes.Buffer), choice{store: "mysql:x", data: "../testdata"})
	require.ErrorContains(t, err, "use sqlite:FILE, memory or postgres://")
	err = run(context.Background(), new(bytes.Buffer), choice{store: "memory", data: "nowhere"})
	require.ErrorContains(t, err, "-data")
}
