package trytonerp

import (
	"context"
	"slices"

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
	// names are what the documents of records go by, where that is known without
	// reading them.
	names func(ctx context.Context, subjects []subject) (map[subject][]string, error)
	// listed are the records that documents are listed by, nil means those of
	// the sources that are themselves what is told of.
	listed []source
	// rules is the time of the last change of what all documents depend on.
	rules int64
	// as is how that is: another number when it is other than before.
	as uint64
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
		latest := latestOf(all)
		some, subjects := first(all, latest, max(1, limit/max(1, f.each)))
		more = more || len(some) < len(all)
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
				sequence := f.sequence(&p, c, d.at, was)
				rows := stamped(f, d.rows, sequence)[min(p.done(c), len(d.rows)):]
				room := limit - len(page.Rows)
				if page.Rows = append(page.Rows, rows[:min(room, len(rows))]...); len(rows) > room {
					p.part = part{c.at, c.source, c.id, p.done(c) + room}
					p.raised[c.subject.String()] = sequence
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

// sequence is that of the documents of a subject: its latest time, or that of
// the rules. What was told under it may have been other than it is now, when a
// change of an earlier time came to light: then it is the next number.
func (f feed[R]) sequence(p *position, c change, at, was int64) int64 {
	sequence, of := max(at, c.at, f.rules), c.subject.String()
	told := p.raised[of]
	switch {
	case told >= sequence && p.done(c) > 0:
		return told // the rest of what was told in part
	case told >= sequence:
		sequence = told + 1
	case c.at < at && at <= was || c.at <= max(f.rules, p.walked):
		sequence++
	default:
		return sequence
	}
	p.raised[of] = sequence
	return sequence
}

// stamped gives documents the sequence.
func stamped[R any](f feed[R], rows []R, sequence int64) []R {
	for i := range rows {
		f.head(&rows[i]).Sequence = sequence
	}
	return rows
}

// latestOf are the last changes of the subjects. A change of no subject has none.
func latestOf(all []change) map[subject]change {
	latest := map[subject]change{}
	for _, c := range all {
		if c.subject.id != 0 {
			latest[c.subject] = c
		}
	}
	return latest
}

// first are the first changes with the last ones of at most so many subjects,
// which are named.
func first(all []change, latest map[subject]change, most int) (some []change, subjects []subject) {
	for i, c := range all {
		if c.subject.id == 0 || latest[c.subject] != c {
			continue
		}
		if len(subjects) == most {
			some = whole(all[:i], c.at)
			return some, slices.DeleteFunc(subjects, func(s subject) bool { return latest[s].compare(some[len(some)-1]) > 0 })
		}
		subjects = append(subjects, c.subject)
	}
	return all, subjects
}
