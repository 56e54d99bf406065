package pricing

import (
	"context"
	"slices"
	"time"

	"github.com/comptoir-go/comptoir/access"
	"github.com/comptoir-go/comptoir/catalog"
	"github.com/comptoir-go/comptoir/money"
)

// Pricer turns a basket into a quote. A basket that cannot be priced at all
// is ErrBasket; a missing price on any line is ErrNoPrice with an issue per
// line, a missing tax rate ErrNoTax; nothing is priced in part.
type Pricer interface {
	Quote(ctx context.Context, b Basket) (Quote, error)
}

// Pure is implemented by pricers whose answer depends on the basket alone:
// no clock, no network, no store. They may be asked inside a transaction.
type Pure interface{ PurePricer() }

// Quote is a priced basket: every figure an order will carry.
type Quote struct {
	Partner  access.PartnerID `json:"partner"`
	Currency money.Currency   `json:"currency"`
	// At is the instant as of which prices hold; Until ends the offer
	// (excluded). Both are UTC, cut to microseconds.
	At    time.Time `json:"at"`
	Until time.Time `json:"until"`
	// Known is the instant as of which the tariff was known, zero when that is
	// At.
	Known time.Time `json:"known,omitzero"`
	// Rules is the version of the rule set that priced it.
	Rules string       `json:"rules"`
	Lines []QuotedLine `json:"lines"`
	// Taxes is the breakdown, one row per category and rate (EN 16931 BG-23),
	// in the order of the categories' constants, higher rates first.
	Taxes []Tax `json:"taxes"`
	// Reasons say why categories bear no tax, as invoices must.
	Reasons []TaxReason `json:"reasons,omitempty"`
	// Adjustments are the allowances and charges of the whole basket, in the
	// order in which they were made; every line carries its Shares of them.
	Adjustments []Adjustment `json:"adjustments,omitempty"`
	// Net is the sum of line nets and adjustments (BT-109), Tax of the
	// breakdown (BT-110), Gross is Net + Tax (BT-112).
	Net   money.Amount `json:"net"`
	Tax   money.Amount `json:"tax"`
	Gross money.Amount `json:"gross"`
	// Payable is what a till asks for the gross in cash, rounded by Policy.Cash, nil
	// where that is none. It is to be shown, and no more: orders, invoices, accounts
	// and ERPs carry the gross, because only who pays in cash is asked for less or
	// more, and how an order will be paid is not known when it is priced.
	Payable *money.Amount `json:"payable,omitempty"`
	// Codes says what became of the discount codes in use.
	Codes []CodeOutcome `json:"codes,omitempty"`
	// Conflicts are pairs of rules whose order decided and was not given; only
	// where the policy reports them.
	Conflicts []Conflict `json:"conflicts,omitempty"`
	// Basis is what was priced, so that it can be priced again; see Requote. It
	// is nil of pricers that do not keep it.
	Basis *Basket `json:"basis,omitempty"`
	// Seal is the SHA-256 of what was offered, in hex; see ComputeSeal.
	Seal string `json:"seal"`
}

// QuotedLine is one priced line.
type QuotedLine struct {
	ID       LineID         `json:"id"`
	Product  catalog.ID     `json:"product"`
	SKU      catalog.SKU    `json:"sku"`
	Quantity money.Quantity `json:"quantity"`
	// List is the list price that applied, Price the unit price charged, both
	// stated as Stated says. Gross is with the seller's tax at home, also where
	// the line is free of tax and costs less by it.
	List   money.Price    `json:"list"`
	Price  money.Price    `json:"price"`
	Stated catalog.Stated `json:"stated"`
	// Discount is what was taken off the list value, net, zero or positive. Of a
	// price stated gross it is rounded by itself, and may miss list less Net by a unit.
	Discount money.Amount `json:"discount"`
	// Net is the line's amount without tax (BT-131). Tax is its share of the
	// document's tax, informative; Gross is Net + Shares + Tax.
	Net      money.Amount `json:"net"`
	Tax      money.Amount `json:"tax"`
	Gross    money.Amount `json:"gross"`
	Category Category     `json:"category"`
	Rate     money.Rate   `json:"rate"`
	// Shares are the line's parts of the quote's Adjustments, one for each and
	// in their order, below zero for an allowance; none without adjustments.
	// They are not in Net (BT-131) but in the base of the tax.
	Shares []money.Amount `json:"shares,omitempty"`
	// Why explains the figures in the order they were made.
	Why []Step `json:"why,omitempty"`
}

// Tax is one row of the tax breakdown: Base is BT-116, Tax BT-117.
type Tax struct {
	Category Category     `json:"category"`
	Rate     money.Rate   `json:"rate"`
	Base     money.Amount `json:"base"`
	Tax      money.Amount `json:"tax"`
}

// TaxReason is why a category of the breakdown bears no tax (BT-120, BT-121).
type TaxReason struct {
	Category  Category  `json:"category"`
	Exemption Exemption `json:"exemption"`
}

// CodeOutcome is what became of a discount code.
type CodeOutcome struct {
	UsedCode
	// Applied says that a rule of its campaign took something off, or a discount on a
	// charge, and that what is to be paid is not the same without it. It may be more, as
	// the tariff has it: where the rule is exclusive and keeps a greater one out, or where
	// goods that it makes cheaper no longer reach the amount that a charge is free from.
	Applied bool `json:"applied"`
	// Reason says why not.
	Reason CodeReason `json:"reason,omitempty"`
	// By is the rule that beat or blocked it.
	By string `json:"by,omitempty"`
	// Missing is what it lacks.
	Missing *Missing `json:"missing,omitempty"`
}

// Expired reports whether the offer has ended at now.
func (q Quote) Expired(now time.Time) bool { return !now.Before(q.Until) }

// Line returns the line with the id.
func (q Quote) Line(id LineID) (QuotedLine, bool) {
	for i := range q.Lines {
		if q.Lines[i].ID == id {
			return q.Lines[i], true
		}
	}
	return QuotedLine{}, false
}

// Clone returns a copy that shares no memory with q.
func (q Quote) Clone() Quote {
	q.Taxes = slices.Clone(q.Taxes)
	q.Lines = slices.Clone(q.Lines)
	q.Adjustments = slices.Clone(q.Adjustments)
	q.Reasons = slices.Clone(q.Reasons)
	q.Payable = cloned(q.Payable)
	q.Codes, q.Conflicts = slices.Clone(q.Codes), slices.Clone(q.Conflicts)
	for i := range q.Codes {
		if m := cloned(q.Codes[i].Missing); m != nil {
			m.Amount, m.Saves = cloned(m.Amount), cloned(m.Saves)
			q.Codes[i].Missing = m
		}
	}
	for i := range q.Conflicts {
		c := &q.Conflicts[i]
		c.Rules, c.Lines = slices.Clone(c.Rules), slices.Clone(c.Lines)
	}
	if q.Basis != nil {
		b := q.Basis.Clone()
		q.Basis = &b
	}
	for i := range q.Lines {
		q.Lines[i].Shares = slices.Clone(q.Lines[i].Shares)
		q.Lines[i].Why = slices.Clone(q.Lines[i].Why)
	}
	return q
}

// cloned is a pointer to a copy, nil for nil.
func cloned[T any](p *T) *T {
	if p == nil {
		return nil
	}
	v := *p
	return &v
}
