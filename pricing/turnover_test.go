package pricing_test

import (
	"context"
	"fmt"
	"math"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/comptoir-go/comptoir/access"
	"github.com/comptoir-go/comptoir/catalog"
	"github.com/comptoir-go/comptoir/fault"
	"github.com/comptoir-go/comptoir/money"
	"github.com/comptoir-go/comptoir/partner"
	"github.com/comptoir-go/comptoir/pricing"
)

func record(t require.TestingT, l *pricing.Turnovers, j *journal, in pricing.TurnoverInput) []pricing.TurnoverEntry {
	var out []pricing.TurnoverEntry
	require.NoError(t, j.Update(context.Background(), func(ctx context.Context, tx pricing.TurnoverTx) (err error) {
		out, err = l.RecordTx(ctx, tx, in)
		return err
	}))
	return out
}

func ask(t require.TestingT, l *pricing.Turnovers, family string, w pricing.Window, on string) money.Amount {
	sum, err := l.Of(context.Background(), clerk, pricing.TurnoverQuery{Partner: "p1", Currency: money.EUR, Window: w, Family: family, Day: day(on)})
	require.NoError(t, err)
	return sum
}

var year = pricing.Window{Kind: pricing.YearWindow}

func TestTurnoverRecordsTheDifference(t *testing.T) {
	j := newJournal()
	l := pricing.NewTurnovers(j, &pricing.TurnoverOptions{Now: ticking()})
	first := record(t, l, j, bill("i1", "2026-02-03", "sku-0", 10_000))
	require.Len(t, first, 1)
	require.Equal(t, int64(1), first[0].Revision)
	require.Equal(t, []pricing.TurnoverPart{{Family: "kitchen/ovens", Net: eur(10_000)}}, first[0].Parts)
	require.Empty(t, record(t, l, j, bill("i1", "2026-02-03", "sku-0", 10_000)), "the same again")

	less := record(t, l, j, bill("i1", "2026-02-03", "sku-0", 7_000))
	require.Len(t, less, 1)
	require.Equal(t, eur(-3_000), less[0].Net)
	require.Equal(t, int64(2), less[0].Revision)

	moved := record(t, l, j, bill("i1", "2026-03-01", "sku-0", 7_000))
	require.Len(t, moved, 2, "taken back on the old day, there on the new one")
	require.Equal(t, []money.Amount{eur(-7_000), eur(7_000)}, []money.Amount{moved[0].Net, moved[1].Net})
	require.Equal(t, eur(0), ask(t, l, "", pricing.Window{Kind: pricing.MonthWindow}, "2026-02-28"))
	require.Equal(t, eur(7_000), ask(t, l, "", pricing.Window{Kind: pricing.MonthWindow}, "2026-03-31"))

	gone := record(t, l, j, void(bill("i1", "2026-03-01", "sku-0", 0)))
	require.Len(t, gone, 1)
	require.Equal(t, eur(0), ask(t, l, "", year, "2026-12-31"))
	require.Len(t, j.entries, 5, "history stays")
}

func TestTurnoverFamilies(t *testing.T) {
	j := newJournal()
	l := pricing.NewTurnovers(j, nil)
	in := bill("i1", "2026-02-03", "sku-0", 10_000)
	in.Lines = append(in.Lines,
		pricing.TurnoverLine{Product: "product-1", SKU: "sku-1", Net: eur(3_000)},
		pricing.TurnoverLine{SKU: "sku-2", Net: eur(500)},
		pricing.TurnoverLine{SKU: "unheard-of", Net: eur(400)},
		pricing.TurnoverLine{Net: eur(100)}) // freight
	in.Net = eur(14_000)
	record(t, l, j, in)
	require.Equal(t, 2, j.shelf.reads, "one read by id and one by number, whatever the lines")
	require.Equal(t, eur(14_000), ask(t, l, "", year, "2026-12-31"))
	require.Equal(t, eur(13_000), ask(t, l, "kitchen", year, "2026-12-31"), "kitchenware is another family")
	require.Equal(t, eur(10_000), ask(t, l, "kitchen/ovens", year, "2026-12-31"))
	require.Equal(t, eur(0), ask(t, l, "kitchen/ovens/steam", year, "2026-12-31"))

	// The product moves to another family; what was recorded does not, and
	// neither does its credit note.
	j.shelf.products[0].Family = catalog.Family{Super: "garden"}
	record(t, l, j, creditOf("i1", "c1", "2026-02-04", "sku-0", 1_000))
	require.Equal(t, eur(9_000), ask(t, l, "kitchen/ovens", year, "2026-12-31"))
	require.Equal(t, eur(0), ask(t, l, "garden", year, "2026-12-31"))
}

