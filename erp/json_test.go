package erp_test

import (
	"encoding/json"
	"reflect"
	"strings"
	"testing"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/comptoir-go/comptoir/erp"
	"github.com/comptoir-go/comptoir/internal/golden"
)

func TestOrderAsJSON(t *testing.T) {
	o := small("K")
	o.CustomerOrderNo, o.Note = "PO-4711", "ring twice"
	o.InvoiceTo = erp.Address{Code: "A1", Name: "Léonie", Contact: "Ms Roux", Street: "3, quai d'Amont", Street2: "B", PostCode: "29200",
		City: "Brest", Region: "Bretagne", Country: "FR", Phone: "+33 2", Email: "leonie@example.com"}
	o.Lines[0].Ticket, o.Lines[0].Warranty, o.Lines[0].Unit, o.Lines[0].Note, o.Lines[0].Text = "SAV-1", erp.WarrantyIn, "C62", "n", "t"
	o.Discounts[0].Code, o.Discounts[0].Text = "WELCOME", "Welcome"
	b, err := json.MarshalIndent(o, "", "  ")
	require.NoError(t, err)
	golden.Check(t, "testdata/order.json", append(b, '\n'))
	var back erp.Order
	require.NoError(t, json.Unmarshal(b, &back))
	again, err := json.MarshalIndent(back, "", "  ")
	require.NoError(t, err)
	require.Equal(t, string(b), string(again))
	require.NoError(t, back.Check(about))
}

func TestReceiptAsJSON(t *testing.T) {
	r := erp.Receipt{ID: "7", Key: "K", Number: "S00007", State: erp.StateConfirmed, Version: "12", Revision: 2,
		Totals: &erp.Totals{Net: dec("126.17"), Tax: dec("25.23"), Gross: dec("151.40")}}
	b, err := json.Marshal(r)
	require.NoError(t, err)
	require.Equal(t, `{"id":"7","key":"K","number":"S00007","state":"confirmed","version":"12","revision":2,`+
		`"totals":{"net":"126.17","tax":"25.23","gross":"151.40"}}`, string(b))
	var back erp.Receipt
	require.NoError(t, json.Unmarshal(b, &back))
	require.Equal(t, r, back)
	b, err = json.Marshal(erp.Receipt{ID: "7", State: erp.StateDraft})
	require.NoError(t, err)
	require.Equal(t, `{"id":"7","state":"draft"}`, string(b))
}

func TestNumbersAreReadStrictly(t *testing.T) {
	for _, bad := range []string{`1.5`, `"1e5"`, `"1e999999999"`, `"+1"`, `" 1"`, `""`, `"."`, `"1."`, `".5"`, `"NaN"`, `"1,5"`, `{}`, `true`,
		`"1234567890123456789012"`, `"−1"`} {
		for name, doc := range map[string]any{"net": &erp.Order{}, "quantity": &erp.OrderLine{}, "amount": &erp.Discount{}, "gross": &erp.Totals{}} {
			require.Error(t, json.Unmarshal([]byte(`{"`+name+`":`+bad+`}`), doc), "%s %s", name, bad)
		}
	}
	_, err := json.Marshal(erp.Totals{Net: dec("1e100")})
	require.Error(t, err)
}

// Every number of at most 19 digits comes back with the digits it went with,
// whatever the process's variables of the decimal package say.
func TestNumbersKeepTheirDigits(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := decimal.New(rapid.Int64().Draw(t, "coefficient"), -rapid.Int32Range(0, 18).Draw(t, "decimals"))
		b, err := json.Marshal(erp.Discount{Key: "D", Amount: d})
		require.NoError(t, err)
		var back erp.Discount
		require.NoError(t, json.Unmarshal(b, &back))
		require.True(t, d.Equal(back.Amount))
		require.Equal(t, d.Exponent(), back.Amount.Exponent())
		require.False(t, strings.ContainsAny(string(b), "eE") && strings.Contains(string(b), "e+"))
	})
}

func FuzzOrderJSON(f *testing.F) {
	b, err := json.Marshal(small("K"))
	require.NoError(f, err)
	f.Add(b)
	f.Add([]byte(`{"net":"1e9"}`))
	f.Add([]byte(`{"lines":[{"quantity":"0.1","price_base":null}]}`))
	f.Fuzz(func(t *testing.T, b []byte) {
		var o erp.Order
		if json.Unmarshal(b, &o) != nil {
			return
		}
		_ = o.Check(about)
		out, err := json.Marshal(o)
		if err != nil {
			t.Fatal(err)
		}
		var back erp.Order
		if err := json.Unmarshal(out, &back); err != nil {
			t.Fatal(err)
		}
	})
}

// roundTrip compares the JSON with a golden and reads it back into the same
// type.
func roundTrip(t *testing.T, name string, doc any) {
	t.Helper()
	b, err := json.MarshalIndent(doc, "", "  ")
	require.NoError(t, err)
	golden.Check(t, "testdata/"+name+".json", append(b, '\n'))
	back := reflect.New(reflect.TypeOf(doc))
	require.NoError(t, json.Unmarshal(b, back.Interface()))
	again, err := json.MarshalIndent(back.Elem().Interface(), "", "  ")
	require.NoError(t, err)
	require.Equal(t, string(b), string(again))
}
