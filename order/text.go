package order

import (
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/comptoir-go/comptoir/catalog"
	"github.com/comptoir-go/comptoir/money"
	"github.com/comptoir-go/comptoir/pricing"
)

// Text is the order as readable text, to be printed or mailed: who bought,
// what was ordered and where it stands, the calculation, invoices and notes.
// Labels are in French or Italian where lang (BCP 47) asks for it, else in
// English; dates are ISO 8601 in UTC, amounts plain decimals in the order's
// currency. It holds all that o holds: for the buyer print o.Shared().
func (o Order) Text(lang string) string {
	p := printer{say: labels(lang)}
	p.line(p.say("Order") + " " + string(o.Ref))
	p.head(o)
	p.addresses(o)
	p.lines(o)
	p.totals(o)
	p.bills(o)
	p.progress(o)
	p.notes(o)
	return p.b.String()
}

type printer struct {
	b   strings.Builder
	say func(string) string
}

// line writes one line without blanks at its end.
func (p *printer) line(text string) { p.b.WriteString(strings.TrimRight(text, " ") + "\n") }

// text writes a text of several lines, each moved in.
func (p *printer) text(indent, text string) {
	for l := range strings.Lines(strings.ReplaceAll(text, "\r\n", "\n")) {
		p.line(indent + strings.TrimRight(l, "\n"))
	}
}

// fields writes label and value, where there is one.
func (p *printer) fields(rows ...[2]string) {
	var shown [][]string
	for _, r := range rows {
		if r[1] != "" {
			shown = append(shown, []string{p.say(r[0]), r[1]})
		}
	}
	p.table("  ", 0, shown)
}

// table writes rows in columns; the last right ones are aligned to the right.
func (p *printer) table(indent string, right int, rows [][]string) {
	var width []int
	for _, r := range rows {
		for i, cell := range r {
			if i == len(width) {
				width = append(width, 0)
			}
			width[i] = max(width[i], utf8.RuneCountInString(cell))
		}
	}
	for _, r := range rows {
		var b strings.Builder
		b.WriteString(indent)
		for i, cell := range r {
			pad := strings.Repeat(" ", width[i]-utf8.RuneCountInString(cell))
			if i > 0 {
				b.WriteString("  ")
			}
			if i >= len(width)-right {
				b.WriteString(pad + cell)
			} else {
				b.WriteString(cell + pad)
			}
		}
		p.line(b.String())
	}
}

func stamp(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format("2006-01-02 15:04 UTC")
}

func (p *printer) head(o Order) {
	by := o.InsertedBy.Name
	if by == "" {
		by = string(o.InsertedBy.ID)
	}
	if o.InsertedBy.Company != "" {
		by += ", " + o.InsertedBy.Company
	}
	p.fields([2]string{"Date", stamp(o.PlacedAt)}, [2]string{"State", p.say(strings.ReplaceAll(string(o.State), "_", " "))},
		[2]string{"Title", o.Title}, [2]string{"Your number", o.CustomerNo}, [2]string{"Ordered by", by},
		[2]string{"Our number", o.ERP.Number}, [2]string{"Released", stamp(released(o))})
}

func released(o Order) time.Time {
	if o.Released == nil {
		return time.Time{}
	}
	return o.Released.At
}

func (p *printer) addresses(o Order) {
	c := o.Customer
	p.line("")
	p.line(p.say("Customer") + " " + c.Number)
	p.text("  ", joined("\n", c.Name, c.Counterparty.Name, c.Counterparty.VATID))
	p.line("")
	p.line(p.say("Delivery to"))
	a := o.ShipTo
	p.text("  ", joined("\n", a.Company, a.Contact, a.Street, a.Street2, joined(" ", a.Postcode, a.City, a.Province), string(a.Country)))
}

// joined joins what is not empty.
func joined(sep string, parts ...string) string {
	var some []string
	for _, s := range parts {
		if s != "" {
			some = append(some, s)
		}
	}
	return strings.Join(some, sep)
}

