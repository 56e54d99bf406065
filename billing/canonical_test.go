package billing_test

import (
	"encoding/json"
	"fmt"
	"reflect"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/comptoir-go/comptoir/billing"
	"github.com/comptoir-go/comptoir/internal/golden"
	"github.com/comptoir-go/comptoir/money"
	"github.com/comptoir-go/comptoir/partner"
)

// maker fills a record: value answers a number for every leaf, each list gets
// length elements and each pointer is set when there is says so.
type maker struct {
	value  func() int
	length func() int
	there  func() bool
}

// fill gives every leaf under v a value; 0 leaves it zero.
func (m maker) fill(t require.TestingT, v reflect.Value) {
	n := 0
	leaf := true
	switch v.Interface().(type) {
	case money.Amount, money.Price, money.Quantity, money.Rate, money.Currency, partner.Date:
	default:
		leaf = v.Kind() != reflect.Struct && v.Kind() != reflect.Slice && v.Kind() != reflect.Pointer
	}
	if leaf {
		if n = m.value(); n == 0 {
			return
		}
	}
	cur := money.EUR
	if n%3 == 0 {
		cur = money.MustCurrency("BHD")
	}
	switch x := v.Addr().Interface().(type) {
	case *money.Amount:
		*x = money.FromMinor(int64(n-1), cur)
	case *money.Price:
		p, err := money.PriceFromMicros(int64(n-1)*1000, cur)
		require.NoError(t, err)
		if n%2 == 0 {
			p, err = p.PerBase(money.QuantityOf(int64(n)))
			require.NoError(t, err)
		}
		*x = p
	case *money.Quantity:
		q, err := money.QuantityFromUnits(int64(n))
		require.NoError(t, err)
		*x = q
	case *money.Rate:
		r, err := money.RateFromUnits(int64(n))
		require.NoError(t, err)
		*x = r
	case *money.Currency:
		*x = cur
	case *partner.Date:
		*x = partner.MustDate("2026-01-01").AddDays(n)
	case *partner.Country:
		*x = []partner.Country{"FR", "DE", "IT", "MC"}[n%4]
	default:
		switch v.Kind() {
		case reflect.Struct:
			for i := range v.NumField() {
				m.fill(t, v.Field(i))
			}
		case reflect.Slice:
			k := m.length()
			v.Set(reflect.MakeSlice(v.Type(), k, k))
			for i := range k {
				m.fill(t, v.Index(i))
			}
		case reflect.Pointer:
			if m.there() {
				v.Set(reflect.New(v.Type().Elem()))
				m.fill(t, v.Elem())
			}
		case reflect.String:
			v.SetString(fmt.Sprintf("t%d", n))
		case reflect.Int64, reflect.Int:
			v.SetInt(int64(n))
		case reflect.Bool:
			v.SetBool(n%2 == 0)
		default:
			require.Fail(t, "a record holds a type that the canonical form's test does not know", "%s", v.Type())
		}
	}
}

// whole is a document with every field of its record filled, no two alike.
func whole(t require.TestingT) billing.Document {
	n := 100
	m := maker{value: func() int { n++; return n }, length: func() int { return 2 }, there: func() bool { return true }}
	d := billing.Document{ID: "inv-1", Chain: billing.Chain{Position: 7, Previous: "1:00"}}
	m.fill(t, reflect.ValueOf(&d.Record).Elem())
	return d
}

// eachChange makes every change there is under v, one at a time: each leaf
// gets another value, each list another length, what is there goes.
func eachChange(t require.TestingT, v reflect.Value, path string, check func(path string)) {
	was := reflect.New(v.Type()).Elem()
	was.Set(v)
	change := func(what string, to any) {
		v.Set(reflect.ValueOf(to).Convert(v.Type()))
		check(path + what)
		v.Set(was)
	}
	switch x := v.Interface().(type) {
	case money.Amount:
		change(" minor", money.FromMinor(x.Minor()+1, x.Currency()))
		change(" sign", x.Neg())
		change(" currency", money.FromMinor(x.Minor(), money.MustCurrency("CHF")))
		change(" none", money.Amount{})
		return
	case money.Price:
		more, err := money.PriceFromMicros(x.Micros()+1, x.Currency())
		require.NoError(t, err)
		change(" micros", more)
		based, err := x.PerBase(money.QuantityOf(3))
		require.NoError(t, err)
		change(" base", based)
		other, err := money.PriceFromMicros(x.Micros(), money.MustCurrency("CHF"))
		require.NoError(t, err)
		change(" currency", other)
		change(" none", money.Price{})
		return
	case money.Quantity:
		more, err := money.QuantityFromUnits(x.Units() + 1)
		require.NoError(t, err)
		change("", more)
		return
	case money.Rate:
		more, err := money.RateFromUnits(x.Units() + 1)
		require.NoError(t, err)
		change("", more)
		return
	case money.Currency:
		change("", money.MustCurrency("CHF"))
		return
	case partner.Date:
		change("", x.AddDays(1))
		change(" none", partner.Date{})
		return
	}
	switch v.Kind() {
	case reflect.Struct:
		for i := range v.NumField() {
			eachChange(t, v.Field(i), path+"."+v.Type().Field(i).Name, check)
		}
	case reflect.Slice:
		require.NotZero(t, v.Len())
		change(" shorter", v.Slice(0, v.Len()-1).Interface())
		change(" longer", reflect.Append(v.Slice3(0, v.Len(), v.Len()), v.Index(0)).Interface())
		for i := range v.Len() {
			eachChange(t, v.Index(i), fmt.Sprintf("%s[%d]", path, i), check)
		}
	case reflect.Pointer:
		change(" none", reflect.Zero(v.Type()).Interface())
		eachChange(t, v.Elem(), path, check)
	case reflect.String:
		change("", v.String()+"x")
		change(" none", "")
	case reflect.Int64, reflect.Int:
		change("", v.Int()+1)
	case reflect.Bool:
		change("", !v.Bool())
	default:
		require.Fail(t, "a record holds a type that the canonical form's test does not know", "%s", v.Type())
	}
}

