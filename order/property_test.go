package order_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/comptoir-go/comptoir/access"
	"github.com/comptoir-go/comptoir/fault"
	"github.com/comptoir-go/comptoir/money"
	"github.com/comptoir-go/comptoir/order"
)

// plain is what the model knows of an order: the least that says what every
// command must answer.
type plain struct {
	id       order.ID
	owner    access.Actor
	state    order.State
	revision int
	steps    int // entries of the history
	frozen   string
}

// model runs commands on the shop and on plain orders side by side.
type model struct {
	*shop
	all    []*plain
	placed map[access.PartnerID][]order.Ref
}

var people = []access.Actor{designer, buyer, stranger, operator, admin, machine, {},
	{ID: "by-accountant", Partner: "nord", Roles: []access.Role{access.Accountant}}}

func mark(a access.Actor) string {
	if len(a.Roles) == 0 {
		return "-"
	}
	return marks[a.Roles[0]]
}

// sees reports whether the order exists for the actor.
func (p *plain) sees(a access.Actor) bool {
	return a.ID != "" && (a.Partner == "" || a.Partner == p.owner.Partner)
}

func (p *plain) editable() bool { return p.state == order.Draft || p.state == order.Awaiting }

// content is what validation freezes.
func content(o order.Order) string {
	lines := slices.Clone(o.Lines)
	for i := range lines {
		lines[i].Goods = order.Goods{} // a cancelled order's are given up
	}
	return fmt.Sprintf("%v %v %v %q %q", lines, o.Quote, o.ShipTo, o.Note, o.CustomerNo)
}

func (m *model) place(t *rapid.T) {
	if len(m.all) == 4 {
		t.Skip("a handful is enough")
	}
	who := rapid.SampledFrom([]access.Actor{buyer, stranger}).Draw(t, "buyer")
	asDraft := rapid.Bool().Draw(t, "draft")
	p := &plain{owner: who, state: order.Awaiting, revision: 1, steps: 1}
	var o order.Order
	if asDraft {
		o, p.state = m.draft(who), order.Draft
	} else {
		o = m.shop.placed(who)
	}
	p.id = o.ID
	m.all = append(m.all, p)
	m.placed[who.Partner] = append(m.placed[who.Partner], o.Ref)
}

func (m *model) pick(t *rapid.T) *plain {
	if len(m.all) == 0 {
		t.Skip("no order yet")
	}
	return rapid.SampledFrom(m.all).Draw(t, "order")
}

func (m *model) fire(t *rapid.T) {
	p, a := m.pick(t), rapid.SampledFrom(people).Draw(t, "actor")
	on := rapid.SampledFrom(triggers).Draw(t, "trigger")
	reason := rapid.SampledFrom([]string{"", "because"}).Draw(t, "reason")
	rule, exists := mayFire[p.state][on]
	needsReason := on == order.Reject || on == order.Cancel && !p.editable()
	_, err := m.orders.Advance(m.ctx, a, order.AdvanceInput{Order: p.id, On: on, Reason: reason})
	switch {
	case !p.sees(a):
		require.ErrorIs(t, err, order.ErrNotFound)
	case !exists:
		require.Equal(t, "fsm.illegal_transition", fault.CodeOf(err))
	case !strings.Contains(rule.who, mark(a)):
		require.Equal(t, fault.Forbidden, fault.KindOf(err))
	case needsReason && reason == "":
		require.Equal(t, "fsm.guard", fault.CodeOf(err))
	default:
		require.NoError(t, err)
		p.state = rule.to
		p.steps++
	}
}

func (m *model) revise(t *rapid.T) {
	p, a := m.pick(t), rapid.SampledFrom(people).Draw(t, "actor")
	in := order.ReviseInput{Order: p.id}
	if n := rapid.IntRange(-1, 5).Draw(t, "quantity"); n > 0 {
		lines := m.get(p.id).Lines
		q := money.QuantityOf(int64(n))
		in.Lines = []order.LineChange{{Line: rapid.SampledFrom(lines).Draw(t, "line").ID, Quantity: &q}}
		in.Lines[0].Remove = len(lines) > 1 && rapid.IntRange(0, 4).Draw(t, "remove") == 0
	} else {
		note := rapid.StringMatching(`[a-z]{0,5}`).Draw(t, "note")
		in.Note = &note
	}
	before := m.get(p.id)
	got, err := m.orders.Revise(m.ctx, a, in)
	switch {
	case !p.sees(a):
		require.ErrorIs(t, err, order.ErrNotFound)
	case !p.editable():
		require.ErrorIs(t, err, order.ErrLocked)
	case !strings.Contains("PMCOA", mark(a)):
		require.ErrorIs(t, err, access.ErrForbidden)
	case got.Version == before.Version:
		require.NoError(t, err)
		require.Equal(t, before, got, "what changes nothing is no revision")
	default:
		require.NoError(t, err)
		p.revision++
		p.steps++
	}
}

