package billing

import (
	"fmt"
	"strings"

	"github.com/comptoir-go/comptoir/money"
)

// statementWords are the words on a statement.
type statementWords struct {
	title, period, until, seller, buyer, customer, currency    string
	date, row, balance, ours, theirs, debit, credit            string
	opening, turnover, closing, theyOwe, weOwe, nobody         string
	open, number, due, left, days                              string
	notDue, overdue, over, total, owed, promised, free, ageing string
	signed                                                     string
	kinds                                                      map[RowKind]string
}

var statementEnglish = statementWords{
	title: "Statement of account and reconciliation act", period: "Period", until: "until", seller: "Seller", buyer: "Buyer", customer: "Customer",
	currency: "Currency", date: "Date", row: "Document", balance: "Balance", ours: "Seller's books", theirs: "Buyer's books", debit: "Debit", credit: "Credit",
	opening: "Opening balance", turnover: "Turnover", closing: "Closing balance", theyOwe: "the buyer owes", weOwe: "the seller owes", nobody: "settled",
	open: "Open invoices", number: "Number", due: "Due", left: "Left", days: "Days overdue",
	notDue: "Not due", overdue: "%s days", over: "Over 90 days", total: "Total", owed: "Credit owed to the buyer", promised: "of it promised to be paid back",
	free: "of it free", ageing: "Ageing", signed: "Date and signature",
	kinds: map[RowKind]string{RowInvoice: "Invoice", RowCreditNote: "Credit note", RowPayment: "Payment", RowRefund: "Refund", RowBounced: "Payment taken back", RowReturned: "Refund returned"},
}

var statementFrench = statementWords{
	title: "Relevé de compte et état de rapprochement", period: "Période", until: "au", seller: "Vendeur", buyer: "Acheteur", customer: "Client",
	currency: "Devise", date: "Date", row: "Pièce", balance: "Solde", ours: "Livres du vendeur", theirs: "Livres de l'acheteur", debit: "Débit", credit: "Crédit",
	opening: "Solde d'ouverture", turnover: "Mouvements", closing: "Solde de clôture", theyOwe: "dû par l'acheteur", weOwe: "dû par le vendeur", nobody: "soldé",
	open: "Factures ouvertes", number: "Numéro", due: "Échéance", left: "Reste", days: "Jours de retard",
	notDue: "Non échu", overdue: "%s jours", over: "Plus de 90 jours", total: "Total", owed: "Crédit dû à l'acheteur", promised: "dont remboursement promis",
	free: "dont disponible", ageing: "Balance âgée", signed: "Date et signature",
	kinds: map[RowKind]string{RowInvoice: "Facture", RowCreditNote: "Avoir", RowPayment: "Paiement", RowRefund: "Remboursement", RowBounced: "Paiement rejeté", RowReturned: "Remboursement rejeté"},
}

// Text returns the statement as readable text of at most 110 columns, with
// both parties' columns and room to sign. lang is a BCP 47 tag: labels are
// French for fr and English for all others. Amounts have a decimal point and
// days are ISO 8601 in every language.
func (st Statement) Text(lang string) string {
	w := statementEnglish
	if base, _, _ := strings.Cut(strings.ToLower(lang), "-"); base == "fr" {
		w = statementFrench
	}
	var b strings.Builder
	st.textTop(&b, w)
	st.textRows(&b, w)
	st.textOpen(&b, w)
	fmt.Fprintf(&b, "\n%s\n%s\n", left(w.seller+": "+st.sellerName(), 54)+left(w.buyer+": "+st.Name, 54),
		left(w.signed+":", 54)+w.signed+":")
	return trimLines(b.String())
}

func (st Statement) sellerName() string {
	if st.Seller.Name != "" {
		return st.Seller.Name
	}
	return string(st.Seller.ID)
}

