package pricing

import (
	"cmp"
	"slices"
	"time"

	"github.com/comptoir-go/comptoir/internal/clock"
	"github.com/comptoir-go/comptoir/partner"
)

// actionKey is all that an action says; another is another action.
type actionKey struct {
	id, name, by string
	agreement    partner.AgreementID
	from, until  time.Time
}

func keyOf(a *Action) actionKey {
	return actionKey{a.ID, a.Name, a.By, a.Agreement, clock.Cut(a.From), clock.Cut(a.Until)}
}

// grant is what an action grants, whatever its days and agent.
type grant struct {
	discount  string
	agreement partner.AgreementID
}

func grantOf(a *Action) grant { return grant{cmp.Or(a.ID, a.Name), a.Agreement} }

// mergeDiscounts supersedes the directory by that of the feed. A renamed entry
// is one record that is gone and one that is new, of one id.
func (p *planner) mergeDiscounts(feed []FeedDiscount) ([]Discount, TermsCount) {
	want := make(map[FeedDiscount]bool, len(feed))
	ids := map[string]bool{}
	for _, r := range feed {
		want[r] = true
		ids[r.ID] = true
	}
	var n TermsCount
	out := slices.Clone(p.have.Discounts)
	stands, gone := map[FeedDiscount]bool{}, map[string]bool{}
	for i := range out {
		d := &out[i]
		switch k := (FeedDiscount{d.ID, d.Name}); {
		case !d.Gone.IsZero():
		case want[k]:
			n.Same++
			stands[k] = true
		default:
			d.Gone = p.at
			if d.ID != "" && ids[d.ID] {
				gone[d.ID] = true
			} else {
				n.Gone++
			}
		}
	}
	for _, i := range sorted(feed, func(r *FeedDiscount) string { return r.Name }) {
		r := feed[i]
		if stands[r] {
			continue
		}
		n.tell(gone[r.ID], false)
		out = append(out, Discount{ID: r.ID, Name: r.Name, Span: Span{Known: p.at}})
	}
	return out, n
}

// mergeActions supersedes the actions by those of the feed.
func (p *planner) mergeActions(feed []Action) ([]Action, TermsCount) {
	feed = slices.Clone(feed)
	slices.SortFunc(feed, func(a, b Action) int {
		return cmp.Or(cmp.Compare(a.ID, b.ID), cmp.Compare(a.Name, b.Name), cmp.Compare(a.Agreement, b.Agreement),
			a.From.Compare(b.From), a.Until.Compare(b.Until), cmp.Compare(a.By, b.By))
	})
	want := make(map[actionKey]bool, len(feed))
	for i := range feed {
		want[keyOf(&feed[i])] = true
	}
	var n TermsCount
	out := slices.Clone(p.have.Actions)
	stands, gone := map[actionKey]bool{}, map[grant]int{}
	for i := range out {
		a := &out[i]
		switch k := keyOf(a); {
		case !a.Gone.IsZero():
		case want[k]:
			n.Same++
			stands[k] = true
		default:
			a.Gone = p.at
			gone[grantOf(a)]++
		}
	}
	for i := range feed {
		a := feed[i]
		if stands[keyOf(&a)] {
			continue
		}
		was := gone[grantOf(&a)] > 0
		if was {
			gone[grantOf(&a)]--
		}
		n.tell(was, false)
		a.Known = p.at
		out = append(out, a)
	}
	for _, left := range gone {
		n.Gone += left
	}
	return out, n
}
