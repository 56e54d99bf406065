package pricing

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/comptoir-go/comptoir/catalog"
	"github.com/comptoir-go/comptoir/fault"
	"github.com/comptoir-go/comptoir/internal/clock"
	"github.com/comptoir-go/comptoir/money"
	"github.com/comptoir-go/comptoir/partner"
)

// TurnoverInput is what one document counts for, whole: not what changed.
type TurnoverInput struct {
	Document TurnoverDocument
	Partner  partner.ID
	Day      partner.Date
	// Net is the document's net, without tax; zero together with no lines takes
	// back all that it counted for.
	Net money.Amount
	// Lines are its positions. What they do not sum to, such as allowances and
	// charges on the whole, is shared over the families with something in them
	// by the largest remainder, or has no family where there is none.
	Lines []TurnoverLine
	// Back says that goods or money came back: amounts are positive, as on a
	// credit note, and count below zero.
	Back bool
	// New promises that nothing of the document was recorded, which saves
	// looking; if it was, saving is ErrTurnoverExists.
	New bool
}

// TurnoverLine is the net of goods.
type TurnoverLine struct {
	// Product, or where that is not known SKU, finds the family. A line without
	// SKU is no goods.
	Product catalog.ID
	SKU     catalog.SKU
	Net     money.Amount
}

// TurnoverDraft is what a document adds to the ledger, not saved yet.
type TurnoverDraft struct {
	now      time.Time
	document TurnoverDocument
	entries  []TurnoverEntry
}

// turnoverPage is how many entries are read at a time.
const turnoverPage = 500

// RecordTx records what a document counts for, in the transaction that changes
// it: entries over the difference to what is recorded, at most one for each
// partner, day, currency, number and invoice corrected that it had. What is
// recorded already adds nothing. It is for the services that keep the documents,
// and they check who may.
//
// Families are those of the products when the article first stood on the
// document; a document that corrects another takes that one's. The cost is at
// most four reads and the entries.
//
// Errors: ErrTurnover (Invalid, pricing.turnover) with every issue;
// ErrTurnoverExists; money.ErrOverflow.
func (t *Turnovers) RecordTx(ctx context.Context, tx TurnoverTx, in TurnoverInput) ([]TurnoverEntry, error) {
	d, err := t.DraftTx(ctx, tx, in)
	if err != nil {
		return nil, err
	}
	return d.SaveTx(ctx, tx, in.Document.Number)
}

// DraftTx makes the entries of RecordTx and does all its reading. A caller who
// takes the document's number last saves the draft after it. A draft and its
// SaveTx are a pair within one transaction: a draft is the difference to what is
// recorded when it is made, so a document is drafted again only after its last
// draft was saved or let go. The second of two that are saved is
// ErrTurnoverExists.
func (t *Turnovers) DraftTx(ctx context.Context, tx TurnoverTx, in TurnoverInput) (TurnoverDraft, error) {
	d := TurnoverDraft{now: clock.Cut(t.now()), document: in.Document}
	if err := in.check(); err != nil {
		return d, err
	}
	l := ledger{places: map[turnoverPlace]map[string]money.Amount{}, families: map[catalog.SKU]string{}}
	if in.Document.Corrects != "" {
		if err := l.read(ctx, tx, in.Document.Kind, in.Document.Corrects, false); err != nil {
			return d, err
		}
	}
	if !in.New {
		if err := l.read(ctx, tx, in.Document.Kind, in.Document.ID, true); err != nil {
			return d, err
		}
	}
	if d.now.Before(l.known) {
		d.now = l.known
	}
	target, articles, err := l.target(ctx, tx, in)
	if err != nil {
		return d, err
	}
	here := turnoverPlace{in.Document, in.Partner, in.Day, in.Net.Currency()}
	if len(target) > 0 && l.places[here] == nil {
		l.places[here] = map[string]money.Amount{}
	}
	for _, at := range slices.SortedFunc(maps.Keys(l.places), turnoverPlace.compare) {
		want := map[string]money.Amount{}
		if at == here {
			want = target
		}
		e := TurnoverEntry{Partner: at.partner, Document: at.document, Day: at.day, Known: d.now, Articles: articles}
		if e.Parts, e.Net, err = difference(l.places[at], want, at.currency); err != nil {
			return d, err
		}
		if len(e.Parts) == 0 {
			continue
		}
		l.revision++
		e.Revision, e.ID = l.revision, TurnoverID(t.newID())
		d.entries = append(d.entries, e)
	}
	return d, nil
}

