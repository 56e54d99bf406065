package pricing_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"slices"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/stretchr/testify/require"

	"github.com/comptoir-go/comptoir/fault"
	"github.com/comptoir-go/comptoir/pricing"
)

func TestReadTerms(t *testing.T) {
	text, err := json.Marshal(termsFeed())
	require.NoError(t, err)
	f, err := pricing.ReadTerms(bytes.NewReader(text))
	require.NoError(t, err)
	require.Equal(t, termsFeed(), f)
}

func TestReadTermsIsStrict(t *testing.T) {
	for _, c := range []struct {
		name, text string
		want       []string
	}{
		{"nothing", ``, []string{" pricing.json"}},
		{"no JSON", `{"partners":[}`, []string{" pricing.json"}},
		{"something behind", `{} {}`, []string{" pricing.json"}},
		{"a list", `[]`, []string{" pricing.json"}},
		{"a stage that is none", `{"partner":[]}`, []string{"partner pricing.json"}},
		{"names are exact", `{"Partners":[],"partners":[{"ID":"p1"}]}`, []string{"Partners pricing.json", "partners[0].ID pricing.json"}},
		{"a stage twice", `{"partners":[],"partners":[]}`, []string{"partners pricing.twice"}},
		{"a field twice", `{"partners":[{"id":"a","id":"b"}]}`, []string{"partners[0].id pricing.twice"}},
		{"no list", `{"partners":{}}`, []string{"partners pricing.json"}},
		{"no row", `{"partners":[1,null]}`, []string{"partners[0] pricing.json", "partners[1] pricing.json"}},
		{"types and days, all at once", `{"contracts":[{"id":7,"from":"2026-02-30"}],"actions":[{"agreement":"a"},{"until":"tomorrow","agent":[]}]}`,
			[]string{"contracts[0].id pricing.json", "contracts[0].from pricing.json", "actions[1].until pricing.json", "actions[1].agent pricing.json"}},
		{"within an address", `{"counterparties":[{"invoice_address":{"ort":"Lille"}}]}`, []string{"counterparties[0].invoice_address pricing.json"}},
		{"bytes that are not UTF-8", "{\"discounts\":[{\"name\":\"\xff\"},{\"name\":\"\\ud800\"}]}",
			[]string{"discounts[0].name pricing.json", "discounts[1].name pricing.json"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			f, err := pricing.ReadTerms(strings.NewReader(c.text))
			require.ErrorIs(t, err, pricing.ErrTerms)
			got := slices.DeleteFunc(issuesAt(err), func(i string) bool { return strings.HasSuffix(i, " pricing.required") }) // stages left out
			require.Equal(t, c.want, got)
			require.Equal(t, pricing.TermsFeed{}, f)
		})
	}
	broken := errors.New("line is cut")
	_, err := pricing.ReadTerms(iotest.ErrReader(broken))
	require.ErrorIs(t, err, broken)
}

// A feed that was cut short is not one that takes everything back.
func TestReadTermsNeedsEveryStage(t *testing.T) {
	_, err := pricing.ReadTerms(strings.NewReader(`{"partners":[],"discounts":null,"actions":[]}`))
	require.Equal(t, []string{"discounts pricing.json", "contracts pricing.required", "counterparties pricing.required",
		"agreements pricing.required"}, issuesAt(err))
	_, err = pricing.ReadTerms(strings.NewReader(`{}`))
	require.Len(t, issuesAt(err), 6)
	feed, err := pricing.ReadTerms(strings.NewReader(`{"partners":[],"contracts":[],"counterparties":[],"agreements":[],"discounts":[],"actions":[]}`))
	require.NoError(t, err)
	require.True(t, planned(t, pricing.Terms{}, feed, noon).Report.Unchanged())
}

func TestReadTermsIsBounded(t *testing.T) {
	rows := strings.Repeat("{},", pricing.MaxTermsRows) + "{}"
	_, err := pricing.ReadTerms(strings.NewReader(`{"discounts":[` + rows + `]}`))
	require.Contains(t, issuesAt(err), "discounts pricing.json")
	read := 0
	endless := readerFunc(func(p []byte) (int, error) { read += len(p); return len(p), nil })
	_, err = pricing.ReadTerms(endless)
	require.Equal(t, []string{" pricing.json"}, issuesAt(err))
	require.LessOrEqual(t, read, pricing.MaxTermsBytes+1)
}

type readerFunc func([]byte) (int, error)

func (f readerFunc) Read(p []byte) (int, error) { return f(p) }

var _ io.Reader = readerFunc(nil)

// FuzzTerms: whatever the feed, it is refused with issues, or it is planned,
// changes nothing the second time, and makes terms that can be bound.
func FuzzTerms(f *testing.F) {
	text, err := json.Marshal(termsFeed())
	require.NoError(f, err)
	f.Add(text)
	f.Add([]byte(`{"partners":[],"contracts":[],"counterparties":[],"agreements":[],"discounts":[{"id":"1","name":"A"},{"name":"a"}],` +
		`"actions":[{"discount":"A","agreement":"x"}]}`))
	f.Add([]byte(`{"partners":[{"id":"p","name":"n","number":"1","active":false}],"contracts":[],"counterparties":[],"agreements":[{"id":"a","name":"b","partner":"p"}],` +
		`"discounts":[{"name":"\u0421"}],"actions":[{"discount":"\u0421","agreement":"a","until":"9999-12-31"}]}`))
	f.Fuzz(func(t *testing.T, text []byte) {
		feed, err := pricing.ReadTerms(bytes.NewReader(text))
		if err != nil {
			require.ErrorIs(t, err, pricing.ErrTerms)
			require.NotEmpty(t, fault.IssuesOf(err))
			return
		}
		plan, err := pricing.PlanTerms(pricing.Terms{}, feed, noon, nil)
		if err != nil {
			require.ErrorIs(t, err, pricing.ErrTerms)
			require.NotEmpty(t, fault.IssuesOf(err))
			require.Equal(t, pricing.TermsPlan{}, plan)
			return
		}
		have := after(pricing.Terms{}, plan)
		require.True(t, planned(t, have, feed, noon).Report.Unchanged())
		_, err = pricing.BindTerms(nil, have.Discounts, have.Actions, agreementsOf(have))
		require.NoError(t, err)
	})
}
