package billing_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/comptoir-go/comptoir/access"
	"github.com/comptoir-go/comptoir/billing"
	"github.com/comptoir-go/comptoir/fault"
	"github.com/comptoir-go/comptoir/partner"
	"github.com/comptoir-go/comptoir/store"
	"github.com/comptoir-go/comptoir/store/memstore"
	"github.com/comptoir-go/comptoir/uow"
)

// register is billing of one seller over a store, numbers and chain only.
type register struct {
	t     testing.TB
	run   uow.Runner[billing.Tx]
	bills *billing.Service
	now   time.Time
	made  atomic.Int64
}

var (
	auditor   = access.Actor{ID: "vera", Roles: []access.Role{access.Operator}}
	outsider  = access.Actor{ID: "bruno", Partner: "nord", Roles: []access.Role{access.Accountant}}
	continued = billing.Series{ID: "invoices", Seller: "acme", Kind: billing.Invoice, Pattern: "{year}-{month}-{seq:9}"}
)

func newRegister(t testing.TB, series ...billing.Series) *register {
	t.Helper()
	r := &register{t: t, now: time.Date(2026, 11, 22, 10, 0, 0, 0, time.UTC)}
	st := memstore.New(&memstore.Options{Now: func() time.Time { return r.now }})
	t.Cleanup(func() { require.NoError(t, st.Close()) })
	tenant, err := st.For("fr")
	require.NoError(t, err)
	r.run = uow.Narrow(tenant, func(tx store.Tx) billing.Tx { return tx })
	r.bills, err = billing.NewService(r.run, nil, &billing.Options{Now: func() time.Time { return r.now }, Series: series,
		Sellers: []billing.Seller{{ID: "acme", Name: "Acme"}}, Issuers: []billing.IssuerRule{{Issuer: billing.Here}}})
	require.NoError(t, err)
	return r
}

// issue numbers and saves one plain record; then fails with fail, if any.
func (r *register) issue(s billing.Series, issued string, fail error) (billing.Document, error) {
	n := int(r.made.Add(1))
	return uow.Do(context.Background(), r.run, func(ctx context.Context, tx billing.Tx) (billing.Document, error) {
		d := plainRecord(n, issued)
		d.Kind = s.Kind
		if err := r.bills.Freeze(ctx, tx, &d, s); err != nil {
			return d, err
		}
		d, err := tx.Invoices().Save(ctx, d)
		if err != nil {
			return d, err
		}
		return d, fail
	})
}

func (r *register) must(s billing.Series, issued string) billing.Document {
	r.t.Helper()
	d, err := r.issue(s, issued, nil)
	require.NoError(r.t, err)
	return d
}

func (r *register) verify(s billing.Series) billing.Verification {
	r.t.Helper()
	v, err := r.bills.Verify(context.Background(), auditor, s.Seller, s.ID)
	require.NoError(r.t, err)
	return v
}

// A16 F3, A29 D33: the month is in front, the counter runs on over months.
func TestF3MonthPrefixWithOneCounter(t *testing.T) {
	r := newRegister(t, continued)
	var got []string
	for _, day := range []string{"2012-11-30", "2012-12-01", "2012-12-31", "2013-01-02", "2013-01-31", "2013-02-01", "2013-02-28", "2013-03-15"} {
		got = append(got, r.must(continued, day).Number)
	}
	require.Equal(t, []string{"2012-11-000000001", "2012-12-000000002", "2012-12-000000003", "2013-01-000000004",
		"2013-01-000000005", "2013-02-000000006", "2013-02-000000007", "2013-03-000000008"}, got)
	require.Nil(t, r.verify(continued).Broken)
}

func TestYearlyAndMonthlyReset(t *testing.T) {
	monthly := billing.Series{ID: "monthly", Seller: "acme", Kind: billing.Invoice, Pattern: "M{yy}{month}-{seq:2}", Reset: billing.MonthlyReset}
	r := newRegister(t, yearly, monthly)
	for _, c := range []struct{ day, year, month string }{
		{"2025-11-30", "INV-2025-000001", "M2511-01"}, {"2025-11-30", "INV-2025-000002", "M2511-02"},
		{"2025-12-31", "INV-2025-000003", "M2512-01"}, {"2026-01-01", "INV-2026-000001", "M2601-01"},
		{"2026-11-01", "INV-2026-000002", "M2611-01"}, {"2026-11-22", "INV-2026-000003", "M2611-02"},
	} {
		require.Equal(t, c.year, r.must(yearly, c.day).Number)
		require.Equal(t, c.month, r.must(monthly, c.day).Number)
	}
	require.Equal(t, int64(6), r.verify(yearly).Records)
	require.Equal(t, int64(6), r.verify(monthly).Records, "each series has a chain of its own")
	require.Nil(t, r.verify(yearly).Broken)
	require.Nil(t, r.verify(monthly).Broken)
}

