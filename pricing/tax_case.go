package pricing

import (
	"time"

	"github.com/comptoir-go/comptoir/catalog"
	"github.com/comptoir-go/comptoir/fault"
	"github.com/comptoir-go/comptoir/money"
	"github.com/comptoir-go/comptoir/partner"
)

// TaxDecider decides how a sale is taxed. RuledTaxes is the one of the house;
// another may ask a tax service. One that reads its case alone is pure.
type TaxDecider interface {
	// DecideTax returns how the sale is taxed. Errors: ErrTaxCase for a case
	// that is not sound, ErrNoTax for one without a rate.
	DecideTax(c TaxCase) (TaxDecision, error)
}

// VATStatus says what is known of a VAT identifier.
type VATStatus = partner.VATStatus

// The states of an identifier, as partners have them.
const (
	VATUnknown = partner.VATUnknown
	VATValid   = partner.VATValid
	VATInvalid = partner.VATInvalid
)

// BuyerKind is what a buyer is for VAT.
type BuyerKind string

// The kinds of buyers.
const (
	// BuyerByID: who has an identifier that counts is a business, who has none a
	// consumer.
	BuyerByID BuyerKind = ""
	Business  BuyerKind = "business"
	Consumer  BuyerKind = "consumer"
)

// TaxCase is one sale of goods of one class.
type TaxCase struct {
	// Seller is the country that goods are sent from, Buyer that which they go
	// to; empty counts as the seller's.
	Seller partner.Country `json:"seller"`
	Buyer  partner.Country `json:"buyer,omitempty"`
	// VATID is the buyer's identifier with its prefix, Status what is known of
	// it.
	VATID  string           `json:"vat_id,omitempty"`
	Status VATStatus        `json:"vat_status,omitempty"`
	Kind   BuyerKind        `json:"kind,omitempty"`
	Class  catalog.TaxClass `json:"class"`
	// At is the instant of the sale, Known that as of which rates are known;
	// zero is now.
	At    time.Time `json:"at"`
	Known time.Time `json:"known,omitzero"`
}

// TaxDecision is how a sale is taxed.
type TaxDecision struct {
	Category Category   `json:"category"`
	Rate     money.Rate `json:"rate"`
	// Home is the rate of the class at home, which prices stated gross contain.
	Home money.Rate `json:"home"`
	// Country is whose tax it is: the seller's, or the buyer's under the
	// one-stop shop.
	Country partner.Country `json:"country"`
	// Exemption is why there is no tax; zero for S and Z.
	Exemption Exemption `json:"exemption,omitzero"`
	// Rule is the name of the rule that decided.
	Rule string `json:"rule"`
}

// ErrTaxCase: the case itself is wrong; each fault is an issue with the path of
// its field.
var ErrTaxCase = fault.Define(fault.Invalid, "pricing.tax_case", "the sale cannot be taxed as it is described")

func (c *TaxCase) check() error {
	var is fault.Issues
	if !c.Seller.Valid() {
		is.Add("seller", issueCountry, "%q is not a country", c.Seller)
	}
	if c.Buyer != "" && !c.Buyer.Valid() {
		is.Add("buyer", issueCountry, "%q is not a country", c.Buyer)
	}
	switch c.Status {
	case VATUnknown, VATValid, VATInvalid:
	default:
		is.Add("vat_status", issueUnknown, "%q says nothing of an identifier", c.Status)
	}
	switch c.Kind {
	case BuyerByID, Business, Consumer:
	default:
		is.Add("kind", issueUnknown, "%q is no kind of buyer", c.Kind)
	}
	if c.Class == "" {
		is.Add("class", issueClass, "a sale is of a class")
	}
	if c.At.IsZero() {
		is.Add("at", issueInstant, "taxes hold at an instant")
	}
	return is.Err(ErrTaxCase)
}

// Sale is where a sale goes, as VAT sees it.
type Sale string

// The sales.
const (
	Domestic Sale = "domestic" // within one country
	IntraEU  Sale = "intra_eu" // from one member state to another
	Abroad   Sale = "abroad"   // out of the EU, or from outside it to another country
)

// Identification is where a buyer is identified for VAT.
type Identification string

// The identifications.
const (
	NotIdentified    Identification = "none"
	IdentifiedHome   Identification = "home"   // in the seller's country
	IdentifiedAbroad Identification = "abroad" // in another member state
	IdentifiedAway   Identification = "away"   // outside the EU
)

// facts of a case, as rules ask for them.
type taxFacts struct {
	sale          Sale
	seller, buyer partner.Country // areas of VAT
	id            Identification
	status        VATStatus
	kind          BuyerKind
	class         catalog.TaxClass
	home          Category
}

func (c *TaxCase) facts() taxFacts {
	f := taxFacts{seller: vatArea(c.Seller), buyer: vatArea(c.Buyer), status: c.Status, kind: c.Kind, class: c.Class}
	if f.buyer == "" {
		f.buyer = f.seller
	}
	issuer := partner.Country("")
	if c.Status != VATInvalid {
		issuer = issuerOf(c.VATID)
	}
	switch {
	case issuer == "":
		f.id = NotIdentified
	case vatArea(issuer) == f.seller:
		f.id = IdentifiedHome
	case inEU(issuer):
		f.id = IdentifiedAbroad
	default:
		f.id = IdentifiedAway
	}
	if f.kind == BuyerByID {
		f.kind = Consumer
		if f.id != NotIdentified {
			f.kind = Business
		}
	}
	there := f.buyer
	if there == "GB" && issuer == northernIreland {
		there = northernIreland
	}
	switch {
	case f.buyer == f.seller:
		f.sale = Domestic
	case inEU(f.seller) && inEU(there):
		f.sale = IntraEU
	default:
		f.sale = Abroad
	}
	return f
}
