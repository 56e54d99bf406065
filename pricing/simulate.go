package pricing

import (
	"context"
	"iter"
	"time"

	"github.com/comptoir-go/comptoir/access"
	"github.com/comptoir-go/comptoir/catalog"
	"github.com/comptoir-go/comptoir/internal/clock"
	"github.com/comptoir-go/comptoir/money"
)

// Past is a quote of the past under the name that a report gives it: the
// reference of the order that it became.
type Past struct {
	Ref   string
	Quote Quote
}

// PastQuotes hands out quotes from memory, named by their seals.
func PastQuotes(quotes ...Quote) iter.Seq2[Past, error] {
	return func(yield func(Past, error) bool) {
		for _, q := range quotes {
			if !yield(Past{Ref: q.Seal, Quote: q}, nil) {
				return
			}
		}
	}
}

// SimulateOptions tune Simulate; the zero value is the default.
type SimulateOptions struct {
	// Valid is the instant whose prices hold; zero is each quote's own At.
	Valid time.Time
	// Known is the instant as of which both tariffs are taken as known, so that
	// records made since the quotes count; zero is now.
	Known time.Time
	// Now is the clock. Default: the machine's.
	Now func() time.Time
	// Largest is how many of the largest changes are named, for each currency;
	// zero and below mean 10.
	Largest int
	// Left is how many of the quotes that were left out are named; zero and
	// below mean 100. All are counted.
	Left int
}

// Simulation is what past quotes would come to under another tariff. Amounts are
// in the currency of their row; a difference is would − was, above zero where
// the buyer would pay more.
type Simulation struct {
	// Was and Would are the versions of the tariffs.
	Was   string `json:"was"`
	Would string `json:"would"`
	// Valid is the instant whose prices held, zero for each quote's own. Known is
	// the instant as of which both tariffs were known.
	Valid time.Time `json:"valid,omitzero"`
	Known time.Time `json:"known"`
	// Read quotes came in: Priced by both tariffs, NoBasis do not say what they
	// were made of, the rest one of the tariffs could not price.
	Read    int `json:"read"`
	Priced  int `json:"priced"`
	NoBasis int `json:"no_basis"`
	// Reasons count why quotes were left out, those without basis among them.
	Reasons []SimulatedReason `json:"reasons,omitempty"`
	// Left names the first of those that were left out, as they came.
	Left []SimulatedLeft `json:"left,omitempty"`
	// Unasked are the facts that the changed tariff asks for and the former did
	// not. Quotes made before carry none, so that rules which ask for them found
	// no turnover, no attendance and no first order.
	Unasked Asks `json:"unasked,omitzero"`
	// Currencies hold the figures, by the code of the currency.
	Currencies []SimulatedCurrency `json:"currencies,omitempty"`
}

// Shift is an amount under both tariffs; Difference is Would − Was.
type Shift struct {
	Was        money.Amount `json:"was"`
	Would      money.Amount `json:"would"`
	Difference money.Amount `json:"difference"`
}

// SimulatedTotals are the totals of quotes. A quote is dearer or cheaper by its
// net.
type SimulatedTotals struct {
	Quotes  int   `json:"quotes"`
	Dearer  int   `json:"dearer"`
	Cheaper int   `json:"cheaper"`
	Equal   int   `json:"equal"`
	Net     Shift `json:"net"`
	Tax     Shift `json:"tax"`
	Gross   Shift `json:"gross"`
}

// SimulatedCurrency is what quotes in one currency come to. Partners, families
// and rules stand by the size of their difference, the largest first, then by
// name. The partners sum to the total, and so do the nets of the families; of the
// nets, List − rules + charges = Total.
type SimulatedCurrency struct {
	Currency money.Currency  `json:"currency"`
	Total    SimulatedTotals `json:"total"`
	// List is the net value at list prices, before any rule.
	List     Shift              `json:"list"`
	Partners []SimulatedPartner `json:"partners,omitempty"`
	Families []SimulatedFamily  `json:"families,omitempty"`
	Rules    []SimulatedRule    `json:"rules,omitempty"`
	// Largest are the quotes whose nets change most, equal ones left out.
	Largest []SimulatedQuote `json:"largest,omitempty"`
}

