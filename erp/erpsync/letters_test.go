package erpsync_test

import (
	"context"
	"encoding/json"
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/comptoir-go/comptoir/access"
	"github.com/comptoir-go/comptoir/erp"
	"github.com/comptoir-go/comptoir/erp/erpsync"
	"github.com/comptoir-go/comptoir/erp/memerp"
	"github.com/comptoir-go/comptoir/event"
	"github.com/comptoir-go/comptoir/order"
	"github.com/comptoir-go/comptoir/store"
)

func TestRefusalIsADeadLetterUntilTheOrderIsRevised(t *testing.T) {
	w := newWorld(t, setup{})
	w.books.Fail(erp.OpPush, 1, memerp.Refuse("The article OV-1 is blocked."))
	id := w.place()
	w.settle()
	require.Equal(t, 1, w.books.Calls(erp.OpPush), "a refusal is not repeated")
	ls := w.letters()
	require.Len(t, ls, 1)
	require.Equal(t, "order/"+string(id), ls[0].Subject)
	require.Contains(t, ls[0].Cause, "The article OV-1 is blocked.")
	require.Contains(t, w.get(id).ERP.Problem, "The article OV-1 is blocked.")

	w.revise(id, 2)
	w.settle()
	w.agree(id)
	require.Empty(t, w.get(id).ERP.Problem)
	require.Len(t, w.letters(), 1, "the letter waits for a person")
	letters := erpsync.NewLetters(w.store.Queue(), erpsync.Books{Orders: w.orders}, nil)
	require.NoError(t, letters.Retry(w.ctx, admin, ls[0].ID))
	w.settle()
	require.Empty(t, w.letters())
	w.agree(id)
	require.Equal(t, 2, w.books.Calls(erp.OpPush), "what was overtaken is not sent")
}

func TestRefusedConfirmationIsUndoneByAnAdmin(t *testing.T) {
	for name, f := range map[string]memerp.Fault{"refused": memerp.Refuse("credit limit exceeded"), "asked back": memerp.Ask("credit limit exceeded")} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t, setup{})
			id := w.place()
			w.settle()
			w.books.Fail(erp.OpAdvance, 1, f)
			w.validate(id)
			w.settle()
			require.Equal(t, order.Validated, w.get(id).State)
			require.Contains(t, w.get(id).ERP.Problem, "credit limit exceeded")
			w.fire(admin, id, order.Cancel)
			w.settle()
			require.Equal(t, erp.StateCancelled, w.twin(id).State)
			require.Equal(t, "because", w.twin(id).Reason)
			require.Empty(t, w.get(id).ERP.Problem, "the matter is settled")
		})
	}
}

func TestLettersListRetryDrop(t *testing.T) {
	w := newWorld(t, setup{})
	const n = 5
	w.books.Fail(erp.OpPush, n, memerp.Refuse("closed for stocktaking"))
	var ids []order.ID
	for range n {
		ids = append(ids, w.place())
		w.pass(time.Second)
	}
	w.settle()
	letters := erpsync.NewLetters(w.store.Queue(), erpsync.Books{Orders: w.orders}, nil)
	var all []event.Letter
	after := ""
	for turn := 0; ; turn++ {
		require.Less(t, turn, n)
		ls, next, err := letters.List(w.ctx, admin, after, 2)
		require.NoError(t, err)
		all = append(all, ls...)
		if after = next; next == "" {
			break
		}
	}
	require.Len(t, all, n)
	for i, l := range all {
		require.Equal(t, "order/"+string(ids[i]), l.Subject, "in order of burial")
		require.Equal(t, 1, l.Attempts)
	}

	require.NoError(t, letters.Retry(w.ctx, admin, all[0].ID))
	w.settle()
	w.agree(ids[0])
	require.Empty(t, w.get(ids[0]).ERP.Problem)
	require.NoError(t, letters.Drop(w.ctx, admin, all[1].ID))
	w.settle()
	require.Empty(t, w.twins(ids[1]))
	require.Len(t, w.letters(), n-2)
	require.ErrorIs(t, letters.Retry(w.ctx, admin, all[0].ID), event.ErrNoLetter)
	require.ErrorIs(t, letters.Drop(w.ctx, admin, all[1].ID), event.ErrNoLetter)
}

