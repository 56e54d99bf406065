package pricing_test

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/comptoir-go/comptoir/access"
	"github.com/comptoir-go/comptoir/pricing"
	"github.com/comptoir-go/comptoir/store"
	"github.com/comptoir-go/comptoir/uow"
)

// modelUse is one use as the oracle sees it: no counts, only what happened.
type modelUse struct {
	code, cart, order string
	by                access.Actor
	state             pricing.RedemptionState
	at, until         time.Time
}

// model is the oracle of discount codes: it counts anew from the whole list of
// uses at every question.
type model struct {
	uses     []modelUse
	limits   pricing.Limits
	active   bool
	kept     bool
	now      time.Time
	campaign pricing.Campaign
}

func (m *model) open(code, cart string) *modelUse {
	for i := range m.uses {
		u := &m.uses[i]
		if u.code == code && u.cart == cart && (u.state == pricing.CodeReserved || u.state == pricing.CodeLapsed) {
			return u
		}
	}
	return nil
}

func (m *model) live(u *modelUse) bool {
	return u != nil && u.state == pricing.CodeReserved && u.until.After(m.now)
}

// month is the period in the zone of the desk, an hour east.
func month(t time.Time) string { return t.Add(time.Hour).Format("2006-01") }

// counts are the confirmed and held uses of each limit that is set, without one
// use of one's own.
func (m *model) counts(code string, a access.Actor, at time.Time, but *modelUse) (used, held, most []int64) {
	for _, l := range []struct {
		max int64
		in  func(u *modelUse) bool
	}{
		{m.limits.PerCode, func(u *modelUse) bool { return u.code == code }},
		{m.limits.Total, func(*modelUse) bool { return true }},
		{m.limits.PerPartner, func(u *modelUse) bool { return u.by.Partner == a.Partner }},
		{m.limits.Period.Uses, func(u *modelUse) bool { return month(u.at) == month(at) }},
	} {
		var c, h int64
		for i := range m.uses {
			u := &m.uses[i]
			switch {
			case u == but || !l.in(u):
			case u.state == pricing.CodeConfirmed:
				c++
			case m.live(u):
				h++
			}
		}
		used, held, most = append(used, c), append(held, h), append(most, l.max)
	}
	return used, held, most
}

var usedUp = []pricing.CodeReason{pricing.CodeUsedUp, pricing.CodeUsedUp, pricing.CodeUsedUpPartner, pricing.CodeUsedUpPeriod}

// verdict is why a use may not be reserved or confirmed, "" when it may.
func (m *model) verdict(code, cart string, a access.Actor) pricing.CodeReason {
	if !m.active {
		return pricing.CodeInactive
	}
	own := m.open(code, cart)
	if m.live(own) {
		used, _, most := m.counts(code, a, own.at, own)
		for i := range used {
			if most[i] > 0 && used[i] >= most[i] {
				return usedUp[i]
			}
		}
		return ""
	}
	var crowd int64
	for i := range m.uses {
		if u := &m.uses[i]; u.cart == cart && u.code != code && m.live(u) {
			crowd++
		}
	}
	if crowd >= m.limits.PerCart {
		return pricing.TooManyInCart
	}
	used, held, most := m.counts(code, a, m.now, own)
	full := pricing.CodeReason("")
	for i := range used {
		switch {
		case most[i] == 0:
		case used[i] >= most[i]:
			return usedUp[i]
		case used[i]+held[i] >= most[i]:
			full = pricing.ReservedElsewhere
		}
	}
	return full
}

func (m *model) reserve(code, cart string, a access.Actor) {
	until := m.now.Add(time.Hour)
	if whole := until.Truncate(time.Minute); whole.Before(until) {
		until = whole.Add(time.Minute)
	}
	u := m.open(code, cart)
	if u == nil {
		m.uses = append(m.uses, modelUse{code: code, cart: cart, by: a})
		u = &m.uses[len(m.uses)-1]
	}
	if !m.live(u) {
		u.at = m.now
	}
	u.state, u.until = pricing.CodeReserved, until
}

// Whatever is reserved, prolonged, confirmed, released, swept and returned in
// whatever order, with limits that come, go and change on the way: every answer
// is that of the oracle, and so are the counts.
func TestCodesAgainstAModel(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := newDesk()
		limit := func(name string) int64 { return int64(rapid.IntRange(0, 4).Draw(t, name)) }
		draw := func() pricing.Limits {
			l := pricing.Limits{Total: limit("total"), PerCode: limit("code"), PerPartner: limit("partner"), PerCart: int64(rapid.IntRange(1, 2).Draw(t, "cart"))}
			if n := limit("period"); n > 0 {
				l.Period = pricing.PeriodLimit{Kind: pricing.EachMonth, Uses: n}
			}
			return l
		}
		m := &model{now: d.at, active: true, limits: draw(), kept: rapid.Bool().Draw(t, "kept")}
		policy := pricing.ReturnUse
		if m.kept {
			policy = pricing.KeepUse
		}
		m.campaign = d.campaign(pricing.Campaign{Limits: m.limits, Hold: time.Hour, OnCancel: policy})
		codes := []string{"WELCOME10", "SECOND"}
		if _, err := d.AddCode(t.Context(), ada, pricing.AddCodeInput{Campaign: "welcome", Code: "SECOND"}); err != nil {
			t.Fatal(err)
		}
		for step := range rapid.IntRange(1, 40).Draw(t, "steps") {
			code := rapid.SampledFrom(codes).Draw(t, "code")
			n := rapid.IntRange(0, 5).Draw(t, "cart")
			cart, a := fmt.Sprint("c", n), []access.Actor{nina, sven}[n%2]
			playCode(t, d, m, step, code, cart, a, draw)
			agree(t, d, m)
		}
	})
}

