package pricing

import (
	"time"

	"github.com/comptoir-go/comptoir/access"
	"github.com/comptoir-go/comptoir/partner"
)

// CampaignSaved is the fact that a campaign was made or changed.
type CampaignSaved struct {
	Campaign CampaignID     `json:"campaign"`
	Name     string         `json:"name"`
	Active   bool           `json:"active"`
	By       access.ActorID `json:"by"`
}

// EventType implements event.Payload.
func (CampaignSaved) EventType() (string, int) { return "campaign.saved", 1 }

// CodesGenerated is the fact that a series of codes was made.
type CodesGenerated struct {
	Campaign CampaignID     `json:"campaign"`
	Codes    int            `json:"codes"`
	By       access.ActorID `json:"by"`
}

// EventType implements event.Payload.
func (CodesGenerated) EventType() (string, int) { return "campaign.codes_generated", 1 }

// CodeAdded is the fact that a code was chosen by somebody.
type CodeAdded struct {
	Campaign CampaignID     `json:"campaign"`
	Code     string         `json:"code"`
	By       access.ActorID `json:"by"`
}

// EventType implements event.Payload.
func (CodeAdded) EventType() (string, int) { return "code.added", 1 }

// AboutCode says which use of a code an event is about and who made it happen.
type AboutCode struct {
	Redemption RedemptionID   `json:"redemption"`
	Code       string         `json:"code"`
	Campaign   CampaignID     `json:"campaign"`
	Partner    partner.ID     `json:"partner"`
	Cart       CartID         `json:"cart"`
	Order      OrderID        `json:"order,omitempty"`
	By         access.ActorID `json:"by"`
}

func aboutCode(r Redemption, by access.ActorID) AboutCode {
	return AboutCode{Redemption: r.ID, Code: r.Text, Campaign: r.Campaign, Partner: r.Partner, Cart: r.Cart, Order: r.Order, By: by}
}

// RedemptionReserved is the fact that a use is held for a cart, anew or longer.
type RedemptionReserved struct {
	AboutCode
	Until time.Time `json:"until"`
}

// EventType implements event.Payload.
func (RedemptionReserved) EventType() (string, int) { return "redemption.reserved", 1 }

// RedemptionConfirmed is the fact that an order used a code.
type RedemptionConfirmed struct{ AboutCode }

// EventType implements event.Payload.
func (RedemptionConfirmed) EventType() (string, int) { return "redemption.confirmed", 1 }

// RedemptionReleased is the fact that a cart let a code go.
type RedemptionReleased struct{ AboutCode }

// EventType implements event.Payload.
func (RedemptionReleased) EventType() (string, int) { return "redemption.released", 1 }

// RedemptionExpired is the fact that a reservation was swept after its time.
type RedemptionExpired struct{ AboutCode }

// EventType implements event.Payload.
func (RedemptionExpired) EventType() (string, int) { return "redemption.expired", 1 }

// RedemptionReturned is the fact that an order that was given up gave a use
// back.
type RedemptionReturned struct{ AboutCode }

// EventType implements event.Payload.
func (RedemptionReturned) EventType() (string, int) { return "redemption.returned", 1 }
