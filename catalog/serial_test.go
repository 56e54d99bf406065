package catalog_test

import (
	"encoding/json"
	"fmt"
	"math/big"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/comptoir-go/comptoir/catalog"
)

func TestParseSerial(t *testing.T) {
	const full = "613254671253762133"
	for _, c := range []struct {
		text                                   string
		layout                                 catalog.SerialLayout
		raw, full, series, date, prog, printed string
		decade                                 int
	}{
		{text: full, raw: full, full: full, series: "6132546712", date: "5376", prog: "2133", printed: full},
		{text: " 6132546712-5376.2133 ", raw: "6132546712-5376.2133", full: full, series: "6132546712", date: "5376",
			prog: "2133", printed: "6132546712-5376.2133"},
		{text: full + "@2010", raw: full, full: full, series: "6132546712", date: "5376", prog: "2133",
			decade: 2010, printed: full + "@2010"},
		{text: "123345", raw: "123345", full: "123345", printed: "123345"},
		{text: "123345", layout: catalog.SerialLayout{Series: 2, Progressive: 4}, raw: "123345", full: "123345",
			series: "12", prog: "3345", printed: "123345"},
		{text: full, layout: catalog.SerialLayout{Series: 12, Date: 4, Progressive: 4}, raw: full, full: full, printed: full},
		{text: "AB 12-3", raw: "AB 12-3", full: "AB 12-3", printed: "AB 12-3"},
		{text: "x@2011", raw: "x@2011", full: "x@2011", printed: "x@2011"}, // no decade begins in 2011
	} {
		t.Run(c.text, func(t *testing.T) {
			s, err := catalog.ParseSerial(c.text, c.layout)
			require.NoError(t, err)
			require.Equal(t, c.raw, s.Raw())
			require.Equal(t, c.full, s.Full())
			require.Equal(t, c.series == "", s.Unstructured())
			require.Equal(t, []string{c.series, c.date, c.prog}, []string{s.Series(), s.ProductionDate(), s.Progressive()})
			require.Equal(t, c.decade, s.Decade())
			require.Equal(t, c.printed, s.String())
		})
	}
	for _, text := range []string{"", "  ", "@2010", "a\x00", "a\nb", "a\xff", "a@2010@2020", strings.Repeat("1", 65)} {
		_, err := catalog.ParseSerial(text, catalog.SerialLayout{})
		require.ErrorIs(t, err, catalog.ErrSerial, text)
	}
	for _, l := range []catalog.SerialLayout{{Series: -1, Date: 7}, {Date: 65}} {
		_, err := catalog.ParseSerial("123456", l)
		require.ErrorIs(t, err, catalog.ErrSerial)
		require.True(t, catalog.MustSerial(full).Under(l).Unstructured())
	}
	require.Panics(t, func() { catalog.MustSerial("") })
	require.True(t, catalog.Serial{}.IsZero())
	require.Equal(t, catalog.MustSerial(full), catalog.MustSerial(full).Under(catalog.SerialLayout{}))
}

func TestSerialDecade(t *testing.T) {
	s, err := catalog.MustSerial("613254671253762133").WithDecade(2020)
	require.NoError(t, err)
	require.Equal(t, 2020, s.Decade())
	s, err = s.WithDecade(0)
	require.NoError(t, err)
	require.Equal(t, catalog.MustSerial("613254671253762133"), s)
	for _, year := range []int{2021, 1890, 2200, -10} {
		_, err = s.WithDecade(year)
		require.ErrorIs(t, err, catalog.ErrSerial)
	}
	_, err = catalog.Serial{}.WithDecade(2020)
	require.ErrorIs(t, err, catalog.ErrSerial)
}

func TestSerialJSON(t *testing.T) {
	type doc struct {
		S catalog.Serial      `json:"s,omitzero"`
		R catalog.SerialRange `json:"r"`
	}
	in := doc{S: catalog.MustSerial("613254671253762133@2010"), R: catalog.SerialRange{From: catalog.MustSerial("AB1")}}
	b, err := json.Marshal(in)
	require.NoError(t, err)
	require.JSONEq(t, `{"s":"613254671253762133@2010","r":{"from":"AB1"}}`, string(b))
	var out doc
	require.NoError(t, json.Unmarshal(b, &out))
	require.Equal(t, in, out)
	require.NoError(t, json.Unmarshal([]byte(`{"s":""}`), &out))
	require.True(t, out.S.IsZero())
	require.ErrorIs(t, json.Unmarshal([]byte(`{"s":"\u0000"}`), &out), catalog.ErrSerial)
}