// playCode plays one act on both.
func playCode(t *rapid.T, d *desk, m *model, step int, code, cart string, a access.Actor, draw func() pricing.Limits) {
	ctx := context.Background()
	switch act := rapid.IntRange(0, 9).Draw(t, "act"); act {
	case 0, 1, 2:
		want := m.verdict(code, cart, a)
		ans, err := d.Explain(ctx, a, pricing.ExplainInput{Code: code, Partner: a.Partner, Cart: pricing.CartID(cart)})
		if err != nil || (ans.Refused == nil) != (want == "") || ans.Refused != nil && ans.Refused.Reason != want {
			t.Fatalf("explain %s in %s: %v %v, want %q", code, cart, ans.Refused, err, want)
		}
		r, err := d.Reserve(ctx, a, pricing.ReserveInput{Code: code, Partner: a.Partner, Cart: pricing.CartID(cart)})
		if why(err) != want {
			t.Fatalf("reserve %s in %s: %v, want %q", code, cart, err, want)
		}
		if err == nil {
			m.reserve(code, cart, a)
			if u := m.open(code, cart); !u.until.Equal(r.Until) || !u.at.Equal(r.ReservedAt) {
				t.Fatalf("reserved from %s until %s, want %s and %s", r.ReservedAt, r.Until, u.at, u.until)
			}
		}
	case 3, 4:
		want := m.verdict(code, cart, a)
		order := fmt.Sprint("o", step)
		_, err := uow.Do(ctx, d.store, func(ctx context.Context, tx store.Tx) ([]pricing.Redemption, error) {
			return d.ConfirmTx(ctx, tx, a.Stamp(), pricing.ConfirmInput{Partner: a.Partner, Cart: pricing.CartID(cart),
				Order: pricing.OrderID(order), Codes: []pricing.UsedCode{{Code: code, Campaign: "welcome"}}})
		})
		if why(err) != want {
			t.Fatalf("confirm %s of %s: %v, want %q", code, cart, err, want)
		}
		if err == nil {
			if u := m.open(code, cart); !m.live(u) {
				m.reserve(code, cart, a)
			}
			u := m.open(code, cart)
			u.state, u.order = pricing.CodeConfirmed, order
		}
	case 5:
		_, err := d.Release(ctx, a, pricing.ReleaseInput{Code: code, Cart: pricing.CartID(cart)})
		u := m.open(code, cart)
		if (u == nil) != errors.Is(err, pricing.ErrNoRedemption) || u != nil && err != nil {
			t.Fatalf("release %s of %s: %v", code, cart, err)
		}
		if u != nil {
			u.state = pricing.CodeReleased
		}
	case 6:
		n, err := d.Expire(ctx, ada, 0)
		want := 0
		for i := range m.uses {
			if u := &m.uses[i]; u.state == pricing.CodeReserved && !m.live(u) {
				u.state = pricing.CodeLapsed
				want++
			}
		}
		if err != nil || n != want {
			t.Fatalf("swept %d, want %d: %v", n, want, err)
		}
	case 7:
		for i := range m.uses {
			u := &m.uses[i]
			if u.state != pricing.CodeConfirmed || u.cart != cart {
				continue
			}
			for range 2 { // twice is once
				if _, err := d.giveBack(u.order); err != nil {
					t.Fatal(err)
				}
			}
			if !m.kept {
				u.state = pricing.CodeReturned
			}
			return
		}
	case 8:
		d.later(time.Duration(rapid.SampledFrom([]int{1, 25 * 60, 60 * 60, 61*60 + 7, 20 * 24 * 3600}).Draw(t, "later")) * time.Second)
		m.now = d.now()
	case 9:
		m.limits, m.active = draw(), rapid.IntRange(0, 5).Draw(t, "active") > 0
		m.campaign.Limits, m.campaign.Active = m.limits, m.active
		var err error
		if m.campaign, err = d.SaveCampaign(ctx, ada, pricing.SaveCampaignInput{Campaign: m.campaign}); err != nil {
			t.Fatal(err)
		}
	}
}

// agree compares the counts of every limit with the oracle's.
func agree(t *rapid.T, d *desk, m *model) {
	for _, code := range []string{"WELCOME10", "SECOND"} {
		for _, a := range []access.Actor{nina, sven} {
			got, err := d.Uses(context.Background(), ada, pricing.UsesInput{Campaign: "welcome", Code: code, Partner: a.Partner})
			if err != nil {
				t.Fatal(err)
			}
			used, held, most := m.counts(code, a, m.now, nil)
			for i := range used {
				if most[i] == 0 {
					continue
				}
				if len(got) == 0 || got[0].Used != used[i] || got[0].Held != held[i] || got[0].Max != most[i] {
					t.Fatalf("limits of %s, %s: %+v; want %d used, %d held of %d at %d", code, a.Partner, got, used[i], held[i], most[i], i)
				}
				got = got[1:]
			}
			if len(got) > 0 {
				t.Fatalf("limits that are not set: %+v", got)
			}
		}
	}
}
