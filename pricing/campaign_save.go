package pricing

import (
	"context"

	"github.com/comptoir-go/comptoir/access"
	"github.com/comptoir-go/comptoir/uow"
)

// SaveCampaignInput makes a campaign or replaces one.
type SaveCampaignInput struct {
	Key string `json:"key,omitempty"`
	// Campaign is new with Version 0, its ID made where it has none; else it
	// replaces the campaign at that version. Generation, CreatedBy and the times
	// are kept by the service.
	Campaign Campaign `json:"campaign"`
}

// SaveCampaign makes a campaign or changes one. A limit that is lowered holds
// from now on, for reservations too; a limit that was not there before counts
// what was used before it.
//
// Errors, in the order of the checks: ErrNoCampaign for whoever may not see
// campaigns; access.ErrForbidden; uow.ErrKeyReused; ErrCodeInput with every
// issue; uow.ErrVersion; ErrCampaignExists for a taken id or prefix.
func (s *Codes) SaveCampaign(ctx context.Context, a access.Actor, in SaveCampaignInput) (Campaign, error) {
	return uow.Do(ctx, s.run, func(ctx context.Context, tx CodeTx) (Campaign, error) { return s.SaveCampaignTx(ctx, tx, a, in) })
}

// SaveCampaignTx is SaveCampaign inside a transaction of the caller's. An error
// means that the transaction has to be abandoned.
func (s *Codes) SaveCampaignTx(ctx context.Context, tx CodeTx, a access.Actor, in SaveCampaignInput) (Campaign, error) {
	if err := s.mayManage(a); err != nil {
		return Campaign{}, err
	}
	return uow.Once(ctx, tx.Keys(), codeScope("save_campaign", a), in.Key, in, func() (Campaign, error) {
		c := in.Campaign.filled()
		if err := c.check(); err != nil {
			return Campaign{}, err
		}
		now := s.now()
		switch {
		case c.Version != 0:
			was, err := tx.Campaigns().Get(ctx, c.ID)
			if err != nil {
				return Campaign{}, err
			}
			if was.Version != c.Version {
				return Campaign{}, uow.Conflict(CampaignDocKind, string(c.ID), c.Version, was.Version)
			}
			c.CreatedBy, c.CreatedAt, c.Generation = was.CreatedBy, was.CreatedAt, was.Generation
			if was.Limits.bringsLimit(c.Limits) {
				c.Generation++
			}
		default:
			if c.ID == "" {
				c.ID = CampaignID(s.newID())
			}
			c.CreatedBy, c.CreatedAt, c.Generation = a.Stamp(), now, 0
		}
		c.UpdatedAt = now
		saved, err := tx.Campaigns().Save(ctx, c)
		if err != nil {
			return Campaign{}, err
		}
		return saved, s.tell(ctx, tx, CampaignDocKind+"/"+string(saved.ID), saved.Version,
			CampaignSaved{Campaign: saved.ID, Name: saved.Name, Active: saved.Active, By: a.ID})
	})
}
