package pricing

import (
	"context"
	"time"

	"github.com/comptoir-go/comptoir/fault"
	"github.com/comptoir-go/comptoir/money"
)

// Quote prices the basket as of its At, as the tariff was known at its Known. It
// is a pure function of the two: it reads no clock, no store, no network, and
// the quote shares no slice with the basket.
//
// Errors: ErrBasket (Invalid, pricing.basket) with all issues of the basket,
// among them results out of range (money.overflow); ErrNoPrice (Precondition,
// pricing.no_price) and ErrNoTax (Precondition, pricing.no_tax) with an issue
// per line; ErrConflict (Precondition, pricing.conflict) where two rules of equal
// rank contradict each other and the policy refuses that; ErrTaxCase (Invalid,
// pricing.tax_case) where rules of tax cannot decide a line, under "lines[i]";
// ErrCharges (Invalid, pricing.charges) where two charges of a kind apply with
// equal priority; ErrAdjustment where no line can bear a charge; the error of ctx
// when it is done.
//
// It takes one pass over the basket more per code that takes something, to see that
// this moves what is to be paid, and again for the others where one does not: about
// n² at worst, for n codes.
func (e *Engine) Quote(ctx context.Context, b Basket) (Quote, error) {
	j := e.pool.Get().(*job)
	q, err := e.quote(ctx, j, b)
	e.pool.Put(j)
	return q, err
}

// quote is Quote with a job that the caller may look into before it ends it; after a
// panic, of a decider of taxes, the job is not used again. A
// code that moves nothing of what is to be paid is as if it had not been entered:
// what rounding left nothing of, and what others would have taken all the same, is
// priced without it, the last of several first, so that of those that take something
// together one stays.
func (e *Engine) quote(ctx context.Context, j *job, b Basket) (Quote, error) {
	j.unused, j.used, j.passes = j.unused[:0], j.used[:0], 0
	q, err := e.pass(ctx, j, b)
	for err == nil && len(j.doubt) > 0 {
		campaign := j.doubt[0]
		others := append(unapplied(q), campaign)
		if applies(q.Codes, campaign) && e.moves(ctx, j, b, q, others) {
			j.used, j.doubt = append(j.used, campaign), j.doubt[1:]
			err = ctx.Err() // of one that is done moves says nothing
			continue
		}
		if e.tryWithout(ctx, j, b, &q, campaign) || e.tryWithout(ctx, j, b, &q, others...) {
			continue
		}
		j.used = append(j.used, campaign)
		q, err = e.pass(ctx, j, b)
	}
	if err != nil {
		return Quote{}, err
	}
	return q, nil
}

// moves reports whether more or less is to be paid than without campaigns more. The
// job stays that of the quote.
func (e *Engine) moves(ctx context.Context, j *job, b Basket, q Quote, campaigns []string) bool {
	w := e.pool.Get().(*job)
	w.unused, w.used = append(append(w.unused[:0], j.unused...), campaigns...), w.used[:0]
	w.bare, w.goods, w.held = true, j.goods, j.held
	without, err := e.pass(ctx, w, b)
	w.bare, w.goods, w.held = false, false, free
	e.pool.Put(w)
	j.passes++
	return err != nil || without.Gross.Minor() != q.Gross.Minor()
}

// tryWithout prices the basket without campaigns more, and keeps that quote unless
// more is to be paid. What the other codes move is then to be seen anew.
func (e *Engine) tryWithout(ctx context.Context, j *job, b Basket, q *Quote, campaigns ...string) bool {
	n, used := len(j.unused), j.used
	j.unused, j.used = append(j.unused, campaigns...), nil
	without, err := e.pass(ctx, j, b)
	if err != nil || without.Gross.Minor() > q.Gross.Minor() {
		j.unused, j.used = j.unused[:n], used
		return false
	}
	*q = without
	return true
}

