package billing_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/comptoir-go/comptoir/access"
	"github.com/comptoir-go/comptoir/billing"
	"github.com/comptoir-go/comptoir/fault"
	"github.com/comptoir-go/comptoir/money"
	"github.com/comptoir-go/comptoir/partner"
	"github.com/comptoir-go/comptoir/pricing"
	"github.com/comptoir-go/comptoir/store"
	"github.com/comptoir-go/comptoir/uow"
)

// ledger reads what the shop recorded.
func (s *shop) ledger() *pricing.Turnovers {
	return pricing.NewTurnovers(uow.Narrow(s.store, func(tx store.Tx) pricing.TurnoverTx { return tx }), &pricing.TurnoverOptions{Now: s.clock})
}

// turnover is what nord bought in a family up to the end of 2027.
func (s *shop) turnover(family string) money.Amount {
	s.t.Helper()
	sum, err := s.ledger().Of(s.ctx, operator, pricing.TurnoverQuery{Partner: "nord", Currency: money.EUR, Family: family,
		Window: pricing.Window{Kind: pricing.DaysWindow, Days: 3660}, Day: partner.MustDate("2027-12-31")})
	require.NoError(s.t, err)
	return sum
}

// entries are all of them, the oldest first.
func (s *shop) entries() []pricing.TurnoverEntry {
	s.t.Helper()
	page, err := s.ledger().Find(s.ctx, operator, pricing.TurnoverSearch{Oldest: true, Page: uow.PageRequest{Limit: uow.MaxPage}})
	require.NoError(s.t, err)
	require.Empty(s.t, page.Next)
	return page.Rows
}

// turnoverAgrees holds the ledger against the documents counted anew: in whole,
// by day, and where nothing but the lines makes the net, by family.
func (s *shop) turnoverAgrees() {
	s.t.Helper()
	want, got := map[string]int64{}, map[string]int64{}
	page, err := s.bills.Find(s.ctx, operator, billing.Query{Page: uow.PageRequest{Limit: uow.MaxPage}})
	require.NoError(s.t, err)
	require.Empty(s.t, page.Next)
	for _, h := range page.Rows {
		d := s.doc(h.ID)
		sign := int64(1)
		if d.Void {
			continue
		}
		if d.Kind == billing.CreditNote {
			sign = -1
		}
		at := fmt.Sprint(d.Partner, " ", d.Issued)
		want[at] += sign * d.Totals.Net.Minor()
		for _, l := range d.Lines {
			base := l.Net.Minor()
			for _, x := range l.Shares {
				base += x.Minor()
			}
			want[at+" "+skuOf("goods/"+strings.ToLower(string(l.SKU)))] += sign * base
		}
	}
	for _, e := range s.entries() {
		at := fmt.Sprint(e.Partner, " ", e.Day)
		got[at] += e.Net.Minor()
		for _, p := range e.Parts {
			got[at+" "+skuOf(p.Family)] += p.Net.Minor()
		}
	}
	for _, m := range []map[string]int64{want, got} {
		for k, n := range m {
			if n == 0 {
				delete(m, k)
			}
		}
	}
	require.Equal(s.t, want, got)
}

// skuOf is the article of a family of the tests, "none" for one that is not in
// the catalog.
func skuOf(family string) string {
	for _, sku := range []string{"OVEN", "GASKET", "THIRD", "BOLT", "BOOK", "STAMP", "FEE", "SPARE", "FAULT", "LAMP"} {
		if "goods/"+strings.ToLower(sku) == family {
			return sku
		}
	}
	return "none"
}

func TestTurnoverOfOurOwnDocuments(t *testing.T) {
	s := newShop(t, settings{adjust: []pricing.Adjustment{{Code: "promo", Amount: eur("-0.10")}, {Code: "freight", Amount: eur("9.90")}}})
	o := s.sold(buyer, "3 THIRD", "1 OVEN")
	s.ship(o.ID, "2", "1")
	inv := s.issued(o.ID)
	require.Equal(t, inv.Totals.Net, s.turnover(""))
	require.Equal(t, inv.Totals.Net, s.turnover("goods"), "allowances and charges stand with the goods")
	s.pass(1)
	c := s.credited(inv.ID, "1")
	es := s.entries()
	require.Len(t, es, 2)
	require.Equal(t, pricing.TurnoverDocument{Kind: "invoice", ID: string(inv.ID), Number: inv.Number}, es[0].Document)
	require.Equal(t, pricing.TurnoverDocument{Kind: "invoice", ID: string(c.ID), Number: c.Number, Corrects: string(inv.ID)}, es[1].Document)
	require.Equal(t, c.Totals.Net.Neg(), es[1].Net)
	require.Equal(t, c.Issued, es[1].Day)
	s.turnoverAgrees()
	s.credited(inv.ID)
	require.True(t, s.turnover("").IsZero())
	s.turnoverAgrees()
}

