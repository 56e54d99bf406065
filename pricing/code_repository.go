package pricing

import (
	"context"
	"time"

	"github.com/comptoir-go/comptoir/event"
	"github.com/comptoir-go/comptoir/partner"
	"github.com/comptoir-go/comptoir/uow"
)

// CodeTx is what discount codes read and change atomically.
type CodeTx interface {
	Partners() partner.Repository
	Campaigns() CampaignRepository
	Codes() CodeRepository
	Redemptions() RedemptionRepository
	Tallies() TallyRepository
	Outbox() event.Outbox
	Keys() uow.Keys
}

// CampaignRepository keeps campaigns.
type CampaignRepository interface {
	// Get returns one campaign, ErrNoCampaign if there is none.
	Get(ctx context.Context, id CampaignID) (Campaign, error)
	// ByPrefix returns the campaign with the longest Prefix that a code in normal
	// form begins with, ErrNoCampaign if there is none.
	ByPrefix(ctx context.Context, text string) (Campaign, error)
	// Save inserts a campaign of Version 0 and replaces one of the version given;
	// a stale version is uow.ErrVersion, a taken id or prefix ErrCampaignExists.
	Save(ctx context.Context, c Campaign) (Campaign, error)
	// Find lists campaigns, the youngest first.
	Find(ctx context.Context, q CampaignQuery) (uow.Page[Campaign], error)
}

// CodeRepository keeps discount codes.
type CodeRepository interface {
	// Get returns one code, ErrCodeNotFound if there is none.
	Get(ctx context.Context, id CodeID) (Code, error)
	// GetMany returns those of the codes that exist.
	GetMany(ctx context.Context, ids []CodeID) (map[CodeID]Code, error)
	// Save inserts a code of Version 0; a taken one is ErrCodeExists, a stale
	// version uow.ErrVersion.
	Save(ctx context.Context, c Code) (Code, error)
	// Find lists codes, the oldest first.
	Find(ctx context.Context, q CodeQuery) (uow.Page[Code], error)
}

// RedemptionRepository keeps the uses of codes.
type RedemptionRepository interface {
	// Get returns one redemption, ErrNoRedemption if there is none.
	Get(ctx context.Context, id RedemptionID) (Redemption, error)
	// OfCart returns the open redemptions of a cart, the oldest first, at most
	// 100.
	OfCart(ctx context.Context, id CartID) ([]Redemption, error)
	// OfOrder returns the redemptions of an order in any state, the oldest
	// first, at most 100.
	OfOrder(ctx context.Context, id OrderID) ([]Redemption, error)
	// Lapsed returns reserved redemptions whose time was up before an instant,
	// the longest lapsed first, at most limit.
	Lapsed(ctx context.Context, before time.Time, limit int) ([]Redemption, error)
	// Save inserts a redemption of Version 0 and replaces one of the version
	// given; a stale version is uow.ErrVersion; a taken id, or a second open
	// redemption of one code by one cart, ErrRedemptionExists.
	Save(ctx context.Context, r Redemption) (Redemption, error)
	// Find lists redemptions, the latest reserved first.
	Find(ctx context.Context, q RedemptionQuery) (uow.Page[Redemption], error)
}

// TallyRepository keeps the counts of uses.
type TallyRepository interface {
	// Get returns one tally, ErrNoTally if there is none.
	Get(ctx context.Context, id TallyID) (Tally, error)
	// GetMany returns those of the tallies that exist.
	GetMany(ctx context.Context, ids []TallyID) (map[TallyID]Tally, error)
	// Save inserts a tally of Version 0 and replaces one of the version given;
	// a stale version is uow.ErrVersion, a taken id ErrTallyExists.
	Save(ctx context.Context, t Tally) (Tally, error)
}

// CampaignQuery selects campaigns; empty fields select all.
type CampaignQuery struct {
	Active *bool           `json:"active,omitempty"`
	Prefix string          `json:"prefix,omitempty"`
	Page   uow.PageRequest `json:"page"`
}

// CodeQuery selects codes; empty fields select all.
type CodeQuery struct {
	Campaign  CampaignID      `json:"campaign,omitempty"`
	Generated *bool           `json:"generated,omitempty"`
	Page      uow.PageRequest `json:"page"`
}

// RedemptionQuery selects redemptions; empty fields select all.
type RedemptionQuery struct {
	Campaign CampaignID        `json:"campaign,omitempty"`
	Code     CodeID            `json:"code,omitempty"`
	Partner  partner.ID        `json:"partner,omitempty"`
	Cart     CartID            `json:"cart,omitempty"`
	Order    OrderID           `json:"order,omitempty"`
	States   []RedemptionState `json:"states,omitempty"`
	// From and Until bound ReservedAt, From included, Until excluded.
	From  time.Time       `json:"from,omitzero"`
	Until time.Time       `json:"until,omitzero"`
	Page  uow.PageRequest `json:"page"`
}
