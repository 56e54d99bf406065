package partner_test

import (
	"testing"

	"github.com/comptoir-go/comptoir/partner"
)

// What is taken is in a form that is taken again, unchanged.
func FuzzParseVATID(f *testing.F) {
	for _, s := range []string{"FR40303265045", "be 403019261", "GR094259216", "CHE-107.787.577 MWST", "NL000099998B57",
		"IE8Z49289F", "ES\u2010X2482300W", "ﬀ12", ""} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		id, err := partner.ParseVATID(text)
		if err != nil {
			if id != "" {
				t.Fatalf("%q refused with %q", text, id)
			}
			return
		}
		again, err := partner.ParseVATID(id)
		if err != nil || again != id {
			t.Fatalf("%q became %q, then %q, %v", text, id, again, err)
		}
		if partner.VATIDCountry(id) == "" {
			t.Fatalf("%q has no country", id)
		}
	})
}

func FuzzParseCountry(f *testing.F) {
	for _, s := range []string{"FR", "fra", " de ", "ſe", "K\u212a", "XX", ""} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		c, err := partner.ParseCountry(text)
		if (err == nil) != c.Valid() {
			t.Fatalf("%q: %q, %v", text, c, err)
		}
		if err != nil {
			return
		}
		if three, err := partner.ParseCountry(c.Alpha3()); err != nil || three != c {
			t.Fatalf("%q: %q by alpha-3, %v", c, three, err)
		}
	})
}

func FuzzParseDate(f *testing.F) {
	for _, s := range []string{"2026-02-28", "2024-02-29", "9999-12-31", "0001-01-01", "2026-2-30", ""} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		d, err := partner.ParseDate(text)
		if err == nil && d.String() != text || err != nil && !d.IsZero() {
			t.Fatalf("%q became %q, %v", text, d, err)
		}
	})
}