func (m *model) remove(t *rapid.T) {
	p, a := m.pick(t), rapid.SampledFrom(people).Draw(t, "actor")
	err := m.orders.Delete(m.ctx, a, order.DeleteInput{Order: p.id})
	switch {
	case !p.sees(a):
		require.ErrorIs(t, err, order.ErrNotFound)
	case !p.editable():
		require.ErrorIs(t, err, order.ErrLocked)
	case !strings.Contains("PMCOAS", mark(a)):
		require.ErrorIs(t, err, access.ErrForbidden)
	default:
		require.NoError(t, err)
		for i, x := range m.all {
			if x == p {
				m.all = append(m.all[:i], m.all[i+1:]...)
				break
			}
		}
	}
}

// told lets the ERP say something, at times of content that it cannot know.
func (m *model) told(t *rapid.T) {
	p := m.pick(t)
	in := order.Report{Order: p.id, Revision: rapid.IntRange(0, p.revision).Draw(t, "revision"),
		State: rapid.SampledFrom([]string{"", "draft", "confirmed", "done", "cancelled"}).Draw(t, "state")}
	link := m.get(p.id).ERP
	state, known := in.State, max(link.Revision, in.Revision)
	if state == "" {
		state = link.State
	}
	m.report(in)
	for moved := true; moved; {
		moved = false
		switch {
		case state == "cancelled" && (p.state == order.Validated || p.state == order.Confirmed):
			p.state, moved = order.Cancelled, true
		case p.state == order.Validated && (state == "confirmed" || state == "done") && known >= p.revision:
			p.state, moved = order.Confirmed, true
		case p.state == order.Confirmed && state == "done":
			p.state, moved = order.Closed, true
		}
		if moved {
			p.steps++
		}
	}
}

// check compares every order with the model, and with what is true of all.
func (m *model) check(t *rapid.T) {
	for _, p := range m.all {
		o := m.get(p.id)
		require.Equal(t, p.state, o.State)
		require.Equal(t, p.revision, o.Revision)
		require.Len(t, o.History, p.steps)
		require.Equal(t, o.State, o.History[len(o.History)-1].To)
		for i := 1; i < len(o.History); i++ {
			require.Equal(t, o.History[i-1].To, o.History[i].From, "the history is one chain")
		}
		require.LessOrEqual(t, o.ERP.Revision, o.Revision)

		require.Len(t, o.Quote.Lines, len(o.Lines))
		net := money.Zero(money.EUR)
		for i, l := range o.Quote.Lines {
			require.Equal(t, o.Lines[i].ID, l.ID)
			require.Equal(t, o.Lines[i].Quantity, l.Quantity)
			var err error
			net, err = net.Add(l.Net)
			require.NoError(t, err)
		}
		gross, err := net.Add(o.Quote.Tax)
		require.NoError(t, err)
		require.Equal(t, net, o.Quote.Net)
		require.Equal(t, gross, o.Quote.Gross)
		require.NoError(t, o.Quote.Verify())

		switch is := content(o); {
		case p.editable():
			p.frozen = is
		default:
			require.Equal(t, p.frozen, is, "nothing changes after validation")
		}
	}
	for who, refs := range m.placed {
		number := map[access.PartnerID]string{"nord": "FR10002527", "sud": "FR10015195"}[who]
		for i, ref := range refs {
			require.Equal(t, order.Ref(fmt.Sprintf("%s26%04d", number, i+1)), ref, "every number once, none left out")
		}
	}
}

// Random commands of random people against the plain model.
func TestLawCommandsFollowTheModel(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		m := &model{shop: newShop(t, nil), placed: map[access.PartnerID][]order.Ref{}}
		rt.Repeat(map[string]func(*rapid.T){
			"":       m.check,
			"place":  m.place,
			"fire":   m.fire,
			"fire2":  m.fire,
			"fire3":  m.fire,
			"revise": m.revise,
			"remove": m.remove,
			"told":   m.told,
		})
	})
}
