package storetest

import (
	"cmp"
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"time"

	"github.com/comptoir-go/comptoir/partner"
	"github.com/comptoir-go/comptoir/pricing"
	"github.com/comptoir-go/comptoir/store"
	"github.com/comptoir-go/comptoir/uow"
)

func codeCases() []Case {
	return []Case{
		{"query/campaigns", "campaign lists: every filter alone and combined, whole campaigns, the order, the total", queryCampaigns},
		{"query/codes", "code lists: every filter alone and combined, whole codes, the order, the total", queryCodes},
		{"query/redemptions", "lists of uses: every filter alone and combined, whole uses, the order, the total", queryRedemptions},
		{"query/code_lookups", "campaigns are found by the longest prefix, uses by cart, by order and by the end of their time, counts and codes in one call", queryCodeLookups},
		{"unique/open_use", "a cart has one open use of a code, also under races; ended ones do not count", uniqueOpenUse},
	}
}

func queryCampaigns(e *env) {
	t := e.tenant()
	s := search[pricing.Campaign, pricing.CampaignQuery, pricing.Campaign]{
		find: func(ctx context.Context, tx store.Tx, q pricing.CampaignQuery) (uow.Page[pricing.Campaign], error) {
			return tx.Campaigns().Find(ctx, q)
		},
		page: func(q *pricing.CampaignQuery) *uow.PageRequest { return &q.Page },
		match: func(c pricing.Campaign, q pricing.CampaignQuery) bool {
			return (q.Active == nil || *q.Active == c.Active) && (q.Prefix == "" || pricing.KeyOf(q.Prefix) == pricing.KeyOf(c.Prefix))
		},
		header: func(c pricing.Campaign) pricing.Campaign { c.Version = 1; return c },
		less: func(a, b pricing.Campaign, _ pricing.CampaignQuery) int {
			return -cmp.Or(a.CreatedAt.Compare(b.CreatedAt), cmp.Compare(a.ID, b.ID))
		},
		filters: map[string]func(*rand.Rand, *pricing.CampaignQuery){
			"Active": func(r *rand.Rand, q *pricing.CampaignQuery) { q.Active = pick(r, new(true), new(false)) },
			"Prefix": func(r *rand.Rand, q *pricing.CampaignQuery) {
				q.Prefix = pick(r, samplePrefix(r.IntN(60)), "ROOO1", "none")
			},
		},
	}
	r := rand.New(rand.NewPCG(9, 9))
	for n := range 60 {
		c := sampleCampaign(n)
		c.Active, c.Prefix = r.IntN(2) == 0, pick(r, c.Prefix, c.Prefix, "")
		c.CreatedAt = cut(pick(r, dawn, time.Time{}, dawn.Add(time.Duration(r.IntN(4))*time.Microsecond)))
		s.docs = append(s.docs, c)
	}
	plantAll(e, t, kinds()[atCampaigns], s.docs)
	s.run(e, t)
}

func queryCodes(e *env) {
	t := e.tenant()
	s := search[pricing.Code, pricing.CodeQuery, pricing.Code]{
		find: func(ctx context.Context, tx store.Tx, q pricing.CodeQuery) (uow.Page[pricing.Code], error) {
			return tx.Codes().Find(ctx, q)
		},
		page: func(q *pricing.CodeQuery) *uow.PageRequest { return &q.Page },
		match: func(c pricing.Code, q pricing.CodeQuery) bool {
			return (q.Campaign == "" || q.Campaign == c.Campaign) && (q.Generated == nil || *q.Generated == c.Generated)
		},
		header: func(c pricing.Code) pricing.Code { c.Version = 1; return c },
		less: func(a, b pricing.Code, _ pricing.CodeQuery) int {
			return cmp.Or(a.CreatedAt.Compare(b.CreatedAt), cmp.Compare(a.ID, b.ID))
		},
		filters: map[string]func(*rand.Rand, *pricing.CodeQuery){
			"Campaign":  func(r *rand.Rand, q *pricing.CodeQuery) { q.Campaign = pick[pricing.CampaignID](r, "k0", "k1", "K0") },
			"Generated": func(r *rand.Rand, q *pricing.CodeQuery) { q.Generated = pick(r, new(true), new(false)) },
		},
	}
	r := rand.New(rand.NewPCG(10, 10))
	for n := range 60 {
		c := sampleCode(n)
		c.Campaign, c.Generated = pick[pricing.CampaignID](r, "k0", "k1"), r.IntN(2) == 0
		c.CreatedAt = cut(pick(r, dawn, time.Time{}, dawn.Add(time.Duration(r.IntN(4))*time.Microsecond)))
		s.docs = append(s.docs, c)
	}
	plantAll(e, t, kinds()[atCodes], s.docs)
	s.run(e, t)
}

