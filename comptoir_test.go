package comptoir_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/comptoir-go/comptoir"
	"github.com/comptoir-go/comptoir/access"
	"github.com/comptoir-go/comptoir/fault"
	"github.com/comptoir-go/comptoir/order"
	"github.com/comptoir-go/comptoir/store"
	"github.com/comptoir-go/comptoir/store/memstore"
)

func TestOpenNamesAllThatIsWrong(t *testing.T) {
	_, err := comptoir.Open(t.Context(), nil, nil)
	require.ErrorIs(t, err, comptoir.ErrSettings)
	require.Len(t, fault.IssuesOf(err), 2)
}

// A misspelt policy would invoice something else than was meant.
func TestOpenRefusesAnUnknownInvoicePolicy(t *testing.T) {
	s := settings()
	for policy, path := range map[order.InvoicePolicy]string{"": "", order.OnDelivery: "", order.OnOrder: "", "on_order": "settings.invoice"} {
		s.Invoice = policy
		_, err := comptoir.Open(t.Context(), memstore.New(nil), &comptoir.Options{Settings: s})
		if path == "" {
			require.NoError(t, err, policy)
			continue
		}
		require.ErrorIs(t, err, comptoir.ErrSettings)
		require.Equal(t, path, fault.IssuesOf(err)[0].Path)
	}
}

func TestTenantsHaveTheirOwnSettings(t *testing.T) {
	st := memstore.New(nil)
	own := settings()
	own.Numbering = "IT-{yyyy}-{seq:6}"
	c, err := comptoir.Open(t.Context(), st, &comptoir.Options{Settings: settings(), Tenants: map[access.Tenant]comptoir.Settings{"it": own}})
	require.NoError(t, err)
	fr, err := c.For("fr")
	require.NoError(t, err)
	it, err := c.For("it")
	require.NoError(t, err)
	_, err = fr.Orders.Numbering().Parse("FR10002527190474", "FR10002527")
	require.NoError(t, err)
	_, err = it.Orders.Numbering().Parse("IT-2026-000001", "whoever")
	require.NoError(t, err)
	_, err = c.For("")
	require.ErrorIs(t, err, store.ErrTenant)

	only, err := comptoir.Open(t.Context(), st, &comptoir.Options{Tenants: map[access.Tenant]comptoir.Settings{"it": own}})
	require.NoError(t, err)
	_, err = only.For("fr")
	require.ErrorIs(t, err, comptoir.ErrSettings, "a tenant without settings has no counter")

	require.NoError(t, st.Close())
	_, err = comptoir.Open(t.Context(), st, &comptoir.Options{Settings: settings()})
	require.ErrorIs(t, err, store.ErrClosed)
}
