package billing

import (
	"strconv"

	"github.com/comptoir-go/comptoir/money"
	"github.com/comptoir-go/comptoir/order"
	"github.com/comptoir-go/comptoir/partner"
	"github.com/comptoir-go/comptoir/pricing"
)

// canonicalForm is the version of the canonical record. A form that was ever
// used is never changed: a change of what a Record holds makes the next one,
// and the older stay for the records that were hashed with them.
const canonicalForm = "1"

// canonical writes what a document says, for its hash. It depends on the
// values only, not on Go's types, JSON or the order of fields there.
//
// Form 1 is a run of entries "name:length:value\n", the length in bytes of
// UTF-8, in the order of the functions below and every one always there. A list
// is an entry with its length, and then its elements' entries; something
// optional is a list of none or one. Amounts are "49.96 EUR" with all decimals
// of the currency, prices "12.50 EUR / 100", quantities and rates numbers
// without trailing zeros, dates ISO 8601, truth "yes" or "no". What a stored
// document does not tell from nothing is nothing here: a price or a spread of
// zero, a seller's address with nothing but a label.
//
// It covers the whole Record, the document's id and its position in the chain;
// the hash of the record before goes into the hash ahead of it.
func canonical(d Document) []byte {
	s := make(scribe, 0, 8192)
	s.text("comptoir.record", canonicalForm)
	s.text("id", string(d.ID))
	s.number("position", d.Chain.Position)
	s.record(d.Record)
	return s
}

type scribe []byte

func (s *scribe) text(name, value string) {
	*s = append(append(s.entry(name, len(value)), value...), '\n')
}

func (s *scribe) bytes(name string, value []byte) {
	*s = append(append(s.entry(name, len(value)), value...), '\n')
}

// entry begins one with a value of a length.
func (s *scribe) entry(name string, length int) []byte {
	b := append(append(*s, name...), ':')
	return append(strconv.AppendInt(b, int64(length), 10), ':')
}

func (s *scribe) number(name string, n int64) {
	var buf [20]byte
	s.bytes(name, strconv.AppendInt(buf[:0], n, 10))
}

func (s *scribe) count(name string, n int) { s.number(name, int64(n)) }

func (s *scribe) date(name string, d partner.Date) { s.text(name, d.String()) }

// amount writes what its String returns.
func (s *scribe) amount(name string, a money.Amount) {
	if a.IsNone() {
		s.text(name, "")
		return
	}
	var buf [32]byte
	s.bytes(name, append(append(a.AppendNumber(buf[:0]), ' '), a.Currency().Code()...))
}

func (s *scribe) truth(name string, yes bool) {
	if yes {
		s.text(name, "yes")
	} else {
		s.text(name, "no")
	}
}

func (s *scribe) record(r Record) {
	s.text("kind", string(r.Kind))
	s.text("issuer", string(r.Issuer))
	s.text("number", r.Number)
	s.text("series", string(r.Series))
	s.seller(r.Seller)
	s.text("partner", string(r.Partner))
	s.text("customer", r.Customer)
	s.counterparty(r.Buyer)
	if r.ShipTo == nil {
		s.count("ship_to", 0)
	} else {
		s.count("ship_to", 1)
		s.address(*r.ShipTo)
	}
	s.date("issued", r.Issued)
	s.date("due", r.Due)
	s.date("supplied", r.Supplied)
	s.text("currency", r.Currency.Code())
	s.count("lines", len(r.Lines))
	for _, l := range r.Lines {
		s.line(l)
	}
	s.count("adjustments", len(r.Adjustments))
	for _, a := range r.Adjustments {
		s.adjustment(a)
	}
	s.count("taxes", len(r.Taxes))
	for _, t := range r.Taxes {
		s.tax(t)
	}
	s.totals(r.Totals)
	s.count("orders", len(r.Orders))
	for _, o := range r.Orders {
		s.order(o)
	}
	if r.Corrects == nil {
		s.count("corrects", 0)
	} else {
		s.count("corrects", 1)
		s.reference(*r.Corrects)
	}
	s.text("reason", r.Reason)
	s.text("note", r.Note)
	s.text("tax_mode", string(r.Tax))
	if r.Spread.IsZero() {
		s.text("spread", "")
	} else {
		s.amount("spread", r.Spread)
	}
}

