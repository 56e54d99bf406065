package billing_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/comptoir-go/comptoir/access"
	"github.com/comptoir-go/comptoir/billing"
	"github.com/comptoir-go/comptoir/fault"
	"github.com/comptoir-go/comptoir/fsm"
	"github.com/comptoir-go/comptoir/fsm/fsmtest"
	"github.com/comptoir-go/comptoir/internal/golden"
	"github.com/comptoir-go/comptoir/order"
)

func paymentFacts() []billing.PaymentFacts {
	gap := []fsm.Problem{{Path: "x", Code: "gap", Message: "is missing"}}
	return fsmtest.Product(billing.PaymentFacts{},
		[]fsmtest.Setter[billing.PaymentFacts]{
			func(f *billing.PaymentFacts) { f.Direction = billing.Incoming }, func(f *billing.PaymentFacts) { f.Direction = billing.Refund }},
		[]fsmtest.Setter[billing.PaymentFacts]{
			func(f *billing.PaymentFacts) { f.Reason = "" }, func(f *billing.PaymentFacts) { f.Reason = "because" },
			func(f *billing.PaymentFacts) { f.Reason = strings.Repeat("x", order.ReasonMax+1) }},
		[]fsmtest.Setter[billing.PaymentFacts]{
			func(f *billing.PaymentFacts) { f.Cheque = nil }, func(f *billing.PaymentFacts) { f.Cheque = gap }},
		[]fsmtest.Setter[billing.PaymentFacts]{
			func(f *billing.PaymentFacts) { f.Source = nil }, func(f *billing.PaymentFacts) { f.Source = gap }},
	)
}

func TestPaymentLifeIsExhausted(t *testing.T) {
	fsmtest.Exhaust(t, billing.DefaultPaymentLife(), fsmtest.Spec[access.Role, billing.PaymentFacts]{Facts: paymentFacts()})
}

func TestPaymentLifeCharts(t *testing.T) {
	fsmtest.Charts(t, "../docs/states", "payment", billing.DefaultPaymentLife(), golden.Update())
}

// Whoever the table lets fire a row, the permission table lets, too; a machine
// through payment.report.
func TestPaymentLifeAndPermissionsAgree(t *testing.T) {
	p := access.Default()
	for _, r := range append(billing.DefaultPaymentLife().Rows(), billing.DefaultPaymentLife().Openings()...) {
		for _, who := range r.Who {
			a, act := access.Actor{ID: "x", Partner: "nord", Roles: []access.Role{who}}, billing.PaymentActionOf(r.On)
			if a.Seller() {
				a.Partner = ""
			}
			if who == access.System {
				require.Equal(t, access.PaymentSettle, act, "%s", r.On)
				act = access.PaymentReport
			}
			require.True(t, p.May(a, act, access.Owner{Partner: "nord"}), "%s %s", who, r.On)
		}
	}
}

var paymentTriggers = []billing.PaymentTrigger{billing.Process, billing.Confirm, billing.Refuse, billing.Fail, billing.Cancel}

// mayMove is A19 R21 written down anew: who may bring a payment of a customer
// from where to where (P purchaser, B accountant, M partner admin, C center, O
// operator, A admin, S system).
var mayMove = map[order.PaymentState]map[billing.PaymentTrigger]struct {
	who string
	to  order.PaymentState
}{
	"awaiting": {"process": {"OAS", "processing"}, "confirm": {"OAS", "confirmed"}, "refuse": {"OAS", "refused"},
		"fail": {"OAS", "technical_error"}, "cancel": {"PBMCOA", "cancelled"}},
	"processing":      {"confirm": {"OAS", "confirmed"}, "refuse": {"OAS", "refused"}, "fail": {"OAS", "technical_error"}, "cancel": {"OA", "cancelled"}},
	"technical_error": {"process": {"OAS", "processing"}, "confirm": {"OAS", "confirmed"}, "cancel": {"OA", "cancelled"}},
	"confirmed":       {"refuse": {"OAS", "refused"}},
	"refused":         {}, "cancelled": {},
}

var payMarks = map[access.Role]string{access.Designer: "D", access.Accountant: "B", access.Purchaser: "P", access.PartnerAdmin: "M",
	access.Center: "C", access.Operator: "O", access.Admin: "A", access.System: "S"}

func payActor(r access.Role) access.Actor {
	a := access.Actor{ID: access.ActorID("by-" + r), Roles: []access.Role{r}}
	if !a.Seller() {
		a.Partner = "nord"
	}
	return a
}

// waysTo lead a payment into each state.
var waysTo = map[order.PaymentState][]billing.PaymentTrigger{"awaiting": nil, "processing": {"process"}, "technical_error": {"fail"},
	"confirmed": {"confirm"}, "refused": {"refuse"}, "cancelled": {"cancel"}}

func TestA19R21PaymentStatesByEveryRole(t *testing.T) {
	s := newShop(t, settings{})
	inState := func(st order.PaymentState) billing.Payment {
		p := s.paid("10.00")
		for _, on := range waysTo[st] {
			p = s.move(p, on)
		}
		require.Equal(t, st, p.State)
		return p
	}
	fired := 0
	for _, from := range billing.DefaultPaymentLife().States() {
		p := inState(from)
		for _, on := range paymentTriggers {
			rule, exists := mayMove[from][on]
			for role, mark := range payMarks {
				got, err := s.bills.Advance(s.ctx, payActor(role), billing.PaymentAdvanceInput{Payment: p.ID, On: on, Reason: "because"})
				switch {
				case mark == "D":
					require.ErrorIs(t, err, billing.ErrNoPayment, "a designer has no books")
				case !exists:
					require.ErrorIs(t, err, fsm.ErrIllegalTransition, "%s %s by %s", from, on, role)
				case !strings.Contains(rule.who, mark):
					require.Equal(t, fault.Forbidden, fault.KindOf(err), "%s %s by %s", from, on, role)
				default:
					require.NoError(t, err, "%s %s by %s", from, on, role)
					require.Equal(t, rule.to, got.State)
					last := got.History[len(got.History)-1]
					require.Equal(t, []any{string(on), from, rule.to, payActor(role).Stamp()}, []any{last.What, last.From, last.To, last.By})
					require.Len(t, got.History, len(p.History)+1)
					fired++
					p = inState(from)
					continue
				}
				require.Equal(t, p, s.payment(p.ID), "a refusal changes nothing")
			}
		}
	}
	require.Equal(t, 3+3+3+3+6+3+3+3+2+3+3+2+3, fired)
}
