package partner_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/comptoir-go/comptoir/partner"
)

func TestParseCountry(t *testing.T) {
	for in, want := range map[string]partner.Country{
		"FR": "FR", "fra": "FR", " Deu ": "DE", "gr": "GR", "GRC": "GR", "GBR": "GB", "ZWE": "ZW", "afg": "AF",
		"AND": "AD", "xkx": "", "XK": "", "EL": "", "UK": "", "": "", "F": "", "FRAN": "", "F1": "", "é": "", "[{": "",
	} {
		got, err := partner.ParseCountry(in)
		require.Equal(t, want, got, in)
		if want == "" {
			require.ErrorIs(t, err, partner.ErrCountry, in)
		} else {
			require.NoError(t, err, in)
		}
	}
}

// ISO 3166-1 has 249 officially assigned codes, each with both forms.
func TestCountries(t *testing.T) {
	all := partner.Countries()
	require.Len(t, all, 249)
	threes := map[string]bool{}
	for i, c := range all {
		require.True(t, c.Valid(), c)
		require.True(t, i == 0 || all[i-1] < c, "%s is out of order", c)
		threes[c.Alpha3()] = true
		for _, text := range []string{string(c), strings.ToLower(string(c)), c.Alpha3(), strings.ToLower(c.Alpha3())} {
			got, err := partner.ParseCountry(text)
			require.NoError(t, err)
			require.Equal(t, c, got)
		}
	}
	require.Len(t, threes, 249)
	require.Empty(t, partner.Country("FRA").Alpha3())
	require.False(t, partner.Country("fr").Valid())
}

func TestCountryJSON(t *testing.T) {
	var a partner.Address
	require.NoError(t, json.Unmarshal([]byte(`{"country":"fra"}`), &a))
	require.Equal(t, partner.Country("FR"), a.Country)
	require.ErrorIs(t, json.Unmarshal([]byte(`{"country":"XX"}`), &a), partner.ErrCountry)
	require.NoError(t, json.Unmarshal([]byte(`{"country":""}`), &a))
	require.Equal(t, partner.Country(""), a.Country)
	_, err := json.Marshal(partner.Address{Country: "FRA"})
	require.ErrorIs(t, err, partner.ErrCountry)
}

func TestVATPrefix(t *testing.T) {
	for c, want := range map[partner.Country]string{"GR": "EL", "FR": "FR", "MC": "FR", "IM": "GB", "GB": "GB",
		"CH": "CH", "XX": "", "": ""} {
		require.Equal(t, want, c.VATPrefix(), c)
	}
	for id, want := range map[string]partner.Country{"EL094259216": "GR", "XI980780684": "GB", "FR1": "FR", "ZZ1": "", "F": ""} {
		require.Equal(t, want, partner.VATIDCountry(id), id)
	}
	n := 0
	for _, c := range partner.Countries() {
		if c.InEUVAT() {
			n++
		}
	}
	require.Equal(t, 28, n) // 27 member states and Monaco
	for _, c := range []partner.Country{"GB", "IM", "XI", "CH", "NO", "AX", "MQ", "EL", "", "XX"} {
		require.False(t, c.InEUVAT(), c)
	}
	require.True(t, partner.Country("GR").InEUVAT())
	require.True(t, partner.Country("MC").InEUVAT())
}
