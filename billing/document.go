package billing

import (
	"time"

	"github.com/comptoir-go/comptoir/access"
	"github.com/comptoir-go/comptoir/catalog"
	"github.com/comptoir-go/comptoir/money"
	"github.com/comptoir-go/comptoir/order"
	"github.com/comptoir-go/comptoir/partner"
	"github.com/comptoir-go/comptoir/pricing"
)

// DocKind names invoices and credit notes in stores, subjects and conflicts.
const DocKind = "invoice"

// The ids of the package.
type (
	// ID names an invoice or credit note; people read its number.
	ID = order.BillID
	// SellerID names a legal seller of the tenant.
	SellerID string
	// SeriesID names a series of numbers of one seller.
	SeriesID string
)

// Kind says what a document is.
type Kind string

// The kinds, with their codes in UNTDID 1001.
const (
	Invoice    Kind = "invoice"     // 380
	CreditNote Kind = "credit_note" // 381
)

// Issuer says who makes the documents of a seller and kind. There is exactly
// one: the other way is refused.
type Issuer string

// The issuers.
const (
	// ByERP: the ERP makes them and ours are read-only mirrors.
	ByERP Issuer = "erp"
	// Here: they are made, numbered and chained here.
	Here Issuer = "here"
)

// Document is an invoice or a credit note: a Record that never changes, and
// beside it what happened to it since.
type Document struct {
	ID      ID    `json:"id"`
	Version int64 `json:"version"`
	Record
	// Chain ties a record of our own to the one before it in its series.
	Chain Chain `json:"chain,omitzero"`

	// Void says that the ERP cancelled a mirrored document.
	Void bool `json:"void,omitempty"`
	// Credits are what credit notes have taken of the lines so far.
	Credits []Credit `json:"credits,omitempty"`
	// Paid is what confirmed payments cover, SetOff what credit notes cover;
	// on a credit note Paid is what was paid back and SetOff what was used on
	// invoices. Together they never exceed the payable amount.
	Paid   money.Amount `json:"paid"`
	SetOff money.Amount `json:"set_off"`
	// Promised is the part of what a credit note has left that open refunds
	// have promised to pay back; none is zero.
	Promised money.Amount `json:"promised,omitzero"`
	// Uses are the invoices that a credit note was set off against; on an
	// invoice, the credit notes that were set off against it.
	Uses []Use `json:"uses,omitempty"`
	// Payment is the state of the last payment on the document.
	Payment order.PaymentState `json:"payment,omitempty"`
	// Residual is what is left to pay of a mirror as the ERP sees it, nil where
	// it does not tell; its payments may arrive here later.
	Residual *money.Amount `json:"residual,omitempty"`

	ERP       order.Twin   `json:"erp,omitzero"`
	CreatedBy access.Stamp `json:"created_by"`
	CreatedAt time.Time    `json:"created_at"`
	UpdatedAt time.Time    `json:"updated_at"`
}

// Record is the legal content of a document. Amounts are positive on credit
// notes too. The names in brackets are business terms of EN 16931.
type Record struct {
	Kind   Kind   `json:"kind"`
	Issuer Issuer `json:"issuer"`
	// Number is unique per seller [BT-1].
	Number string   `json:"number"`
	Series SeriesID `json:"series,omitempty"` // of our own documents

	Seller Seller `json:"seller"` // [BG-4]
	// Partner is who may see it; Customer his number at the seller's.
	Partner  partner.ID           `json:"partner"`
	Customer string               `json:"customer,omitempty"`
	Buyer    partner.Counterparty `json:"buyer"`             // [BG-7]
	ShipTo   *partner.Address     `json:"ship_to,omitempty"` // [BG-13]

	Issued   partner.Date   `json:"issued"`            // [BT-2]
	Due      partner.Date   `json:"due,omitzero"`      // [BT-9]
	Supplied partner.Date   `json:"supplied,omitzero"` // last delivery [BT-72]
	Currency money.Currency `json:"currency"`          // [BT-5]

	Lines []Line `json:"lines"`
	// Adjustments are allowances (below zero) and charges on document level,
	// one per order, code, category and rate [BG-20, BG-21].
	Adjustments []Adjustment  `json:"adjustments,omitempty"`
	Taxes       []pricing.Tax `json:"taxes"` // [BG-23]
	Totals      Totals        `json:"totals"`

	// Orders are the orders that it bills, each with its part of the totals.
	Orders []OrderPart `json:"orders,omitempty"`
	// Corrects is the invoice that a credit note corrects [BG-3].
	Corrects *Reference `json:"corrects,omitempty"`
	Reason   string     `json:"reason,omitempty"`
	Note     string     `json:"note,omitempty"` // [BT-22]
	// Tax says how VAT was rounded; Spread is the document's VAT less what
	// TaxCumulative gives, other than zero with TaxPerDocument only.
	Tax    TaxMode      `json:"tax_mode,omitempty"`
	Spread money.Amount `json:"spread,omitzero"`
}

// TaxMode says how the VAT of one of several documents on an order is rounded.
type TaxMode string