// A reset that is changed on the way repeats no number and leaves none out.
func TestAResetChangedOnTheWay(t *testing.T) {
	r := newRegister(t, continued)
	s, seen := continued, map[string]bool{}
	for i, day := range []string{"2025-05-01", "2025-05-02", "2025-12-01", "2026-01-01", "2026-01-02", "2026-02-01", "2026-02-02", "2026-03-01"} {
		s.Reset = []billing.Reset{billing.NeverReset, billing.YearlyReset, billing.YearlyReset, billing.YearlyReset,
			billing.MonthlyReset, billing.MonthlyReset, billing.NeverReset, billing.YearlyReset}[i]
		n := r.must(s, day).Number
		require.False(t, seen[n], n)
		seen[n] = true
	}
	require.True(t, seen["2025-12-000000003"] && seen["2026-01-000000001"] && seen["2026-01-000000002"] &&
		seen["2026-02-000000001"] && seen["2026-02-000000002"] && seen["2026-03-000000003"], seen)
	require.Nil(t, r.verify(continued).Broken)
}

func TestTheIssueDateNeverGoesBack(t *testing.T) {
	r := newRegister(t, yearly)
	r.must(yearly, "2026-11-20")
	_, err := r.issue(yearly, "2026-11-19", nil)
	require.ErrorIs(t, err, billing.ErrDateBack)
	require.Equal(t, fault.Precondition, fault.KindOf(err))
	var f *fault.Error
	require.ErrorAs(t, err, &f)
	require.Equal(t, billing.DateBack{Series: "invoices", Issued: partner.MustDate("2026-11-19"), Last: partner.MustDate("2026-11-20")}, f.Data())
	r.must(yearly, "2026-11-20")
	for _, ahead := range []string{"2026-11-23", "2027-01-01"} {
		_, err = r.issue(yearly, ahead, nil)
		require.ErrorIs(t, err, billing.ErrIssued, ahead)
	}
	require.Equal(t, "INV-2026-000003", r.must(yearly, "2026-11-22").Number, "what was refused took no number")
}

func TestFreezeRefusesWhatIsNotOfTheSeries(t *testing.T) {
	r := newRegister(t, yearly)
	for name, change := range map[string]func(d *billing.Document){
		"seller": func(d *billing.Document) { d.Seller.ID = "other" },
		"kind":   func(d *billing.Document) { d.Kind = billing.CreditNote },
		"mirror": func(d *billing.Document) { d.Issuer = billing.ByERP },
		"no id":  func(d *billing.Document) { d.ID = "" },
	} {
		err := r.run.Update(context.Background(), func(ctx context.Context, tx billing.Tx) error {
			d := plainRecord(1, "2026-11-20")
			change(&d)
			return r.bills.Freeze(ctx, tx, &d, yearly)
		})
		require.ErrorIs(t, err, billing.ErrSeries, name)
	}
	err := r.run.Update(context.Background(), func(ctx context.Context, tx billing.Tx) error {
		d := plainRecord(1, "2026-11-20")
		d.Issued = partner.Date{}
		return r.bills.Freeze(ctx, tx, &d, yearly)
	})
	require.ErrorIs(t, err, billing.ErrIssued)
}

// 100 goroutines, of which every fifth gives up after it has taken a number:
// no gap, no repeat, and the chain is whole.
func TestHundredIssueAtOnce(t *testing.T) {
	r := newRegister(t, yearly)
	gaveUp := errors.New("gave up")
	var wg sync.WaitGroup
	var mu sync.Mutex
	numbers := map[string]bool{}
	for i := range 100 {
		wg.Go(func() {
			var fail error
			if i%5 == 0 {
				fail = gaveUp
			}
			d, err := r.issue(yearly, "2026-11-22", fail)
			mu.Lock()
			defer mu.Unlock()
			if fail == nil && err == nil {
				numbers[d.Number] = true
			} else if fail == nil || !errors.Is(err, gaveUp) {
				t.Errorf("issue %d: %v", i, err)
			}
		})
	}
	wg.Wait()
	require.Len(t, numbers, 80)
	for n := 1; n <= 80; n++ {
		require.True(t, numbers[fmt.Sprintf("INV-2026-%06d", n)], n)
	}
	v := r.verify(yearly)
	require.Nil(t, v.Broken)
	require.Equal(t, int64(80), v.Records)
	require.Equal(t, "2026-11-22", v.Issued.String())
}

// rewrite changes a stored record as somebody with access to the store would.
func (r *register) rewrite(number string, change func(d *billing.Document)) {
	r.t.Helper()
	require.NoError(r.t, r.run.Update(context.Background(), func(ctx context.Context, tx billing.Tx) error {
		d, err := tx.Invoices().ByNumber(ctx, "acme", number)
		if err != nil {
			return err
		}
		change(&d)
		_, err = tx.Invoices().Save(ctx, d)
		return err
	}))
}

