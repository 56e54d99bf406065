package erp

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/shopspring/decimal"

	"github.com/comptoir-go/comptoir/fault"
	"github.com/comptoir-go/comptoir/internal/check"
	"github.com/comptoir-go/comptoir/money"
)

// The checks of documents that come from the ERP, for whoever applies them and
// for adapters' authors. Each answers nil or ErrInvalidDocument with all
// issues. They look at shape alone: ids and sequences are there, states are
// known, days and numbers can be read, line keys are unique, sums are exact.
// Whether the documents that they name exist is another matter.

const (
	wordMax = 200       // ids, numbers, codes, names
	textMax = 10_000    // what people write
	rawMax  = 256 << 10 // what else an ERP tells, in bytes
)

func (h Head) check(is *fault.Issues) {
	check.Need(is, "id", h.ID, wordMax)
	check.Line(is, "key", h.Key, wordMax)
	check.Line(is, "number", h.Number, wordMax)
	if h.Sequence <= 0 {
		is.Add("sequence", "sequence.range", "a sequence is above zero")
	}
}

// Check validates an order's change: its state, and its lines' keys and
// quantities, which are not negative.
func (o OrderChange) Check() error {
	var is fault.Issues
	o.Head.check(&is)
	if !o.State.Valid() {
		is.Add("state", "state.unknown", "%q is no state of an order", o.State)
	}
	if o.Revision < 0 {
		is.Add("revision", "revision.range", "a revision is not below zero")
	}
	if o.Totals != nil {
		o.Totals.check(&is, maxDigits)
	}
	seen := map[string]bool{}
	for i, l := range o.Lines {
		path := fmt.Sprintf("lines[%d]", i)
		checkUnique(&is, path, l.Key, seen)
		if l.Ordered != nil {
			checkNotNegative(&is, fault.Join(path, "ordered"), "quantity", *l.Ordered, maxDigits)
		}
		checkNotNegative(&is, fault.Join(path, "reserved"), "quantity", l.Reserved, maxDigits)
		checkNotNegative(&is, fault.Join(path, "cancelled"), "quantity", l.Cancelled, maxDigits)
	}
	return is.Err(ErrInvalidDocument)
}

// Check validates a delivery: its order and state, the day once it is done,
// and each of its lines once, above zero unless it is cancelled. Lines of the
// ERP's own are left out, so that there may be none.
func (d Delivery) Check() error {
	var is fault.Issues
	d.Head.check(&is)
	check.Need(&is, "order", d.Order, wordMax)
	switch d.State {
	case DeliveryPlanned, DeliveryDone, DeliveryCancelled:
	default:
		is.Add("state", "state.unknown", "%q is no state of a delivery", d.State)
	}
	checkDay(&is, "date", d.Date, d.State == DeliveryDone)
	check.Line(&is, "carrier", d.Carrier, wordMax)
	check.Line(&is, "tracking", d.Tracking, wordMax)
	check.Line(&is, "back_order_of", d.BackOrderOf, wordMax)
	check.Note(&is, "reason", d.Reason, textMax)
	seen := map[string]bool{}
	for i, l := range d.Lines {
		path := fmt.Sprintf("lines[%d]", i)
		checkUnique(&is, path, l.Key, seen)
		check.Line(&is, fault.Join(path, "sku"), l.SKU, wordMax)
		path = fault.Join(path, "quantity")
		if checkNotNegative(&is, path, "quantity", l.Quantity, maxDigits) && l.Quantity.IsZero() && d.State != DeliveryCancelled {
			is.Add(path, "quantity.range", "the quantity is above zero")
		}
	}
	return is.Err(ErrInvalidDocument)
}

// Check validates a message: what it is on, its text and its time.
func (m Message) Check() error {
	var is fault.Issues
	m.Head.check(&is)
	m.check(&is)
	return is.Err(ErrInvalidDocument)
}

func (m Message) sendable() error {
	var is fault.Issues
	checkOurs(&is, m.Head)
	m.check(&is)
	return is.Err(ErrInvalidDocument)
}

func (m Message) check(is *fault.Issues) {
	switch m.Kind {
	case "order", "delivery", "invoice":
	default:
		is.Add("kind", "kind.unknown", "%q is no kind of document", m.Kind)
	}
	check.Need(is, "document", m.Document, wordMax)
	check.Line(is, "author", m.Author, wordMax)
	checkText(is, "text", m.Text)
	check.Note(is, "text", m.Text, textMax)
	checkInstant(is, "at", m.At)
}

