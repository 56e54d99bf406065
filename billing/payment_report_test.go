package billing_test

import (
	"errors"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/comptoir-go/comptoir/access"
	"github.com/comptoir-go/comptoir/billing"
	"github.com/comptoir-go/comptoir/event"
	"github.com/comptoir-go/comptoir/money"
	"github.com/comptoir-go/comptoir/order"
)

// fromERP is a payment of the ERP's own, posted.
func fromERP(id string, sequence int64, amount string, parts ...billing.AllocationReport) billing.PaymentReport {
	return billing.PaymentReport{Twin: order.Twin{ID: id, Number: "BNK/" + id, State: "posted", Sequence: sequence}, Direction: billing.Incoming,
		State: order.PaymentConfirmed, Partner: "nord", Buyer: "legal", Amount: eur(amount), Date: day("2026-11-20"), Allocations: parts}
}

func to(d billing.Document, amount string) billing.AllocationReport {
	return billing.AllocationReport{Number: d.Number, Amount: eur(amount)}
}

func (s *shop) report(in billing.PaymentReport) billing.Payment {
	s.t.Helper()
	p, err := s.bills.ReportPayment(s.ctx, machine, in)
	require.NoError(s.t, err)
	return p
}

func TestReportPaymentMirrorsTheERP(t *testing.T) {
	s := newShop(t, settings{})
	d, e := s.bought("1 OVEN"), s.bought("1 OVEN")
	s.events(event.Facts)
	s.events(event.ERP)
	in := fromERP("7", 10, "1000.00", to(d, "768.00"), to(e, "100.00"))
	p := s.report(in)
	require.True(t, p.Mirror())
	require.Equal(t, []any{"BNK/7", billing.OtherMethod, billing.SellerID("acme"), "768.00 100.00", "132.00"}, []any{p.Number, p.Method, p.Seller, allots(p), p.Rest().Text()})
	require.Equal(t, [3]string{"768.00", "0.00", "0.00"}, s.figures(d.ID))
	facts := s.events(event.Facts)
	require.Equal(t, []string{"payment.mirrored"}, types(facts, "payment."))
	require.Equal(t, []string{"invoice.settled"}, types(facts, "invoice."))
	require.Empty(t, s.events(event.ERP), "it is there already")
	s.audit()

	// The same or an older change has no effect, nor has the same without a counter.
	for _, seq := range []int64{10, 9, 1} {
		in.Twin.Sequence = seq
		require.Equal(t, p, s.report(in))
	}
	older := in
	older.Amount, older.Allocations = eur("1.00"), nil
	require.Equal(t, p, s.report(older))
	in.Twin.Sequence = 0
	require.Equal(t, p, s.report(in))
	in.Twin.Sequence = 11
	q := s.report(in)
	require.Equal(t, int64(11), q.ERP.Sequence)
	require.Empty(t, s.events(event.Facts), "nothing new but the counter")

	// What the ERP changed is followed, amount and allocations; each document once.
	in.Twin.Sequence, in.Amount, in.Allocations = 12, eur("900.00"), []billing.AllocationReport{to(e, "768.00"), to(d, "132.00")}
	p = s.report(in)
	require.Equal(t, "768.00 132.00", allots(p))
	require.Equal(t, [3]string{"132.00", "0.00", "636.00"}, s.figures(d.ID))
	require.Equal(t, [3]string{"768.00", "0.00", "0.00"}, s.figures(e.ID))
	require.Equal(t, []string{"invoice.reopened", "invoice.settled"}, types(s.events(event.Facts), "invoice."))
	s.audit()

	// It bounces in the ERP, and comes again.
	s.pass(5)
	in.Twin.Sequence, in.State, in.Back = 13, order.PaymentRefused, day("2026-11-24")
	p = s.report(in)
	require.Equal(t, [3]string{"0.00", "0.00", "768.00"}, s.figures(e.ID))
	require.Equal(t, "636.00 1536.00", closings(s, "2026-11-23", "2026-11-24"))
	s.audit()
	in.Twin.Sequence, in.State, in.Date = 14, order.PaymentConfirmed, day("2026-11-26")
	s.report(in)
	require.Equal(t, "636.00 1536.00 636.00", closings(s, "2026-11-23", "2026-11-25", "2026-11-26"))
	s.audit()
	in.Twin.Sequence, in.Date = 15, day("2026-11-25")
	s.report(in)
	require.Equal(t, "636.00 1536.00 636.00", closings(s, "2026-11-23", "2026-11-24", "2026-11-25"), "a corrected day counts")
	s.audit()
	in.Twin.Sequence, in.Date = 16, day("2026-11-21")
	s.report(in)
	require.Equal(t, "636.00 636.00", closings(s, "2026-11-23", "2026-11-24"), "it is there once, and not again before it was taken back")
	s.audit()

	// Nobody changes it by hand.
	for _, err := range []error{
		second(s.bills.Advance(s.ctx, operator, billing.PaymentAdvanceInput{Payment: p.ID, On: billing.Refuse, Reason: "r"})),
		second(s.bills.Allocate(s.ctx, operator, billing.AllocateInput{Payment: p.ID})),
		second(s.bills.Unallocate(s.ctx, operator, billing.UnallocateInput{Payment: p.ID, Reason: "r"})),
		second(s.bills.ReportPaymentTwin(s.ctx, machine, p.ID, order.Twin{ID: "8"})),
	} {
		require.ErrorIs(t, err, billing.ErrMirror)
	}
}

