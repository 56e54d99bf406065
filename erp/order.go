package erp

import (
	"github.com/shopspring/decimal"
)

// KeyMax is the longest external key, in bytes: what the narrowest ERP holds.
const KeyMax = 35

// Order is a sales order as it travels to an ERP: a whole document, never a
// difference. All amounts are in Currency, with at most that currency's
// digits; the sums are checked before sending (see ErrInvalidDocument).
type Order struct {
	// Key is our identity of the document in the ERP: deterministic, the same
	// for every attempt and every revision, 1 to KeyMax characters out of
	// A-Z a-z 0-9 - _ and the full stop.
	Key string `json:"key"`
	// Revision counts the versions of the draft from 1 on; an older revision
	// never overwrites a newer one.
	Revision int `json:"revision"`
	// Reference is our human order number, "FR10002527190474".
	Reference string `json:"reference"`
	// CustomerOrderNo is the number the customer gave his order.
	CustomerOrderNo string `json:"customer_order_no,omitempty"`
	// Customer is the customer's code in the ERP.
	Customer string `json:"customer"`
	// Currency is an ISO 4217 alphabetic code.
	Currency string `json:"currency"`
	// Date is the order's day, "2006-01-02", in the seller's time zone.
	Date      string  `json:"date"`
	InvoiceTo Address `json:"invoice_to"`
	ShipTo    Address `json:"ship_to"`
	// Lines is never empty.
	Lines []OrderLine `json:"lines"`
	// Discounts are the allowances and charges of the whole document. They
	// travel beside the lines, so that no line price has to hide a share.
	Discounts []Discount `json:"discounts,omitempty"`
	// Net is the sum of the lines' nets and of the discounts.
	Net decimal.Decimal `json:"net"`
	// Tax is the tax of the whole document; it is not the sum of line taxes.
	Tax decimal.Decimal `json:"tax"`
	// Gross is Net plus Tax.
	Gross decimal.Decimal `json:"gross"`
	// Note is free text to the seller.
	Note string `json:"note,omitempty"`
}

// Address is a postal address with whom to ask for.
type Address struct {
	// Code is the address's identity in the ERP, empty for a one-off address.
	Code    string `json:"code,omitempty"`
	Name    string `json:"name,omitempty"`
	Contact string `json:"contact,omitempty"`
	Street  string `json:"street,omitempty"`
	Street2 string `json:"street2,omitempty"`
	// PostCode, City and Region are as the post of the country writes them.
	PostCode string `json:"post_code,omitempty"`
	City     string `json:"city,omitempty"`
	Region   string `json:"region,omitempty"`
	// Country is an ISO 3166-1 alpha-2 code.
	Country string `json:"country,omitempty"`
	Phone   string `json:"phone,omitempty"`
	Email   string `json:"email,omitempty"`
}

// Warranty says who bears the cost of a line that belongs to a repair.
type Warranty string

// The values of Warranty. A line without a ticket has none.
const (
	WarrantyNone Warranty = ""
	// WarrantyIn means the manufacturer bears it.
	WarrantyIn Warranty = "in"
	// WarrantyOut means the customer bears it.
	WarrantyOut Warranty = "out"
)

// OrderLine is one line. Its key is stable over revisions, so that an ERP
// that stores line keys (Odoo's order_line/id) updates the line, and never
// adds it a second time.
type OrderLine struct {
	// Key is unique within the order, of the same shape as Order.Key.
	Key string `json:"key"`
	// SKU is the article's code as text, leading zeros kept.
	SKU  string `json:"sku"`
	Text string `json:"text,omitempty"`
	// Quantity is above zero, in Unit.
	Quantity decimal.Decimal `json:"quantity"`
	// Unit is the unit's code, UN/ECE Recommendation 20 ("C62", "H87") or
	// the seller's own.
	Unit string `json:"unit,omitempty"`
	// UnitPrice is the net price of PriceBase units after line discounts, not negative.
	UnitPrice decimal.Decimal `json:"unit_price"`
	// PriceBase is the quantity the price is for (12.50 per 100); zero means 1.
	PriceBase decimal.Decimal `json:"price_base"`
	// TaxCategory is the EN 16931 category (UNTDID 5305: S, Z, E, AE, K, G, O).
	TaxCategory string `json:"tax_category,omitempty"`
	// TaxRate is in percent.
	TaxRate decimal.Decimal `json:"tax_rate"`
	// Net is the line's amount as we sold it.
	Net  decimal.Decimal `json:"net"`
	Note string          `json:"note,omitempty"`
	// Ticket is the number of the service ticket the line belongs to.
	Ticket   string   `json:"ticket,omitempty"`
	Warranty Warranty `json:"warranty,omitempty"`
}

// Discount is an allowance (Amount below zero) or a charge (above zero) on
// the whole document, with the tax it carries. One that spans several tax
// rates comes as one Discount per rate.
type Discount struct {
	// Key is unique among the order's lines and discounts.
	Key string `json:"key"`
	// Code is the rule or promotion it comes from.
	Code string `json:"code,omitempty"`
	Text string `json:"text,omitempty"`
	// Amount is what it adds to the net: an allowance of 5.00 is -5.00.
	Amount      decimal.Decimal `json:"amount"`
	TaxCategory string          `json:"tax_category,omitempty"`
	// TaxRate is in percent.
	TaxRate decimal.Decimal `json:"tax_rate"`
}

// Clone returns a copy that shares no memory with o.
func (o Order) Clone() Order {
	o.Lines = append([]OrderLine(nil), o.Lines...)
	o.Discounts = append([]Discount(nil), o.Discounts...)
	return o
}
