package engine_test

import (
	"context"
	"errors"
	"testing"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"github.com/comptoir-go/comptoir/event"
	"github.com/comptoir-go/comptoir/order"
	"github.com/comptoir-go/comptoir/partner"
	"github.com/comptoir-go/comptoir/store"
	"github.com/comptoir-go/comptoir/store/memstore"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

var errOwn = errors.New("the closure's own")

func open(t *testing.T, o *memstore.Options) (store.Store, store.Tenanted) {
	t.Helper()
	st := memstore.New(o)
	t.Cleanup(func() { require.NoError(t, st.Close()) })
	return st, tenantOf(t, st)
}

func tenantOf(t *testing.T, st store.Store) store.Tenanted {
	t.Helper()
	shop, err := st.For("de")
	require.NoError(t, err)
	return shop
}

func update(t *testing.T, s store.Tenanted, fn func(context.Context, store.Tx) error) {
	t.Helper()
	require.NoError(t, s.Update(t.Context(), fn))
}

func dealer(id partner.ID) partner.Partner {
	return partner.Partner{ID: id, Number: "N-" + string(id), Name: "Dealer " + string(id), Type: partner.Dealer,
		Addresses: []partner.Address{{City: "Lyon"}}}
}

func save(t *testing.T, s store.Tenanted, ps ...partner.Partner) {
	t.Helper()
	update(t, s, func(ctx context.Context, tx store.Tx) error {
		for _, p := range ps {
			if _, err := tx.Partners().Save(ctx, p); err != nil {
				return err
			}
		}
		return nil
	})
}

func read(t *testing.T, s store.Tenanted, id partner.ID) (p partner.Partner, err error) {
	t.Helper()
	err = s.View(t.Context(), func(ctx context.Context, tx store.Tx) (err error) {
		p, err = tx.Partners().Get(ctx, id)
		return err
	})
	return p, err
}

func fact(id, subject string, version int64) event.Event {
	return event.Event{ID: id, Type: "x.done", Schema: 1, Subject: subject, Version: version, Data: []byte(`{"a":1}`)}
}

func someOrder(id order.ID, ref order.Ref) order.Order {
	return order.Order{ID: id, Ref: ref, State: order.Draft}
}
