package erp

import (
	"encoding/json"

	"github.com/shopspring/decimal"
)

// The JSON of the documents that come from the ERP, as in json.go.

// MarshalJSON implements json.Marshaler.
func (l LineChange) MarshalJSON() ([]byte, error) {
	type plain LineChange
	return json.Marshal(struct {
		plain
		Ordered   *number `json:"ordered,omitempty"`
		Reserved  number  `json:"reserved"`
		Cancelled number  `json:"cancelled"`
	}{plain(l), (*number)(l.Ordered), number(l.Reserved), number(l.Cancelled)})
}

// UnmarshalJSON implements json.Unmarshaler.
func (l *LineChange) UnmarshalJSON(b []byte) error {
	type plain LineChange
	doc := struct {
		*plain
		Ordered   *number `json:"ordered"`
		Reserved  *number `json:"reserved"`
		Cancelled *number `json:"cancelled"`
	}{(*plain)(l), nil, (*number)(&l.Reserved), (*number)(&l.Cancelled)}
	err := json.Unmarshal(b, &doc)
	l.Ordered = (*decimal.Decimal)(doc.Ordered)
	return err
}

// MarshalJSON implements json.Marshaler.
func (l DeliveryLine) MarshalJSON() ([]byte, error) {
	type plain DeliveryLine
	return json.Marshal(struct {
		plain
		Quantity number `json:"quantity"`
	}{plain(l), number(l.Quantity)})
}

// UnmarshalJSON implements json.Unmarshaler.
func (l *DeliveryLine) UnmarshalJSON(b []byte) error {
	type plain DeliveryLine
	return json.Unmarshal(b, &struct {
		*plain
		Quantity *number `json:"quantity"`
	}{(*plain)(l), (*number)(&l.Quantity)})
}

// MarshalJSON implements json.Marshaler.
func (l LineQuantity) MarshalJSON() ([]byte, error) {
	type plain LineQuantity
	return json.Marshal(struct {
		plain
		Quantity number `json:"quantity"`
	}{plain(l), number(l.Quantity)})
}

// UnmarshalJSON implements json.Unmarshaler.
func (l *LineQuantity) UnmarshalJSON(b []byte) error {
	type plain LineQuantity
	return json.Unmarshal(b, &struct {
		*plain
		Quantity *number `json:"quantity"`
	}{(*plain)(l), (*number)(&l.Quantity)})
}

// MarshalJSON implements json.Marshaler.
func (b PriceBreak) MarshalJSON() ([]byte, error) {
	return json.Marshal(struct {
		From      number `json:"from"`
		UnitPrice number `json:"unit_price"`
		PriceBase number `json:"price_base"`
	}{number(b.From), number(b.UnitPrice), number(b.PriceBase)})
}

// UnmarshalJSON implements json.Unmarshaler.
func (b *PriceBreak) UnmarshalJSON(text []byte) error {
	return json.Unmarshal(text, &struct {
		From      *number `json:"from"`
		UnitPrice *number `json:"unit_price"`
		PriceBase *number `json:"price_base"`
	}{(*number)(&b.From), (*number)(&b.UnitPrice), (*number)(&b.PriceBase)})
}

// MarshalJSON implements json.Marshaler.
func (s Stock) MarshalJSON() ([]byte, error) {
	type plain Stock
	return json.Marshal(struct {
		plain
		Available number `json:"available"`
	}{plain(s), number(s.Available)})
}

// UnmarshalJSON implements json.Unmarshaler.
func (s *Stock) UnmarshalJSON(b []byte) error {
	type plain Stock
	return json.Unmarshal(b, &struct {
		*plain
		Available *number `json:"available"`
	}{(*plain)(s), (*number)(&s.Available)})
}
