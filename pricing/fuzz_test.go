package pricing_test

import (
	"encoding/binary"
	"errors"
	"math"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/comptoir-go/comptoir/catalog"
	"github.com/comptoir-go/comptoir/fault"
	"github.com/comptoir-go/comptoir/money"
	"github.com/comptoir-go/comptoir/pricing"
)

// FuzzQuote: whatever the basket, a quote either keeps every law or is one of
// the package's errors with issues.
func FuzzQuote(f *testing.F) {
	f.Add([]byte{}, "FR", "", uint8(0))
	f.Add([]byte("\x01\x00\x00\x00\x00\x00\x00\x27\x10\x00\x00\x00\x00\x00\x90\x31\xd0\x00\x00"), "DE", "DE136695976", uint8(1))
	f.Add([]byte("01234567890123456789012345678901234567890123456789"), "", "XI", uint8(7))
	f.Add([]byte("\xff\x7f\xff\xff\xff\xff\xff\xff\xff\x7f\xff\xff\xff\xff\xff\xff\xff\x03\x02"), "FR", "", uint8(3))
	tab := table(f)
	f.Fuzz(func(t *testing.T, data []byte, country, vatID string, setup uint8) {
		p := pricing.NewListPricer(tab, &pricing.Options{
			Rounding: money.Rounding(setup & 7), Validity: time.Duration(setup) * time.Minute, Brief: setup&128 != 0,
		})
		b := rawBasket(data, setup)
		b.Country, b.VATID = country2(country), vatID
		q, err := p.Quote(t.Context(), b)
		if err != nil {
			require.True(t, errors.Is(err, pricing.ErrBasket) || errors.Is(err, pricing.ErrNoPrice) || errors.Is(err, pricing.ErrNoTax), "%v", err)
			require.NotEmpty(t, fault.IssuesOf(err))
			require.Equal(t, pricing.Quote{}, q)
			return
		}
		checkQuote(t, b, q)
		require.Empty(t, pricing.Diff(q, q.Clone()))
		if setup&(128|7) == 0 {
			require.NoError(t, Replay(q))
		}
	})
}

// rawBasket reads a line from every 19 bytes: an id, quantity, price, how the
// price is stated and the class.
func rawBasket(data []byte, setup uint8) pricing.Basket {
	currencies := []money.Currency{money.EUR, money.JPY, money.BHD, {}}
	classes := []catalog.TaxClass{"standard", "reduced", "zero", "exempt", "100", "luxury"}
	stated := []catalog.Stated{catalog.Net, catalog.Gross, "", "brutto"}
	b := pricing.Basket{Currency: currencies[setup>>3&3], At: noon}
	for len(data) >= 19 && len(b.Lines) < 100 {
		q, _ := money.QuantityFromUnits(int64(binary.BigEndian.Uint64(data[1:])))
		price, _ := money.PriceFromMicros(int64(binary.BigEndian.Uint64(data[9:])), money.EUR)
		if b.Currency != money.EUR && setup&64 == 0 {
			price, _ = money.PriceFromMicros(price.Micros(), b.Currency)
		}
		b.Lines = append(b.Lines, pricing.Line{
			ID: pricing.LineID(data[:1]), Quantity: q, Tax: classes[int(data[18])%len(classes)],
			Prices: []catalog.ListPrice{{Stated: stated[data[17]&3], Breaks: []catalog.Break{{Price: price}}}},
		})
		data = data[19:]
	}
	return b
}

// FuzzAdjust: whatever the allowances and charges, an adjusted quote keeps
// every law, or they are refused with issues and the quote stays.
func FuzzAdjust(f *testing.F) {
	f.Add("A", "B", int64(-500), int64(990), uint8(0))
	f.Add("A", "A", int64(-100), int64(-40), uint8(1))
	f.Add("", "\x00", int64(math.MinInt64), int64(math.MaxInt64), uint8(2))
	f.Add("A", "B", int64(-14800), int64(-1), uint8(4))
	p := pricing.NewListPricer(table(f), nil)
	q, err := p.Quote(f.Context(), basket(money.EUR, line{"60.00", "1", "standard", false}, line{"38.23", "2", "standard", true},
		line{"0.01", "3", "reduced", true}, line{"0", "1", "zero", false}, line{"24.00", "1", "exempt", true}))
	require.NoError(f, err)
	hows := []money.Apportionment{money.LargestRemainder, money.LargestRemainderLast, money.Cumulative, money.FirstTakesRest}
	f.Fuzz(func(t *testing.T, one, two string, a, b int64, setup uint8) {
		adj := []pricing.Adjustment{{Code: one, Text: two, Amount: money.FromMinor(a, money.EUR)}, {Code: two, Amount: money.FromMinor(b, money.EUR)}}
		before := q.Clone()
		got, err := pricing.Adjust(q, adj, hows[setup&3], money.HalfAwayFromZero)
		require.Equal(t, before, q)
		if err != nil {
			require.ErrorIs(t, err, pricing.ErrAdjustment)
			require.NotEmpty(t, fault.IssuesOf(err))
			require.Equal(t, pricing.Quote{}, got)
			return
		}
		checkAdjusted(t, q, got, adj)
		require.NoError(t, Replay(got))
	})
}
