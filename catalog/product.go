package catalog

import (
	"time"

	"github.com/comptoir-go/comptoir/access"
	"github.com/comptoir-go/comptoir/money"
)

// DocKind and AvailabilityKind name documents in stores and conflicts.
const (
	DocKind          = "product"
	AvailabilityKind = "availability"
)

// ID is a product's own id.
type ID string

// SKU is the article number as text: leading zeros and letters are kept
// ("065612405", "INOX-SP").
type SKU string

// Product is what can be ordered: goods and spare parts alike.
type Product struct {
	ID      ID    `json:"id"`
	Version int64 `json:"version"`
	SKU     SKU   `json:"sku"`
	// Names by BCP 47 tag ("fr", "en").
	Names map[string]string `json:"names"`
	// Unit is a UN/ECE Recommendation 20 code; "C62" is one piece.
	Unit string `json:"unit"`
	// Tax is the class a tax table turns into a category and a rate.
	Tax    TaxClass    `json:"tax"`
	Prices []ListPrice `json:"prices,omitempty"`
	Family Family      `json:"family"`
	Tags   []string    `json:"tags,omitempty"`
	// Weight is of one Unit with its packing, in kilograms; zero where it is not
	// known.
	Weight money.Quantity `json:"weight,omitzero"`
	// Spare marks spare parts.
	Spare bool `json:"spare,omitempty"`
	// Online says that the product may be sold on the portal.
	Online bool `json:"online"`
	// Sale says to whom it may be sold at all.
	Sale Sale `json:"sale"`
	// Referenced are the partners that a product of Sale "referenced" is for.
	Referenced []access.PartnerID `json:"referenced,omitempty"`
	Quantity   QuantityRule       `json:"quantity"`
	CreatedAt  time.Time          `json:"created_at"`
	UpdatedAt  time.Time          `json:"updated_at"`
}

// TaxClass groups products that are taxed alike: "standard", "reduced".
type TaxClass string

// Sale is a sale constraint.
type Sale string

// The sale constraints.
const (
	SaleBlocked    Sale = "blocked"    // not sellable
	SaleReferenced Sale = "referenced" // only to the partners that reference it
	SaleFree       Sale = "free"       // to everyone
)

// Family is a three-level classification; a level needs the one above it.
type Family struct {
	Super  string `json:"super,omitempty"`
	Family string `json:"family,omitempty"`
	Sub    string `json:"sub,omitempty"`
}

// QuantityRule bounds what may be asked for. Step and Min hold for each line
// of a document, Max for the lines of the product together, so that a second
// line does not lift it (CheckSum). Zero fields do not bound; a zero Step is
// the whole unit.
type QuantityRule struct {
	Step money.Quantity `json:"step,omitzero"`
	Min  money.Quantity `json:"min,omitzero"`
	Max  money.Quantity `json:"max,omitzero"`
}

// Stated says whether a price holds its tax.
type Stated string

// Net is the default.
const (
	Net   Stated = "net"
	Gross Stated = "gross"
)

// ListPrice is the product's price in one list.
type ListPrice struct {
	// List is the list's code, "" the seller's default list.
	List   string `json:"list,omitempty"`
	Stated Stated `json:"stated"`
	// Breaks hold the unit price from a quantity on, ascending; the first
	// starts at zero.
	Breaks []Break `json:"breaks"`
	// From and Until bound the validity, From included, Until excluded; zero
	// is open.
	From  time.Time `json:"from,omitzero"`
	Until time.Time `json:"until,omitzero"`
}

// Break is one step of a quantity scale.
type Break struct {
	From  money.Quantity `json:"from"`
	Price money.Price    `json:"price"`
}

// Availability is a snapshot of a product's stock with its time.
type Availability struct {
	Product ID             `json:"product"`
	Version int64          `json:"version"`
	OnHand  money.Quantity `json:"on_hand"`
	// Next is when more is expected, zero when unknown.
	Next time.Time `json:"next,omitzero"`
	// At is when the figure was true in the system it came from.
	At time.Time `json:"at"`
}
