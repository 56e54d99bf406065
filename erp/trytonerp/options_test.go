package trytonerp

import (
	"bytes"
	"encoding/json"
	"fmt"
	"log/slog"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/comptoir-go/comptoir/erp"
	"github.com/comptoir-go/comptoir/fault"
)

const word = "s3cret-W0rd"

func usable(url string) Options {
	return Options{URL: url, Database: "erp", User: "connector", Password: word}
}

func TestOptionsAllAtOnce(t *testing.T) {
	seven, long := 7, 48*time.Hour
	_, err := New(Options{URL: "ftp://erp", Database: "a/b", User: "a:b", Taxes: map[string]string{"S20": "x", "S 20": " "},
		Units: map[string]string{"": "Unit"}, PaymentMethods: map[string]string{"cash": ""}, PriceLists: []string{"Dealers", "Dealers"}, Accept: []string{"a.b"},
		QuantityDigits: &seven, CacheFor: &long, Timeout: time.Hour})
	require.ErrorIs(t, err, ErrOptions)
	var paths []string
	for _, i := range fault.IssuesOf(err) {
		paths = append(paths, i.Path)
	}
	require.Equal(t, []string{"url", "password", "database", "user", "taxes[S 20]", "taxes[S20]", "units[]",
		"payment_methods[cash]", "accept[0]", "price_lists[1]", "quantity_digits", "cache_for", "timeout"}, paths)
}

func TestOptionsDefaults(t *testing.T) {
	o := usable("http://erp:8000/tryton/")
	o.Taxes = map[string]string{"S 5.5": "VAT 5.5 %"}
	a, err := New(o)
	require.NoError(t, err)
	defer a.Close()
	o.Taxes["S 5.5"] = "changed later"
	require.Equal(t, []any{"VAT 5.5 %", time.Minute, "http://erp:8000/tryton/erp/"}, []any{a.o.Taxes["S 5.5"], a.o.Timeout, a.wire.endpoint})
	require.Equal(t, erp.Description{Name: "tryton", Keys: erp.LookupByKey, PriceDigits: 4, QuantityDigits: 2}, a.Describe())
}

// However it is printed, the password is not.
func TestNobodyPrintsThePassword(t *testing.T) {
	o := usable("http://erp:8000")
	a, err := New(o)
	require.NoError(t, err)
	defer a.Close()
	for _, form := range []string{"%v", "%+v", "%#v", "%s", "%q"} {
		for _, v := range []any{o, &o, a} {
			require.NotContains(t, fmt.Sprintf(form, v), word, form)
		}
	}
	var log bytes.Buffer
	slog.New(slog.NewJSONHandler(&log, nil)).Info("begun", "options", o, "of", &o, "adapter", a, "within", map[string]any{"options": o})
	raw, err := json.Marshal([]any{o, &o, a})
	require.NoError(t, err)
	require.NotContains(t, log.String()+string(raw), word)
	require.Contains(t, string(raw), o.String())
	o.URL = "http://root:" + word + "@erp:8000"
	require.NotContains(t, o.String(), word)
	_, err = New(o)
	require.ErrorIs(t, err, ErrOptions)
	require.NotContains(t, err.Error(), word)
}
