package pricing

import (
	"time"

	"github.com/comptoir-go/comptoir/access"
)

// CodeDocKind names discount codes in stores and conflicts.
const CodeDocKind = "code"

// Code is a discount code. It does not change; how often it was used is
// counted in tallies, and only where a limit asks for it.
type Code struct {
	// ID is the key, KeyOf the Text.
	ID      CodeID `json:"id"`
	Version int64  `json:"version"`
	// Text is the code in normal form, as it is shown.
	Text     string     `json:"text"`
	Campaign CampaignID `json:"campaign"`
	// Generated codes end with a check character.
	Generated bool         `json:"generated,omitempty"`
	CreatedBy access.Stamp `json:"created_by"`
	CreatedAt time.Time    `json:"created_at"`
}
