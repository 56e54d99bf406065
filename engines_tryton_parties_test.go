package comptoir_test

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/comptoir-go/comptoir/catalog"
	"github.com/comptoir-go/comptoir/erp"
	"github.com/comptoir-go/comptoir/erp/erpsync"
	"github.com/comptoir-go/comptoir/partner"
)

// customers pulls the ERP's parties that are customers, and its articles that
// begin with NEW.
func (s *trytonSide) customers() *erpsync.Puller {
	return s.Puller(s.client, &erpsync.PullOptions{Streams: []erp.Stream{erp.Parties, erp.Products},
		Parties: erpsync.Parties{Take: func(p erp.Party) bool { return strings.HasPrefix(p.Code, "C0") }},
		Articles: erpsync.Articles{Create: func(p erp.Product) (catalog.Product, bool) {
			return catalog.Product{ID: catalog.ID(p.SKU), Tax: "standard", Sale: catalog.SaleFree, Online: true}, strings.HasPrefix(p.SKU, "NEW")
		}}})
}

func (s *trytonSide) pulls(p *erpsync.Puller) {
	s.t.Helper()
	_, err := p.Step(s.t.Context())
	require.NoError(s.t, err)
}

// partner is the one of a number.
func (s *trytonSide) partner(number string) partner.Partner {
	s.t.Helper()
	found, err := s.Partners.Find(s.t.Context(), boss, partner.Query{Number: number})
	require.NoError(s.t, err)
	require.Len(s.t, found.Rows, 1, number)
	p, err := s.Partners.Get(s.t.Context(), boss, found.Rows[0].ID)
	require.NoError(s.t, err)
	return p
}

// The customers of a real ERP become partners, follow what its people change, and
// stay the partner they were here before; who is no customer is left out.
func TestTrytonsCustomersArePartners(t *testing.T) {
	t.Parallel()
	s, ctx := besideTryton(t), t.Context()
	puller := s.customers()
	s.pulls(puller)
	marie, nord := s.partner("C0001"), s.partner("C0002")
	require.Equal(t, []any{"Marie Le Goff", true, 1}, []any{marie.Name, marie.Active, len(marie.Counterparties)})
	home := marie.Counterparties[0].Invoice
	require.Equal(t, []string{"3, quai d'Amont", "29200", "Brest", "FR"}, []string{home.Street, home.Postcode, home.City, string(home.Country)})
	require.Equal(t, []any{partner.ID("nord"), "FR87900123456"}, []any{nord.ID, nord.Counterparties[0].VATID}, "the ERP knows no VAT id of theirs")
	all, err := s.Partners.Find(ctx, boss, partner.Query{})
	require.NoError(t, err)
	require.Len(t, all.Rows, 3)

	id, err := s.server.Search(ctx, "party.party", []any{"code", "=", "C0001"})
	require.NoError(t, err)
	places, err := s.server.Search(ctx, "party.address", []any{"party", "=", id[0]})
	require.NoError(t, err)
	require.NoError(t, s.server.Write(ctx, "party.address", places, map[string]any{"street": "8 rue de Siam"}))
	_, err = s.server.Create(ctx, "party.identifier", map[string]any{"party": id[0], "type": "eu_vat", "code": "FR40303265045"})
	require.NoError(t, err)
	s.pulls(puller)
	now := s.partner("C0001").Counterparties[0]
	require.Equal(t, []string{"8 rue de Siam", "FR40303265045"}, []string{now.Invoice.Street, now.VATID})
	require.NoError(t, s.server.Write(ctx, "party.party", id, map[string]any{"active": false}))
	s.pulls(puller)
	require.False(t, s.partner("C0001").Active)
	require.Equal(t, nord, s.partner("C0002"))
}

// What a real ERP deletes leaves no trace in its streams: two comparisons with
// what it lists find the customer and the article, and nothing else.
func TestWhatTrytonDeletesEndsHere(t *testing.T) {
	t.Parallel()
	s, ctx := besideTryton(t), t.Context()
	party, err := s.server.Create(ctx, "party.party", map[string]any{"name": "Gone soon", "code": "C0009"})
	require.NoError(t, err)
	template, err := s.server.Search(ctx, "product.template", []any{"code", "=", "BOOK-2"})
	require.NoError(t, err)
	_, err = s.server.Call(ctx, "model.product.template.copy", template, map[string]any{"code": "NEW-1"})
	require.NoError(t, err)
	puller := s.customers()
	s.pulls(puller)
	product := func() catalog.Product {
		p, err := s.Catalog.GetBySKU(ctx, boss, "NEW-1")
		require.NoError(t, err)
		return p
	}
	require.True(t, s.partner("C0009").Active)
	require.True(t, product().Online)

	article, err := s.server.Search(ctx, "product.product", []any{"code", "=", "NEW-1"})
	require.NoError(t, err)
	shops, err := s.server.Search(ctx, "web.shop")
	require.NoError(t, err)
	require.NoError(t, s.server.Write(ctx, "web.shop", shops, map[string]any{"products": []any{[]any{"remove", article}}}))
	_, err = s.server.Call(ctx, "model.product.product.delete", article)
	require.NoError(t, err)
	_, err = s.server.Call(ctx, "model.party.party.delete", []int{party})
	require.NoError(t, err)
	s.pulls(puller)
	require.True(t, s.partner("C0009").Active, "no stream tells of it")
	for _, gone := range []int{0, 2, 0} {
		n, err := puller.Resync(ctx)
		require.NoError(t, err)
		require.Equal(t, gone, n)
		s.ahead.Add(int64(2 * time.Hour))
	}
	require.False(t, s.partner("C0009").Active)
	require.False(t, product().Online)
	for _, number := range []string{"C0001", "C0002", "C0003"} {
		require.True(t, s.partner(number).Active)
	}
	kettle, err := s.Catalog.GetBySKU(ctx, boss, "KETTLE-1")
	require.NoError(t, err)
	require.True(t, kettle.Online)
}