func (st Statement) textTop(b *strings.Builder, w statementWords) {
	fmt.Fprintf(b, "%s\n", w.title)
	from := st.From.String()
	if from == "" {
		from = "…"
	}
	for _, r := range [][2]string{{w.period, joined(" ", from, w.until, st.Until.String())}, {w.seller, joined(", ", st.sellerName(), st.Seller.VATID)},
		{w.buyer, st.Name}, {w.customer, st.Customer}, {w.currency, st.Currency.Code()}} {
		fmt.Fprintf(b, "%s %s\n", left(r[0], 12), r[1])
	}
}

func (st Statement) textRows(b *strings.Builder, w statementWords) {
	rule := strings.Repeat("-", 110) + "\n"
	row := func(date, text string, ours, theirs Columns, balance string) {
		fmt.Fprintf(b, "%s %s %s %s %s %s %s\n", left(date, 10), left(text, 38), right(side(ours.Debit), 11), right(side(ours.Credit), 11),
			right(balance, 12), right(side(theirs.Debit), 11), right(side(theirs.Credit), 11))
	}
	b.WriteString(rule)
	fmt.Fprintf(b, "%s %s %s\n", left("", 49), left(w.ours, 36), w.theirs)
	fmt.Fprintf(b, "%s %s %s %s %s %s %s\n", left(w.date, 10), left(w.row, 38), right(w.debit, 11), right(w.credit, 11), right(w.balance, 12),
		right(w.debit, 11), right(w.credit, 11))
	b.WriteString(rule)
	ours := balance(st.Opening)
	row("", w.opening, ours, ours.mirror(), st.Opening.Text())
	for _, r := range st.Rows {
		row(r.Date.String(), joined(" ", w.kinds[r.Kind], r.Number, r.Text), r.Ours, r.Mirrored, r.Balance.Text())
	}
	b.WriteString(rule)
	row("", w.turnover, st.Turnover, st.Mirrored, "")
	who := w.nobody
	switch st.Closing.Sign() {
	case 1:
		who = w.theyOwe
	case -1:
		who = w.weOwe
	}
	ours = balance(st.Closing)
	row(st.Until.String(), w.closing+", "+who, ours, ours.mirror(), st.Closing.Text())
}

// balance is on which side of the seller's book a balance stands.
func balance(x money.Amount) Columns {
	if x.Sign() < 0 {
		return Columns{Credit: x.Neg()}
	}
	return Columns{Debit: x}
}

// side is one side of a row: what is zero stays empty.
func side(x money.Amount) string {
	if x.IsZero() {
		return ""
	}
	return x.Text()
}

func (st Statement) textOpen(b *strings.Builder, w statementWords) {
	if len(st.Open) > 0 {
		fmt.Fprintf(b, "\n%s\n%s %s %s %s\n", w.open, "  "+left(w.number, 36), left(w.due, 10), right(w.left, 15), right(w.days, 16))
		for _, o := range st.Open {
			fmt.Fprintf(b, "%s %s %s %s\n", "  "+left(o.Number, 36), left(o.Due.String(), 10), right(o.Left.Text(), 15), right(fmt.Sprint(max(o.Days, 0)), 16))
		}
	}
	line := func(label string, x money.Amount) { fmt.Fprintf(b, "  %s %s\n", left(label, 46), right(x.Text(), 15)) }
	g := st.Ageing
	fmt.Fprintf(b, "\n%s\n", w.ageing)
	line(w.notDue, g.NotDue)
	line(fmt.Sprintf(w.overdue, "1-30"), g.To30)
	line(fmt.Sprintf(w.overdue, "31-60"), g.To60)
	line(fmt.Sprintf(w.overdue, "61-90"), g.To90)
	line(w.over, g.Over90)
	line(w.total, g.Total)
	if st.Credit.Owed.Sign() != 0 || st.Credit.Promised.Sign() != 0 {
		b.WriteString("\n")
		line(w.owed, st.Credit.Owed)
		line(w.promised, st.Credit.Promised)
		line(w.free, st.Credit.Free)
	}
}

// trimLines cuts the blanks at the ends of lines.
func trimLines(text string) string {
	lines := strings.Split(text, "\n")
	for i, l := range lines {
		lines[i] = strings.TrimRight(l, " ")
	}
	return strings.Join(lines, "\n")
}
