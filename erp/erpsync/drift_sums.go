package erpsync

import (
	"slices"

	"github.com/shopspring/decimal"

	"github.com/comptoir-go/comptoir/money"
)

// list keeps a difference for the report, if there is room.
func (r *reckoning) list(x Difference) {
	doc := documentOf(x)
	switch {
	case r.known[x.Fingerprint]:
		r.still[x.Fingerprint] = true
	case r.room <= 0:
		r.more++
		return
	default:
		r.room--
	}
	r.listed[doc] = append(r.listed[doc], x)
}

// drop forgets what was found of a document of which the ERP tells again.
func (r *reckoning) drop(doc document) {
	for _, x := range r.listed[doc] {
		if r.known[x.Fingerprint] {
			delete(r.still, x.Fingerprint)
		} else {
			r.room++
		}
	}
	delete(r.listed, doc)
}

func (r *reckoning) report() DriftReport {
	out := DriftReport{From: r.began, Until: r.d.o.Now(), Unread: r.unread, More: r.more}
	var news []Difference
	for _, xs := range r.listed {
		for _, x := range xs {
			if r.known[x.Fingerprint] {
				out.Differences = append(out.Differences, x)
			} else {
				news = append(news, x)
			}
		}
	}
	room := r.d.o.Limit - len(out.Differences)
	for _, x := range r.last.Differences {
		if slices.Contains(r.unread, x.Document) { // it stays in the report
			room--
		}
	}
	slices.SortFunc(news, Difference.before)
	room = min(max(room, 0), len(news))
	out.More += len(news) - room
	out.Differences = append(out.Differences, news[:room]...)
	slices.SortFunc(out.Differences, Difference.before)
	for _, s := range r.sums {
		out.Sums = append(out.Sums, *s)
	}
	slices.SortFunc(out.Sums, func(a, b DriftSum) int { return a.before(b) })
	return out
}

// counts is what a document of the ERP adds to its sums: it is ours, or ought to
// be.
func (r *reckoning) counts(t Holding, here []Holding) counted {
	c := counted{code: t.Currency, amount: t.Amount.Mul(sign(t.Minus)), counts: t.Due && !t.Ended}
	for _, o := range here {
		if o.Twin == t.ID || o.Twin == "" && o.Key != "" && o.Key == t.Key {
			c.counts = !t.Ended
			if c.code == "" {
				c.code = o.Currency
			}
		}
	}
	return c
}

func (r *reckoning) sum(k DocKind, code string) *DriftSum {
	at := sumOf{k, code}
	if r.sums[at] == nil {
		r.sums[at] = &DriftSum{Document: k, Currency: code}
	}
	return r.sums[at]
}

// total adds what was seen to the ERP's sums.
func (r *reckoning) total(k DocKind, s *seen) {
	sums := map[string]decimal.Decimal{}
	for _, c := range s.docs {
		if c.counts {
			r.sum(k, c.code).There++
			sums[c.code] = sums[c.code].Add(c.amount)
		}
	}
	for code, sum := range sums {
		plus(&r.sum(k, code).Theirs, sum, code)
	}
}

// count adds a document to our sums.
func (r *reckoning) count(h Holding) {
	if h.Due && !h.Ended {
		s := r.sum(h.Kind, h.Currency)
		s.Here++
		plus(&s.Ours, h.Amount.Mul(sign(h.Minus)), h.Currency)
	}
}

// plus adds to a sum; one beyond the range of money stays as it is.
func plus(to *money.Amount, d decimal.Decimal, code string) {
	a, ok := total(d, code)
	if !ok {
		return
	}
	if to.IsNone() {
		*to = money.Zero(a.Currency())
	}
	if sum, err := to.Add(a); err == nil {
		*to = sum
	}
}

// Our documents, a page at a time.
