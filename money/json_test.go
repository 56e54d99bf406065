package money

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/require"
)

// The fast way and the JSON package agree wherever the fast way answers.
func FuzzPlainMembers(f *testing.F) {
	for _, seed := range []string{`{"amount":"49.96","currency":"EUR"}`, `{"amount": "49.96", "currency": "EUR"}`, `{}`, `{"amount":"1",}`,
		`{"amount":"1","amount":"2"}`, `{"amount":"1"}x`, `{"amount":"\\u0031"}`, `{"currency":"é"}`, ` { "amount" : "1" } `, `{"amount":1}`, `{"base":"1"}`} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		members := []member{{key: "amount"}, {key: "currency"}}
		if !plainMembers(data, members) {
			return
		}
		var want map[string]string
		require.NoError(t, json.Unmarshal(data, &want))
		got := map[string]string{}
		for _, m := range members {
			if m.value != nil {
				got[m.key] = string(m.value)
			}
		}
		require.Equal(t, want, got)
	})
}

func TestReadMembersTheSlowWay(t *testing.T) {
	for text, want := range map[string]string{
		`{"amount":"1.50","currency":"EUR"}`:                      "1.50 EUR",
		`{"currency":"EUR","amount":"1.50"}`:                      "1.50 EUR",
		`{"amount":"1.50","currency":"\u0045UR"}`:                 "1.50 EUR",
		`{"amount":"1.50","currency":"EUR","rate":20}`:            "1.50 EUR",
		"{\n\t\"amount\": \"1.50\",\r\n \"currency\": \"EUR\"\n}": "1.50 EUR",
		`null`: "",
	} {
		var a Amount
		require.NoError(t, json.Unmarshal([]byte(text), &a), text)
		require.Equal(t, want, a.String(), text)
	}
	for _, bad := range []string{`{}`, `{"amount":1.5,"currency":"EUR"}`, `{"amount":"1.5"}`, `{"amount":null,"currency":"EUR"}`, `[]`, `"1.50 EUR"`, `{"amount":{"x":"y"},"currency":"EUR"}`} {
		var a Amount
		require.Error(t, json.Unmarshal([]byte(bad), &a), bad)
	}
}
