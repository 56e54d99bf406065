package pricing

import (
	"context"
	"slices"
	"time"

	"github.com/comptoir-go/comptoir/money"
	"github.com/comptoir-go/comptoir/partner"
)

// WindowsInput asks for the turnover of several windows that end with one day.
type WindowsInput struct {
	Partner partner.ID
	Windows []AskedWindow
	// Day is the last of every window.
	Day partner.Date
	// Begun are the first days of agreements; a window of one that is not there
	// is the day alone.
	Begun map[partner.AgreementID]partner.Date
	// Known leaves out what was recorded after it; none is all that is known.
	Known time.Time
}

// WindowsTx returns the turnover of windows as a basket's facts have it, in
// every currency in which there is one: the windows in the order asked for, and
// of one window the currencies ascending. It is for whoever makes baskets and
// asks nobody who may read. All windows are summed in one walk over the entries
// of the longest: a read per 500 entries, and the memory of a page.
//
// Errors: money.ErrOverflow.
func (t *Turnovers) WindowsTx(ctx context.Context, tx TurnoverTx, in WindowsInput) ([]WindowTurnover, error) {
	if len(in.Windows) == 0 {
		return nil, nil
	}
	starts := make([]partner.Date, len(in.Windows))
	first := in.Day
	for i, w := range in.Windows {
		starts[i] = w.Window.Start(in.Day, in.Begun[w.Window.Agreement])
		if starts[i].Before(first) {
			first = starts[i]
		}
	}
	sums := make([]map[money.Currency]money.Amount, len(in.Windows))
	err := t.each(ctx, tx, TurnoverSearch{Partner: in.Partner, From: first, Until: in.Day, Known: in.Known}, func(e *TurnoverEntry) error {
		for i, w := range in.Windows {
			if e.Day.Before(starts[i]) {
				continue
			}
			x, err := e.In(w.Family)
			if err != nil {
				return err
			}
			if sums[i] == nil {
				sums[i] = map[money.Currency]money.Amount{}
			}
			sum, ok := sums[i][x.Currency()]
			if !ok {
				sum = money.Zero(x.Currency())
			}
			if sums[i][x.Currency()], err = sum.Add(x); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	var out []WindowTurnover
	for i, w := range in.Windows {
		from := len(out)
		for _, sum := range sums[i] {
			if !sum.IsZero() {
				out = append(out, WindowTurnover{Window: w.Window.String(), Family: w.Family, Amount: sum})
			}
		}
		slices.SortFunc(out[from:], func(a, b WindowTurnover) int {
			if a.Amount.Currency().Code() < b.Amount.Currency().Code() {
				return -1
			}
			return 1
		})
	}
	return out, nil
}