func TestLettersAreForAdmins(t *testing.T) {
	w := newWorld(t, setup{})
	w.books.Fail(erp.OpPush, 1, memerp.Refuse("no"))
	w.place()
	w.settle()
	id := w.letters()[0].ID
	generous := access.Default().With(access.Grant{Role: access.Operator, Scopes: []access.Scope{access.Own, access.Others}, Actions: []access.Action{access.ERPLetters}})
	for _, c := range []struct {
		policy *access.Policy
		actor  access.Actor
		may    bool
	}{{nil, admin, true}, {nil, operator, false}, {nil, buyer, false}, {nil, access.Machine("relay"), false}, {nil, access.Actor{}, false}, {generous, operator, true}, {generous, buyer, false}} {
		letters := erpsync.NewLetters(w.store.Queue(), erpsync.Books{Orders: w.orders}, c.policy)
		ls, _, err := letters.List(w.ctx, c.actor, "", 10)
		if c.may {
			require.NoError(t, err)
			require.Len(t, ls, 1)
			continue
		}
		require.ErrorIs(t, err, access.ErrForbidden)
		require.Empty(t, ls)
		require.ErrorIs(t, letters.Retry(w.ctx, c.actor, id), access.ErrForbidden)
		require.ErrorIs(t, letters.Drop(w.ctx, c.actor, id), access.ErrForbidden)
	}
	require.Len(t, w.letters(), 1)
}

// moody panics at the documents of one key.
type moody struct {
	able
	key string
}

func (m *moody) PushOrder(ctx context.Context, o erp.Order) (erp.Receipt, error) {
	if o.Key == m.key {
		panic("nil map of " + o.Reference)
	}
	return m.able.PushOrder(ctx, o)
}

// What cannot be worked is buried, and all else goes its way.
func TestPoisonIsBuriedWhileOthersFlow(t *testing.T) {
	m := &moody{}
	w := newWorld(t, setup{relay: erpsync.Options{MaxAttempts: 4}, wrap: func(_ *world, a erp.Adapter) erp.Adapter { m.able = a.(able); return m }})
	bad, good := w.place(), w.place()
	m.key = erpsync.Key(tenant, bad)
	foreign := []event.Event{
		{Type: "portal.ping", Schema: 1, Data: json.RawMessage(`{}`)},
		{Type: "order.sync_requested", Schema: 99, Data: json.RawMessage(`{"order":"x"}`)},
		{Type: "order.sync_requested", Schema: 1, Data: json.RawMessage(`{"order":7}`)},
		{Type: "order.sync_requested", Schema: 1, Data: json.RawMessage(`[]`)},
	}
	require.NoError(t, w.store.Update(w.ctx, func(ctx context.Context, tx store.Tx) error {
		for i, e := range foreign {
			e.ID, e.Subject, e.Version, e.Time = fmt.Sprintf("foreign-%d", i), fmt.Sprintf("portal/%d", i), 1, w.clock()
			if err := tx.Outbox().Append(ctx, event.ERP, e); err != nil {
				return err
			}
		}
		return nil
	}))
	w.step()
	w.agree(good)
	w.settle()
	causes := map[string]event.Letter{}
	for _, l := range w.letters() {
		causes[l.Subject] = l
	}
	require.Len(t, causes, len(foreign)+1)
	for i := range foreign {
		l := causes[fmt.Sprintf("portal/%d", i)]
		require.Contains(t, l.Cause, "erpsync.work")
		require.Equal(t, 1, l.Attempts, "it will never be work")
	}
	l := causes["order/"+string(bad)]
	require.Contains(t, l.Cause, "panic: nil map")
	require.Equal(t, 4, l.Attempts)
	require.Contains(t, w.get(bad).ERP.Problem, "panic")

	m.key = ""
	require.NoError(t, erpsync.NewLetters(w.store.Queue(), erpsync.Books{Orders: w.orders}, nil).Retry(w.ctx, admin, l.ID))
	w.settle()
	w.agree(bad)
	require.Empty(t, w.get(bad).ERP.Problem)
}

// A document that does not fit the ERP is refused before anything is sent.
func TestWhatDoesNotFitIsNotSent(t *testing.T) {
	w := newWorld(t, setup{books: memerp.Options{PriceDigits: 1}})
	id := w.place()
	w.settle()
	require.Empty(t, w.books.Orders())
	require.Zero(t, w.books.Calls(erp.OpPush))
	require.Contains(t, w.get(id).ERP.Problem, "price.digits")
	require.Equal(t, 1, w.letters()[0].Attempts, "it will never fit")
	require.Len(t, w.letters(), 1)
}

// A refused login stops everything at once, and Reset lets it go on.
func TestAuthFailureStopsUntilReset(t *testing.T) {
	w := newWorld(t, setup{})
	ids := []order.ID{w.place(), w.place()}
	w.books.Fail(erp.OpFind, 1, memerp.BadLogin)
	for range 10 {
		w.step()
		w.pass(time.Hour)
	}
	calls := 0
	for _, op := range ops {
		calls += w.books.Calls(op)
	}
	require.Equal(t, 1, calls, "a wrong password is not tried again")
	require.Empty(t, w.letters(), "it is nothing wrong with the orders")
	require.EqualValues(t, 2, w.depth().Waiting)
	w.client.Reset()
	w.settle()
	for _, id := range ids {
		w.agree(id)
	}
}
