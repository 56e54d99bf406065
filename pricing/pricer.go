package pricing

import (
	"context"
	"hash/maphash"
	"sync"
	"time"

	"github.com/comptoir-go/comptoir/fault"
	"github.com/comptoir-go/comptoir/money"
	"github.com/comptoir-go/comptoir/partner"
)

// The defaults of Options.
const (
	DefaultValidity = 24 * time.Hour
	DefaultRules    = "list-1"
)

// Options set up a ListPricer; the zero value is the default.
type Options struct {
	// Seller is the country the goods are sold from, whose tax rows apply;
	// empty means the country of the tax table's first row.
	Seller partner.Country
	// Validity is how long an offer holds; zero and below mean 24 hours.
	Validity time.Duration
	// Rules is the version that quotes carry and seal, "list-1" by default.
	// Change it whenever the tax table or another option here changes.
	Rules string
	// Rounding is the rule for line amounts and taxes, half away from zero by
	// default, as EN 16931 has it.
	Rounding money.Rounding
	// Apportionment shares the tax of a rate over its lines, by the largest
	// remainder by default.
	Apportionment money.Apportionment
	// Brief leaves QuotedLine.Why empty.
	Brief bool
}

// ListPricer prices by list: the first list that has a price, its quantity
// break, and VAT by the rule of EN 16931. It has no rules, so a discount code is
// without effect (NoRule). It is Pure and safe for use by many goroutines at
// once.
type ListPricer struct {
	taxes TaxTable
	opts  Options
	seed  maphash.Seed // of the table that finds duplicate line ids; no result depends on it
	pool  sync.Pool    // of *scratch
}

// NewListPricer makes a pricer over a tax table; opts may be nil.
func NewListPricer(taxes TaxTable, opts *Options) *ListPricer {
	p := &ListPricer{taxes: taxes, seed: maphash.MakeSeed()}
	if opts != nil {
		p.opts = *opts
	}
	if p.opts.Seller == "" {
		p.opts.Seller = taxes.first
	}
	if p.opts.Validity <= 0 {
		p.opts.Validity = DefaultValidity
	}
	if p.opts.Rules == "" {
		p.opts.Rules = DefaultRules
	}
	p.pool.New = func() any { return new(scratch) }
	return p
}

// PurePricer implements Pure.
func (p *ListPricer) PurePricer() {}

// Quote prices the basket as of its At. The basket is only read; the quote
// shares no slice with it.
//
// Errors: ErrBasket (Invalid, pricing.basket) with all issues of the basket,
// among them results out of range (money.overflow); ErrNoPrice (Precondition,
// pricing.no_price) and ErrNoTax (Precondition, pricing.no_tax) with an issue
// per line; the error of ctx when it is done.
func (p *ListPricer) Quote(ctx context.Context, b Basket) (Quote, error) {
	if err := ctx.Err(); err != nil {
		return Quote{}, err
	}
	s := p.pool.Get().(*scratch)
	defer p.pool.Put(s)
	if err := s.check(&b, p.seed); err != nil {
		return Quote{}, err
	}
	b.At = b.At.UTC().Truncate(time.Microsecond)
	q := Quote{
		Partner: b.Partner, Currency: b.Currency, Rules: p.opts.Rules,
		At: b.At, Until: b.At.Add(p.opts.Validity).Truncate(time.Microsecond),
		Lines: make([]QuotedLine, len(b.Lines)),
	}
	for _, u := range b.Codes { // lists have no rules, so that none is used up
		q.Codes = append(q.Codes, CodeOutcome{UsedCode: u, Reason: NoRule})
	}
	s.begin(len(b.Lines), !p.opts.Brief)
	defer s.end()
	if err := p.resolve(&q, &b, s); err != nil {
		return Quote{}, err
	}
	if err := p.settle(&q, s); err != nil {
		var is fault.Issues
		is.AddUnder("lines", err)
		return Quote{}, is.Err(ErrBasket)
	}
	q.Seal = s.seal.of(&q)
	return q, nil
}
