package order_test

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/comptoir-go/comptoir/access"
	"github.com/comptoir-go/comptoir/event"
	"github.com/comptoir-go/comptoir/fault"
	"github.com/comptoir-go/comptoir/fsm"
	"github.com/comptoir-go/comptoir/order"
	"github.com/comptoir-go/comptoir/partner"
	"github.com/comptoir-go/comptoir/store"
	"github.com/comptoir-go/comptoir/uow"
)

var triggers = []order.Trigger{order.Submit, order.Recall, order.Validate, order.Reject, order.Cancel, order.Confirm, order.Close}

// mayFire is the life cycle with the default permissions, written down anew:
// who may fire what where, by the first letters of the roles (P purchaser,
// M partner admin, C center, O operator, A admin, S system), and where it leads.
var mayFire = map[order.State]map[order.Trigger]struct {
	who string
	to  order.State
}{
	order.Draft:     {order.Submit: {"PMCOA", order.Awaiting}, order.Cancel: {"PMCOA", order.Cancelled}},
	order.Awaiting:  {order.Recall: {"PMCOA", order.Draft}, order.Validate: {"OA", order.Validated}, order.Reject: {"OA", order.Rejected}, order.Cancel: {"PMCOA", order.Cancelled}},
	order.Validated: {order.Confirm: {"OAS", order.Confirmed}, order.Cancel: {"AS", order.Cancelled}},
	order.Confirmed: {order.Close: {"OAS", order.Closed}, order.Cancel: {"AS", order.Cancelled}},
	order.Rejected:  {}, order.Cancelled: {}, order.Closed: {},
}

var marks = map[access.Role]string{access.Designer: "D", access.Accountant: "B", access.Purchaser: "P", access.PartnerAdmin: "M",
	access.Center: "C", access.Operator: "O", access.Admin: "A", access.System: "S"}

// actorOf is somebody who sees the orders of "nord" in one role.
func actorOf(r access.Role) access.Actor {
	a := access.Actor{ID: access.ActorID("by-" + r), Roles: []access.Role{r}}
	if !a.Seller() {
		a.Partner = "nord"
	}
	return a
}

func document(t testing.TB, o order.Order) string {
	t.Helper()
	b, err := json.Marshal(o)
	require.NoError(t, err)
	return string(b)
}

func TestAdvanceEveryTriggerByEveryRole(t *testing.T) {
	s := newShop(t, nil)
	emits := map[order.State]map[order.Trigger][]string{}
	for _, row := range order.DefaultLife().Rows() {
		if emits[row.From] == nil {
			emits[row.From] = map[order.Trigger][]string{}
		}
		emits[row.From][row.On] = row.Emits
	}
	fired := 0
	for _, from := range order.DefaultLife().States() {
		o := s.inState(from)
		for _, on := range triggers {
			rule, exists := mayFire[from][on]
			for role, mark := range marks {
				s.events(event.Facts)
				before := document(t, s.get(o.ID))
				got, err := s.orders.Advance(s.ctx, actorOf(role), order.AdvanceInput{Order: o.ID, On: on, Reason: "because"})
				facts := types(s.events(event.Facts), "")
				if exists && strings.Contains(rule.who, mark) {
					require.NoError(t, err, "%s %s by %s", from, on, role)
					require.Equal(t, rule.to, got.State)
					want := slices.Clone(emits[from][on])
					if got.State == order.Cancelled || got.State == order.Rejected {
						want = append(want, "order.axes_changed") // nothing is wanted any more
					}
					require.Equal(t, want, facts)
					require.Equal(t, document(t, got), document(t, s.get(o.ID)), "what is answered is what is stored")
					last := got.History[len(got.History)-1]
					require.Equal(t, order.Entry{At: s.clock(), By: actorOf(role).Stamp(), What: string(on), From: from, To: rule.to, Note: "because"}, last)
					require.Len(t, got.History, len(o.History)+1, "exactly one entry a step")
					require.Equal(t, o.History, got.History[:len(o.History)])
					fired++
					o = s.inState(from)
					continue
				}
				var illegal *fsm.IllegalTransition
				if exists {
					require.Equal(t, fault.Forbidden, fault.KindOf(err), "%s %s by %s", from, on, role)
				} else {
					require.ErrorAs(t, err, &illegal, "%s %s by %s", from, on, role)
				}
				require.Equal(t, before, document(t, s.get(o.ID)), "a refusal changes nothing")
				require.Empty(t, facts)
			}
		}
	}
	require.Equal(t, 5+5+5+2+2+5+3+2+3+2, fired)
}