func queryRedemptions(e *env) {
	t := e.tenant()
	at := func(r *rand.Rand) time.Time { return dawn.Add(time.Duration(r.IntN(12)) * 500 * time.Nanosecond) }
	s := search[pricing.Redemption, pricing.RedemptionQuery, pricing.Redemption]{
		find: func(ctx context.Context, tx store.Tx, q pricing.RedemptionQuery) (uow.Page[pricing.Redemption], error) {
			return tx.Redemptions().Find(ctx, q)
		},
		page: func(q *pricing.RedemptionQuery) *uow.PageRequest { return &q.Page },
		match: func(u pricing.Redemption, q pricing.RedemptionQuery) bool {
			return (q.Campaign == "" || q.Campaign == u.Campaign) && (q.Code == "" || q.Code == u.Code) && (q.Partner == "" || q.Partner == u.Partner) &&
				(q.Cart == "" || q.Cart == u.Cart) && (q.Order == "" || q.Order == u.Order) && oneOf(q.States, u.State) &&
				(q.From.IsZero() || !u.ReservedAt.Before(q.From)) && (q.Until.IsZero() || u.ReservedAt.Before(q.Until))
		},
		header: func(u pricing.Redemption) pricing.Redemption { u.Version = 1; return u },
		less: func(a, b pricing.Redemption, _ pricing.RedemptionQuery) int {
			return -cmp.Or(a.ReservedAt.Compare(b.ReservedAt), cmp.Compare(a.ID, b.ID))
		},
		filters: map[string]func(*rand.Rand, *pricing.RedemptionQuery){
			"Campaign": func(r *rand.Rand, q *pricing.RedemptionQuery) {
				q.Campaign = pick[pricing.CampaignID](r, "k0", "k1", "K0")
			},
			"Code":    func(r *rand.Rand, q *pricing.RedemptionQuery) { q.Code = pick[pricing.CodeID](r, "A", "B", "a") },
			"Partner": func(r *rand.Rand, q *pricing.RedemptionQuery) { q.Partner = pick[partner.ID](r, "p0", "p1", "none") },
			"Cart":    func(r *rand.Rand, q *pricing.RedemptionQuery) { q.Cart = pick[pricing.CartID](r, "c0", "c1", "none") },
			"Order":   func(r *rand.Rand, q *pricing.RedemptionQuery) { q.Order = pick[pricing.OrderID](r, "o0", "o1", "none") },
			"States": func(r *rand.Rand, q *pricing.RedemptionQuery) {
				q.States = pick(r, []pricing.RedemptionState{pricing.CodeReserved}, []pricing.RedemptionState{pricing.CodeConfirmed, pricing.CodeReleased})
			},
			"From":  func(r *rand.Rand, q *pricing.RedemptionQuery) { q.From = at(r) },
			"Until": func(r *rand.Rand, q *pricing.RedemptionQuery) { q.Until = at(r) },
		},
	}
	r := rand.New(rand.NewPCG(11, 11))
	for n := range 72 {
		u := sampleRedemption(n)
		u.Campaign, u.Code = pick[pricing.CampaignID](r, "k0", "k1"), pick[pricing.CodeID](r, "A", "B")
		u.Partner, u.Order = pick[partner.ID](r, "p0", "p1"), pick[pricing.OrderID](r, "", "o0", "o1")
		u.State = pick(r, pricing.CodeConfirmed, pricing.CodeReleased, pricing.CodeReturned)
		if n < 8 {
			u.State = pick(r, pricing.CodeReserved, pricing.CodeLapsed) // each in a cart of its own
		} else {
			u.Cart = pick[pricing.CartID](r, "c0", "c1")
		}
		u.ReservedAt = cut(pick(r, at(r), at(r), time.Time{}))
		s.docs = append(s.docs, u)
	}
	plantAll(e, t, kinds()[atRedemptions], s.docs)
	s.run(e, t)
}