// unapplied are the campaigns of which no code applied.
func unapplied(q Quote) []string {
	var out []string
	for _, c := range q.Codes {
		if !applies(q.Codes, c.Campaign) {
			out = append(out, c.Campaign)
		}
	}
	return out
}

// pass prices the basket without the codes of the campaigns that are unused. The
// job holds basket and quote meanwhile.
func (e *Engine) pass(ctx context.Context, j *job, of Basket) (Quote, error) {
	if err := ctx.Err(); err != nil {
		return Quote{}, err
	}
	j.basket = of
	defer j.end()
	b, q := &j.basket, &j.quote
	if err := j.check(b, e.seed); err != nil {
		return Quote{}, err
	}
	b.At = b.At.UTC().Truncate(time.Microsecond)
	if b.Known.IsZero() {
		b.Known = b.At
	}
	b.Known = b.Known.UTC().Truncate(time.Microsecond)
	e = e.as(b.At, b.Known)
	q.Partner, q.Currency, q.Rules = b.Partner, b.Currency, e.version
	q.At, q.Until = b.At, b.At.Add(e.opts.Validity).Truncate(time.Microsecond)
	q.Lines = make([]QuotedLine, len(b.Lines))
	if !b.Known.Equal(b.At) {
		q.Known = b.Known
	}
	j.start(e, b, q)
	if err := e.resolve(j); err != nil {
		return Quote{}, err
	}
	if err := e.discount(j); err != nil {
		return Quote{}, overflow(err)
	}
	if err := e.settle(j); err != nil {
		return Quote{}, overflow(err)
	}
	if err := j.conflicts(); err != nil {
		return Quote{}, err
	}
	q.Codes = e.codesOf(j)
	j.doubt = e.doubt(j)
	j.passes++
	if !j.bare {
		e.finish(j)
	}
	if j.then != nil {
		j.then()
	}
	return *q, nil
}

// overflow turns an error of arithmetic into one about the basket.
func overflow(err error) error {
	if fault.CodeOf(err) != money.ErrOverflow.FaultCode() {
		return err
	}
	var is fault.Issues
	is.AddUnder("lines", err)
	return is.Err(ErrBasket)
}

// finish completes the quote: what is to be paid, the basis and the seal.
func (e *Engine) finish(j *job) {
	q := j.q
	if c := e.policy.Cash; c != nil && c.Currency() == q.Currency {
		if p, err := q.Gross.RoundTo(*c, e.policy.Rounding); err == nil {
			q.Payable = &p
		}
	}
	if !e.opts.NoBasis || j.b.First && e.asks.First {
		q.Basis = j.basis()
	}
	if !e.opts.Brief {
		e.why(j)
	}
	q.Seal = j.seal.of(q)
}

// Requote prices what a quote was made of again. A nil as takes the quote's own
// instants: then the answer has the same figures, whatever was recorded in the
// tariff since, because records are superseded and never changed. Another as
// asks what it would cost at other instants.
//
// Records are all that has a Span: lists, prices, rules, discounts, actions,
// floors, charges, tax rows, tax rules and policies. What is of the buyer (his
// agreements, lists, groups, place, VAT identifier and Facts) is in the basis as it
// was. Tariff.Seller, Tariff.Zone, Tariff.Policy and the options, a decider of
// taxes among them, have no history: they are of the engine that is asked.
//
// Errors: ErrNoBasis (Precondition, pricing.no_basis) for a quote of another
// pricer, or of an engine with NoBasis, except for first orders; those of Quote.
func (e *Engine) Requote(ctx context.Context, q Quote, as *AsOf) (Quote, error) {
	if q.Basis == nil {
		return Quote{}, ErrNoBasis
	}
	b := q.Basis.Clone()
	if as != nil {
		b.At, b.Known = as.Valid, as.Known
	}
	return e.Quote(ctx, b)
}

// AsOf is a pair of instants: prices that hold at Valid, as they were known at
// Known; a zero Known is Valid.
type AsOf struct {
	Valid time.Time `json:"valid"`
	Known time.Time `json:"known,omitzero"`
}