// SaveTx saves the draft with the number that the document got.
func (d TurnoverDraft) SaveTx(ctx context.Context, tx TurnoverTx, number string) ([]TurnoverEntry, error) {
	out := make([]TurnoverEntry, 0, len(d.entries))
	for _, e := range d.entries {
		if e.Document == d.document {
			e.Document.Number = number
		}
		saved, err := tx.Turnover().Save(ctx, e)
		if err != nil {
			return nil, err
		}
		out = append(out, saved)
	}
	return out, nil
}

func (in *TurnoverInput) check() error {
	var is fault.Issues
	need := func(path string, missing bool) {
		if missing {
			is.Add(path, "required", "is missing")
		}
	}
	need("document.kind", in.Document.Kind == "")
	need("document.id", in.Document.ID == "")
	need("partner", in.Partner == "")
	need("day", in.Day.IsZero())
	need("net", in.Net.IsNone())
	for i, l := range in.Lines {
		if l.Net.Currency() != in.Net.Currency() {
			is.Add(fmt.Sprintf("lines[%d].net", i), "amount.currency", "is in %q, not in %q", l.Net.Currency().Code(), in.Net.Currency().Code())
		}
	}
	return is.Err(ErrTurnover)
}

// turnoverPlace is where entries of a document count together.
type turnoverPlace struct {
	document TurnoverDocument
	partner  partner.ID
	day      partner.Date
	currency money.Currency
}

func (p turnoverPlace) compare(q turnoverPlace) int {
	return cmp.Or(p.day.Compare(q.day), cmp.Compare(p.partner, q.partner), cmp.Compare(p.currency.Code(), q.currency.Code()),
		cmp.Compare(p.document.Number, q.document.Number), cmp.Compare(p.document.Corrects, q.document.Corrects))
}

// ledger is what the entries of a document sum to.
type ledger struct {
	places   map[turnoverPlace]map[string]money.Amount // by family
	families map[catalog.SKU]string
	revision int64
	known    time.Time
}

// read takes the families of a document's entries, and their sums when they
// count. What is read later goes before.
func (l *ledger) read(ctx context.Context, tx TurnoverTx, kind, id string, count bool) error {
	return eachOf(ctx, tx, kind, id, func(e *TurnoverEntry) error {
		for _, a := range e.Articles {
			l.families[a.SKU] = a.Family
		}
		if !count {
			return nil
		}
		l.revision = e.Revision
		if e.Known.After(l.known) {
			l.known = e.Known
		}
		at := turnoverPlace{e.Document, e.Partner, e.Day, e.Net.Currency()}
		if l.places[at] == nil {
			l.places[at] = map[string]money.Amount{}
		}
		for _, p := range e.Parts {
			if err := addTo(l.places[at], p.Family, p.Net); err != nil {
				return err
			}
		}
		return nil
	})
}

func addTo(sums map[string]money.Amount, family string, x money.Amount) error {
	sum, ok := sums[family]
	if !ok {
		sum = money.Zero(x.Currency())
	}
	sum, err := sum.Add(x)
	sums[family] = sum
	return err
}

// difference is what brings some sums to others, by family, ascending.
func difference(have, want map[string]money.Amount, cur money.Currency) ([]TurnoverPart, money.Amount, error) {
	families := map[string]struct{}{}
	for f := range have {
		families[f] = struct{}{}
	}
	for f := range want {
		families[f] = struct{}{}
	}
	var parts []TurnoverPart
	net := money.Zero(cur)
	or0 := func(m map[string]money.Amount, f string) money.Amount {
		if x, ok := m[f]; ok {
			return x
		}
		return money.Zero(cur)
	}
	for _, f := range slices.Sorted(maps.Keys(families)) {
		x, err := or0(want, f).Sub(or0(have, f))
		if err != nil {
			return nil, net, err
		}
		if x.IsZero() {
			continue
		}
		if net, err = net.Add(x); err != nil {
			return nil, net, err
		}
		parts = append(parts, TurnoverPart{Family: f, Net: x})
	}
	return parts, net, nil
}
