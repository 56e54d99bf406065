package trytonerp

import (
	"context"

	"github.com/comptoir-go/comptoir/erp"
)

// feed is a stream: where its documents change, and how they are read.
type feed[R any] struct {
	op      erp.Op
	sources []source
	// read reads what there is to tell of subjects, by subject; one that is not told
	// (any more) is left out.
	read func(ctx context.Context, subjects []subject) (map[subject]read[R], error)
	head func(*R) *erp.Head
	// several says that a record may be several documents, or that they go by
	// other names than its id.
	several bool
	// listed are the records that documents are listed by, nil means those of
	// the sources that are themselves what is told of.
	listed []source
	// rules is the time of the last change of what all documents depend on.
	rules int64
	// each is how many documents a record is at least, 0 means 1.
	each int
	// spare is how many more changes are asked for than rows: some are passed over.
	spare int
}

// spareChanges are that of streams whose documents change in parts.
const spareChanges = 300

// read is a subject as it is now: at is the latest time of its records, those of
// the sources, and rows are its documents.
type read[R any] struct {
	at   int64
	rows []R
}

// pullOf answers a page of the feed.
func pullOf[R any](ctx context.Context, a *Adapter, of func(context.Context, erp.Op) (feed[R], error), op erp.Op, after erp.Cursor, limit int) (erp.Page[R], error) {
	f, err := of(ctx, op)
	if err != nil {
		return erp.Page[R]{}, err
	}
	return pull(ctx, a, f, after, limit)
}

// pull answers a page. A subject is told at the latest change of its records;
// earlier ones are passed over.
func pull[R any](ctx context.Context, a *Adapter, f feed[R], after erp.Cursor, limit int) (erp.Page[R], error) {
	page := erp.Page[R]{Next: after}
	p, err := readPosition(f.op, after)
	if err != nil {
		return page, err
	}
	for {
		all, more, err := a.changes(ctx, f.op, f.sources, p, limit+1+f.spare)
		if err != nil {
			return page, err
		}
		some := firstSubjects(all, max(1, limit/max(1, f.each)))
		more = more || len(some) < len(all)
		subjects, latest := subjectsOf(some)
		docs := map[subject]read[R]{}
		if len(subjects) > 0 {
			if docs, err = f.read(ctx, subjects); err != nil {
				return page, err
			}
		}
		was := p.last()
		for _, c := range some {
			d, ok := docs[c.subject]
			if ok && latest[c.subject] == c && (d.at <= c.at || d.at <= was) {
				rows := f.stamped(&p, c, d, was)[min(p.done(c), len(d.rows)):]
				room := limit - len(page.Rows)
				if page.Rows = append(page.Rows, rows[:min(room, len(rows))]...); len(rows) > room {
					p.part = part{c.at, c.source, c.id, p.done(c) + room}
					more = true
					break
				}
			}
			p.note(c)
		}
		if len(page.Rows) > 0 {
			page.More = more
			page.Next, err = p.cursor()
			return page, err
		}
		if !more {
			return page, nil
		}
	}
}

// stamped gives the documents of a subject their sequence: its latest time. A
// change of an earlier time that came to light after it was told makes the next
// number of it.
func (f feed[R]) stamped(p *position, c change, d read[R], was int64) []R {
	sequence := max(d.at, c.at)
	if c.at < d.at && d.at <= was {
		sequence = max(sequence, p.raised[c.subject.String()]) + 1
		p.raised[c.subject.String()] = sequence
	}
	for i := range d.rows {
		f.head(&d.rows[i]).Sequence = sequence
	}
	return d.rows
}

// firstSubjects are the first changes, of at most so many subjects.
func firstSubjects(all []change, most int) []change {
	seen := map[subject]bool{}
	for i, c := range all {
		if seen[c.subject] = true; len(seen) > most {
			return whole(all[:i], c.at)
		}
	}
	return all
}

// subjectsOf are the subjects of the changes, and the last change of each. A change
// of no subject has none.
func subjectsOf(changes []change) (subjects []subject, latest map[subject]change) {
	latest = map[subject]change{}
	for _, c := range changes {
		if c.subject.id == 0 {
			continue
		}
		if _, ok := latest[c.subject]; !ok {
			subjects = append(subjects, c.subject)
		}
		latest[c.subject] = c
	}
	return subjects, latest
}
