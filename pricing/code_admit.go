package pricing

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/comptoir-go/comptoir/fsm"
	"github.com/comptoir-go/comptoir/partner"
)

// admission is whether a use may be had, with the counts it stands in.
type admission struct {
	rooms []room
	// held says that the reservation at hand holds the use already; else a free
	// one was found.
	held bool
	// no is the refusal; nothing of the rest is to be used then.
	no *CodeRefused
}

// admit asks for a use of a code: the one that r holds or, where r is new or
// lapsed, another that is free. r then counts from now. A limit that was lowered
// to what is used refuses the one that r holds, too. open are the open redemptions
// of the cart. Nothing is written.
func (s *Codes) admit(ctx context.Context, tx CodeTx, f found, r *Redemption, open []Redemption, now time.Time) (admission, error) {
	no, err := s.applies(ctx, tx, f, r.Partner, now)
	if err != nil || no != nil {
		return admission{no: no}, err
	}
	if slices.ContainsFunc(open, func(o Redemption) bool { return o.Code == r.Code && o.Partner != r.Partner }) {
		// A cart is one partner's. Nobody uses up what another may use.
		return admission{no: &CodeRefused{Code: f.code.Text, Campaign: f.campaign.ID, Reason: NotForYou}}, nil
	}
	if r.State == CodeReserved {
		rooms, err := s.rooms(ctx, tx, f.campaign, *r, now, true)
		if err != nil {
			return admission{}, err
		}
		if stands(*r, rooms, now) {
			return admission{rooms: rooms, held: true, no: spent(f, rooms, now)}, nil
		}
	}
	if no := crowded(f, *r, open, now); no != nil {
		return admission{no: no}, nil
	}
	before := s.limitsOf(f.campaign, *r)
	r.ReservedAt = now
	rooms, err := s.rooms(ctx, tx, f.campaign, *r, now, true)
	if err != nil {
		return admission{}, err
	}
	if r.Live(now) {
		// One count has dropped the reservation, by a clock ahead of this one;
		// the others let it go here, lest it counts twice.
		for i := range rooms {
			if slices.ContainsFunc(before, func(b room) bool { return b.tally.ID == rooms[i].tally.ID }) {
				rooms[i].tally.drop(r.Until)
			}
		}
	}
	return admission{rooms: rooms, no: full(f, rooms, now)}, nil
}

// crowded refuses one code more of a campaign than a cart may have.
func crowded(f found, r Redemption, open []Redemption, now time.Time) *CodeRefused {
	var n int64
	for _, o := range open {
		if o.Campaign == f.campaign.ID && o.Code != r.Code && o.Partner == r.Partner && (o.State == CodeConfirmed || o.Live(now)) {
			n++
		}
	}
	if n < f.campaign.Limits.PerCart {
		return nil
	}
	return &CodeRefused{Code: f.code.Text, Campaign: f.campaign.ID, Reason: TooManyInCart, Max: f.campaign.Limits.PerCart, Held: n}
}

// ofCart finds the partner's redemption of a code in a cart, or begins one.
func ofCart(open []Redemption, f found, p partner.ID, cart CartID) Redemption {
	for _, r := range open {
		if r.Code == f.code.ID && r.Partner == p {
			return r
		}
	}
	return Redemption{Code: f.code.ID, Text: f.code.Text, Campaign: f.code.Campaign, Partner: p, Cart: cart}
}

// fire moves a redemption by its table; the guard of a refusal answers the
// refusal itself.
func fire(r *Redemption, on RedemptionTrigger, facts RedemptionFacts, no *CodeRefused) error {
	if no != nil {
		facts.Refused = []fsm.Problem{{Path: "code", Code: ErrCodeRefused.FaultCode(), Message: string(no.Reason)}}
	}
	var step fsm.Step[RedemptionState]
	var err error
	if r.State == "" {
		step, err = redemptionLife.Open(on, everyone, facts)
	} else {
		step, err = redemptionLife.Next(r.State, on, everyone, facts)
	}
	if no != nil && errors.Is(err, fsm.ErrGuard) {
		return no
	}
	if err != nil {
		return err
	}
	r.State = step.To
	return nil
}
