package pricing_test

import (
	"context"
	"fmt"
	"time"

	"github.com/comptoir-go/comptoir/access"
	"github.com/comptoir-go/comptoir/money"
	"github.com/comptoir-go/comptoir/partner"
	"github.com/comptoir-go/comptoir/pricing"
)

// What billing records in the transaction of an invoice, and what is asked of
// it later.
func ExampleNewTurnovers() {
	ctx := context.Background()
	ledger := newJournal() // a store's transactions
	turnovers := pricing.NewTurnovers(ledger, &pricing.TurnoverOptions{Now: func() time.Time { return noon.AddDate(0, 0, 20) }})
	err := ledger.Update(ctx, func(ctx context.Context, tx pricing.TurnoverTx) error {
		return recordAll(ctx, turnovers, tx,
			bill("i1", "2026-01-15", "sku-0", 1_200_00),
			bill("i2", "2026-02-20", "sku-1", 800_00),
			creditOf("i1", "c1", "2026-02-27", "sku-0", 200_00))
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	operator := access.Actor{ID: "odile", Roles: []access.Role{access.Operator}}
	for _, q := range []pricing.TurnoverQuery{
		{Window: pricing.Window{Kind: pricing.YearWindow}},
		{Window: pricing.Window{Kind: pricing.MonthWindow}, Day: partner.MustDate("2026-02-28")},
		{Window: pricing.Window{Kind: pricing.YearWindow}, Family: "kitchen/ovens"},
	} {
		q.Partner, q.Currency = "p1", money.EUR
		sum, err := turnovers.Of(ctx, operator, q)
		fmt.Println(q.Window, q.Family, sum, err)
	}
	// Output:
	// year  1800.00 EUR <nil>
	// month  600.00 EUR <nil>
	// year kitchen/ovens 1000.00 EUR <nil>
}

// A document that came late counts now, and did not count then.
func ExampleTurnovers_Of() {
	ctx := context.Background()
	ledger := newJournal()
	turnovers := pricing.NewTurnovers(ledger, &pricing.TurnoverOptions{Now: ticking()})
	if err := recordAll(ctx, turnovers, ledger, bill("i1", "2026-01-15", "sku-0", 1_200_00)); err != nil {
		fmt.Println(err)
		return
	}
	then := ledger.entries[0].Known
	if err := recordAll(ctx, turnovers, ledger, bill("late", "2026-01-10", "sku-1", 300_00)); err != nil {
		fmt.Println(err)
		return
	}
	member := access.Actor{ID: "m1", Partner: "p1", Roles: []access.Role{access.Purchaser}}
	q := pricing.TurnoverQuery{Partner: "p1", Currency: money.EUR, Window: pricing.Window{Kind: pricing.YearWindow}, Day: partner.MustDate("2026-12-31")}
	for _, known := range []time.Time{then, {}} {
		q.Known = known
		fmt.Println(turnovers.Of(ctx, member, q))
	}
	// Output:
	// 1200.00 EUR <nil>
	// 1500.00 EUR <nil>
}

func recordAll(ctx context.Context, l *pricing.Turnovers, tx pricing.TurnoverTx, docs ...pricing.TurnoverInput) error {
	for _, in := range docs {
		if _, err := l.RecordTx(ctx, tx, in); err != nil {
			return err
		}
	}
	return nil
}

// A document that is recorded again adds the difference only.
func ExampleTurnovers_RecordTx() {
	ctx := context.Background()
	ledger := newJournal()
	turnovers := pricing.NewTurnovers(ledger, nil)
	for _, net := range []int64{1_200_00, 1_200_00, 1_150_00} {
		entries, err := turnovers.RecordTx(ctx, ledger, bill("i1", "2026-01-15", "sku-0", net))
		for _, e := range entries {
			fmt.Println(e.Revision, e.Day, e.Net, e.Parts)
		}
		fmt.Println(len(entries), err)
	}
	// Output:
	// 1 2026-01-15 1200.00 EUR [{kitchen/ovens 1200.00 EUR}]
	// 1 <nil>
	// 0 <nil>
	// 2 2026-01-15 -50.00 EUR [{kitchen/ovens -50.00 EUR}]
	// 1 <nil>
}

// A list of what was recorded, the newest day first.
func ExampleTurnovers_Find() {
	ctx := context.Background()
	ledger := newJournal()
	turnovers := pricing.NewTurnovers(ledger, nil)
	if err := recordAll(ctx, turnovers, ledger, bill("i1", "2026-01-15", "sku-0", 1_200_00), bill("i2", "2026-02-20", "sku-1", 800_00)); err != nil {
		fmt.Println(err)
		return
	}
	member := access.Actor{ID: "m1", Partner: "p1", Roles: []access.Role{access.Purchaser}}
	page, err := turnovers.Find(ctx, member, pricing.TurnoverSearch{From: partner.MustDate("2026-01-01")})
	for _, e := range page.Rows {
		fmt.Println(e.Day, e.Document.Number, e.Net)
	}
	fmt.Println(err)
	// Output:
	// 2026-02-20 N-i2 800.00 EUR
	// 2026-01-15 N-i1 1200.00 EUR
	// <nil>
}

// A rebate at the end of the year, of which a part was given in summer.
func ExampleTurnovers_Propose() {
	ctx := context.Background()
	ledger := newJournal()
	turnovers := pricing.NewTurnovers(ledger, nil)
	if err := recordAll(ctx, turnovers, ledger, bill("i1", "2026-01-15", "sku-0", 12_000_00), bill("i2", "2026-09-20", "sku-1", 18_000_00)); err != nil {
		fmt.Println(err)
		return
	}
	operator := access.Actor{ID: "odile", Roles: []access.Role{access.Operator}}
	p, err := turnovers.Propose(ctx, operator, pricing.ProposeInput{
		Plan: pricing.RebatePlan{Code: "BONUS-2026", Window: pricing.Window{Kind: pricing.YearWindow}, Ladder: pricing.Ladder{
			Mode: pricing.WholeLadder,
			Steps: []pricing.LadderStep{
				{From: money.MustAmount("10000", money.EUR), Percent: money.MustRate("2")},
				{From: money.MustAmount("25000", money.EUR), Percent: money.MustRate("3")},
				{From: money.MustAmount("50000", money.EUR), Percent: money.MustRate("5")},
			}}},
		Partner: "p1", Day: partner.MustDate("2026-12-31"), Granted: money.MustAmount("240", money.EUR),
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, line := range p.Text() {
		fmt.Println(line)
	}
	// Output:
	// BONUS-2026: turnover of p1 from 2026-01-01 to 2026-12-31 is 30000.00 EUR
	// 3 % of 30000.00 EUR is 900.00 EUR
	// earned 900.00 EUR, granted before 240.00 EUR
	// due 660.00 EUR
	// N-i1 of 2026-01-15: 264.00 EUR on 12000.00 EUR
	// N-i2 of 2026-09-20: 396.00 EUR on 18000.00 EUR
	// 20000.00 EUR more reach 5 % from 50000.00 EUR and earn 1600.00 EUR more
}

// The whole turnover gets the rate of the step, or each slice its own.
func ExampleLadder_Rebate() {
	steps := []pricing.LadderStep{
		{From: money.MustAmount("10000", money.EUR), Percent: money.MustRate("2")},
		{From: money.MustAmount("25000", money.EUR), Percent: money.MustRate("3.5")},
	}
	for _, mode := range []pricing.LadderMode{pricing.WholeLadder, pricing.MarginalLadder} {
		l := pricing.Ladder{Mode: mode, Steps: steps}
		rebate, err := l.Rebate(money.MustAmount("30000", money.EUR))
		fmt.Println(mode, rebate, err)
	}
	// Output:
	// whole 1050.00 EUR <nil>
	// marginal 475.00 EUR <nil>
}