func (s *scribe) seller(x Seller) {
	s.text("seller", string(x.ID))
	s.text("name", x.Name)
	s.text("vat_id", x.VATID)
	s.text("registration", x.Registration)
	if x.Address.IsZero() {
		s.count("seller_address", 0)
	} else {
		s.count("seller_address", 1)
		s.address(x.Address)
	}
}

func (s *scribe) counterparty(c partner.Counterparty) {
	s.text("buyer", string(c.ID))
	s.text("name", c.Name)
	s.text("country", string(c.Country))
	s.text("vat_id", c.VATID)
	s.text("siren", c.Siren)
	s.text("siret", c.Siret)
	s.address(c.Invoice)
	s.text("code", c.Code)
	s.truth("default", c.Default)
}

func (s *scribe) address(a partner.Address) {
	s.text("address", string(a.ID))
	s.text("label", a.Label)
	s.text("company", a.Company)
	s.text("contact", a.Contact)
	s.text("street", a.Street)
	s.text("street2", a.Street2)
	s.text("postcode", a.Postcode)
	s.text("city", a.City)
	s.text("province", a.Province)
	s.text("country", string(a.Country))
	s.text("phone", a.Phone)
	s.text("fax", a.Fax)
	s.text("vat_id", a.VATID)
	s.truth("default", a.Default)
}

func (s *scribe) line(l Line) {
	s.text("line", l.ID)
	s.text("order", string(l.Order))
	s.text("order_line", string(l.OrderLine))
	s.text("delivery", string(l.Delivery))
	s.text("sku", string(l.SKU))
	s.text("name", l.Name)
	s.text("unit", l.Unit)
	s.text("quantity", l.Quantity.String())
	if l.Price.IsZero() {
		s.text("price", "")
	} else {
		s.text("price", l.Price.String())
	}
	s.text("stated", string(l.Stated))
	s.amount("net", l.Net)
	s.count("shares", len(l.Shares))
	for _, a := range l.Shares {
		s.amount("share", a)
	}
	s.text("category", string(l.Category))
	s.text("rate", l.Rate.String())
	s.stretches(l.Stretches)
}

func (s *scribe) stretches(all []order.Stretch) {
	s.count("stretches", len(all))
	for _, x := range all {
		s.number("from", x.From)
		s.number("to", x.To)
	}
}

func (s *scribe) adjustment(a Adjustment) {
	s.text("order", string(a.Order))
	s.text("code", a.Code)
	s.text("text", a.Text)
	s.amount("amount", a.Amount)
	s.text("category", string(a.Category))
	s.text("rate", a.Rate.String())
}

func (s *scribe) tax(t pricing.Tax) {
	s.text("category", string(t.Category))
	s.text("rate", t.Rate.String())
	s.amount("base", t.Base)
	s.amount("tax", t.Tax)
}

func (s *scribe) totals(t Totals) {
	s.amount("lines", t.Lines)
	s.amount("allowances", t.Allowances)
	s.amount("charges", t.Charges)
	s.amount("net", t.Net)
	s.amount("tax", t.Tax)
	s.amount("gross", t.Gross)
	s.amount("prepaid", t.Prepaid)
	s.amount("rounding", t.Rounding)
	s.amount("payable", t.Payable)
}

func (s *scribe) order(o OrderPart) {
	s.text("order", string(o.Order))
	s.text("ref", string(o.Ref))
	s.text("customer_no", o.CustomerNo)
	s.amount("net", o.Net)
	s.amount("tax", o.Tax)
	s.amount("gross", o.Gross)
	s.count("boxes", len(o.Boxes))
	for _, b := range o.Boxes {
		s.text("category", b.Category)
		s.text("rate", b.Rate.String())
		s.stretches(b.Taken)
	}
}

func (s *scribe) reference(r Reference) {
	s.text("document", string(r.Document))
	s.text("number", r.Number)
	s.date("issued", r.Issued)
}
