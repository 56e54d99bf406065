package pricing_test

import (
	"fmt"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/comptoir-go/comptoir/access"
	"github.com/comptoir-go/comptoir/catalog"
	"github.com/comptoir-go/comptoir/money"
	"github.com/comptoir-go/comptoir/pricing"
)

// atOnce runs n calls at one time and returns the reasons of those refused.
func atOnce(n int, call func(i int) error) []pricing.CodeReason {
	errs := make([]error, n)
	start := make(chan struct{})
	var wg sync.WaitGroup
	for i := range n {
		wg.Go(func() {
			<-start
			errs[i] = call(i)
		})
	}
	close(start)
	wg.Wait()
	var out []pricing.CodeReason
	for _, err := range errs {
		if r := why(err); r != "" {
			out = append(out, r)
		}
	}
	return out
}

func used(t *testing.T, d *desk) pricing.LimitUse {
	uses, err := d.Uses(t.Context(), ada, pricing.UsesInput{Campaign: "welcome"})
	require.NoError(t, err)
	require.Len(t, uses, 1)
	return uses[0]
}

// A coupon limited to 1000 was used 1500 times, because orders that came at once
// all saw it free. On the engines of SQL, and with a thousand: engines_codes_test.go.
func TestWooCommerce13505LimitUsedBeyondItself(t *testing.T) {
	const limit, orders = 10, 60
	d := newDesk()
	d.campaign(pricing.Campaign{Limits: pricing.Limits{Total: limit}})
	refused := atOnce(orders, func(i int) error {
		_, err := d.confirm(nina, fmt.Sprint("cart", i), fmt.Sprint("order", i))
		return err
	})
	require.Len(t, refused, orders-limit)
	for _, r := range refused {
		require.Equal(t, pricing.CodeUsedUp, r)
	}
	require.Equal(t, pricing.LimitUse{Limit: pricing.LimitTotal, Max: limit, Used: limit}, used(t, d))
}

// Checked first and counted later (vendure #4660, medusa #13760): between the two
// others passed. Here who enters the code holds a use until it is ordered or let
// go, and exactly one wins the last.
func TestVendure4660Medusa13760CheckThenIncrement(t *testing.T) {
	const racers = 40
	d := newDesk()
	d.campaign(pricing.Campaign{Limits: pricing.Limits{Total: 1}})
	var mu sync.Mutex
	var winner string
	refused := atOnce(racers, func(i int) error {
		by, cart := []access.Actor{nina, sven}[i%2], fmt.Sprint("cart", i)
		_, err := d.reserve(by, cart)
		if err == nil {
			mu.Lock()
			winner += cart
			mu.Unlock()
		}
		return err
	})
	require.Len(t, refused, racers-1)
	for _, r := range refused {
		require.Equal(t, pricing.ReservedElsewhere, r)
	}
	require.Equal(t, pricing.LimitUse{Limit: pricing.LimitTotal, Max: 1, Held: 1}, used(t, d))

	// All of them order at once: who holds it gets it.
	refused = atOnce(racers, func(i int) error {
		by, cart := []access.Actor{nina, sven}[i%2], fmt.Sprint("cart", i)
		_, err := d.confirm(by, cart, "order of "+cart)
		return err
	})
	require.Len(t, refused, racers-1)
	require.Equal(t, pricing.LimitUse{Limit: pricing.LimitTotal, Max: 1, Used: 1}, used(t, d))
	back, err := d.giveBack("order of " + winner)
	require.NoError(t, err)
	require.Len(t, back, 1)
	require.Zero(t, used(t, d).Used)
}

// b2b is a tariff with a list and a rule for each of many partners, each list
// with prices of its own, above one base list of many products.
func b2b(t testing.TB, partners, products int) pricing.Tariff {
	tf := tariff(t, pricing.EN16931(), off("ALL", "2", pricing.OnOrder, 1))
	tf.Lists = []pricing.PriceList{{Code: "base", Currency: money.EUR, For: pricing.Audience{Everyone: true}}}
	price := func(list string, product int, micros int64) {
		p, err := money.PriceFromMicros(micros, money.EUR)
		require.NoError(t, err)
		tf.Prices = append(tf.Prices, pricing.PriceRow{List: list, Product: catalog.ID(fmt.Sprint("product-", product)), Breaks: []catalog.Break{{Price: p}}})
	}
	for k := range products {
		price("base", k, int64(10_000_000+k*10_000))
	}
	for n := range partners {
		who := access.PartnerID(fmt.Sprint("p", n))
		code := "of " + string(who)
		tf.Lists = append(tf.Lists, pricing.PriceList{Code: code, Currency: money.EUR, For: pricing.Audience{Partners: []access.PartnerID{who}}})
		for k := range 3 {
			price(code, (n*3+k)%products, int64(5_000_000+n))
		}
		r := off(fmt.Sprint("R", n), "1", pricing.OnLine, 2)
		r.When.Partners = []access.PartnerID{who}
		tf.Rules = append(tf.Rules, r)
	}
	return tf
}

// Price lists were slow at the size of B2B (ten times faster once lists were
// matched first). What a quote takes does not grow with the lists, prices and
// rules of others; the rows and rules it looks at are counted in
// lists_internal_test.go, the time is in BenchmarkEngine.
func TestMedusa15913PriceListsAtTheSizeOfB2B(t *testing.T) {
	b := basket(money.EUR, line{"0", "2", "standard", false}, line{"0", "10", "standard", false}, line{"0", "3", "reduced", false})
	b.Partner = "p0"
	for i := range b.Lines {
		b.Lines[i].Prices = nil
	}
	b.Lines[2].Product = "product-5" // of another partner's list, so at its base price
	var allocs []float64
	for _, size := range []struct{ partners, products int }{{10, 100}, {2000, 20_000}} {
		e := engine(t, b2b(t, size.partners, size.products))
		require.Equal(t, []string{"of p0", "base", ""}, e.Lists(b))
		q := quote(t, e, b)
		require.Equal(t, "5.00 5.00 10.05", q.Lines[0].List.Text()+" "+q.Lines[1].List.Text()+" "+q.Lines[2].List.Text())
		require.Equal(t, "87.46", q.Net.Text(), "90.15 less 1 % of each line, less 2 % of the whole")
		allocs = append(allocs, testing.AllocsPerRun(50, func() { quote(t, e, b) }))
	}
	if !raceEnabled {
		require.Equal(t, allocs[0], allocs[1], "allocations of a quote by ten lists and by two thousand")
	}
}
