package billing

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/comptoir-go/comptoir/catalog"
	"github.com/comptoir-go/comptoir/money"
	"github.com/comptoir-go/comptoir/partner"
)

// Text returns the document as readable text of at most 80 columns, for a mail
// or a terminal; long names are cut. lang is a BCP 47 tag: labels are French for
// fr and English for all others. Amounts have a decimal point and days are ISO
// 8601 in every language.
func (d Document) Text(lang string) string {
	w := words(lang)
	var b strings.Builder
	title := w.invoice
	if d.Kind == CreditNote {
		title = w.credit
	}
	fmt.Fprintf(&b, "%s %s\n", title, d.Number)
	d.textHead(&b, w)
	rule := strings.Repeat("-", 80) + "\n"
	b.WriteString(rule)
	fmt.Fprintf(&b, "%s %s %s %s %s\n", left(w.article, 36), right(w.quantity, 10), right(w.price, 12), right(w.vat, 7), right(w.net, 11))
	b.WriteString(rule)
	for _, l := range d.Lines {
		name := l.Name
		if l.SKU != "" {
			name = string(l.SKU) + " " + name
		}
		fmt.Fprintf(&b, "%s %s %s %s %s\n", left(name, 36), right(quantityText(l), 10), right(l.priceText(w), 12),
			right(fmt.Sprintf("%s %s", l.Category, l.Rate), 7), right(l.Net.Text(), 11))
	}
	b.WriteString(rule)
	d.textSums(&b, w)
	for _, n := range []string{d.Reason, d.Note} {
		if n != "" {
			fmt.Fprintf(&b, "\n%s\n", n)
		}
	}
	return b.String()
}

func (d Document) textHead(b *strings.Builder, w labels) {
	row := func(label, text string) {
		if text != "" {
			fmt.Fprintf(b, "%s %s\n", left(label, 18), text)
		}
	}
	row(w.issued, d.Issued.String())
	row(w.due, d.Due.String())
	row(w.supplied, d.Supplied.String())
	row(w.seller, joined(", ", d.Seller.Name, d.Seller.Registration, d.Seller.VATID))
	row("", addressText(d.Seller.Address))
	row(w.buyer, joined(", ", d.Buyer.Name, d.Buyer.Siren, d.Buyer.VATID))
	row("", addressText(d.Buyer.Invoice))
	row(w.customer, d.Customer)
	if d.ShipTo != nil {
		row(w.shipTo, joined(", ", d.ShipTo.Company, addressText(*d.ShipTo)))
	}
	for _, p := range d.Orders {
		row(w.order, joined(" / ", string(p.Ref), p.CustomerNo))
	}
	if d.Corrects != nil {
		row(w.corrects, joined(" ", d.Corrects.Number, d.Corrects.Issued.String()))
	}
	if d.Void {
		row(w.void, d.ERP.State)
	}
}

func (d Document) textSums(b *strings.Builder, w labels) {
	row := func(label string, x money.Amount) {
		fmt.Fprintf(b, "%s %s\n", left(label, 60), right(x.String(), 19))
	}
	t := d.Totals
	row(w.lines, t.Lines)
	for _, a := range d.Adjustments {
		text := a.Text
		if text == "" {
			text = a.Code
		}
		row(fmt.Sprintf("%s (%s %s)", text, a.Category, a.Rate), a.Amount)
	}
	row(w.net, t.Net)
	for _, x := range d.Taxes {
		row(fmt.Sprintf("%s %s %s %% %s %s", w.vat, x.Category, x.Rate, w.on, x.Base), x.Tax)
	}
	row(w.gross, t.Gross)
	if !t.Prepaid.IsZero() {
		row(w.prepaid, t.Prepaid.Neg())
	}
	if !t.Rounding.IsZero() {
		row(w.rounding, t.Rounding)
	}
	if d.Kind == CreditNote {
		row(w.owed, t.Payable)
	} else {
		row(w.payable, t.Payable)
	}
	if !d.Paid.IsZero() {
		row(w.paid, d.Paid.Neg())
	}
	if !d.SetOff.IsZero() {
		row(w.setOff, d.SetOff.Neg())
	}
	if !d.Paid.IsZero() || !d.SetOff.IsZero() {
		row(w.left, d.Left())
	}
}

// quantityText is the quantity with its unit, which goes without saying for
// pieces (C62).
func quantityText(l Line) string {
	if l.Unit == "C62" {
		return l.Quantity.String()
	}
	return l.Quantity.String() + " " + l.Unit
}

// priceText is the unit price, with its base where that is not one, and marked
// where it contains VAT.
func (l Line) priceText(w labels) string {
	if l.Price.IsNone() {
		return ""
	}
	text := l.Price.Text()
	if l.Price.Base() != money.QuantityOf(1) {
		text += "/" + l.Price.Base().String()
	}
	if l.Stated == catalog.Gross {
		text += " " + w.incl
	}
	return text
}

func addressText(a partner.Address) string {
	return joined(", ", a.Street, a.Street2, joined(" ", a.Postcode, a.City), string(a.Country))
}

// joined joins the texts that are not empty.
func joined(sep string, texts ...string) string {
	var out []string
	for _, t := range texts {
		if t != "" {
			out = append(out, t)
		}
	}
	return strings.Join(out, sep)
}

// left and right set a text in a column of so many characters.
func left(text string, n int) string {
	text = fit(text, n)
	return text + strings.Repeat(" ", n-utf8.RuneCountInString(text))
}

func right(text string, n int) string {
	text = strings.TrimSpace(text)
	return strings.Repeat(" ", max(0, n-utf8.RuneCountInString(text))) + text
}

// fit cuts a name to a width, on one line. Figures are never cut.
func fit(text string, n int) string {
	text = strings.Join(strings.Fields(text), " ")
	if r := []rune(text); len(r) > n {
		return string(r[:n-1]) + "…"
	}
	return text
}
