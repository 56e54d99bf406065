package pricing

import (
	"github.com/comptoir-go/comptoir/access"
	"github.com/comptoir-go/comptoir/partner"
)

// TermsFeed is the commercial terms as another system keeps them, whole, in
// five stages: partners; contracts and counterparties; agreements; names of
// discounts; what grants a discount to an agreement. Each row names its parent
// in a stage before it. The order of rows does not matter.
type TermsFeed struct {
	Partners       []FeedPartner      `json:"partners"`
	Contracts      []FeedContract     `json:"contracts"`
	Counterparties []FeedCounterparty `json:"counterparties"`
	Agreements     []FeedAgreement    `json:"agreements"`
	Discounts      []FeedDiscount     `json:"discounts"`
	Actions        []FeedAction       `json:"actions"`
}

// FeedPartner is a row of the first stage. What is empty keeps what is there.
type FeedPartner struct {
	ID   partner.ID `json:"id"`
	Name string     `json:"name"`
	// Number is required of a partner that is new.
	Number string `json:"number,omitempty"`
	// Type of a new partner is a dealer by default.
	Type partner.Type `json:"type,omitempty"`
	// Active is true for a new partner by default.
	Active *bool `json:"active,omitempty"`
}

// FeedContract is a row of the second stage. A contract is of one partner and
// has one counterparty, which names it.
type FeedContract struct {
	ID      partner.ContractID `json:"id"`
	Number  string             `json:"number"`
	Partner partner.ID         `json:"partner"`
	// Both days are included; empty is open.
	From  partner.Date `json:"from,omitzero"`
	Until partner.Date `json:"until,omitzero"`
}

// FeedCounterparty is the other row of the second stage. What is empty keeps
// what is there, so that a feed of names leaves addresses alone.
type FeedCounterparty struct {
	ID   partner.CounterpartyID `json:"id"`
	Name string                 `json:"name"`
	// Contracts are those that it buys under, of one partner, at least one.
	Contracts []partner.ContractID `json:"contracts"`
	Country   partner.Country      `json:"country,omitempty"`
	VATID     string               `json:"vat_id,omitempty"`
	Siren     string               `json:"siren,omitempty"`
	Siret     string               `json:"siret,omitempty"`
	Code      string               `json:"code,omitempty"`
	Invoice   *partner.Address     `json:"invoice_address,omitempty"`
}

// FeedAgreement is a row of the third stage. It names its contract, its
// partner, or both.
type FeedAgreement struct {
	// ID is of one agreement among all partners: actions name nothing else.
	ID       partner.AgreementID `json:"id"`
	Name     string              `json:"name"`
	Partner  partner.ID          `json:"partner,omitempty"`
	Contract partner.ContractID  `json:"contract,omitempty"`
	// Both days are included; empty is open.
	From  partner.Date `json:"from,omitzero"`
	Until partner.Date `json:"until,omitzero"`
}

// FeedDiscount is a row of the fourth stage: an entry of the directory.
type FeedDiscount struct {
	// ID is the feed's own, "" where it has none.
	ID   string `json:"id,omitempty"`
	Name string `json:"name"`
}

// FeedAction is a row of the fifth stage: it grants a discount to an agreement.
type FeedAction struct {
	// DiscountID decides where it is given; else Discount does, byte for byte.
	DiscountID string              `json:"discount_id,omitempty"`
	Discount   string              `json:"discount,omitempty"`
	Agreement  partner.AgreementID `json:"agreement"`
	// Both days are included; empty is open.
	From  partner.Date `json:"from,omitzero"`
	Until partner.Date `json:"until,omitzero"`
	// Agent is who assigned it.
	Agent string `json:"agent,omitempty"`
}

// Terms are the commercial terms as they are kept here: the partners' side,
// and the directory and actions of a tariff with all that is gone.
type Terms struct {
	Partners  []partner.Partner `json:"partners"`
	Discounts []Discount        `json:"discounts"`
	Actions   []Action          `json:"actions"`
}

// TermsPlan is what a feed changes.
type TermsPlan struct {
	// Partners are those that are new (Version 0) or changed, whole, by id.
	Partners []partner.Partner `json:"partners,omitempty"`
	// Changes says what of each partner changes, in the same order.
	Changes []PartnerTerms `json:"changes,omitempty"`
	// Discounts and Actions are the whole directory and all actions as they are
	// after the feed, with what is gone.
	Discounts []Discount  `json:"discounts"`
	Actions   []Action    `json:"actions"`
	Report    TermsReport `json:"report"`
}

// PartnerTerms are the parts of a partner that the feed adds or changes.
type PartnerTerms struct {
	Partner partner.ID `json:"partner"`
	// Head says that the partner is new, or that its own fields change.
	Head           bool                     `json:"head,omitempty"`
	Contracts      []partner.ContractID     `json:"contracts,omitempty"`
	Counterparties []partner.CounterpartyID `json:"counterparties,omitempty"`
	Agreements     []partner.AgreementID    `json:"agreements,omitempty"`
}

// TermsReport counts what a feed does, stage by stage.
type TermsReport struct {
	Partners       TermsCount `json:"partners"`
	Contracts      TermsCount `json:"contracts"`
	Counterparties TermsCount `json:"counterparties"`
	Agreements     TermsCount `json:"agreements"`
	Discounts      TermsCount `json:"discounts"`
	Actions        TermsCount `json:"actions"`
	// Absent are contracts, counterparties and agreements that partners have
	// and the feed has not. They stay as they are: they may have been made here.
	// No action of the feed reaches them any more.
	Absent []AbsentTerm `json:"absent,omitempty"`
}

// TermsCount counts rows of a stage. Gone are records that are superseded and
// have no successor.
type TermsCount struct {
	New     int `json:"new"`
	Changed int `json:"changed"`
	Same    int `json:"same"`
	Gone    int `json:"gone"`
}

// Unchanged reports whether the feed changes nothing.
func (r TermsReport) Unchanged() bool {
	for _, c := range []TermsCount{r.Partners, r.Contracts, r.Counterparties, r.Agreements, r.Discounts, r.Actions} {
		if c.New+c.Changed+c.Gone > 0 {
			return false
		}
	}
	return true
}

// AbsentTerm is a part of a partner that the feed does not have.
type AbsentTerm struct {
	Partner access.PartnerID `json:"partner"`
	// What is "contract", "counterparty" or "agreement".
	What partner.Part `json:"what"`
	ID   string       `json:"id"`
}
