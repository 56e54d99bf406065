package erpsync

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/comptoir-go/comptoir/access"
	"github.com/comptoir-go/comptoir/billing"
	"github.com/comptoir-go/comptoir/catalog"
	"github.com/comptoir-go/comptoir/erp"
	"github.com/comptoir-go/comptoir/event"
	"github.com/comptoir-go/comptoir/internal/clock"
	"github.com/comptoir-go/comptoir/internal/ids"
	"github.com/comptoir-go/comptoir/order"
	"github.com/comptoir-go/comptoir/partner"
	"github.com/comptoir-go/comptoir/store"
)

// Books are the services on our side, of which the relay reads and to which the
// puller brings. Streams whose service is nil are not pulled.
type Books struct {
	Orders  *order.Service
	Billing *billing.Service
	Catalog *catalog.Service
	// Partners are changed by what is pulled only where PullOptions.Parties say so.
	Partners *partner.Service
}

// PullOptions tune a Puller. The zero value is ready to use.
type PullOptions struct {
	// Now is the clock, NewID makes ids of events. Defaults: the machine's,
	// UUIDv7.
	Now   func() time.Time
	NewID func() string
	// Zone is the tenant's time zone, for days. Default: UTC.
	Zone *time.Location
	// Streams are pulled in this order. Default: erp.Streams(), parents first;
	// those that the adapter does not have are left out.
	Streams []erp.Stream
	// Limit is how many changes a page holds, at most erp.PullMax. Default: 200.
	Limit int
	// Pages bounds the pages of one stream in one Step. Default: 50.
	Pages int
	// Every is how long Run waits between steps. Default: 2 minutes.
	Every time.Duration
	// Strangers parks invoices and payments of customers, and prices and stock
	// of articles, that are not here until they are. Default: the ERP has many
	// that never will be, so they are left out; Restart the streams to have
	// them after a customer or an article was registered. (With
	// Articles.Create set, prices and stock wait for their article.)
	Strangers bool
	// ParkedFor is how long a change waits for what it is about: an order, a
	// delivery or an invoice that may be another portal's in the same ERP, an
	// article or a customer. Then it is forgotten, and a ChangeDropped tells of
	// it; an invoice or a payment that is here already, or of a customer that is,
	// goes to a person instead. Default: 90 days; negative: for ever.
	ParkedFor time.Duration
	// GoneShare is which part of the rows that are held of a stream Resync may find
	// gone without a person's word, at least one row and never all of them. Default:
	// 0.1; negative: none, a person always looks.
	GoneShare float64
	// Articles say how the ERP's articles and price lists become ours.
	Articles Articles
	// Parties say which of the ERP's customers become partners. Default: none,
	// and the stream is not pulled.
	Parties Parties
	// Observe is told of every page, and of what a step did besides that came
	// to something. It must not block.
	Observe func(Pulled)
}

// Pulled is what became of one page of a stream, or, without a Stream, of the
// rest of a step: what was parked, and what is used of credit notes.
type Pulled struct {
	Stream erp.Stream
	// Rows came; of these Parked wait for a parent or for a person. Released
	// counts changes parked before that could be applied now, Left those of
	// customers and articles that are not here.
	Rows, Parked, Released, Left int
	// Gone counts rows that Resync has marked as gone.
	Gone int
	// More says that a further page waits.
	More bool
	Err  error
}

// Puller brings what changed in the ERP into one tenant's store: states of
// orders, deliveries, invoices, payments, messages, products, prices, stock, and
// customers where PullOptions.Parties take them.
// Any number of pullers may run; of those who apply one page one wins.
//
// A page is applied in one transaction with its cursor, so that a process that
// dies neither skips a change nor applies it half. A change that comes twice
// or late changes nothing. One whose parent has not arrived is parked until it
// has, for as long as PullOptions.ParkedFor says; one that cannot be applied at
// all is parked for a person, with its cause, and does not hold up the stream:
// see Parking. What waits for an order is left when the stream of orders, in a
// reading to its end that began two intervals (PullOptions.Every) later, has told of none of
// ours, as is then what is written on it. What the ERP's people
// enter that is none of ours is left: orders and their deliveries; invoices and
// payments of their customers that we know are taken.
//
// An ERP that keeps no keys cannot say that a document came from us. While a
// push of ours is open there that one could be, it is parked until the relay, or
// a person by Letters, has settled the push.
type Puller struct {
	tenant access.Tenant
	store  store.Tenanted
	books  Books
	client *erp.Client
	actor  access.Actor
	o      PullOptions
	feeds  map[erp.Stream]feed

	mu sync.Mutex
	// seen is where the rota of parked changes goes on.
	seen string
	// ends are as of when streams were last read to their ends; read tells of one.
	ends sync.Map
	read func(ctx context.Context, tx store.Tx, s erp.Stream) (time.Time, error)
}