// The tax modes.
const (
	// TaxCumulative: the VAT of the n-th document is that of everything
	// documented so far less what was documented before, so that the boxes of
	// all documents sum to the order's. It differs from the document's own
	// figure by at most one minor unit per order and row, which BR-CO-17 allows.
	TaxCumulative TaxMode = "cumulative"
	// TaxPerDocument: rate × base of each document alone, as Tryton and Odoo
	// do; the sum may differ from the order's, which Spread reports.
	TaxPerDocument TaxMode = "per_document"
)

// Seller is a legal entity that sells, as it stands on documents.
type Seller struct {
	ID   SellerID `json:"id"`
	Name string   `json:"name"`
	// VATID has its country prefix; Registration is the company number
	// (SIREN, Handelsregister).
	VATID        string          `json:"vat_id,omitempty"`
	Registration string          `json:"registration,omitempty"`
	Address      partner.Address `json:"address,omitzero"`
}

// Line is one position of a document [BG-25].
type Line struct {
	ID string `json:"id"` // [BT-126], from 1
	// Order, OrderLine and Delivery say where it comes from; "" in mirrors
	// that do not say.
	Order     order.ID         `json:"order,omitempty"`
	OrderLine order.LineID     `json:"order_line,omitempty"`
	Delivery  order.DeliveryID `json:"delivery,omitempty"`
	SKU       catalog.SKU      `json:"sku,omitempty"`
	Name      string           `json:"name"`
	Unit      string           `json:"unit,omitempty"`
	Quantity  money.Quantity   `json:"quantity"` // [BT-129]
	// Price is the unit price as Stated says, net unless gross.
	Price  money.Price    `json:"price,omitzero"`
	Stated catalog.Stated `json:"stated,omitempty"`
	// Net is the line's amount [BT-131]; Shares its parts of the order's
	// adjustments, which stand on document level.
	Net      money.Amount     `json:"net"`
	Shares   []money.Amount   `json:"shares,omitempty"`
	Category pricing.Category `json:"category"`
	Rate     money.Rate       `json:"rate"`
	// Stretches are the pieces of the order's line that it bills.
	Stretches []order.Stretch `json:"stretches,omitempty"`
}

// Adjustment is an allowance or charge on document level.
type Adjustment struct {
	Order    order.ID         `json:"order,omitempty"`
	Code     string           `json:"code,omitempty"`
	Text     string           `json:"text,omitempty"`
	Amount   money.Amount     `json:"amount"` // below zero for an allowance
	Category pricing.Category `json:"category"`
	Rate     money.Rate       `json:"rate"`
}

// Totals are the document's sums [BG-22]. Prepaid and Rounding are the ERP's: of
// documents issued here they are zero. What a mirror's Prepaid names is settled
// and no payment of it is reported besides, or it would count twice.
type Totals struct {
	Lines      money.Amount `json:"lines"`      // [BT-106]
	Allowances money.Amount `json:"allowances"` // [BT-107], positive
	Charges    money.Amount `json:"charges"`    // [BT-108]
	Net        money.Amount `json:"net"`        // [BT-109]
	Tax        money.Amount `json:"tax"`        // [BT-110]
	Gross      money.Amount `json:"gross"`      // [BT-112]
	Prepaid    money.Amount `json:"prepaid"`    // [BT-113]
	Rounding   money.Amount `json:"rounding"`   // [BT-114]
	Payable    money.Amount `json:"payable"`    // [BT-115]
}

// OrderPart is one order's part of a document.
type OrderPart struct {
	Order      order.ID     `json:"order"`
	Ref        order.Ref    `json:"ref"`
	CustomerNo string       `json:"customer_no,omitempty"`
	Net        money.Amount `json:"net"`
	Tax        money.Amount `json:"tax"`
	Gross      money.Amount `json:"gross"`
	// Boxes are the pieces of the order's tax boxes that it takes.
	Boxes []order.Box `json:"boxes,omitempty"`
}

// Reference names another document.
type Reference struct {
	Document ID           `json:"document,omitempty"`
	Number   string       `json:"number"`
	Issued   partner.Date `json:"issued,omitzero"`
}

// Credit is what credit notes have taken of one line of an invoice.
type Credit struct {
	Line     string         `json:"line"`
	Quantity money.Quantity `json:"quantity"`
	// Stretches are the pieces taken, of a document of our own.
	Stretches []order.Stretch `json:"stretches,omitempty"`
}

// Use is the part of a credit note that was set off against an invoice. It
// stands on both, and counts from the later of both issue dates on.
type Use struct {
	Document ID           `json:"document"`
	Number   string       `json:"number"`
	Amount   money.Amount `json:"amount"`
	On       partner.Date `json:"on"`
}

// Chain ties a record to the one before it.
type Chain struct {
	// Position counts the records of the series, from 1, without a gap.
	Position int64 `json:"position,omitempty"`
	// Previous is the hash of the record before, "" for the first; Hash that
	// of this one: "1:" and the SHA-256, in hex, of Previous and the canonical
	// record. The digits before the colon are the version of that form.
	Previous string `json:"previous,omitempty"`
	Hash     string `json:"hash,omitempty"`
}
