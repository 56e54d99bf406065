package pricing

import (
	"context"
	"time"

	"github.com/comptoir-go/comptoir/access"
	"github.com/comptoir-go/comptoir/fault"
	"github.com/comptoir-go/comptoir/internal/clock"
	"github.com/comptoir-go/comptoir/internal/ids"
	"github.com/comptoir-go/comptoir/money"
	"github.com/comptoir-go/comptoir/partner"
	"github.com/comptoir-go/comptoir/uow"
)

// TurnoverOptions tune Turnovers. The zero value is ready to use.
type TurnoverOptions struct {
	// Policy decides who may read. Default: access.Default().
	Policy *access.Policy
	// Now is the clock. Default: the machine's.
	Now func() time.Time
	// NewID makes ids of entries. Default: UUIDv7.
	NewID func() string
	// Zone is the tenant's time zone, in which days change. Default: UTC.
	Zone *time.Location
	// Basis leaves entries of the other basis out of every sum, for a tenant that
	// changed from one to the other. Default: what is in the ledger counts.
	Basis TurnoverBasis
}

// Turnovers keeps and reads the ledger of what partners bought. It is safe for
// use by many goroutines at once.
type Turnovers struct {
	run    uow.Runner[TurnoverTx]
	policy *access.Policy
	now    func() time.Time
	newID  func() string
	zone   *time.Location
	kind   string // of the documents that count, "" all
}

// NewTurnovers makes the ledger over a store's transactions; opts may be nil.
// run may be nil where only the …Tx commands are used.
func NewTurnovers(run uow.Runner[TurnoverTx], opts *TurnoverOptions) *Turnovers {
	var o TurnoverOptions
	if opts != nil {
		o = *opts
	}
	t := &Turnovers{run: run, policy: o.Policy, now: clock.Or(o.Now), zone: o.Zone}
	switch o.Basis {
	case TurnoverInvoiced:
		t.kind = InvoiceTurnover
	case TurnoverDelivered:
		t.kind = DeliveryTurnover
	}
	t.newID = ids.Or(o.NewID, t.now)
	if t.policy == nil {
		t.policy = access.Default()
	}
	if t.zone == nil {
		t.zone = time.UTC
	}
	return t
}

// TurnoverQuery asks for the turnover of a partner in a window.
type TurnoverQuery struct {
	Partner  partner.ID     `json:"partner"`
	Currency money.Currency `json:"currency"`
	Window   Window         `json:"window"`
	// Family narrows it to goods of a family and those below it; "" is all.
	Family string `json:"family,omitempty"`
	// Day is the last of the window; none is today.
	Day partner.Date `json:"day,omitzero"`
	// Begun is the first day of the agreement, for agreement years.
	Begun partner.Date `json:"begun,omitzero"`
	// Known leaves out what was recorded after it; none is all that is known.
	Known time.Time `json:"known,omitzero"`
}

// Of returns the net turnover of a partner in a window, without tax, below zero
// when more was taken back than bought.
//
// The entries of the window are read in pages of 500 rows without their
// documents: the cost is a read per 500 entries and the memory that of a page.
//
// Errors: ErrTurnover (Invalid, pricing.turnover) with every issue;
// partner.ErrNotFound without invoice.read of the partner; money.ErrOverflow.
func (t *Turnovers) Of(ctx context.Context, a access.Actor, q TurnoverQuery) (money.Amount, error) {
	return uow.Ask(ctx, t.run, func(ctx context.Context, tx TurnoverTx) (money.Amount, error) { return t.OfTx(ctx, tx, a, q) })
}

// OfTx is Of inside a transaction of the caller's.
func (t *Turnovers) OfTx(ctx context.Context, tx TurnoverTx, a access.Actor, q TurnoverQuery) (money.Amount, error) {
	if !t.policy.May(a, access.InvoiceRead, access.Owner{Partner: q.Partner}) {
		return money.Amount{}, partner.ErrNotFound
	}
	if q.Day.IsZero() {
		q.Day = partner.DateOf(t.now(), t.zone)
	}
	var is fault.Issues
	is.AddUnder("window", q.Window.check())
	if q.Partner == "" {
		is.Add("partner", "required", "is missing")
	}
	if q.Currency.IsZero() {
		is.Add("currency", "required", "is missing")
	}
	if err := is.Err(ErrTurnover); err != nil {
		return money.Amount{}, err
	}
	sum := money.Zero(q.Currency)
	err := t.each(ctx, tx, TurnoverSearch{Partner: q.Partner, Currency: q.Currency.Code(), From: q.Window.Start(q.Day, q.Begun),
		Until: q.Day, Known: q.Known}, func(e *TurnoverEntry) error {
		x, err := e.In(q.Family)
		if err == nil {
			sum, err = sum.Add(x)
		}
		return err
	})
	if err != nil {
		return money.Amount{}, err
	}
	return sum, nil
}

// Find lists entries, one page at a time. The partner's side sees its own only,
// whatever the search says. Errors: uow.ErrPage.
func (t *Turnovers) Find(ctx context.Context, a access.Actor, q TurnoverSearch) (uow.Page[TurnoverEntry], error) {
	return uow.Ask(ctx, t.run, func(ctx context.Context, tx TurnoverTx) (uow.Page[TurnoverEntry], error) {
		return t.FindTx(ctx, tx, a, q)
	})
}

// FindTx is Find inside a transaction of the caller's.
func (t *Turnovers) FindTx(ctx context.Context, tx TurnoverTx, a access.Actor, q TurnoverSearch) (uow.Page[TurnoverEntry], error) {
	if !t.policy.Everywhere(a, access.InvoiceRead) {
		if !t.policy.May(a, access.InvoiceRead, access.Owner{Partner: a.Partner}) || q.Partner != "" && q.Partner != a.Partner {
			return uow.EmptyPage[TurnoverEntry](q.Page), nil
		}
		q.Partner = a.Partner
	}
	return tx.Turnover().Find(ctx, q)
}

// each hands every entry of a search that counts to fn, one after the other.
func (t *Turnovers) each(ctx context.Context, tx TurnoverTx, q TurnoverSearch, fn func(*TurnoverEntry) error) error {
	q.Kind, q.Oldest, q.Page = t.kind, true, uow.PageRequest{Limit: turnoverPage}
	for {
		page, err := tx.Turnover().Find(ctx, q)
		if err != nil {
			return err
		}
		for i := range page.Rows {
			if err := fn(&page.Rows[i]); err != nil {
				return err
			}
		}
		if page.Next == "" {
			return nil
		}
		q.Page.After = page.Next
	}
}

// eachOf hands every entry of a document to fn, by revision.
func eachOf(ctx context.Context, tx TurnoverTx, kind, id string, fn func(*TurnoverEntry) error) error {
	for from := int64(1); ; {
		page, err := tx.Turnover().OfDocument(ctx, kind, id, from, turnoverPage)
		if err != nil {
			return err
		}
		for i := range page {
			if err := fn(&page[i]); err != nil {
				return err
			}
			from = page[i].Revision + 1
		}
		if len(page) < turnoverPage {
			return nil
		}
	}
}

// check refuses a window that ParseWindow would not read.
func (w Window) check() error {
	_, err := ParseWindow(w.String())
	return err
}
