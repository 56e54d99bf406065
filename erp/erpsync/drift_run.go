package erpsync

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/comptoir-go/comptoir/access"
	"github.com/comptoir-go/comptoir/erp"
	"github.com/comptoir-go/comptoir/event"
	"github.com/comptoir-go/comptoir/fault"
	"github.com/comptoir-go/comptoir/internal/clock"
	"github.com/comptoir-go/comptoir/internal/ids"
	"github.com/comptoir-go/comptoir/money"
	"github.com/comptoir-go/comptoir/store"
	"github.com/comptoir-go/comptoir/uow"
)

// DriftOptions tune a Drift. The zero value is ready to use.
type DriftOptions struct {
	// Now is the clock, NewID makes ids of events. Defaults: the machine's,
	// UUIDv7.
	Now   func() time.Time
	NewID func() string
	// Zone is the tenant's time zone, for the day of documents. Default: UTC.
	Zone *time.Location
	// Policy decides who may read the report. Default: access.Default().
	Policy *access.Policy
	// Limit is how many differences a report lists, and events tell of, at once;
	// further ones are counted. Default: 500.
	Limit int
	// Page is how many documents are read at once, at most erp.PullMax.
	// Default: 200.
	Page int
	// IDs is how many of the ERP's documents are remembered at once, by some 50
	// bytes each; an ERP that has more of one kind is read again for the rest.
	// Default: 200 000.
	IDs int
	// Patience is for how long what is not yet pulled or pushed may differ before
	// an event tells of it; the report lists it at once. Default: 1 hour;
	// negative: none.
	Patience time.Duration
	// Shared says that other portals write into the same ERP, so that an order
	// there whose key is not known here is theirs, and not one that was lost.
	Shared bool
}

// DriftReport is what a run found.
type DriftReport struct {
	// From and Until are when the run began and ended.
	From  time.Time `json:"from"`
	Until time.Time `json:"until"`
	// Unread are the kinds of documents of which the ERP does not tell; nothing
	// is said of them.
	Unread []DocKind `json:"unread,omitempty"`
	// Sums are what each side holds.
	Sums []DriftSum `json:"sums,omitempty"`
	// Differences are in the order of kind, document, line and field.
	Differences []Difference `json:"differences,omitempty"`
	// More counts further differences that are not listed.
	More int `json:"more,omitempty"`
}

func (s DriftSum) before(t DriftSum) int {
	return cmp.Or(cmp.Compare(rank(s.Document), rank(t.Document)), cmp.Compare(s.Currency, t.Currency))
}

// DriftSum is how many documents of a kind and a currency each side holds that the
// other ought to hold too, without ended ones, and what they come to: of orders,
// invoices less credit notes, payments less refunds. Deliveries have no
// currency.
type DriftSum struct {
	Document DocKind      `json:"document"`
	Currency string       `json:"currency,omitempty"`
	Here     int          `json:"here"`
	There    int          `json:"there"`
	Ours     money.Amount `json:"ours,omitzero"`
	Theirs   money.Amount `json:"theirs,omitzero"`
}

// ErrNoReport: no run has ended yet.
var ErrNoReport = fault.Define(fault.NotFound, "erpsync.no_report", "the books have not been compared yet")

// Drift compares the books of one tenant with those of its ERP, all of them:
// orders with their lines and totals, deliveries, invoices and credit notes,
// payments. It changes nothing on either side. Run it after a pull, every night
// or before a closing; it reads the ERP's streams from their beginning.
//
// It holds one page of documents and the differences in memory, and a few bytes
// for each document of the ERP, bounded: see DriftOptions.IDs.
type Drift struct {
	tenant access.Tenant
	store  store.Tenanted
	client *erp.Client
	o      DriftOptions
}

// NewDrift makes the comparison of one tenant over its store and a client of its
// ERP; opts may be nil.
func NewDrift(t access.Tenant, st store.Tenanted, c *erp.Client, opts *DriftOptions) *Drift {
	d := &Drift{tenant: t, store: st, client: c}
	if opts != nil {
		d.o = *opts
	}
	d.o.NewID = ids.Or(d.o.NewID, d.o.Now)
	d.o.Now = clock.Or(d.o.Now)
	if d.o.Zone == nil {
		d.o.Zone = time.UTC
	}
	if d.o.Policy == nil {
		d.o.Policy = access.Default()
	}
	orDefault(&d.o.Limit, 500)
	orDefault(&d.o.Page, 200)
	d.o.Page = min(d.o.Page, erp.PullMax)
	orDefault(&d.o.IDs, 200_000)
	if d.o.Patience == 0 {
		d.o.Patience = time.Hour
	}
	return d
}

// driftStream is where the last report is kept: the run moves it like a cursor,
// with the events, in one transaction.
const driftStream = "drift"