func second[T any](_ T, err error) error { return err }

func TestReportPaymentWaitsForItsInvoice(t *testing.T) {
	s := newShop(t, settings{})
	_, err := s.bills.ReportPayment(s.ctx, machine, fromERP("7", 1, "10.00", billing.AllocationReport{ERPID: "inv-9", Number: "F9", Amount: eur("10.00")}))
	require.ErrorIs(t, err, billing.ErrAwaits)
	var awaits *billing.Awaits
	require.True(t, errors.As(err, &awaits))
	require.Equal(t, "inv-9", awaits.Document)
	_, payments := s.everything()
	require.Empty(t, payments)
}

// What does not fit is noted for a person and stays credit owed.
func TestReportPaymentNeverOverSettles(t *testing.T) {
	s := newShop(t, settings{})
	d := s.bought("1 OVEN")
	s.arrived("700.00", d)
	foreign, cn := s.issued(s.shipped(stranger, "1 OVEN")), s.credited(s.bought("1 GASKET").ID)
	p := s.report(fromERP("7", 1, "500.00", to(d, "200.00"), to(foreign, "100.00"), to(cn, "100.00")))
	require.Equal(t, "68.00", allots(p))
	require.Equal(t, d.Number+" takes 68.00 EUR of 200.00 EUR; nothing of it can go to "+foreign.Number+"; nothing of it can go to "+cn.Number, p.ERP.Problem)
	require.Equal(t, "432.00", s.owed().Owed.Text())
	s.audit()
	// Its legal entity is taken from what it pays where the ERP does not say.
	in := fromERP("8", 1, "10.00")
	in.Buyer = ""
	require.Empty(t, s.report(in).Buyer)
	e := s.bought("1 OVEN")
	in.Twin.Sequence, in.Allocations = 2, []billing.AllocationReport{to(e, "10.00")}
	require.EqualValues(t, "legal", s.report(in).Buyer)
	// Two journals of the ERP may number alike.
	in.Twin.ID, in.Twin.Number, in.Allocations = "9", "BNK/8", nil
	require.Equal(t, "BNK/8 (9)", s.report(in).Number)
	in.Twin.Sequence = 3
	require.Equal(t, "BNK/8 (9)", s.report(in).Number)
	s.audit()
}

func TestReportPaymentNamesEveryProblem(t *testing.T) {
	s := newShop(t, settings{})
	_, err := s.bills.ReportPayment(s.ctx, machine, billing.PaymentReport{State: "lost", Amount: eur("1.00"), Allocations: []billing.AllocationReport{{Amount: money.MustAmount("1", money.JPY)}}})
	require.Equal(t, "twin.id required, partner required, direction unknown, state unknown, date required, allocations required, allocations amount.currency", payIssues(err))
	_, err = s.bills.ReportPayment(s.ctx, operator, fromERP("1", 1, "1.00"))
	require.ErrorIs(t, err, access.ErrForbidden)
	_, err = s.bills.ReportPayment(s.ctx, buyer, fromERP("1", 1, "1.00"))
	require.ErrorIs(t, err, access.ErrForbidden)
	_, err = s.bills.ReportPayment(s.ctx, stranger, fromERP("1", 1, "1.00"))
	require.ErrorIs(t, err, billing.ErrNoPayment)
}