func queryCodeLookups(e *env) {
	t := e.tenant()
	put := func(k int, v any) { e.mustPut(t, kinds()[k], v) }
	for n, prefix := range []string{"SPR1NG", "SPR", "SPRING2026AB", ""} {
		c := sampleCampaign(n)
		c.Prefix = prefix
		put(atCampaigns, c)
	}
	for n := range 6 {
		u := sampleRedemption(n)
		u.Cart, u.Code = "c", pricing.CodeID(fmt.Sprint("X", n))
		u.State = []pricing.RedemptionState{pricing.CodeReserved, pricing.CodeLapsed, pricing.CodeConfirmed, pricing.CodeReleased, pricing.CodeReserved, pricing.CodeReturned}[n]
		put(atRedemptions, u)
		put(atCodes, sampleCode(n))
		put(atRedemptions+1, sampleTally(n))
	}
	ids := func(us []pricing.Redemption, err error) string {
		e.must(err)
		var out []pricing.RedemptionID
		for _, u := range us {
			out = append(out, u.ID)
		}
		return fmt.Sprint(out)
	}
	e.view(t, func(ctx context.Context, tx store.Tx) error {
		for text, want := range map[string]pricing.CampaignID{"SPRINGX": "k0000", "SPRING": "k0000", "SPRIN": "k0001", "5PR": "", "SP": "",
			"SPRING2O26AB": "k0002", "SPRING2026ABCDEF": "k0002", "": "", "\x00": "", "\xff": "", "SPR\xff": ""} {
			c, err := tx.Campaigns().ByPrefix(ctx, text)
			if want == "" {
				e.is(err, pricing.ErrNoCampaign, fmt.Sprintf("ByPrefix of %q", text))
				continue
			}
			e.must(err)
			e.true(c.ID == want, "ByPrefix of %q is %s, want %s", text, c.ID, want)
		}
		uses := tx.Redemptions()
		for what, c := range map[string][2]string{
			"OfCart":               {ids(uses.OfCart(ctx, "c")), "[u0000 u0001 u0004]"},
			"OfCart of another":    {ids(uses.OfCart(ctx, "d")), "[]"},
			"OfCart of none":       {ids(uses.OfCart(ctx, "")), "[]"},
			"OfCart of no text":    {ids(uses.OfCart(ctx, "\x00")), "[]"},
			"OfOrder":              {ids(uses.OfOrder(ctx, "o0001")), "[u0000 u0001 u0002 u0003 u0004 u0005]"},
			"OfOrder of none":      {ids(uses.OfOrder(ctx, "")), "[]"},
			"Lapsed":               {ids(uses.Lapsed(ctx, dawn.Add(2*time.Hour), 10)), "[u0004 u0000]"},
			"Lapsed, one":          {ids(uses.Lapsed(ctx, dawn.Add(2*time.Hour), 1)), "[u0004]"},
			"Lapsed, none asked":   {ids(uses.Lapsed(ctx, dawn.Add(2*time.Hour), 0)), "[]"},
			"Lapsed at the time":   {ids(uses.Lapsed(ctx, dawn.Add(56*time.Minute), 10)), "[]"},
			"Lapsed an instant on": {ids(uses.Lapsed(ctx, dawn.Add(56*time.Minute+time.Microsecond), 10)), "[u0004]"},
		} {
			e.true(c[0] == c[1], "%s is %s, want %s", what, c[0], c[1])
		}
		tallies, err := tx.Tallies().GetMany(ctx, []pricing.TallyID{sampleTally(2).ID, "none", sampleTally(4).ID, sampleTally(2).ID})
		e.must(err)
		want := sampleTally(2)
		want.Version = 1
		e.true(len(tallies) == 2, "GetMany of two tallies and none is %v", tallies)
		e.same(tallies[want.ID], want, "a tally of many")
		codes, err := tx.Codes().GetMany(ctx, []pricing.CodeID{sampleCode(3).ID, "none"})
		e.must(err)
		e.true(len(codes) == 1 && codes[sampleCode(3).ID].Text == sampleCode(3).Text, "GetMany of a code and none is %v", codes)
		return nil
	})
}

