package order

import (
	"time"

	"github.com/comptoir-go/comptoir/access"
	"github.com/comptoir-go/comptoir/blob"
)

// Hold is why something waits.
type Hold struct {
	Reason string       `json:"reason"`
	By     access.Stamp `json:"by"`
	At     time.Time    `json:"at"`
}

// Release is the handing over of an order to logistics.
type Release struct {
	By access.Stamp `json:"by"`
	At time.Time    `json:"at"`
}

// Step is what the buyer is told of the way of the goods. Sellers may have
// steps of their own, 1 to 60 characters.
type Step string

// The steps of the library.
const (
	Undefined     Step = "" // nothing was told yet
	InPreparation Step = "in_preparation"
	WithCarrier   Step = "shipped"
)

// Progress is one step told.
type Progress struct {
	Step Step         `json:"step"`
	At   time.Time    `json:"at"`
	By   access.Stamp `json:"by"`
	Note string       `json:"note,omitempty"`
	// Internal steps are for the seller's side only; they do not change what
	// the buyer sees as the current step.
	Internal bool `json:"internal,omitempty"`
}

// FileID names a file of an order.
type FileID string

// File is a file attached to an order or to one of its lines.
type File struct {
	ID FileID `json:"id"`
	blob.File
	// Line ties it to a line, "" to the whole order.
	Line LineID `json:"line,omitempty"`
	// Internal files are for the seller's side only; Seller says that this
	// side attached it.
	Internal bool         `json:"internal,omitempty"`
	Seller   bool         `json:"seller,omitempty"`
	Note     string       `json:"note,omitempty"`
	By       access.Stamp `json:"by"`
	At       time.Time    `json:"at"`
	// Certified says who released a production file as good to make.
	Certified *Release `json:"certified,omitempty"`
}
