package pricing

import (
	"context"

	"github.com/comptoir-go/comptoir/access"
	"github.com/comptoir-go/comptoir/partner"
	"github.com/comptoir-go/comptoir/uow"
)

// SaveTermsInput asks for a plan to be carried out.
type SaveTermsInput struct {
	// Key makes repeats safe; optional. With the id of a partner behind it, it
	// must be a key of at most uow.MaxKey bytes.
	Key  string    `json:"key,omitempty"`
	Plan TermsPlan `json:"plan"`
}

// SaveTerms writes the partners' side of a plan, all of it or nothing, and
// returns the terms as they are now: the partners that were saved, and the
// directory and actions that the tariff takes over. A partner that was changed
// since the plan was made refuses it: plan again.
//
// It needs access.PartnerEdit for each partner. Errors: those of
// partner.Service.Register, among them uow.ErrVersion, partner.ErrExists,
// partner.ErrNotFound, uow.ErrKeyReused, access.ErrForbidden.
func SaveTerms(ctx context.Context, run uow.Runner[partner.Tx], partners *partner.Service, actor access.Actor, in SaveTermsInput) (Terms, error) {
	if err := ctx.Err(); err != nil {
		return Terms{}, err
	}
	return uow.Do(ctx, run, func(ctx context.Context, tx partner.Tx) (Terms, error) {
		return SaveTermsTx(ctx, tx, partners, actor, in)
	})
}

// SaveTermsTx is SaveTerms in the caller's transaction.
func SaveTermsTx(ctx context.Context, tx partner.Tx, partners *partner.Service, actor access.Actor, in SaveTermsInput) (Terms, error) {
	out := Terms{Discounts: in.Plan.Discounts, Actions: in.Plan.Actions}
	if err := ctx.Err(); err != nil {
		return Terms{}, err
	}
	for i := range in.Plan.Partners {
		reg := partner.RegisterInput{Partner: in.Plan.Partners[i]}
		if in.Key != "" {
			reg.Key = in.Key + "/" + string(reg.Partner.ID)
		}
		saved, err := partners.RegisterTx(ctx, tx, actor, reg)
		if err != nil {
			return Terms{}, err
		}
		out.Partners = append(out.Partners, saved)
	}
	return out, nil
}
