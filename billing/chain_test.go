package billing_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/comptoir-go/comptoir/billing"
	"github.com/comptoir-go/comptoir/money"
	"github.com/comptoir-go/comptoir/partner"
)

var yearly = billing.Series{ID: "invoices", Seller: "acme", Kind: billing.Invoice, Pattern: "INV-{year}-{seq:6}", Reset: billing.YearlyReset}

// plainRecord is a record that is ready to be numbered.
func plainRecord(n int, issued string) billing.Document {
	net, tax, gross := money.FromMinor(int64(n)*1000, money.EUR), money.FromMinor(int64(n)*200, money.EUR), money.FromMinor(int64(n)*1200, money.EUR)
	return billing.Document{ID: billing.ID(fmt.Sprintf("doc-%d", n)), Record: billing.Record{
		Kind: billing.Invoice, Issuer: billing.Here, Seller: billing.Seller{ID: "acme", Name: "Acme"}, Partner: "nord",
		Buyer: partner.Counterparty{ID: "legal", Name: "Nord SARL", Country: "FR"}, Issued: partner.MustDate(issued), Currency: money.EUR,
		Lines:  []billing.Line{{ID: "1", Name: "Gasket", Quantity: money.QuantityOf(int64(n)), Net: net, Category: "S", Rate: money.RateOf(20)}},
		Totals: billing.Totals{Lines: net, Net: net, Tax: tax, Gross: gross, Payable: gross},
	}}
}

// chained makes a chain of records issued on days.
func chained(t require.TestingT, s billing.Series, days ...string) (billing.Head, []billing.Document) {
	var h billing.Head
	var out []billing.Document
	for i, day := range days {
		d := plainRecord(i+1, day)
		next, err := h.Append(&d, s)
		require.NoError(t, err)
		h, out = next, append(out, d)
	}
	return h, out
}

// rehash ties records together anew from one on, as somebody would who may
// write to the store and knows how.
func rehash(all []billing.Document, from int) {
	for i := from; i < len(all); i++ {
		all[i].Chain.Position, all[i].Chain.Previous = int64(i+1), ""
		if i > 0 {
			all[i].Chain.Previous = all[i-1].Chain.Hash
		}
		all[i].Chain.Hash = billing.HashOf(all[i])
	}
}

func verify(s billing.Series, h billing.Head, all []billing.Document) billing.Verification {
	return billing.VerifyChain(s, h, slices.Values(all))
}