// Ranges compare by the numeric value of the digits, however many.
func TestSerialOrderIsNumeric(t *testing.T) {
	value := func(s string) *big.Int {
		n, _ := new(big.Int).SetString(s, 10)
		return n
	}
	rapid.Check(t, func(t *rapid.T) {
		digits := rapid.StringMatching(`0{0,3}[0-9]{1,40}`)
		a, b := digits.Draw(t, "a"), digits.Draw(t, "b")
		x, y := catalog.MustSerial("A"+a), catalog.MustSerial(b)
		require.Equal(t, value(a).Cmp(value(b)), x.CompareNumber(y))
		require.Equal(t, value(a).String(), x.Digits())
		require.Equal(t, value(a).Cmp(value(b)) <= 0, catalog.SerialRange{Until: y}.Contains(x))
		require.Equal(t, value(a).Cmp(value(b)) >= 0, catalog.SerialRange{From: y}.Contains(x))
	})
	require.True(t, catalog.SerialRange{}.Contains(catalog.MustSerial("1")))
	require.False(t, catalog.SerialRange{}.Contains(catalog.MustSerial("none")))
	require.Equal(t, -1, catalog.MustSerial("none").CompareNumber(catalog.MustSerial("0")))
}

func FuzzParseSerial(f *testing.F) {
	for _, s := range []string{"613254671253762133", "6132546712 5376 2133@2010", "123345", "a@2010@2020", "@2010", "x@20１0", ""} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		s, err := catalog.ParseSerial(text, catalog.SerialLayout{})
		if err != nil {
			if !s.IsZero() {
				t.Fatalf("%q refused with %v", text, s)
			}
			return
		}
		again, err := catalog.ParseSerial(s.String(), catalog.SerialLayout{})
		if err != nil || again != s {
			t.Fatalf("%q became %#v, then %#v, %v", text, s, again, err)
		}
		if !s.Unstructured() && s.Series()+s.ProductionDate()+s.Progressive() != s.Full() {
			t.Fatalf("the parts of %q are not the whole", text)
		}
		if without, err := s.WithDecade(0); err != nil || without.Decade() != 0 || without.Raw() != s.Raw() {
			t.Fatalf("%q without its decade: %v, %v", text, without, err)
		}
	})
}

func TestServiceIndex(t *testing.T) {
	for in, want := range map[string]bool{"SI00": true, "SI123": true, "SI0": false, "SI1234": false, "S100": false,
		"si00": false, " SI00": false, "SI0a": false, "": false} {
		got, err := catalog.ParseServiceIndex(in)
		require.Equal(t, want, err == nil, in)
		if want {
			require.Equal(t, in, string(got))
		} else {
			require.ErrorIs(t, err, catalog.ErrServiceIndex, in)
		}
	}
	for in, want := range map[string]string{"SI00": "SI00", "S100": "SI00!", "S1123": "SI123!", "si07": "SI07!", " SI07 ": "SI07!",
		"Sl00": "SI00!", "S10": "", "SI": "", "X100": "", "S1O0": "", "": "", "SI12345": ""} {
		got, mended, err := catalog.ParseServiceIndexLenient(in)
		text := string(got)
		if mended {
			text += "!"
		}
		require.Equal(t, want, text, in)
		require.Equal(t, want == "", err != nil, in)
	}
	var x catalog.ServiceIndex
	require.NoError(t, json.Unmarshal([]byte(`"SI01"`), &x))
	require.ErrorIs(t, json.Unmarshal([]byte(`"S101"`), &x), catalog.ErrServiceIndex)
	require.NoError(t, json.Unmarshal([]byte(`""`), &x))
	b, err := json.Marshal(map[string]catalog.ServiceIndex{"a": "", "b": "SI02"})
	require.NoError(t, err)
	require.Equal(t, `{"a":"","b":"SI02"}`, string(b))
	_, err = json.Marshal(catalog.ServiceIndex("S1"))
	require.ErrorIs(t, err, catalog.ErrServiceIndex)
	require.Equal(t, "SI02", fmt.Sprint(catalog.ServiceIndex("SI02")))
}