// NewPuller makes the puller of one tenant over its store, its services and a
// client of its ERP.
func NewPuller(t access.Tenant, st store.Tenanted, books Books, c *erp.Client, opts *PullOptions) *Puller {
	p := &Puller{tenant: t, store: st, books: books, client: c, actor: access.Machine("erp-pull")}
	if opts != nil {
		p.o = *opts
	}
	p.o.NewID = ids.Or(p.o.NewID, p.o.Now)
	p.o.Now = clock.Or(p.o.Now)
	if p.o.Zone == nil {
		p.o.Zone = time.UTC
	}
	if p.o.Streams == nil {
		p.o.Streams = erp.Streams()
	}
	if p.o.Observe == nil {
		p.o.Observe = func(Pulled) {}
	}
	orDefault(&p.o.Limit, 200)
	p.o.Limit = min(p.o.Limit, erp.PullMax)
	orDefault(&p.o.Pages, 50)
	orDefault(&p.o.Every, 2*time.Minute)
	if p.o.ParkedFor == 0 {
		p.o.ParkedFor = parkedFor
	}
	if p.o.GoneShare == 0 {
		p.o.GoneShare = 0.1
	}
	p.feeds = p.makeFeeds()
	p.read = func(_ context.Context, _ store.Tx, s erp.Stream) (time.Time, error) {
		at, _ := p.ends.Load(s)
		end, _ := at.(time.Time)
		return end, nil
	}
	return p
}

// Streams lists the streams that are pulled, in order: those asked for that
// the adapter has and a service takes.
func (p *Puller) Streams() []erp.Stream {
	var out []erp.Stream
	for _, s := range p.o.Streams {
		if f, ok := p.feeds[s]; ok && p.client.Supports(f.operation()) {
			out = append(out, s)
		}
	}
	return out
}

// Step pulls every stream until it has no more, at most Pages pages each, and
// then tries what is parked. When invoices and payments are at their ends, what
// the ERP has used of its credit notes is followed (billing.Service.FollowUse).
// It answers how many changes came. A stream that
// fails does not stop the others; their errors are joined. A page that another
// puller applied first is no failure.
func (p *Puller) Step(ctx context.Context) (int, error) {
	total := 0
	var errs []error
	ended := map[erp.Stream]bool{}
	for _, s := range p.Streams() {
		for range p.o.Pages {
			began := p.o.Now()
			did, err := p.Pull(ctx, s)
			if errors.Is(err, ErrOvertaken) {
				continue
			}
			total += did.Rows
			if err != nil {
				errs = append(errs, fmt.Errorf("%s: %w", s, err))
				break
			}
			if !did.More {
				ended[s] = true
				p.ends.Store(s, began)
				break
			}
		}
		if ctx.Err() != nil {
			return total, ctx.Err()
		}
	}
	round := p.retryParked(ctx)
	if ended[erp.Invoices] && ended[erp.Payments] {
		round.Err = errors.Join(round.Err, p.followUses(ctx, nil))
	}
	if round != (Pulled{}) {
		p.o.Observe(round)
	}
	return total, errors.Join(append(errs, round.Err)...)
}

// Run steps until ctx ends and then answers its error. What fails is told to
// Observe and tried again at the next step.
func (p *Puller) Run(ctx context.Context) error {
	for ctx.Err() == nil {
		_, _ = p.Step(ctx) // what failed was told to Observe
		t := time.NewTimer(p.o.Every)
		select {
		case <-ctx.Done():
			t.Stop()
		case <-t.C:
		}
	}
	return ctx.Err()
}

// Pull brings one page of a stream and applies it. ErrOvertaken says that
// another puller applied it first; nothing was lost, and the next call goes on
// behind. Errors: erp.ErrUnsupported for a stream that is not pulled; those of
// the ERP and of the store.
func (p *Puller) Pull(ctx context.Context, s erp.Stream) (Pulled, error) {
	f, ok := p.feeds[s]
	if !ok {
		return Pulled{Stream: s}, erp.ErrUnsupported.With("the stream %q has no service to take it", s)
	}
	did, err := f.pull(ctx, p)
	did.Stream, did.Err = s, err
	p.o.Observe(did)
	return did, err
}

// Restart forgets how far a stream was read: the next pull begins at the
// beginning of everything. Nothing is applied twice, since changes carry their
// sequence; it finds what was left out: by a lost cursor, or because its article
// or its customer was not here yet and a person dropped it.
func (p *Puller) Restart(ctx context.Context, s erp.Stream) error {
	return p.store.Update(ctx, func(ctx context.Context, tx store.Tx) error { return restart(ctx, tx, s, p.o.Now()) })
}

func restart(ctx context.Context, tx store.Tx, s erp.Stream, now time.Time) error {
	c, err := tx.Inbox().Cursor(ctx, string(s))
	if err != nil || len(c.Value) == 0 {
		return err
	}
	return tx.Inbox().Move(ctx, event.Cursor{Stream: string(s), Version: c.Version, At: now})
}
