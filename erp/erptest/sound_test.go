package erptest_test

import (
	"context"
	"testing"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"

	"github.com/comptoir-go/comptoir/erp"
	"github.com/comptoir-go/comptoir/erp/erptest"
	"github.com/comptoir-go/comptoir/erp/memerp"
	"github.com/comptoir-go/comptoir/internal/memsubject"
)

// What an ERP may do otherwise than memerp is no fault of its adapter.
func TestSoundAdaptersPass(t *testing.T) {
	cent := decimal.New(1, -2)
	for name, c := range map[string]struct {
		broken func(w whole) mutant
		change func(books *memerp.ERP, s *erptest.Subject)
		// paysBills has the adapter refuse what pays no invoice.
		paysBills bool
		skips     string
	}{
		"refuses an order whose tax it does not come to": {broken: pushing(func(w whole, ctx context.Context, o erp.Order) (erp.Receipt, error) {
			tax := decimal.Zero
			for rate, base := range taxBases(o) {
				tax = tax.Add(base.Mul(decimal.RequireFromString(rate)).Shift(-2).Round(2))
			}
			if !tax.Equal(o.Tax) {
				return erp.Receipt{}, erp.Reject(erp.OpPush, "The tax is another one.")
			}
			return w.PushOrder(ctx, o)
		})},
		"rounds half cents its own way": {
			broken: pushing(func(w whole, ctx context.Context, o erp.Order) (erp.Receipt, error) {
				r, err := w.PushOrder(ctx, o)
				if r.Totals != nil && !o.Lines[0].UnitPrice.Equal(o.Lines[0].UnitPrice.Truncate(2)) {
					r.Totals.Net, r.Totals.Tax = r.Totals.Net.Sub(cent), r.Totals.Tax.Add(cent)
				}
				return r, err
			}),
			change: func(_ *memerp.ERP, s *erptest.Subject) { s.Held = nil }},
		"takes payments of invoices only": {skips: "payment_exact", paysBills: true,
			change: func(books *memerp.ERP, s *erptest.Subject) {
				s.Payment = func(key string) erp.Payment {
					i := erptest.SampleInvoice(key)
					r, err := books.Adapter().(whole).PushInvoice(t.Context(), i)
					if err != nil { // it is asked for the payment of a key more than once
						r, err = books.Adapter().(whole).FindInvoice(t.Context(), key)
					}
					require.NoError(t, err)
					p := erptest.SamplePayment(key)
					p.Amount = decimal.RequireFromString("1.50")
					p.Allocations = []erp.PaymentPart{{Invoice: r.ID, Amount: p.Amount}}
					return p
				}
			}},
		"counts no decimals of its money": {skips: "payment_exact",
			change: func(_ *memerp.ERP, s *erptest.Subject) {
				s.Payment = func(key string) erp.Payment {
					p := erptest.SamplePayment(key)
					p.Amount = p.Amount.Truncate(0)
					return p
				}
			}},
		"corrects an invoice from before its stream begins": {
			broken: func(whole) mutant {
				return mutant{goods: goodsHooks{invoice: func(i *erp.Invoice) {
					if i.Key == "credit" {
						i.Corrects = "1999-7"
					}
				}}}
			},
			change: func(books *memerp.ERP, _ *erptest.Subject) {
				pushes := books.Adapter().(whole)
				r, err := pushes.PushInvoice(t.Context(), erptest.SampleInvoice("first"))
				require.NoError(t, err)
				credit := erptest.SampleInvoice("credit")
				credit.Credit, credit.Corrects = true, r.ID
				_, err = pushes.PushInvoice(t.Context(), credit)
				require.NoError(t, err)
			}},
	} {
		t.Run(name, func(t *testing.T) {
			h := harness(nil)
			h.New = func(*testing.T) erptest.Subject {
				books, s := memsubject.Open(nil)
				adapter := func() erp.Adapter {
					sound := mutant{}
					if c.broken != nil {
						sound = c.broken(books.Adapter().(whole))
					}
					sound.whole, sound.docs.books = books.Adapter().(whole), books
					if c.paysBills {
						return billPayer{sound}
					}
					return sound
				}
				s.Adapter, s.Reopen = adapter(), adapter
				if c.change != nil {
					c.change(books, &s)
				}
				return s
			}
			rep := erptest.Run(t, h)
			require.Empty(t, rep.Failed)
			skipped := ""
			for _, s := range rep.Skipped {
				if s.Case == "payment_exact" {
					skipped = s.Case
				}
			}
			require.Equal(t, c.skips, skipped)
		})
	}
}

// billPayer is an ERP that takes no payment on account.
type billPayer struct{ mutant }

func (b billPayer) PushPayment(ctx context.Context, p erp.Payment) (erp.DocReceipt, error) {
	if len(p.Allocations) == 0 {
		return erp.DocReceipt{}, erp.Reject(erp.OpPushPayment, "It pays no invoice.")
	}
	return b.mutant.PushPayment(ctx, p)
}

// taxBases are the nets of an order by the rate of their tax.
func taxBases(o erp.Order) map[string]decimal.Decimal {
	all := map[string]decimal.Decimal{}
	for _, l := range o.Lines {
		all[l.TaxRate.String()] = all[l.TaxRate.String()].Add(l.Net)
	}
	for _, d := range o.Discounts {
		all[d.TaxRate.String()] = all[d.TaxRate.String()].Add(d.Amount)
	}
	return all
}