func TestVerifyNamesTheBreach(t *testing.T) {
	days := []string{"2026-01-05", "2026-01-05", "2026-01-06", "2026-02-01", "2027-01-02"}
	at := func(p int64, what billing.Breach) *billing.Broken {
		return &billing.Broken{Position: p, What: what, Document: billing.ID(fmt.Sprintf("doc-%d", p)),
			Number: []string{"INV-2026-000001", "INV-2026-000002", "INV-2026-000003", "INV-2026-000004", "INV-2027-000001"}[p-1]}
	}
	numbered := func(b *billing.Broken, number string) *billing.Broken { b.Number = number; return b }
	type chain = []billing.Document
	for name, c := range map[string]struct {
		spoil func(h *billing.Head, all chain) chain
		want  *billing.Broken // without Want and Found
	}{
		"nothing": {func(h *billing.Head, all chain) chain { return all }, nil},
		"a text":  {func(h *billing.Head, all chain) chain { all[2].Buyer.Name = "Nord SARl"; return all }, at(3, billing.BreachHash)},
		"an amount": {func(h *billing.Head, all chain) chain {
			all[0].Totals.Gross = money.FromMinor(1, money.EUR)
			return all
		}, at(1, billing.BreachHash)},
		"a date":                {func(h *billing.Head, all chain) chain { all[4].Issued = partner.MustDate("2027-01-03"); return all }, at(5, billing.BreachHash)},
		"a number":              {func(h *billing.Head, all chain) chain { all[1].Number = "INV-2026-000009"; return all }, numbered(at(2, billing.BreachHash), "INV-2026-000009")},
		"the id":                {func(h *billing.Head, all chain) chain { all[1].ID = "doc-3"; return all }, &billing.Broken{Position: 2, Document: "doc-3", Number: "INV-2026-000002", What: billing.BreachHash}},
		"a hash":                {func(h *billing.Head, all chain) chain { all[1].Chain.Hash = all[0].Chain.Hash; return all }, at(2, billing.BreachHash)},
		"the hash before":       {func(h *billing.Head, all chain) chain { all[1].Chain.Previous = ""; return all }, at(2, billing.BreachPrevious)},
		"another first record":  {func(h *billing.Head, all chain) chain { all[0].Chain.Previous = "1:00"; return all }, at(1, billing.BreachPrevious)},
		"a form to come":        {func(h *billing.Head, all chain) chain { all[2].Chain.Hash = "2" + all[2].Chain.Hash[1:]; return all }, at(3, billing.BreachForm)},
		"another seller":        {func(h *billing.Head, all chain) chain { all[3].Seller.ID = "other"; return all }, at(4, billing.BreachSeries)},
		"another series":        {func(h *billing.Head, all chain) chain { all[3].Series = "credits"; return all }, at(4, billing.BreachSeries)},
		"a mirror":              {func(h *billing.Head, all chain) chain { all[3].Issuer = billing.ByERP; return all }, at(4, billing.BreachSeries)},
		"a record taken out":    {func(h *billing.Head, all chain) chain { return slices.Delete(all, 1, 2) }, &billing.Broken{Position: 2, Document: "doc-3", Number: "INV-2026-000003", What: billing.BreachGap}},
		"a record twice":        {func(h *billing.Head, all chain) chain { return slices.Insert(all, 2, all[1]) }, &billing.Broken{Position: 3, Document: "doc-2", Number: "INV-2026-000002", What: billing.BreachGap}},
		"two records exchanged": {func(h *billing.Head, all chain) chain { all[1], all[2] = all[2], all[1]; return all }, &billing.Broken{Position: 2, Document: "doc-3", Number: "INV-2026-000003", What: billing.BreachGap}},
		"the last cut off":      {func(h *billing.Head, all chain) chain { return all[:4] }, &billing.Broken{Position: 5, What: billing.BreachGap}},
		"all cut off":           {func(h *billing.Head, all chain) chain { return nil }, &billing.Broken{Position: 1, What: billing.BreachGap}},
		"a changed record hashed anew": {func(h *billing.Head, all chain) chain {
			all[2].Note = "changed"
			all[2].Chain.Hash = billing.HashOf(all[2])
			return all
		}, at(4, billing.BreachPrevious)},
		"all after it hashed anew": {func(h *billing.Head, all chain) chain {
			all[2].Note = "changed"
			rehash(all, 2)
			return all
		}, &billing.Broken{Position: 5, What: billing.BreachHead}},
		"a number given twice": {func(h *billing.Head, all chain) chain {
			all[3].Number = all[1].Number
			rehash(all, 3)
			return all
		}, numbered(at(4, billing.BreachRepeat), "INV-2026-000002")},
		"a number left out": {func(h *billing.Head, all chain) chain {
			all[3].Number = "INV-2026-000005"
			rehash(all, 3)
			return all
		}, numbered(at(4, billing.BreachNumber), "INV-2026-000005")},
		"the first number left out": {func(h *billing.Head, all chain) chain {
			all[0].Number = "INV-2026-000017"
			rehash(all, 0)
			return all
		}, numbered(at(1, billing.BreachNumber), "INV-2026-000017")},
		"a year that begins with 2": {func(h *billing.Head, all chain) chain {
			all[4].Number = "INV-2027-000002"
			rehash(all, 4)
			return all
		}, numbered(at(5, billing.BreachNumber), "INV-2027-000002")},
		"a number of another pattern": {func(h *billing.Head, all chain) chain {
			all[4].Number = "F27/1"
			rehash(all, 4)
			h.Hash = all[4].Chain.Hash
			return all
		}, nil},
		"a date gone back": {func(h *billing.Head, all chain) chain {
			all[3].Issued = partner.MustDate("2026-01-05")
			rehash(all, 3)
			return all
		}, at(4, billing.BreachDate)},
		"a head turned back":       {func(h *billing.Head, all chain) chain { h.Position = 4; return all }, &billing.Broken{Position: 5, What: billing.BreachHead}},
		"a head with a counter":    {func(h *billing.Head, all chain) chain { h.Counter = 7; return all }, &billing.Broken{Position: 5, What: billing.BreachHead}},
		"a head with a date":       {func(h *billing.Head, all chain) chain { h.Issued = partner.MustDate("2027-01-03"); return all }, &billing.Broken{Position: 5, What: billing.BreachHead}},
		"a head with a hash":       {func(h *billing.Head, all chain) chain { h.Hash = ""; return all }, &billing.Broken{Position: 5, What: billing.BreachHead}},
		"a head that is not there": {func(h *billing.Head, all chain) chain { *h = billing.Head{}; return all }, &billing.Broken{Position: 5, What: billing.BreachHead}},
	} {
		t.Run(name, func(t *testing.T) {
			h, all := chained(t, yearly, days...)
			all = c.spoil(&h, all)
			got := verify(yearly, h, all)
			if c.want == nil {
				require.Nil(t, got.Broken)
				require.Equal(t, int64(5), got.Records)
				require.Equal(t, h.Hash, got.Hash)
				return
			}
			require.NotNil(t, got.Broken)
			require.NotEqual(t, got.Broken.Want, got.Broken.Found)
			got.Broken.Want, got.Broken.Found = "", ""
			require.Equal(t, c.want, got.Broken)
			if c.want.What != billing.BreachHead {
				require.Equal(t, c.want.Position-1, got.Records, "what comes before is right")
			}
		})
	}
}