// The canonical form covers everything in a Record, and everything that may be
// added to it.
func TestCanonicalCoversTheWholeRecord(t *testing.T) {
	d := whole(t)
	was, seen := billing.HashOf(d), map[string]string{}
	check := func(path string) {
		h := billing.HashOf(d)
		require.NotEqual(t, was, h, "the canonical form does not cover %s", path)
		require.Empty(t, seen[h], "%s and %s give the same hash", path, seen[h])
		seen[h] = path
	}
	eachChange(t, reflect.ValueOf(&d.Record).Elem(), "Record", check)
	eachChange(t, reflect.ValueOf(&d.ID).Elem(), "ID", check)
	eachChange(t, reflect.ValueOf(&d.Chain.Position).Elem(), "Chain.Position", check)
	eachChange(t, reflect.ValueOf(&d.Chain.Previous).Elem(), "Chain.Previous", check)
	require.Equal(t, was, billing.HashOf(d), "every change was taken back")
	require.Greater(t, len(seen), 200)
}

// What happens to a document after its issue does not change its record.
func TestCanonicalLeavesOutWhatComesLater(t *testing.T) {
	d := whole(t)
	was := billing.HashOf(d)
	d.Version, d.Paid, d.Void, d.Payment, d.ERP.ID = 9, money.MustAmount("1.00", money.EUR), true, "confirmed", "4711"
	d.Credits, d.Uses = []billing.Credit{{Line: "1"}}, []billing.Use{{Number: "CN-1"}}
	require.Equal(t, was, billing.HashOf(d))
}

// Form 1, byte by byte. This golden is never to change: records in every
// user's store were hashed so.
func TestCanonicalForm(t *testing.T) {
	d := whole(t)
	golden.Check(t, "testdata/canonical-1.txt", fmt.Appendf(nil, "%s%s\n", billing.Canonical(d), billing.HashOf(d)))
}

// sparse draws a document in which anything may be missing, zero or empty.
func sparse(t *rapid.T) billing.Document {
	m := maker{
		value:  func() int { return rapid.IntRange(0, 6).Draw(t, "value") },
		length: func() int { return rapid.IntRange(0, 2).Draw(t, "length") },
		there:  func() bool { return rapid.Bool().Draw(t, "there") },
	}
	d := billing.Document{ID: "inv-1", Chain: billing.Chain{Position: 1}}
	m.fill(t, reflect.ValueOf(&d.Record).Elem())
	return d
}

// A stored document has the hash that it was issued with, whatever JSON leaves
// out.
func TestCanonicalSurvivesStorage(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := sparse(t)
		doc, err := json.Marshal(d)
		require.NoError(t, err)
		var back billing.Document
		require.NoError(t, json.Unmarshal(doc, &back))
		require.Equal(t, string(billing.Canonical(d)), string(billing.Canonical(back)))
	})
}

// Text cannot pretend to be structure.
func FuzzCanonical(f *testing.F) {
	f.Add("a", "b", "ab", "")
	f.Add("", "x\nnote:1:y", "x\nnote:1:y", "")
	f.Add("note:0:\n", "", "", "note:0:\n")
	f.Fuzz(func(t *testing.T, reason, note, reason2, note2 string) {
		a := billing.Document{Record: billing.Record{Reason: reason, Note: note}}
		b := billing.Document{Record: billing.Record{Reason: reason2, Note: note2}}
		require.Equal(t, a.Record.Reason == b.Record.Reason && a.Record.Note == b.Record.Note, billing.HashOf(a) == billing.HashOf(b))
	})
}