func uniqueOpenUse(e *env) {
	t, k := e.tenant(), kinds()[atRedemptions]
	use := func(n int, s pricing.RedemptionState) pricing.Redemption {
		u := sampleRedemption(n)
		u.Cart, u.State = "one", s
		return u
	}
	for n, s := range []pricing.RedemptionState{pricing.CodeReleased, pricing.CodeConfirmed, pricing.CodeReturned, pricing.CodeReleased} {
		e.mustPut(t, k, use(n, s))
	}
	e.mustPut(t, k, use(10, pricing.CodeReserved))
	_, err := e.put(t, k, use(11, pricing.CodeReserved))
	e.is(err, pricing.ErrRedemptionExists, "a second reservation of the cart")
	_, err = e.put(t, k, use(11, pricing.CodeLapsed))
	e.is(err, pricing.ErrRedemptionExists, "an expired one beside a reserved one")
	other := use(11, pricing.CodeReserved)
	other.Code = "ELSE"
	e.mustPut(t, k, other)
	e.mustPut(t, k, k.at(use(10, pricing.CodeReleased), 1))
	errs := crowd(count(16, 64), func(i int) error {
		return patient(func() error {
			_, err := e.put(t, k, use(20+i, pricing.CodeReserved))
			return err
		})
	})
	e.onlyOne(errs, pricing.ErrRedemptionExists, "a use of one code by one cart, opened by many")
}

// listCodes makes a random list or look-up around discount codes.
func (d *duel) listCodes(limit int) act {
	switch d.r.IntN(5) {
	case 0:
		q := pricing.RedemptionQuery{Cart: pick[pricing.CartID](d.r, "", "c0"), States: pick(d.r, nil, []pricing.RedemptionState{pricing.CodeReserved})}
		return act{fmt.Sprintf("redemptions %+v", q), func(ctx context.Context, tx store.Tx) (any, error) {
			return paged(limit, func(p uow.PageRequest) (uow.Page[pricing.Redemption], error) {
				q.Page = p
				return tx.Redemptions().Find(ctx, q)
			})
		}}
	case 1:
		cart := pick[pricing.CartID](d.r, "c0", "c1")
		return act{fmt.Sprint("open uses of ", cart), func(ctx context.Context, tx store.Tx) (any, error) { return tx.Redemptions().OfCart(ctx, cart) }}
	case 2:
		before := dawn.Add(time.Duration(55+d.r.IntN(6)) * time.Minute)
		return act{fmt.Sprint("lapsed before ", before), func(ctx context.Context, tx store.Tx) (any, error) {
			return tx.Redemptions().Lapsed(ctx, before, 1+limit)
		}}
	case 3:
		text := fmt.Sprint("X", d.r.IntN(3*pool), "Z")
		return act{"campaign of " + text, func(ctx context.Context, tx store.Tx) (any, error) { return tx.Campaigns().ByPrefix(ctx, text) }}
	default:
		ids := []pricing.TallyID{sampleTally(d.r.IntN(pool)).ID, sampleTally(d.r.IntN(pool)).ID}
		return act{fmt.Sprint("tallies ", ids), func(ctx context.Context, tx store.Tx) (any, error) {
			m, err := tx.Tallies().GetMany(ctx, ids)
			out := []pricing.Tally{}
			for _, id := range slices.Compact(slices.Sorted(slices.Values(ids))) {
				if t, ok := m[id]; ok {
					out = append(out, t)
				}
			}
			return out, err
		}}
	}
}
