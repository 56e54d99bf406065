package erp

import (
	"encoding/json"

	"github.com/shopspring/decimal"
)

// The JSON of invoices and payments, as in json.go.

// MarshalJSON implements json.Marshaler.
func (i Invoice) MarshalJSON() ([]byte, error) {
	type plain Invoice
	return json.Marshal(struct {
		plain
		Residual *number `json:"residual,omitempty"`
	}{plain(i), (*number)(i.Residual)})
}

// UnmarshalJSON implements json.Unmarshaler.
func (i *Invoice) UnmarshalJSON(b []byte) error {
	type plain Invoice
	doc := struct {
		*plain
		Residual *number `json:"residual"`
	}{plain: (*plain)(i)}
	err := json.Unmarshal(b, &doc)
	i.Residual = (*decimal.Decimal)(doc.Residual)
	return err
}

// MarshalJSON implements json.Marshaler.
func (l InvoiceLine) MarshalJSON() ([]byte, error) {
	type plain InvoiceLine
	return json.Marshal(struct {
		plain
		Quantity  number `json:"quantity"`
		UnitPrice number `json:"unit_price"`
		PriceBase number `json:"price_base"`
		Net       number `json:"net"`
		TaxRate   number `json:"tax_rate"`
	}{plain(l), number(l.Quantity), number(l.UnitPrice), number(l.PriceBase), number(l.Net), number(l.TaxRate)})
}

// UnmarshalJSON implements json.Unmarshaler.
func (l *InvoiceLine) UnmarshalJSON(b []byte) error {
	type plain InvoiceLine
	return json.Unmarshal(b, &struct {
		*plain
		Quantity  *number `json:"quantity"`
		UnitPrice *number `json:"unit_price"`
		PriceBase *number `json:"price_base"`
		Net       *number `json:"net"`
		TaxRate   *number `json:"tax_rate"`
	}{(*plain)(l), (*number)(&l.Quantity), (*number)(&l.UnitPrice), (*number)(&l.PriceBase), (*number)(&l.Net),
		(*number)(&l.TaxRate)})
}

// MarshalJSON implements json.Marshaler.
func (t InvoiceTax) MarshalJSON() ([]byte, error) {
	type plain InvoiceTax
	return json.Marshal(struct {
		plain
		Rate number `json:"rate"`
		Base number `json:"base"`
		Tax  number `json:"tax"`
	}{plain(t), number(t.Rate), number(t.Base), number(t.Tax)})
}

// UnmarshalJSON implements json.Unmarshaler.
func (t *InvoiceTax) UnmarshalJSON(b []byte) error {
	type plain InvoiceTax
	return json.Unmarshal(b, &struct {
		*plain
		Rate *number `json:"rate"`
		Base *number `json:"base"`
		Tax  *number `json:"tax"`
	}{(*plain)(t), (*number)(&t.Rate), (*number)(&t.Base), (*number)(&t.Tax)})
}

// MarshalJSON implements json.Marshaler.
func (p Payment) MarshalJSON() ([]byte, error) {
	type plain Payment
	return json.Marshal(struct {
		plain
		Amount number `json:"amount"`
	}{plain(p), number(p.Amount)})
}

// UnmarshalJSON implements json.Unmarshaler.
func (p *Payment) UnmarshalJSON(b []byte) error {
	type plain Payment
	return json.Unmarshal(b, &struct {
		*plain
		Amount *number `json:"amount"`
	}{(*plain)(p), (*number)(&p.Amount)})
}

// MarshalJSON implements json.Marshaler.
func (p PaymentPart) MarshalJSON() ([]byte, error) {
	type plain PaymentPart
	return json.Marshal(struct {
		plain
		Amount number `json:"amount"`
	}{plain(p), number(p.Amount)})
}

// UnmarshalJSON implements json.Unmarshaler.
func (p *PaymentPart) UnmarshalJSON(b []byte) error {
	type plain PaymentPart
	return json.Unmarshal(b, &struct {
		*plain
		Amount *number `json:"amount"`
	}{(*plain)(p), (*number)(&p.Amount)})
}

// MarshalJSON implements json.Marshaler.
func (r DocReceipt) MarshalJSON() ([]byte, error) {
	type plain DocReceipt
	return json.Marshal(struct {
		plain
		Gross *number `json:"gross,omitempty"`
	}{plain(r), (*number)(r.Gross)})
}

// UnmarshalJSON implements json.Unmarshaler.
func (r *DocReceipt) UnmarshalJSON(b []byte) error {
	type plain DocReceipt
	doc := struct {
		*plain
		Gross *number `json:"gross"`
	}{plain: (*plain)(r)}
	err := json.Unmarshal(b, &doc)
	r.Gross = (*decimal.Decimal)(doc.Gross)
	return err
}