func TestAnEmptyChain(t *testing.T) {
	require.Equal(t, billing.Verification{}, verify(yearly, billing.Head{}, nil))
}

// drawChain draws a series and a chain of it.
func drawChain(t *rapid.T) (billing.Series, billing.Head, []billing.Document) {
	s := yearly
	s.Reset = rapid.SampledFrom([]billing.Reset{billing.NeverReset, billing.YearlyReset, billing.MonthlyReset}).Draw(t, "reset")
	s.Pattern = rapid.SampledFrom([]string{"{year}-{month}-{seq:9}", "A{yy}{month}/{seq:1}"}).Draw(t, "pattern")
	var h billing.Head
	var all []billing.Document
	day := partner.MustDate("2026-01-01")
	for i := range rapid.IntRange(1, 6).Draw(t, "records") {
		d := sparse(t)
		day = day.AddDays(rapid.IntRange(0, 40).Draw(t, "days"))
		d.ID, d.Issued, d.Issuer, d.Kind, d.Seller.ID = billing.ID(fmt.Sprintf("doc-%d", i+1)), day, billing.Here, billing.Invoice, s.Seller
		next, err := h.Append(&d, s)
		require.NoError(t, err)
		h, all = next, append(all, d)
	}
	return s, h, all
}

// One bit flipped anywhere in the stored text of any record is found, and the
// record named, unless the text still says the same or says nothing readable.
func TestAFlippedBitIsFoundAndNamed(t *testing.T) {
	found := map[billing.Breach]int{}
	rapid.Check(t, func(t *rapid.T) {
		s, h, all := drawChain(t)
		require.Nil(t, verify(s, h, all).Broken)
		i := rapid.IntRange(0, len(all)-1).Draw(t, "record")
		doc, err := json.Marshal(all[i])
		require.NoError(t, err)
		same := slices.Clone(doc)
		at := rapid.IntRange(0, len(doc)-1).Draw(t, "byte")
		doc[at] ^= 1 << rapid.IntRange(0, 7).Draw(t, "bit")
		var flipped billing.Document
		if json.Unmarshal(doc, &flipped) != nil {
			return // TestVerifyNamesWhatCannotBeRead
		}
		kept := billing.Document{ID: flipped.ID, Record: flipped.Record, Chain: flipped.Chain}
		now, err := json.Marshal(kept)
		require.NoError(t, err)
		was, err := json.Marshal(billing.Document{ID: all[i].ID, Record: all[i].Record, Chain: all[i].Chain})
		require.NoError(t, err)
		if plain(now) == plain(was) {
			return // a letter's case in a field's name, or a field that is no part of the record
		}
		all[i] = flipped
		got := verify(s, h, all)
		require.NotNil(t, got.Broken, "%s became %s", same, doc)
		require.Equal(t, int64(i+1), got.Broken.Position, "%s became %s", same, doc)
		require.Equal(t, flipped.ID, got.Broken.Document)
		require.Equal(t, flipped.Number, got.Broken.Number)
		found[got.Broken.What]++
	})
	t.Log(found)
	require.NotZero(t, found[billing.BreachHash])
}

// plain is JSON in which a list without elements is no list.
func plain(doc []byte) string { return strings.ReplaceAll(string(doc), "[]", "null") }

// Records left out, doubled or exchanged are found where it happened.
func TestARearrangedChainIsFound(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s, h, all := drawChain(t)
		i, j := rapid.IntRange(0, len(all)-1).Draw(t, "i"), rapid.IntRange(0, len(all)-1).Draw(t, "j")
		want := int64(min(i, j) + 1)
		switch rapid.IntRange(0, 2).Draw(t, "how") {
		case 0:
			all, want = slices.Delete(all, i, i+1), int64(i+1)
		case 1:
			all, want = slices.Insert(all, i+1, all[i]), int64(i+2)
		default:
			if i == j {
				return
			}
			all[i], all[j] = all[j], all[i]
		}
		got := verify(s, h, all)
		require.NotNil(t, got.Broken)
		require.Equal(t, want, got.Broken.Position)
		require.Equal(t, billing.BreachGap, got.Broken.What)
	})
}