// A payment of ours that the ERP booked comes back as the same one.
func TestReportPaymentOfOurOwn(t *testing.T) {
	s := newShop(t, settings{})
	d := s.bought("1 OVEN")
	p := s.arrived("1000.00", d)
	in := fromERP("7", 1, "1000.00", to(d, "768.00"))
	in.Payment = p.ID
	s.events(event.ERP)
	got := s.report(in)
	require.Equal(t, p.ID, got.ID)
	require.Equal(t, []any{"7", "BNK/7", "posted", ""}, []any{got.ERP.ID, got.ERP.Number, got.ERP.State, got.ERP.Problem})
	require.Equal(t, p.Number, got.Number)
	require.Equal(t, got, s.report(in))
	_, payments := s.everything()
	require.Len(t, payments, 1)
	s.audit()

	// The ERP allocated the rest; ours takes that over and gives nothing up.
	e := s.bought("1 OVEN")
	in.Twin.Sequence, in.Allocations = 2, []billing.AllocationReport{to(e, "300.00")}
	got = s.report(in)
	require.Equal(t, "768.00 232.00", allots(got))
	require.Equal(t, "the ERP gives 68.00 EUR more to "+e.Number, got.ERP.Problem)
	s.audit()

	// It refuses one that is confirmed here: it bounced.
	s.pass(3)
	in.Twin.Sequence, in.State, in.Amount = 3, order.PaymentRefused, eur("999.00")
	got = s.report(in)
	require.Equal(t, order.PaymentRefused, got.State)
	require.Equal(t, "the ERP has incoming of 999.00 EUR", got.ERP.Problem)
	require.Equal(t, [3]string{"0.00", "0.00", "768.00"}, s.figures(d.ID))
	s.audit()
	// What the life cycle does not allow is noted and stays.
	in.Twin.Sequence, in.State, in.Amount = 4, order.PaymentConfirmed, eur("1000.00")
	got = s.report(in)
	require.Equal(t, order.PaymentRefused, got.State)
	require.Equal(t, "the ERP has it confirmed, here it is refused", got.ERP.Problem)

	// One that is only told of here and posted there is confirmed, and not sent.
	q := s.paid("5.00")
	in = fromERP("8", 1, "5.00")
	in.Payment = q.ID
	s.events(event.ERP)
	got = s.report(in)
	require.Equal(t, order.PaymentConfirmed, got.State)
	require.Equal(t, day("2026-11-20"), got.Date)
	require.Empty(t, s.events(event.ERP))
	s.audit()
}

// A payment of ours that the ERP holds twice is the one it was first: what
// becomes of the other takes no money back.
func TestReportPaymentOfOurOwnTwice(t *testing.T) {
	s := newShop(t, settings{})
	d := s.bought("1 OVEN")
	p := s.arrived("768.00", d)
	in := fromERP("7", 1, "768.00", to(d, "768.00"))
	in.Payment = p.ID
	first := s.report(in)
	in.Twin.ID, in.Twin.Sequence = "8", 2
	for _, state := range []order.PaymentState{order.PaymentConfirmed, order.PaymentRefused, order.PaymentCancelled} {
		in.State = state
		_, err := s.bills.ReportPayment(s.ctx, machine, in)
		require.ErrorIs(t, err, billing.ErrPaymentExists, state)
	}
	now, err := s.bills.GetPayment(s.ctx, operator, p.ID)
	require.NoError(t, err)
	require.Equal(t, first, now)
	require.Equal(t, [3]string{"768.00", "0.00", "0.00"}, s.figures(d.ID))
	s.audit()
}

// An ERP may number payments as we do: no number that it has given stops ours.
func TestPaymentNumbersPassOverThoseOfTheERP(t *testing.T) {
	s := newShop(t, settings{})
	for id, number := range map[string]string{"7": "P-2026-000001", "8": "P-2026-000002", "9": "P-2026-000004"} {
		in := fromERP(id, 1, "10.00")
		in.Twin.Number = number
		s.report(in)
	}
	require.Equal(t, "P-2026-000003", s.paid("1.00").Number)
	require.Equal(t, "P-2026-000005", s.paid("1.00").Number)
	in := fromERP("10", 1, "10.00")
	in.Twin.Number = "P-2026-000005"
	require.Equal(t, "P-2026-000005 (10)", s.report(in).Number)
	s.audit()
}

func TestReportPaymentTwin(t *testing.T) {
	s := newShop(t, settings{})
	p := s.arrived("5.00")
	s.events(event.Facts)
	twin := func(tw order.Twin) billing.Payment {
		got, err := s.bills.ReportPaymentTwin(s.ctx, machine, p.ID, tw)
		require.NoError(t, err)
		return got
	}
	leaving := s.clock().Add(time.Minute)
	require.Equal(t, leaving, twin(order.Twin{SentAt: leaving}).ERP.SentAt)
	require.Empty(t, s.events(event.Facts), "leaving is no news")
	_, err := s.bills.ReportPaymentTwin(s.ctx, machine, p.ID, order.Twin{SentAt: leaving.Add(time.Second)})
	require.ErrorIs(t, err, order.ErrSending, "one push at a time")
	got := twin(order.Twin{Problem: "no such customer"})
	require.True(t, got.ERP.SentAt.IsZero())
	require.Equal(t, []string{"payment.linked"}, types(s.events(event.Facts), ""))
	got = twin(order.Twin{ID: "7", Number: "BNK/7", State: "posted", Sequence: 3})
	require.Equal(t, order.Twin{ID: "7", Number: "BNK/7", State: "posted", Sequence: 3, At: s.clock()}, got.ERP)
	require.Equal(t, got, twin(order.Twin{ID: "7"}), "the same again changes nothing")
	require.Equal(t, got, twin(order.Twin{Problem: "cannot be read"}), "it is there")
	_, err = s.bills.ReportPaymentTwin(s.ctx, operator, p.ID, order.Twin{ID: "7"})
	require.ErrorIs(t, err, access.ErrForbidden)
	_, err = s.bills.ReportPaymentTwin(s.ctx, stranger, p.ID, order.Twin{ID: "7"})
	require.ErrorIs(t, err, billing.ErrNoPayment)
	s.audit()
}