// A chain of several pages, and a record changed on each.
func TestVerifyReadsPageByPage(t *testing.T) {
	r := newRegister(t, yearly)
	require.NoError(t, r.run.Update(context.Background(), func(ctx context.Context, tx billing.Tx) error {
		for n := range 400 {
			d := plainRecord(n+1, "2026-11-22")
			if err := r.bills.Freeze(ctx, tx, &d, yearly); err != nil {
				return err
			}
			if _, err := tx.Invoices().Save(ctx, d); err != nil {
				return err
			}
		}
		return nil
	}))
	v := r.verify(yearly)
	require.Nil(t, v.Broken)
	require.Equal(t, int64(400), v.Records)
	for _, n := range []int64{400, 399, 201, 200, 199, 1} {
		number := fmt.Sprintf("INV-2026-%06d", n)
		r.rewrite(number, func(d *billing.Document) { d.Note = "changed" })
		b := r.verify(yearly).Broken
		require.NotNil(t, b)
		require.Equal(t, n, b.Position)
		require.Equal(t, number, b.Number)
		require.Equal(t, billing.BreachHash, b.What)
	}
}

// What is paid or credited after the issue leaves the chain as it is.
func TestWhatHappensLaterBreaksNothing(t *testing.T) {
	r := newRegister(t, yearly)
	d := r.must(yearly, "2026-11-20")
	r.must(yearly, "2026-11-21")
	r.rewrite(d.Number, func(d *billing.Document) { d.Paid, d.Payment = d.Totals.Gross, "confirmed" })
	require.Nil(t, r.verify(yearly).Broken)
}

func TestVerifyIsForTheSellersSide(t *testing.T) {
	r := newRegister(t, yearly)
	ctx := context.Background()
	v, err := r.bills.Verify(ctx, auditor, "acme", "invoices")
	require.NoError(t, err, "a series that has no record yet is whole")
	require.Equal(t, billing.Verification{}, v)
	r.must(yearly, "2026-11-20")
	for _, a := range []access.Actor{{}, outsider} {
		_, err = r.bills.Verify(ctx, a, "acme", "invoices")
		require.ErrorIs(t, err, billing.ErrNoSeries)
	}
	for _, unknown := range []billing.SeriesID{"", "none"} {
		_, err = r.bills.Verify(ctx, auditor, "acme", unknown)
		require.ErrorIs(t, err, billing.ErrNoSeries)
	}
	cancelled, cancel := context.WithCancel(ctx)
	cancel()
	_, err = r.bills.Verify(cancelled, auditor, "acme", "invoices")
	require.ErrorIs(t, err, context.Canceled)
}

// A series that is no longer in the options is verified all the same.
func TestVerifyOfASeriesGivenUp(t *testing.T) {
	r := newRegister(t, yearly)
	old := billing.Series{ID: "old", Seller: "acme", Kind: billing.Invoice, Pattern: "OLD{seq:3}"}
	require.Equal(t, "OLD001", r.must(old, "2026-11-20").Number)
	require.Equal(t, "OLD002", r.must(old, "2026-11-20").Number)
	v := r.verify(old)
	require.Nil(t, v.Broken)
	require.Equal(t, int64(2), v.Records)
}

// damaged is a transaction over a store one row of which cannot be read.
type damaged struct {
	billing.Tx
	at int64
}

type damagedInvoices struct {
	billing.Repository
	at int64
}

func (d damaged) Invoices() billing.Repository { return damagedInvoices{d.Tx.Invoices(), d.at} }

func (d damagedInvoices) Chain(ctx context.Context, id billing.HeadID, from int64, limit int) ([]billing.Document, error) {
	if d.at >= from && d.at < from+int64(limit) {
		return nil, fault.Define(fault.Internal, "store.broken", "a stored document cannot be read")
	}
	return d.Repository.Chain(ctx, id, from, limit)
}

func TestVerifyNamesWhatCannotBeRead(t *testing.T) {
	r := newRegister(t, yearly)
	for range 5 {
		r.must(yearly, "2026-11-20")
	}
	for at := int64(1); at <= 5; at++ {
		require.NoError(t, r.run.View(context.Background(), func(ctx context.Context, tx billing.Tx) error {
			v, err := r.bills.VerifyTx(ctx, damaged{tx, at}, auditor, "acme", "invoices")
			require.NoError(t, err)
			require.Equal(t, &billing.Broken{Position: at, What: billing.BreachUnreadable}, v.Broken)
			require.Equal(t, at-1, v.Records)
			whole, err := r.bills.VerifyTx(ctx, tx, auditor, "acme", "invoices")
			require.NoError(t, err)
			require.Nil(t, whole.Broken)
			return nil
		}))
	}
}