// Run compares both sides and answers the report, which Last answers too from
// then on. In the same transaction it appends a drift.found for each difference
// that was not told of before, and a drift.settled for each that was and is no
// more. What is not yet pulled or pushed is told of after Patience. Nothing is
// kept of a run that fails: errors are those of the ERP and of the store, and
// ErrOvertaken when another run ended in between.
func (d *Drift) Run(ctx context.Context) (DriftReport, error) {
	at, last, err := d.last(ctx)
	if err != nil {
		return DriftReport{}, err
	}
	r, err := newReckoning(ctx, d, last)
	if err != nil {
		return DriftReport{}, err
	}
	for _, k := range kinds {
		if err := r.compare(ctx, k); err != nil {
			return DriftReport{}, fmt.Errorf("%s: %w", k, err)
		}
	}
	report := r.report()
	found, settled := d.news(&report, last, r.still)
	data, err := json.Marshal(report)
	if err != nil {
		return DriftReport{}, err
	}
	err = d.store.Update(ctx, func(ctx context.Context, tx store.Tx) error {
		if err := tx.Outbox().Append(ctx, event.Facts, d.events(at.Version+1, report.Until, found, settled)...); err != nil {
			return err
		}
		return tx.Inbox().Move(ctx, event.Cursor{Stream: driftStream, Version: at.Version, Value: data, At: report.Until, Changes: len(report.Differences)})
	})
	if errors.Is(err, uow.ErrVersion) {
		return DriftReport{}, ErrOvertaken.With("another comparison ended in between")
	}
	return report, err
}

// Last answers the report of the last run. Errors: access.ErrForbidden without
// erp.drift for everybody's things; ErrNoReport.
func (d *Drift) Last(ctx context.Context, a access.Actor) (DriftReport, error) {
	if !d.o.Policy.Everywhere(a, access.ERPDrift) {
		return DriftReport{}, access.Denied(access.ERPDrift)
	}
	at, report, err := d.last(ctx)
	if err == nil && at.Version == 0 {
		err = ErrNoReport
	}
	return report, err
}

func (d *Drift) last(ctx context.Context) (at event.Cursor, report DriftReport, err error) {
	err = d.store.View(ctx, func(ctx context.Context, tx store.Tx) (err error) {
		at, err = tx.Inbox().Cursor(ctx, driftStream)
		return err
	})
	if err == nil && len(at.Value) > 0 {
		err = json.Unmarshal(at.Value, &report)
	}
	return at, report, err
}

// news marks what is told of now and answers it, with what was told of and is no
// more. Since when a difference is known stays; so do those of kinds that were
// not read this time.
func (d *Drift) news(report *DriftReport, last DriftReport, still map[string]bool) (found, settled []Difference) {
	was := make(map[string]Difference, len(last.Differences))
	for _, x := range last.Differences {
		was[x.Fingerprint] = x
	}
	for i := range report.Differences {
		x := &report.Differences[i]
		x.Since = report.From
		if before, known := was[x.Fingerprint]; known {
			x.Since, x.Told = before.Since, before.Told
		}
		if x.Told || x.Cause.late() && d.o.Patience > 0 && report.From.Sub(x.Since) < d.o.Patience {
			continue
		}
		x.Told = true
		found = append(found, *x)
	}
	for _, x := range last.Differences {
		switch {
		case still[x.Fingerprint]:
		case slices.Contains(report.Unread, x.Document):
			report.Differences = append(report.Differences, x)
		case x.Told:
			settled = append(settled, x)
		}
	}
	slices.SortFunc(report.Differences, Difference.before)
	return found, settled
}

// events are the news, those of a document in one batch: what is settled first.
func (d *Drift) events(version int64, at time.Time, found, settled []Difference) []event.Event {
	batches := map[string]*event.Batch{}
	var subjects []string
	add := func(x Difference, p event.Payload) {
		subject := x.subject()
		if batches[subject] == nil {
			batches[subject] = event.NewBatch(subject, version, at, d.o.NewID)
			subjects = append(subjects, subject)
		}
		_ = batches[subject].Add(p) // texts and amounts cannot fail
	}
	for _, x := range settled {
		add(x, DriftSettled{x})
	}
	for _, x := range found {
		add(x, DriftFound{x})
	}
	var out []event.Event
	for _, s := range subjects {
		out = append(out, batches[s].Events()...)
	}
	return out
}

// subject names the document: ours, or for one that is not here the ERP's.
func (d Difference) subject() string {
	id := d.ID
	if id == "" {
		id = "erp/" + d.ERPID
	}
	if brief(id, idMax) != id {
		id = hashed("H", id)
	}
	return "drift/" + string(d.Document) + "/" + id
}
