package erp

import "encoding/json"

// The documents' JSON: every number is a string with the digits it carries
// ("12.50"), read back strictly. The outer fields hide those of the same name
// in the embedded document.

// MarshalJSON implements json.Marshaler.
func (o Order) MarshalJSON() ([]byte, error) {
	type plain Order
	return json.Marshal(struct {
		plain
		Net   number `json:"net"`
		Tax   number `json:"tax"`
		Gross number `json:"gross"`
	}{plain(o), number(o.Net), number(o.Tax), number(o.Gross)})
}

// UnmarshalJSON implements json.Unmarshaler.
func (o *Order) UnmarshalJSON(b []byte) error {
	type plain Order
	return json.Unmarshal(b, &struct {
		*plain
		Net   *number `json:"net"`
		Tax   *number `json:"tax"`
		Gross *number `json:"gross"`
	}{(*plain)(o), (*number)(&o.Net), (*number)(&o.Tax), (*number)(&o.Gross)})
}

// MarshalJSON implements json.Marshaler.
func (l OrderLine) MarshalJSON() ([]byte, error) {
	type plain OrderLine
	return json.Marshal(struct {
		plain
		Quantity  number `json:"quantity"`
		UnitPrice number `json:"unit_price"`
		PriceBase number `json:"price_base"`
		TaxRate   number `json:"tax_rate"`
		Net       number `json:"net"`
	}{plain(l), number(l.Quantity), number(l.UnitPrice), number(l.PriceBase), number(l.TaxRate), number(l.Net)})
}

// UnmarshalJSON implements json.Unmarshaler.
func (l *OrderLine) UnmarshalJSON(b []byte) error {
	type plain OrderLine
	return json.Unmarshal(b, &struct {
		*plain
		Quantity  *number `json:"quantity"`
		UnitPrice *number `json:"unit_price"`
		PriceBase *number `json:"price_base"`
		TaxRate   *number `json:"tax_rate"`
		Net       *number `json:"net"`
	}{(*plain)(l), (*number)(&l.Quantity), (*number)(&l.UnitPrice), (*number)(&l.PriceBase), (*number)(&l.TaxRate),
		(*number)(&l.Net)})
}

// MarshalJSON implements json.Marshaler.
func (d Discount) MarshalJSON() ([]byte, error) {
	type plain Discount
	return json.Marshal(struct {
		plain
		Amount  number `json:"amount"`
		TaxRate number `json:"tax_rate"`
	}{plain(d), number(d.Amount), number(d.TaxRate)})
}

// UnmarshalJSON implements json.Unmarshaler.
func (d *Discount) UnmarshalJSON(b []byte) error {
	type plain Discount
	return json.Unmarshal(b, &struct {
		*plain
		Amount  *number `json:"amount"`
		TaxRate *number `json:"tax_rate"`
	}{(*plain)(d), (*number)(&d.Amount), (*number)(&d.TaxRate)})
}

// MarshalJSON implements json.Marshaler.
func (t Totals) MarshalJSON() ([]byte, error) {
	return json.Marshal(struct {
		Net   number `json:"net"`
		Tax   number `json:"tax"`
		Gross number `json:"gross"`
	}{number(t.Net), number(t.Tax), number(t.Gross)})
}

// UnmarshalJSON implements json.Unmarshaler.
func (t *Totals) UnmarshalJSON(b []byte) error {
	return json.Unmarshal(b, &struct {
		Net   *number `json:"net"`
		Tax   *number `json:"tax"`
		Gross *number `json:"gross"`
	}{(*number)(&t.Net), (*number)(&t.Tax), (*number)(&t.Gross)})
}