func (p *printer) lines(o Order) {
	p.line("")
	rows := [][]string{{"#", p.say("Article"), p.say("Name"), p.say("Ordered"), p.say("Reserved"), p.say("Shipped"), p.say("Cancelled"), p.say("Returned"), p.say("Price"), p.say("Net"), p.say("VAT %")}}
	for i, l := range o.Lines {
		q, _ := o.Quote.Line(l.ID)
		g := l.Goods
		rows = append(rows, []string{strconv.Itoa(i + 1), string(l.SKU), l.Name, l.Quantity.String(), some(g.Reserved), some(g.Shipped),
			some(g.Cancelled), some(g.Returned), p.price(q), q.Net.Text(), q.Rate.String()})
	}
	p.table("", 8, rows)
	for i, l := range o.Lines {
		var more []string
		if l.Ticket != "" {
			more = append(more, p.say("Ticket")+" "+string(l.Ticket)+" ("+p.say("warranty "+string(l.Warranty))+")")
		}
		if l.Hold != nil {
			more = append(more, p.say("On hold")+": "+l.Hold.Reason)
		}
		if more = append(more, l.Note); joined("", more...) != "" {
			p.text("  ", strconv.Itoa(i+1)+": "+joined("; ", more...))
		}
	}
}

// some is a quantity, "" for none.
func some(q money.Quantity) string {
	if q.IsZero() {
		return ""
	}
	return q.String()
}

// price is a unit price as it is stated: with tax, per so many.
func (p *printer) price(q pricing.QuotedLine) string {
	text := q.Price.Text()
	if base := q.Price.Base(); base != money.QuantityOf(1) && text != "" {
		text += " / " + base.String()
	}
	if q.Stated == catalog.Gross {
		text += " " + p.say("with VAT")
	}
	return text
}

func (p *printer) totals(o Order) {
	q := o.Quote
	p.line("")
	var rows [][]string
	for _, a := range q.Adjustments {
		rows = append(rows, []string{joined(": ", a.Code, a.Text), a.Amount.Text()})
	}
	rows = append(rows, []string{p.say("Net"), q.Net.Text()})
	for _, t := range q.Taxes {
		rows = append(rows, []string{p.say("VAT") + " " + string(t.Category) + " " + t.Rate.String() + " % / " + t.Base.Text(), t.Tax.Text()})
	}
	rows = append(rows, []string{p.say("Total") + " " + q.Currency.Code(), q.Gross.Text()})
	p.table("", 1, rows)
}

func (p *printer) bills(o Order) {
	if len(o.Bills) == 0 {
		return
	}
	p.line("")
	rows := [][]string{{p.say("Invoices"), "", "", p.say("Total"), p.say("Paid")}}
	for _, b := range o.Bills {
		kind, sum := "Invoice", b.Gross
		if b.Credit {
			kind, sum = "Credit note", b.Gross.Neg()
		}
		date := ""
		if !b.Issued.IsZero() {
			date = b.Issued.String()
		}
		rows = append(rows, []string{p.say(kind), b.Number, date, sum.Text(), b.Settled.Text()})
	}
	p.table("", 2, rows)
}

func (p *printer) progress(o Order) {
	if len(o.Progress) == 0 {
		return
	}
	p.line("")
	p.line(p.say("Progress"))
	var rows [][]string
	for _, s := range o.Progress {
		note := strings.Join(strings.Fields(s.Note), " ")
		if s.Internal {
			note = joined(" ", "("+p.say("internal")+")", note)
		}
		rows = append(rows, []string{stamp(s.At), p.say(strings.ReplaceAll(string(s.Step), "_", " ")), note})
	}
	p.table("  ", 0, rows)
}

func (p *printer) notes(o Order) {
	if o.Hold != nil {
		p.line("")
		p.line(p.say("On hold"))
		p.text("  ", o.Hold.Reason)
	}
	if o.Note != "" {
		p.line("")
		p.line(p.say("Note"))
		p.text("  ", o.Note)
	}
}
