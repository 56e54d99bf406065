package trytonerp

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/comptoir-go/comptoir/erp"
	"github.com/comptoir-go/comptoir/internal/testtryton"
)

// Parties are told, each when it changes, or an address, an identifier or a way of
// contact of it; one that is archived is not active.
func TestPartiesAreTold(t *testing.T) {
	t.Parallel()
	in := testtryton.Start(t, nil)
	a, ctx := connected(t, in.Address, Options{}), t.Context()
	head := func(p erp.Party) erp.Head { return p.Head }
	rows, at := pulled(t, a.PullParties, nil, head)
	all := bySKU(rows, func(p erp.Party) string { return p.Code })
	for _, p := range rows {
		require.NoError(t, p.Check())
	}
	dealer := all["C0002"]
	id := numeral(dealer.ID)
	require.Len(t, dealer.Addresses, 2)
	home, depot := dealer.Addresses[0], dealer.Addresses[1]
	require.Equal(t, erp.PartyAddress{Address: erp.Address{Code: home.Code, Street: "3, quai d'Amont", PostCode: "29200", City: "Brest", Country: "FR"},
		Invoice: true, Delivery: true}, home)
	require.Equal(t, erp.PartyAddress{Address: erp.Address{Code: depot.Code, Name: "Dépôt « Nord »", Street: "1 rue du Port", PostCode: "59000", City: "Lille", Country: "FR"},
		Delivery: true}, depot)
	dealer.Head, dealer.Addresses = erp.Head{}, nil
	require.Equal(t, erp.Party{Code: "C0002", Name: "Cuisines Léonie", Email: "c0002@example.com", Active: true}, dealer)

	told := func(what string) erp.Party {
		t.Helper()
		changed, next := pulled(t, a.PullParties, at, head)
		require.Len(t, changed, 1, what)
		p := changed[idText(int64(id))]
		require.Greater(t, p.Sequence, rows[p.ID].Sequence, what)
		at, rows[p.ID] = next, p
		return p
	}
	number, err := in.Create(ctx, "party.identifier", map[string]any{"party": id, "type": "eu_vat", "code": "FR40303265045"})
	require.NoError(t, err)
	require.Equal(t, "FR40303265045", told("a new identifier").VATID)
	require.NoError(t, in.Write(ctx, "party.identifier", []int{number}, map[string]any{"code": "FR83404833048"}))
	require.Equal(t, "FR83404833048", told("another identifier").VATID)
	require.NoError(t, in.Write(ctx, "party.address", []int{numeral(home.Code)}, map[string]any{"street": "4, quai d'Aval\nBât. B\nPorte 2", "name": "Ms Roux"}))
	moved := told("an address that changed").Addresses[0]
	require.Equal(t, []string{"4, quai d'Aval", "Bât. B Porte 2", "Ms Roux"}, []string{moved.Street, moved.Street2, moved.Contact})
	require.NoError(t, in.Write(ctx, "party.address", []int{numeral(depot.Code)}, map[string]any{"active": false}))
	require.Len(t, told("an address that is archived").Addresses, 1)
	mails, err := in.Search(ctx, "party.contact_mechanism", []any{"party", "=", id})
	require.NoError(t, err)
	require.NoError(t, in.Write(ctx, "party.contact_mechanism", mails, map[string]any{"value": "leonie@example.com"}))
	require.Equal(t, "leonie@example.com", told("another mail").Email)
	group, err := in.Create(ctx, "party.category", map[string]any{"name": "Dealers"})
	require.NoError(t, err)
	french, err := in.Search(ctx, "ir.lang", []any{"code", "=", "fr"})
	require.NoError(t, err)
	require.NoError(t, in.Write(ctx, "party.party", []int{id}, map[string]any{"categories": []any{[]any{"add", []int{group}}}, "lang": french[0]}))
	p := told("a category and a language")
	require.Equal(t, []any{[]string{"Dealers"}, "fr"}, []any{p.Groups, p.Lang})
	for _, name := range []any{" ", nil} {
		require.NoError(t, in.Write(ctx, "party.party", []int{id}, map[string]any{"name": name}))
		p = told("one without a name")
		require.Equal(t, "[C0002]", p.Name, "as Tryton writes one without")
		require.NoError(t, p.Check())
	}
	require.NoError(t, in.Write(ctx, "party.party", []int{id}, map[string]any{"active": false}))
	require.False(t, told("one that is archived").Active)
	none, _ := pulled(t, a.PullParties, at, head)
	require.Empty(t, none)

	// The same few requests for one and for all.
	before := a.asked.Load()
	_, err = a.PullParties(ctx, nil, 1)
	require.NoError(t, err)
	asked := a.asked.Load() - before
	before = a.asked.Load()
	whole, err := a.PullParties(ctx, nil, 1000)
	require.NoError(t, err)
	require.InDelta(t, asked, a.asked.Load()-before, 1, "the categories are read where there are any")
	require.Len(t, whole.Rows, len(rows), "archived ones, too")
}
