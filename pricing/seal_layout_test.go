package pricing_test

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/comptoir-go/comptoir/access"
	"github.com/comptoir-go/comptoir/catalog"
	"github.com/comptoir-go/comptoir/money"
	"github.com/comptoir-go/comptoir/pricing"
)

// layout writes what is sealed as the comment of ComputeSeal has it.
type layout struct {
	b   []byte
	cur money.Currency
}

func (l *layout) count(n int)   { l.b = binary.AppendUvarint(l.b, uint64(n)) }
func (l *layout) whole(v int64) { l.b = binary.AppendVarint(l.b, v) }
func (l *layout) text(s string) {
	l.count(len(s))
	l.b = append(l.b, s...)
}

func (l *layout) currency(c money.Currency) {
	if c == l.cur {
		l.b = append(l.b, 0)
		return
	}
	l.b = append(l.b, 1)
	l.text(c.Code())
}

func (l *layout) amounts(of ...money.Amount) {
	for _, a := range of {
		l.currency(a.Currency())
		l.whole(a.Minor())
	}
}

func (l *layout) price(p money.Price) {
	l.currency(p.Currency())
	l.whole(p.Micros())
	l.whole(p.Base().Units())
}

func (l *layout) quote(version string, q pricing.Quote) {
	l.text(version)
	l.text(string(q.Partner))
	l.text(q.Currency.Code())
	l.text(q.Rules)
	l.whole(q.At.UnixMicro())
	l.whole(q.Until.UnixMicro())
	l.count(len(q.Lines))
	for _, x := range q.Lines {
		l.text(string(x.ID))
		l.text(string(x.Product))
		l.text(string(x.SKU))
		l.whole(x.Quantity.Units())
		l.price(x.List)
		l.price(x.Price)
		l.text(string(x.Stated))
		l.amounts(x.Discount, x.Net, x.Tax, x.Gross)
		l.text(string(x.Category))
		l.whole(x.Rate.Units())
	}
	l.count(len(q.Taxes))
	for _, t := range q.Taxes {
		l.text(string(t.Category))
		l.whole(t.Rate.Units())
		l.amounts(t.Base, t.Tax)
	}
	l.amounts(q.Net, q.Tax, q.Gross)
}

// TestLawSealLayout: the seal is the hash of the published layout, whatever a quote
// holds: long texts, numbers of all lengths, other currencies, none.
func TestLawSealLayout(t *testing.T) {
	number := rapid.OneOf(rapid.Int64Range(-200, 200), rapid.Int64Range(-math.MaxInt64, math.MaxInt64))
	words := rapid.Custom(func(t *rapid.T) string {
		n := rapid.SampledFrom([]int{0, 1, 36, 127, 128, 4000, 4096, 20_000}).Draw(t, "length")
		return strings.Repeat("x", n)
	})
	currency := rapid.SampledFrom([]money.Currency{money.EUR, money.EUR, money.JPY, {}})
	amount := rapid.Custom(func(t *rapid.T) money.Amount { return money.FromMinor(number.Draw(t, "minor"), currency.Draw(t, "of")) })
	price := rapid.Custom(func(t *rapid.T) money.Price {
		p, err := money.PriceFromMicros(number.Draw(t, "micros"), money.EUR)
		require.NoError(t, err)
		if rapid.Bool().Draw(t, "per hundred") {
			p, err = p.PerBase(money.QuantityOf(100))
			require.NoError(t, err)
		}
		return p
	})
	rate := rapid.Custom(func(t *rapid.T) money.Rate {
		r, err := money.RateFromUnits(number.Draw(t, "rate"))
		require.NoError(t, err)
		return r
	})
	at := rapid.Custom(func(t *rapid.T) time.Time { return time.UnixMicro(number.Draw(t, "micro")) })
	rapid.Check(t, func(t *rapid.T) {
		q := pricing.Quote{
			Partner: access.PartnerID(words.Draw(t, "partner")), Rules: words.Draw(t, "rules"), Currency: currency.Draw(t, "currency"),
			At: at.Draw(t, "at"), Until: at.Draw(t, "until"),
			Net: amount.Draw(t, "net"), Tax: amount.Draw(t, "tax"), Gross: amount.Draw(t, "gross"),
		}
		for range rapid.IntRange(0, 3).Draw(t, "lines") {
			units, err := money.QuantityFromUnits(number.Draw(t, "quantity"))
			require.NoError(t, err)
			q.Lines = append(q.Lines, pricing.QuotedLine{
				ID: pricing.LineID(words.Draw(t, "id")), Product: catalog.ID(words.Draw(t, "product")), SKU: catalog.SKU(words.Draw(t, "sku")),
				Quantity: units, List: price.Draw(t, "list"), Price: price.Draw(t, "price"), Stated: catalog.Stated(words.Draw(t, "stated")),
				Discount: amount.Draw(t, "discount"), Net: amount.Draw(t, "line net"), Tax: amount.Draw(t, "line tax"),
				Gross: amount.Draw(t, "line gross"), Category: pricing.Category(words.Draw(t, "category")), Rate: rate.Draw(t, "rate"),
			})
		}
		for range rapid.IntRange(0, 2).Draw(t, "taxes") {
			q.Taxes = append(q.Taxes, pricing.Tax{Category: pricing.Category(words.Draw(t, "category")), Rate: rate.Draw(t, "rate"),
				Base: amount.Draw(t, "base"), Tax: amount.Draw(t, "tax")})
		}
		check := func(version string, rest func(*layout)) {
			l := layout{cur: q.Currency}
			l.quote(version, q)
			rest(&l)
			sum := sha256.Sum256(l.b)
			require.Equal(t, hex.EncodeToString(sum[:]), q.ComputeSeal(), version)
		}
		check("comptoir quote v1", func(*layout) {})
		for range rapid.IntRange(1, 3).Draw(t, "adjustments") {
			q.Adjustments = append(q.Adjustments, pricing.Adjustment{Code: words.Draw(t, "code"), Text: words.Draw(t, "text"), Amount: amount.Draw(t, "amount")})
		}
		for i := range q.Lines {
			q.Lines[i].Shares = rapid.SliceOfN(amount, 0, 600).Draw(t, "shares")
		}
		check("comptoir quote v2", func(l *layout) {
			l.count(len(q.Adjustments))
			for _, a := range q.Adjustments {
				l.text(a.Code)
				l.text(a.Text)
				l.amounts(a.Amount)
			}
			for _, x := range q.Lines {
				l.count(len(x.Shares))
				l.amounts(x.Shares...)
			}
		})
	})
}