func TestTurnoverSharesWhatStandsOnTheWhole(t *testing.T) {
	j := newJournal()
	l := pricing.NewTurnovers(j, nil)
	in := bill("i1", "2026-02-03", "sku-0", 10_000)
	in.Lines = append(in.Lines, pricing.TurnoverLine{SKU: "sku-1", Net: eur(5_000)})
	in.Net = eur(14_999) // an allowance of 0.01
	got := record(t, l, j, in)
	require.Equal(t, []pricing.TurnoverPart{{Family: "kitchen/ovens", Net: eur(9_999)}, {Family: "kitchen/sinks", Net: eur(5_000)}}, got[0].Parts)

	none := void(bill("i2", "2026-02-03", "", 0))
	none.Net = eur(-250)
	got = record(t, l, j, none)
	require.Equal(t, []pricing.TurnoverPart{{Net: eur(-250)}}, got[0].Parts, "nothing bears it: no family")
}

func TestTurnoverAsKnown(t *testing.T) {
	j := newJournal()
	l := pricing.NewTurnovers(j, &pricing.TurnoverOptions{Now: ticking()})
	record(t, l, j, bill("i1", "2026-01-10", "sku-0", 10_000))
	then := j.entries[0].Known
	record(t, l, j, bill("late", "2026-01-05", "sku-0", 500))
	record(t, l, j, bill("i1", "2026-01-10", "sku-0", 9_000))
	q := pricing.TurnoverQuery{Partner: "p1", Currency: money.EUR, Window: year, Day: day("2026-12-31"), Known: then}
	sum, err := l.Of(context.Background(), clerk, q)
	require.NoError(t, err)
	require.Equal(t, eur(10_000), sum)
	q.Known = time.Time{}
	sum, err = l.Of(context.Background(), clerk, q)
	require.NoError(t, err)
	require.Equal(t, eur(9_500), sum)
}

// A clock that was set back does not put a change before what it changes.
func TestTurnoverKnownNeverGoesBack(t *testing.T) {
	j := newJournal()
	at := noon
	l := pricing.NewTurnovers(j, &pricing.TurnoverOptions{Now: func() time.Time { return at }})
	record(t, l, j, bill("i1", "2026-01-10", "sku-0", 10_000))
	at = noon.Add(-time.Hour)
	got := record(t, l, j, bill("i1", "2026-01-10", "sku-0", 1_000))
	require.Equal(t, noon, got[0].Known)
}

func TestTurnoverWindows(t *testing.T) {
	j := newJournal()
	l := pricing.NewTurnovers(j, nil)
	record(t, l, j, bill("i1", "2025-12-31", "sku-0", 1))
	record(t, l, j, bill("i2", "2026-01-01", "sku-0", 20))
	record(t, l, j, bill("i3", "2026-04-01", "sku-1", 300))
	record(t, l, j, bill("i4", "2026-05-31", "sku-0", 4_000))
	record(t, l, j, bill("i5", "2026-06-01", "sku-0", 50_000))
	yen := bill("y", "2026-05-02", "sku-0", 0)
	yen.Net = money.FromMinor(7, money.JPY)
	yen.Lines[0].Net = yen.Net
	record(t, l, j, yen)
	windows := []pricing.AskedWindow{{Window: year}, {Window: pricing.Window{Kind: pricing.QuarterWindow}},
		{Window: pricing.Window{Kind: pricing.MonthWindow}}, {Window: pricing.Window{Kind: pricing.DaysWindow, Days: 151}, Family: "kitchen/ovens"},
		{Window: pricing.Window{Kind: pricing.AgreementWindow, Agreement: "a1"}}, {Window: pricing.Window{Kind: pricing.AgreementWindow, Agreement: "none"}}}
	begun := map[partner.AgreementID]partner.Date{"a1": day("2024-12-31")}
	var got []pricing.WindowTurnover
	require.NoError(t, j.View(context.Background(), func(ctx context.Context, tx pricing.TurnoverTx) (err error) {
		j.finds = 0
		got, err = l.WindowsTx(ctx, tx, pricing.WindowsInput{Partner: "p1", Windows: windows, Day: day("2026-05-31"), Begun: begun})
		require.Equal(t, 1, j.finds, "one walk for all")
		return err
	}))
	jpy := func(window, family string) pricing.WindowTurnover {
		return pricing.WindowTurnover{Window: window, Family: family, Amount: yen.Net}
	}
	require.Equal(t, []pricing.WindowTurnover{
		{Window: "year", Amount: eur(4_320)}, jpy("year", ""),
		{Window: "quarter", Amount: eur(4_300)}, jpy("quarter", ""),
		{Window: "month", Amount: eur(4_000)}, jpy("month", ""),
		{Window: "days:151", Family: "kitchen/ovens", Amount: eur(4_020)}, jpy("days:151", "kitchen/ovens"),
		{Window: "agreement:a1", Amount: eur(4_321)}, jpy("agreement:a1", ""),
		{Window: "agreement:none", Amount: eur(4_000)},
	}, got)
	// Each is what Of answers alone.
	for _, w := range got {
		window, err := pricing.ParseWindow(w.Window)
		require.NoError(t, err)
		sum, err := l.Of(context.Background(), clerk, pricing.TurnoverQuery{Partner: "p1", Currency: w.Amount.Currency(), Window: window,
			Family: w.Family, Day: day("2026-05-31"), Begun: begun[window.Agreement]})
		require.NoError(t, err)
		require.Equal(t, w.Amount, sum, w.Window)
	}
}

