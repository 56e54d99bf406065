package partner_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/comptoir-go/comptoir/partner"
)

func TestSirenSiret(t *testing.T) {
	for in, want := range map[string]string{
		"303 265 045": "303265045", "732829320": "732829320", "356000000": "356000000",
		"303265046": "", "30326504": "", "000000000": "", "30326504A": "", "": "",
	} {
		got, err := partner.ParseSiren(in)
		require.Equal(t, want, got, in)
		if want == "" {
			require.ErrorIs(t, err, partner.ErrSiren, in)
		}
	}
	for in, want := range map[string]string{
		"732 829 320 00074": "73282932000074",
		"35600000000048":    "35600000000048", // La Poste's head office, by Luhn
		"35600000049837":    "35600000049837", // an establishment, by the sum of digits
		"35600000049838":    "",
		"73282932000075":    "",
		"73282932100006":    "", // its SIREN is wrong
		"7328293200007":     "",
		"":                  "",
	} {
		got, err := partner.ParseSiret(in)
		require.Equal(t, want, got, in)
		if want == "" {
			require.ErrorIs(t, err, partner.ErrSiret, in)
		}
	}
}

// Every SIREN has a French VAT id that is valid and holds it.
func TestFrenchVATID(t *testing.T) {
	id, err := partner.FrenchVATID("404 833 048")
	require.NoError(t, err)
	require.Equal(t, "FR83404833048", id)
	_, err = partner.FrenchVATID("404833049")
	require.ErrorIs(t, err, partner.ErrSiren)
	rapid.Check(t, func(t *rapid.T) {
		head := fmt.Sprintf("%08d", rapid.IntRange(100_000, 99_999_999).Draw(t, "head"))
		n := 0
		for d := '0'; d <= '9'; d++ {
			siren := head + string(d)
			id, err := partner.FrenchVATID(siren)
			if err != nil {
				continue
			}
			n++
			got, err := partner.ParseVATID(id)
			require.NoError(t, err)
			require.Equal(t, siren, got[4:])
		}
		require.Equal(t, 1, n, "one check digit is right")
	})
}
