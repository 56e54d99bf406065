package pricing

import (
	"context"

	"github.com/comptoir-go/comptoir/access"
	"github.com/comptoir-go/comptoir/partner"
	"github.com/comptoir-go/comptoir/uow"
)

// GetCampaign returns one campaign. Errors: ErrNoCampaign, also for whoever may
// not see campaigns: they are the seller's.
func (s *Codes) GetCampaign(ctx context.Context, a access.Actor, id CampaignID) (Campaign, error) {
	if !s.policy.Everywhere(a, access.CodeRead) {
		return Campaign{}, ErrNoCampaign
	}
	return uow.Ask(ctx, s.run, func(ctx context.Context, tx CodeTx) (Campaign, error) { return tx.Campaigns().Get(ctx, id) })
}

// FindCampaigns lists campaigns, the youngest first; whoever may not see
// campaigns sees none. Errors: uow.ErrPage.
func (s *Codes) FindCampaigns(ctx context.Context, a access.Actor, q CampaignQuery) (uow.Page[Campaign], error) {
	if !s.policy.Everywhere(a, access.CodeRead) {
		return uow.EmptyPage[Campaign](q.Page), nil
	}
	return uow.Ask(ctx, s.run, func(ctx context.Context, tx CodeTx) (uow.Page[Campaign], error) { return tx.Campaigns().Find(ctx, q) })
}

// FindCodes lists codes, the oldest first; whoever may not see campaigns sees
// none. Errors: uow.ErrPage.
func (s *Codes) FindCodes(ctx context.Context, a access.Actor, q CodeQuery) (uow.Page[Code], error) {
	if !s.policy.Everywhere(a, access.CodeRead) {
		return uow.EmptyPage[Code](q.Page), nil
	}
	return uow.Ask(ctx, s.run, func(ctx context.Context, tx CodeTx) (uow.Page[Code], error) { return tx.Codes().Find(ctx, q) })
}

// FindRedemptions lists uses of codes, the latest reserved first. The partner's
// people see their own. Errors: uow.ErrPage.
func (s *Codes) FindRedemptions(ctx context.Context, a access.Actor, q RedemptionQuery) (uow.Page[Redemption], error) {
	if !s.policy.Everywhere(a, access.CodeRead) {
		if q.Partner == "" {
			q.Partner = a.Partner
		}
		if q.Partner == "" || !s.policy.May(a, access.CodeRead, access.Owner{Partner: q.Partner}) {
			return uow.EmptyPage[Redemption](q.Page), nil
		}
	}
	return uow.Ask(ctx, s.run, func(ctx context.Context, tx CodeTx) (uow.Page[Redemption], error) {
		return tx.Redemptions().Find(ctx, q)
	})
}

// ExplainInput asks whether a code would apply.
type ExplainInput struct {
	Code    string     `json:"code"`
	Partner partner.ID `json:"partner"`
	Cart    CartID     `json:"cart"`
}

// CodeAnswer says whether a code applies now.
type CodeAnswer struct {
	// Used is the code as baskets name it; empty when there is none.
	Used UsedCode `json:"used,omitzero"`
	// Held is the cart's own live reservation.
	Held *Redemption `json:"held,omitempty"`
	// Refused is why it does not apply; nil when it does, as far as the basket
	// allows.
	Refused *CodeRefused `json:"refused,omitempty"`
}

// Explain answers whether a code applies for a cart now, and if not why, without
// reserving it. What depends on the basket the quote tells.
//
// Errors: ErrCodeInput; access.ErrForbidden.
func (s *Codes) Explain(ctx context.Context, a access.Actor, in ExplainInput) (CodeAnswer, error) {
	return uow.Ask(ctx, s.run, func(ctx context.Context, tx CodeTx) (CodeAnswer, error) { return s.ExplainTx(ctx, tx, a, in) })
}

// ExplainTx is Explain inside a transaction of the caller's.
func (s *Codes) ExplainTx(ctx context.Context, tx CodeTx, a access.Actor, in ExplainInput) (CodeAnswer, error) {
	if err := checkBuyer(in.Partner, in.Cart); err != nil {
		return CodeAnswer{}, err
	}
	if !s.policy.May(a, access.CodeUse, access.Owner{Partner: in.Partner}) {
		return CodeAnswer{}, access.Denied(access.CodeUse)
	}
	f, no, err := s.resolve(ctx, tx, in.Code)
	if err != nil || no != nil {
		return CodeAnswer{Refused: no}, err
	}
	open, err := tx.Redemptions().OfCart(ctx, in.Cart)
	if err != nil {
		return CodeAnswer{}, err
	}
	r := ofCart(open, f, in.Partner, in.Cart)
	out := CodeAnswer{Used: r.Used()}
	ad, err := s.admit(ctx, tx, f, &r, open, s.now())
	if err != nil {
		return CodeAnswer{}, err
	}
	out.Refused = ad.no
	if ad.no == nil && ad.held {
		out.Held = &r
	}
	return out, nil
}

// UsesInput asks how far the limits of a campaign are used; Code and Partner ask
// for theirs, too.
type UsesInput struct {
	Campaign CampaignID `json:"campaign"`
	Code     string     `json:"code,omitempty"`
	Partner  partner.ID `json:"partner,omitempty"`
}

// LimitUse is how far one limit is used now.
type LimitUse struct {
	Limit LimitKind `json:"limit"`
	Of    string    `json:"of,omitempty"`
	Max   int64     `json:"max"`
	Used  int64     `json:"used"`
	Held  int64     `json:"held"`
}

// Uses answers how far the limits of a campaign are used now; a limit that is
// not set is not counted and not listed. Errors: ErrNoCampaign, also for whoever
// may not see campaigns; ErrCodeText.
func (s *Codes) Uses(ctx context.Context, a access.Actor, in UsesInput) ([]LimitUse, error) {
	if !s.policy.Everywhere(a, access.CodeRead) {
		return nil, ErrNoCampaign
	}
	r := Redemption{Partner: in.Partner, ReservedAt: s.now()}
	if in.Code != "" {
		text, err := CodeText(in.Code)
		if err != nil {
			return nil, err
		}
		r.Code = KeyOf(text)
	}
	return uow.Ask(ctx, s.run, func(ctx context.Context, tx CodeTx) ([]LimitUse, error) {
		c, err := tx.Campaigns().Get(ctx, in.Campaign)
		if err != nil {
			return nil, err
		}
		rooms, err := s.rooms(ctx, tx, c, r, r.ReservedAt, true)
		if err != nil {
			return nil, err
		}
		var out []LimitUse
		for i := range rooms {
			t := &rooms[i].tally
			if t.Of == "" && t.Limit != LimitTotal {
				continue
			}
			t.prune(r.ReservedAt)
			out = append(out, LimitUse{Limit: t.Limit, Of: t.Of, Max: rooms[i].max, Used: t.Used, Held: t.held()})
		}
		return out, nil
	})
}