func TestTurnoverReadsInPages(t *testing.T) {
	j := newJournal()
	l := pricing.NewTurnovers(j, nil)
	for i := range 1_001 {
		in := bill(fmt.Sprint("i", i), "2026-01-10", "sku-0", 1)
		in.New = true
		record(t, l, j, in)
	}
	j.finds = 0
	require.Equal(t, eur(1_001), ask(t, l, "", year, "2026-12-31"))
	require.Equal(t, 3, j.finds)
	// A document that was changed more often than a page holds.
	for i := range 600 {
		record(t, l, j, bill("busy", "2026-02-10", "sku-0", int64(i+1)))
	}
	require.Len(t, record(t, l, j, void(bill("busy", "2026-02-10", "sku-0", 0))), 1)
	require.Equal(t, eur(1_001), ask(t, l, "", year, "2026-12-31"))
}

// A tenant that changed the basis counts no document twice.
func TestTurnoverBasis(t *testing.T) {
	j := newJournal()
	record(t, pricing.NewTurnovers(j, nil), j, bill("i1", "2026-02-03", "sku-0", 1))
	parcel := bill("d1", "2026-02-03", "sku-0", 20)
	parcel.Document.Kind = pricing.DeliveryTurnover
	record(t, pricing.NewTurnovers(j, nil), j, parcel)
	for basis, want := range map[pricing.TurnoverBasis]int64{"": 21, pricing.TurnoverInvoiced: 1, pricing.TurnoverDelivered: 20} {
		l := pricing.NewTurnovers(j, &pricing.TurnoverOptions{Basis: basis})
		require.Equal(t, eur(want), ask(t, l, "", year, "2026-12-31"), basis)
		require.Equal(t, eur(want), propose(t, l, pricing.ProposeInput{Plan: plan(step(0, "1"))}).Turnover)
	}
}

func TestTurnoverRefuses(t *testing.T) {
	j := newJournal()
	l := pricing.NewTurnovers(j, nil)
	ctx := context.Background()
	bad := pricing.TurnoverInput{Lines: []pricing.TurnoverLine{{Net: eur(1)}}}
	_, err := l.RecordTx(ctx, j, bad)
	require.ErrorIs(t, err, pricing.ErrTurnover)
	require.Equal(t, []string{"document.kind", "document.id", "partner", "day", "net", "lines[0].net"}, paths(err))

	_, err = l.Of(ctx, clerk, pricing.TurnoverQuery{Window: pricing.Window{Kind: "century"}})
	require.ErrorIs(t, err, pricing.ErrTurnover)
	require.Equal(t, []string{"window", "partner", "currency"}, paths(err))

	record(t, l, j, bill("i1", "2026-02-03", "sku-0", 1))
	again := bill("i1", "2026-02-03", "sku-0", 2)
	again.New = true
	_, err = l.RecordTx(ctx, j, again)
	require.ErrorIs(t, err, pricing.ErrTurnoverExists)

	most := bill("most", "2026-02-03", "sku-0", math.MaxInt64)
	record(t, l, j, most)
	_, err = l.Of(ctx, clerk, pricing.TurnoverQuery{Partner: "p1", Currency: money.EUR, Window: year, Day: day("2026-12-31")})
	require.ErrorIs(t, err, money.ErrOverflow)
}