func TestTurnoverOfMirrors(t *testing.T) {
	s := newShop(t, settings{bills: mirrors()})
	o := s.sold(buyer, "3 THIRD", "1 OVEN")
	in := report(o, "E1", "2", "1")
	in.Lines = append(in.Lines, billing.Line{Name: "Handling", SKU: "UNHEARD-OF", Quantity: money.QuantityOf(1), Net: eur("10.00"), Category: "S", Rate: money.RateOf(20)})
	in.Totals.Net = eur("720.00") // the ERP's own arithmetic: 3.34 more
	d := s.mirrored(in)
	require.Equal(t, eur("720.00"), s.turnover(""))
	require.Equal(t, "goods/oven", s.entries()[0].Parts[1].Family)
	require.Equal(t, "", s.entries()[0].Parts[0].Family)

	in.Twin.Sequence = 2
	s.mirrored(in)
	require.Len(t, s.entries(), 1, "the same again")

	in.Twin.Sequence, in.Issued = 3, partner.MustDate("2026-11-30")
	in.Totals.Net = eur("716.66")
	s.mirrored(in)
	require.Len(t, s.entries(), 3, "off the old day, on the new one")
	s.turnoverOn("2026-11-22", 0)
	s.turnoverOn("2026-11-30", 716_66)

	in.Twin.Sequence, in.Void = 4, true
	s.mirrored(in)
	require.True(t, s.turnover("").IsZero())
	in.Twin.Sequence, in.Void = 5, false
	s.mirrored(in)
	require.Equal(t, eur("716.66"), s.turnover(""))

	note := report(o, "C1", "1")
	note.Kind, note.Corrects = billing.CreditNote, "E1"
	s.mirrored(note)
	require.Equal(t, eur("683.33"), s.turnover(""))
	for _, e := range s.entries() {
		if e.Document.Number == "ERP-C1" {
			require.Equal(t, string(d.ID), e.Document.Corrects)
			require.Equal(t, eur("-33.33"), e.Net)
		}
	}
	s.turnoverAgrees()
}

func (s *shop) turnoverOn(day string, want int64) {
	s.t.Helper()
	sum, err := s.ledger().Of(s.ctx, operator, pricing.TurnoverQuery{Partner: "nord", Currency: money.EUR,
		Window: pricing.Window{Kind: pricing.DaysWindow, Days: 1}, Day: partner.MustDate(day)})
	require.NoError(s.t, err)
	require.Equal(s.t, want, sum.Minor())
}

// Where what is delivered counts, documents make no turnover; see package order.
func TestTurnoverDeliveredIsNotInvoiced(t *testing.T) {
	opts := here()
	opts.Turnover = pricing.TurnoverDelivered
	s := newShop(t, settings{bills: opts})
	o := s.sold(buyer, "1 OVEN")
	s.ship(o.ID)
	d := s.issued(o.ID)
	made, err := s.bills.RecordTurnover(s.ctx, machine, d.ID)
	require.NoError(t, err)
	require.Empty(t, made)
	require.Empty(t, s.entries())

	_, err = billing.NewService(nil, nil, &billing.Options{Turnover: "dreamt"})
	require.ErrorIs(t, err, billing.ErrSettings)
	require.Equal(t, "turnover", fault.IssuesOf(err)[0].Path)
}

// A document from before the ledger was kept is recorded once.
func TestTurnoverOfAnOlderDocument(t *testing.T) {
	s := newShop(t, settings{bills: mirrors()})
	o := s.sold(buyer, "1 OVEN")
	d := s.mirrored(report(o, "E1", "1"))
	old := d
	old.ID, old.Version, old.Number, old.ERP.ID = "older", 0, "OLD-1", "old"
	s.update(func(ctx context.Context, tx store.Tx) error {
		_, err := tx.Invoices().Save(ctx, old)
		return err
	})
	_, err := s.bills.RecordTurnover(s.ctx, stranger, "older")
	require.ErrorIs(t, err, billing.ErrNotFound)
	_, err = s.bills.RecordTurnover(s.ctx, buyer, "older")
	require.ErrorIs(t, err, access.ErrForbidden)
	for _, want := range []int{1, 0} {
		made, err := s.bills.RecordTurnover(s.ctx, machine, "older")
		require.NoError(t, err)
		require.Len(t, made, want)
	}
	require.Equal(t, eur("1280.00"), s.turnover(""))
	s.turnoverAgrees()
}

// A transaction that fails leaves no entry behind.
func TestTurnoverGoesWithItsTransaction(t *testing.T) {
	s := newShop(t, settings{})
	o := s.sold(buyer, "1 OVEN")
	s.ship(o.ID)
	failed := fault.Define(fault.Internal, "test.failed", "on purpose")
	err := s.store.Update(s.ctx, func(ctx context.Context, tx store.Tx) error {
		if _, err := s.bills.IssueTx(ctx, tx, operator, billing.IssueInput{Orders: []billing.OrderVersion{{Order: o.ID}}}); err != nil {
			return err
		}
		return failed
	})
	require.ErrorIs(t, err, failed)
	require.Empty(t, s.entries())
	s.pass(1)
	d := s.issued(o.ID)
	require.Equal(t, startTime.AddDate(0, 0, 1).Truncate(time.Microsecond), s.entries()[0].Known)
	require.Equal(t, string(d.ID), s.entries()[0].Document.ID)
}