// Check validates an article.
func (p Product) Check() error {
	var is fault.Issues
	p.Head.check(&is)
	check.Need(&is, "sku", p.SKU, wordMax)
	for _, lang := range slices.Sorted(maps.Keys(p.Names)) {
		path := fmt.Sprintf("names[%q]", lang)
		check.Lang(&is, path, lang)
		check.Line(&is, path, p.Names[lang], textMax)
	}
	check.Line(&is, "unit", p.Unit, wordMax)
	check.Line(&is, "tax_class", p.TaxClass, wordMax)
	checkRaw(&is, p.Raw)
	return is.Err(ErrInvalidDocument)
}

// Check validates the prices of an article: the currency, the validity, and
// breaks that rise from zero on.
func (p Price) Check() error {
	var is fault.Issues
	p.Head.check(&is)
	check.Need(&is, "sku", p.SKU, wordMax)
	check.Need(&is, "list", p.List, wordMax)
	checkCurrency(&is, p.Currency)
	from, okFrom := checkInstant(&is, "from", p.From)
	until, okUntil := checkInstant(&is, "until", p.Until)
	if okFrom && okUntil && !from.Before(until) {
		is.Add("until", "until.range", "the validity ends before it begins")
	}
	last := decimal.New(-1, 0)
	for i, b := range p.Breaks {
		path := fmt.Sprintf("breaks[%d]", i)
		if checkNotNegative(&is, fault.Join(path, "from"), "quantity", b.From, maxDigits) {
			if !b.From.GreaterThan(last) {
				is.Add(fault.Join(path, "from"), "quantity.order", "breaks rise")
			}
			last = b.From
		}
		checkNotNegative(&is, fault.Join(path, "unit_price"), "price", b.UnitPrice, maxDigits)
		checkNotNegative(&is, fault.Join(path, "price_base"), "price_base", b.PriceBase, maxDigits)
	}
	return is.Err(ErrInvalidDocument)
}

// Check validates a stock; the quantity may be below zero.
func (s Stock) Check() error {
	var is fault.Issues
	s.Head.check(&is)
	check.Need(&is, "sku", s.SKU, wordMax)
	checkDigits(&is, "available", "quantity.digits", s.Available, maxDigits)
	checkDay(&is, "expected", s.Expected, false)
	checkInstant(&is, "at", s.At)
	return is.Err(ErrInvalidDocument)
}

func checkRaw(is *fault.Issues, raw json.RawMessage) {
	if len(raw) > rawMax || len(raw) > 0 && !json.Valid(raw) {
		is.Add("raw", "raw.shape", "is no JSON of at most %d bytes", rawMax)
	}
}

// checkOurs is the head of a document on its way to the ERP: our key, and
// nothing that only the ERP can know.
func checkOurs(is *fault.Issues, h Head) {
	checkKey(is, "key", h.Key)
	if h.ID != "" || h.Sequence != 0 {
		is.Add("id", "id.given", "the id and the sequence are the ERP's to give")
	}
}

func checkLines(is *fault.Issues, lines []LineQuantity, digits int) {
	if len(lines) == 0 {
		is.Add("lines", "lines.empty", "no lines are named")
	}
	seen := map[string]bool{}
	for i, l := range lines {
		path := fmt.Sprintf("lines[%d]", i)
		checkUnique(is, path, l.Key, seen)
		path = fault.Join(path, "quantity")
		if checkDigits(is, path, "quantity.digits", l.Quantity, digits) && !l.Quantity.IsPositive() {
			is.Add(path, "quantity.range", "the quantity is above zero")
		}
	}
}

// checkDay takes "2006-01-02"; an empty day passes unless it is needed.
func checkDay(is *fault.Issues, path, day string, need bool) {
	if day == "" && !need {
		return
	}
	if _, err := time.Parse(time.DateOnly, day); err != nil {
		is.Add(path, "date.shape", "%q is no day of the form 2006-01-02", day)
	}
}

// checkInstant takes RFC 3339; ok is false for an empty or a bad one.
func checkInstant(is *fault.Issues, path, at string) (t time.Time, ok bool) {
	if at == "" {
		return t, false
	}
	t, err := time.Parse(time.RFC3339, at)
	if err != nil {
		is.Add(path, "time.shape", "%q is no time of RFC 3339", at)
	}
	return t, err == nil
}

// checkCurrency answers the decimals of amounts, the most there can be for a
// currency that is none.
func checkCurrency(is *fault.Issues, code string) int {
	c, err := money.ParseCurrency(code)
	if err != nil || c.Code() != code {
		is.Add("currency", "currency.unknown", "%q is no ISO 4217 alphabetic code", code)
		return maxDigits
	}
	return c.Digits()
}

// checkNotNegative notes codes name.digits and name.range.
func checkNotNegative(is *fault.Issues, path, name string, v decimal.Decimal, digits int) bool {
	if !checkDigits(is, path, name+".digits", v, digits) {
		return false
	}
	if v.IsNegative() {
		is.Add(path, name+".range", "is below zero")
		return false
	}
	return true
}
