package pricing

import (
	"time"

	"github.com/comptoir-go/comptoir/access"
	"github.com/comptoir-go/comptoir/partner"
)

// RedemptionDocKind names redemptions in stores and conflicts.
const RedemptionDocKind = "redemption"

// Redemption is one use of a code by a cart and then by its order.
type Redemption struct {
	ID      RedemptionID `json:"id"`
	Version int64        `json:"version"`
	Code    CodeID       `json:"code"`
	// Text is the code as it is shown.
	Text     string     `json:"text"`
	Campaign CampaignID `json:"campaign"`
	Partner  partner.ID `json:"partner"`
	Cart     CartID     `json:"cart"`
	// Order is the order that used it, once it is confirmed.
	Order OrderID         `json:"order,omitempty"`
	State RedemptionState `json:"state"`
	// ReservedAt is when the use was taken; it counts in the period of that
	// instant.
	ReservedAt time.Time `json:"reserved_at"`
	// Until is when the reservation lapses, of an unconfirmed one.
	Until       time.Time    `json:"until"`
	ConfirmedAt time.Time    `json:"confirmed_at,omitzero"`
	EndedAt     time.Time    `json:"ended_at,omitzero"` // released or returned
	By          access.Stamp `json:"by"`
}

// Open reports whether the cart may still order with it: reserved, or expired
// and perhaps taken up again.
func (r Redemption) Open() bool { return r.State == CodeReserved || r.State == CodeLapsed }

// Live reports whether the use is held at now, as the document says; whether
// nobody else has it, the counts decide.
func (r Redemption) Live(now time.Time) bool { return r.State == CodeReserved && r.Until.After(now) }

// Used returns the code as baskets name it.
func (r Redemption) Used() UsedCode { return UsedCode{Code: r.Text, Campaign: string(r.Campaign)} }