// SimulatedPartner is one partner's quotes.
type SimulatedPartner struct {
	Partner access.PartnerID `json:"partner"`
	SimulatedTotals
}

// SimulatedFamily is the net of the lines of one product family, with their
// shares of what is on the whole; of goods without one for the empty family.
type SimulatedFamily struct {
	Family catalog.Family `json:"family"`
	Net    Shift          `json:"net"`
}

// SimulatedRule is what one rule took off, or one charge charged, net and not
// below zero.
type SimulatedRule struct {
	Code   string `json:"code"`
	Charge bool   `json:"charge,omitempty"`
	// WasQuotes and WouldQuotes say in how many quotes it applied.
	WasQuotes   int   `json:"was_quotes"`
	WouldQuotes int   `json:"would_quotes"`
	Net         Shift `json:"net"`
}

// SimulatedQuote is one quote that changes.
type SimulatedQuote struct {
	Ref     string           `json:"ref"`
	Partner access.PartnerID `json:"partner"`
	At      time.Time        `json:"at"`
	Net     Shift            `json:"net"`
	Gross   Shift            `json:"gross"`
}

// SimulatedSide says which tariff a quote was left out for.
type SimulatedSide string

// The sides.
const (
	SideNone  SimulatedSide = ""      // neither was asked
	SideWas   SimulatedSide = "was"   // the former cannot price it, so that nothing can be compared
	SideWould SimulatedSide = "would" // the former can, the changed one cannot
)

// SimulatedReason counts quotes that were left out for one reason.
type SimulatedReason struct {
	Side SimulatedSide `json:"side,omitempty"`
	// Code is that of the error: "pricing.no_price".
	Code   string `json:"code"`
	Quotes int    `json:"quotes"`
}

// SimulatedLeft is a quote that was left out.
type SimulatedLeft struct {
	Ref     string           `json:"ref"`
	Partner access.PartnerID `json:"partner"`
	At      time.Time        `json:"at"`
	Side    SimulatedSide    `json:"side,omitempty"`
	Code    string           `json:"code"`
	Reason  string           `json:"reason"`
	// Net is what the stored quote says.
	Net money.Amount `json:"net"`
}

// Simulate prices the bases of past quotes by two tariffs, the former and a
// changed one, at the same instants, and sums what differs. Both are asked, not
// the stored figures, so that the difference is that of the tariffs alone. The
// answer depends on the quotes, the tariffs and the instants; the order in which
// quotes come decides only which of those left out are named.
//
// A basis holds what the buyer was then: agreements, groups, turnover, codes. Of
// prices that lines carried themselves it holds those of the lists that had their
// turn.
//
// What it holds in memory grows with partners, families and rules, not with
// quotes; quotes are read one at a time.
//
// Errors: what the source yields, the error of ctx when it is done, and
// money.ErrOverflow (Invalid, money.overflow) for sums out of range. A quote that
// cannot be priced is counted, and ends nothing. It panics without two tariffs.
func Simulate(ctx context.Context, was, would *Engine, quotes iter.Seq2[Past, error], opts *SimulateOptions) (Simulation, error) {
	if was == nil || would == nil {
		panic("pricing.Simulate: two tariffs are required")
	}
	var o SimulateOptions
	if opts != nil {
		o = *opts
	}
	if o.Largest <= 0 {
		o.Largest = 10
	}
	if o.Left <= 0 {
		o.Left = 100
	}
	o.Valid, o.Known = clock.Cut(o.Valid), clock.Cut(o.Known)
	if o.Known.IsZero() {
		o.Known = clock.Or(o.Now)()
	}
	s := &simulation{was: was, would: would, opts: o,
		out:     Simulation{Was: was.version, Would: would.version, Valid: o.Valid, Known: o.Known, Unasked: would.Asks().less(was.Asks())},
		reasons: map[SimulatedReason]int{}, currencies: map[money.Currency]*simulatedSums{}}
	for p, err := range quotes {
		if err == nil {
			err = s.add(ctx, &p)
		}
		if err != nil {
			return Simulation{}, err
		}
	}
	if err := ctx.Err(); err != nil {
		return Simulation{}, err
	}
	return s.report(), nil
}