func TestTurnoverIsSeenByItsPartner(t *testing.T) {
	j := newJournal()
	l := pricing.NewTurnovers(j, nil)
	ctx := context.Background()
	record(t, l, j, bill("i1", "2026-02-03", "sku-0", 1))
	other := bill("i2", "2026-02-03", "sku-0", 2)
	other.Partner = "p2"
	record(t, l, j, other)
	own := access.Actor{ID: "m1", Partner: "p1", Roles: []access.Role{access.Purchaser}}
	page, err := l.Find(ctx, own, pricing.TurnoverSearch{})
	require.NoError(t, err)
	require.Len(t, page.Rows, 1)
	page, err = l.Find(ctx, own, pricing.TurnoverSearch{Partner: "p2"})
	require.NoError(t, err)
	require.Empty(t, page.Rows)
	page, err = l.Find(ctx, clerk, pricing.TurnoverSearch{})
	require.NoError(t, err)
	require.Len(t, page.Rows, 2)
	_, err = l.Of(ctx, own, pricing.TurnoverQuery{Partner: "p2", Currency: money.EUR, Window: year})
	require.ErrorIs(t, err, partner.ErrNotFound)
	_, err = l.Propose(ctx, own, pricing.ProposeInput{Partner: "p2"})
	require.ErrorIs(t, err, partner.ErrNotFound)
	sum, err := l.Of(ctx, own, pricing.TurnoverQuery{Partner: "p1", Currency: money.EUR, Window: year, Day: day("2026-12-31")})
	require.NoError(t, err)
	require.Equal(t, eur(1), sum)
}

func TestTurnoverRaces(t *testing.T) {
	j := newJournal()
	l := pricing.NewTurnovers(j, &pricing.TurnoverOptions{Now: ticking()})
	var wg sync.WaitGroup
	for i := range 8 {
		wg.Go(func() {
			for n := range 10 {
				record(t, l, j, bill(fmt.Sprint("i", i, "-", n), "2026-01-10", "sku-0", 1))
				record(t, l, j, bill("shared", "2026-01-10", "sku-0", int64(n+1)))
			}
		})
	}
	wg.Wait()
	record(t, l, j, bill("shared", "2026-01-10", "sku-0", 100))
	require.Equal(t, eur(180), ask(t, l, "", year, "2026-12-31"))
}

// Whatever documents are told and however they change, each window and family
// is the sum over the documents as they are last, and parts sum to their entry.
func TestTurnoverLaw(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		j := newJournal()
		l := pricing.NewTurnovers(j, &pricing.TurnoverOptions{Now: ticking()})
		last := map[string]pricing.TurnoverInput{}
		for range rapid.IntRange(1, 20).Draw(t, "acts") {
			in := anyDocument(t)
			last[in.Document.ID] = in
			record(t, l, j, in)
			require.Empty(t, record(t, l, j, in))
		}
		for _, e := range j.entries {
			sum := int64(0)
			for _, p := range e.Parts {
				sum += p.Net.Minor()
			}
			require.Equal(t, e.Net.Minor(), sum)
		}
		w := pricing.Window{Kind: pricing.DaysWindow, Days: rapid.IntRange(1, 60).Draw(t, "days")}
		until := day("2026-01-31").AddDays(rapid.IntRange(-20, 40).Draw(t, "until"))
		want := int64(0)
		for _, in := range last {
			if in.Partner != "p1" || in.Day.After(until) || in.Day.Before(w.Start(until, partner.Date{})) {
				continue
			}
			if in.Back {
				want -= in.Net.Minor()
			} else {
				want += in.Net.Minor()
			}
		}
		require.Equal(t, eur(want), ask(t, l, "", w, until.String()))
	})
}

// anyDocument is one of few documents in one of many states.
func anyDocument(t *rapid.T) pricing.TurnoverInput {
	n := rapid.IntRange(0, 4).Draw(t, "document")
	in := bill(fmt.Sprint("i", n), day("2026-01-15").AddDays(rapid.IntRange(0, 40).Draw(t, "day")).String(), "", 0)
	in.Partner = partner.ID(rapid.SampledFrom([]string{"p1", "p1", "p2"}).Draw(t, "partner"))
	if n > 2 {
		in.Back, in.Document.Corrects = true, fmt.Sprint("i", rapid.IntRange(0, 2).Draw(t, "corrects"))
	}
	in.Lines = nil
	if rapid.IntRange(0, 4).Draw(t, "void") == 0 {
		return in
	}
	sum := int64(0)
	for range rapid.IntRange(0, 4).Draw(t, "lines") {
		x := rapid.Int64Range(-500, 5_000).Draw(t, "net")
		sku := rapid.SampledFrom([]string{"sku-0", "sku-1", "sku-2", "sku-3", "unheard-of", ""}).Draw(t, "sku")
		in.Lines = append(in.Lines, pricing.TurnoverLine{SKU: catalog.SKU(sku), Net: eur(x)})
		sum += x
	}
	in.Net = eur(sum + rapid.Int64Range(-300, 300).Draw(t, "whole"))
	return in
}

func paths(err error) []string {
	var out []string
	for _, i := range fault.IssuesOf(err) {
		out = append(out, i.Path)
	}
	return out
}