// The checks come in one order: what is not visible is not found, whatever
// else is wrong; then the key, the version, the table, the actor, the guards.
func TestAdvanceOrderOfChecks(t *testing.T) {
	s := newShop(t, nil)
	o := s.placed(buyer)
	other := s.placed(buyer)
	in := order.AdvanceInput{Key: "k", Order: other.ID, On: order.Recall}
	_, err := s.orders.Advance(s.ctx, designer, in)
	require.ErrorIs(t, err, access.ErrForbidden, "a refused call leaves its key free")
	in = order.AdvanceInput{Key: "used", Order: other.ID, On: order.Recall}
	_, err = s.orders.Advance(s.ctx, buyer, in)
	require.NoError(t, err)

	all := order.AdvanceInput{Key: "used", Order: o.ID, Version: 99, On: order.Close}
	ask := func(a access.Actor, change func(*order.AdvanceInput)) error {
		change(&all)
		_, err := s.orders.Advance(s.ctx, a, all)
		return err
	}
	require.ErrorIs(t, ask(stranger, func(*order.AdvanceInput) {}), order.ErrNotFound)
	require.ErrorIs(t, ask(access.Actor{}, func(*order.AdvanceInput) {}), order.ErrNotFound)
	require.ErrorIs(t, ask(buyer, func(*order.AdvanceInput) {}), uow.ErrKeyReused)
	require.ErrorIs(t, ask(designer, func(in *order.AdvanceInput) { in.Key = "" }), uow.ErrVersion)
	require.ErrorIs(t, ask(designer, func(in *order.AdvanceInput) { in.Version = o.Version }), fsm.ErrIllegalTransition)
	require.ErrorIs(t, ask(designer, func(in *order.AdvanceInput) { in.On = order.Reject }), access.ErrForbidden)
	require.ErrorIs(t, ask(buyer, func(*order.AdvanceInput) {}), access.ErrForbidden, "without a reason as well")
	err = ask(operator, func(*order.AdvanceInput) {})
	require.ErrorIs(t, err, fsm.ErrGuard)
	require.Equal(t, "reason.missing", fault.IssuesOf(err)[0].Code)
	require.ErrorIs(t, ask(operator, func(in *order.AdvanceInput) { in.Reason = strings.Repeat("é", order.ReasonMax+1) }), fsm.ErrGuard)
	require.ErrorIs(t, ask(operator, func(in *order.AdvanceInput) { in.Reason = " \t" }), fsm.ErrGuard)
	require.Equal(t, document(t, o), document(t, s.get(o.ID)))
	require.NoError(t, ask(operator, func(in *order.AdvanceInput) { in.Reason = strings.Repeat("é", order.ReasonMax) }))
}

// A policy may let through whom the table does not know, and the other way
// round: both have to agree.
func TestAdvanceNeedsPolicyAndTable(t *testing.T) {
	generous := access.Default().With(access.Grant{Role: access.Designer, Scopes: []access.Scope{access.Own}, Actions: []access.Action{access.OrderEdit}})
	s := newShop(t, &order.Options{Policy: generous})
	o := s.draft(buyer)
	_, err := s.orders.Advance(s.ctx, designer, order.AdvanceInput{Order: o.ID, On: order.Submit})
	var role *fsm.RoleError
	require.ErrorAs(t, err, &role)
	require.Equal(t, fault.Forbidden, fault.KindOf(err))
}

func TestAdvanceSameKeyGivesTheFirstAnswer(t *testing.T) {
	s := newShop(t, nil)
	o := s.placed(buyer)
	in := order.AdvanceInput{Key: "click", Order: o.ID, On: order.Validate}
	first, err := s.orders.Advance(s.ctx, operator, in)
	require.NoError(t, err)
	s.advance(machine, o.ID, order.Confirm)
	s.events(event.Facts)
	again, err := s.orders.Advance(s.ctx, operator, in)
	require.NoError(t, err)
	require.Equal(t, document(t, first), document(t, again))
	require.Empty(t, s.events(event.Facts))
	require.Equal(t, order.Confirmed, s.get(o.ID).State)
}

// An order that became incomplete behind everyone's back is not submitted, and
// the answer names every gap; the buttons say the same.
func TestAdvanceGuardsNameEveryGap(t *testing.T) {
	s := newShop(t, nil)
	o := s.draft(buyer)
	require.NoError(t, s.store.Update(s.ctx, func(ctx context.Context, tx store.Tx) error {
		o.ShipTo = partner.Address{Company: "Nord SARL"}
		o.Customer.Counterparty.VATID = ""
		o.Lines = nil
		var err error
		o, err = tx.Orders().Save(ctx, o)
		return err
	}))
	_, err := s.orders.Advance(s.ctx, buyer, order.AdvanceInput{Order: o.ID, On: order.Submit})
	var guard *fsm.GuardError
	require.ErrorAs(t, err, &guard)
	var paths []string
	for _, p := range guard.Problems {
		paths = append(paths, p.Path)
	}
	for _, want := range []string{"lines", "ship_to.street", "ship_to.city", "ship_to.country", "counterparty.vat_id"} {
		require.Contains(t, paths, want)
	}
	options, err := s.orders.Allowed(s.ctx, buyer, o.ID)
	require.NoError(t, err)
	require.Equal(t, order.Submit, options[0].On)
	require.False(t, options[0].Ready)
	require.Equal(t, guard.Problems, options[0].Why)
	require.Equal(t, order.Cancel, options[1].On)
	require.True(t, options[1].Ready)
}

// Every button that is shown as ready works, and no other trigger does.
func TestAllowedAgreesWithAdvance(t *testing.T) {
	s := newShop(t, nil)
	for _, from := range order.DefaultLife().States() {
		o := s.inState(from)
		for role := range marks {
			options, err := s.orders.Allowed(s.ctx, actorOf(role), o.ID)
			require.NoError(t, err)
			var shown []order.Trigger
			for _, opt := range options {
				require.True(t, opt.Ready)
				shown = append(shown, opt.On)
			}
			var works []order.Trigger
			for _, on := range triggers {
				fails := s.store.Update(s.ctx, func(ctx context.Context, tx store.Tx) error {
					if _, err := s.orders.AdvanceTx(ctx, tx, actorOf(role), order.AdvanceInput{Order: o.ID, On: on, Reason: "because"}); err != nil {
						return err
					}
					return errUndo
				})
				if errors.Is(fails, errUndo) {
					works = append(works, on)
				}
			}
			require.ElementsMatch(t, works, shown, "%s %s", from, role)
		}
	}
	_, err := s.orders.Allowed(s.ctx, stranger, s.placed(buyer).ID)
	require.ErrorIs(t, err, order.ErrNotFound)
}

var errUndo = errors.New("undo")
