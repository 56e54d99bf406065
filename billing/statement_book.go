package billing

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"github.com/comptoir-go/comptoir/money"
	"github.com/comptoir-go/comptoir/order"
	"github.com/comptoir-go/comptoir/partner"
	"github.com/comptoir-go/comptoir/uow"
)

// book is everything that counts in one account: the documents issued up to a
// day and all payments.
type book struct {
	currency money.Currency
	docs     []Header
	payments []Payment
	// uses are what was set off on documents, by document.
	uses map[ID][]Use
	// kept says that there is a document or payment, in whatever currency.
	kept bool
}

// readBook reads an account page by page, as the transaction sees it.
func readBook(ctx context.Context, tx Tx, st Statement) (*book, error) {
	b := &book{currency: st.Currency, uses: map[ID][]Use{}}
	page := uow.PageRequest{Limit: uow.MaxPage}
	for {
		found, err := tx.Invoices().Find(ctx, Query{Partner: st.Partner, Buyer: st.Buyer, Seller: st.Seller.ID, Until: st.Until, Sort: OldestFirst, Page: page})
		if err != nil {
			return nil, err
		}
		b.kept = b.kept || len(found.Rows) > 0
		for _, h := range found.Rows {
			if !h.Void && h.Payable.Currency() == st.Currency {
				b.docs = append(b.docs, h)
			}
		}
		if page.After = found.Next; page.After == "" {
			break
		}
		if len(b.docs) > MaxStatement {
			return nil, ErrStatementTooLong
		}
	}
	if err := b.readPayments(ctx, tx, st); err != nil {
		return nil, err
	}
	return b, b.readUses(ctx, tx)
}

// readPayments reads the payments of all dates: one that is dated later may
// have been there before and bounced.
func (b *book) readPayments(ctx context.Context, tx Tx, st Statement) error {
	page := uow.PageRequest{Limit: uow.MaxPage}
	for {
		found, err := tx.Payments().Find(ctx, PaymentQuery{Partner: st.Partner, Buyer: st.Buyer, Seller: st.Seller.ID, Sort: OldestFirst, Page: page})
		if err != nil {
			return err
		}
		b.kept = b.kept || len(found.Rows) > 0
		for _, p := range found.Rows {
			if p.Amount.Currency() == st.Currency {
				b.payments = append(b.payments, p)
			}
		}
		if len(b.docs)+len(b.payments) > MaxStatement {
			return ErrStatementTooLong
		}
		if page.After = found.Next; page.After == "" {
			return nil
		}
	}
}

// readUses reads the documents that something was set off on: those that have
// less left than payments account for.
func (b *book) readUses(ctx context.Context, tx Tx) error {
	paid := map[ID]int64{}
	for i := range b.payments {
		for _, al := range b.payments[i].Allocations {
			if b.payments[i].State == order.PaymentConfirmed && al.Document != "" {
				paid[al.Document] += al.Amount.Minor()
			}
		}
	}
	var ask []uow.Ref
	for _, h := range b.docs {
		if h.Payable.Minor()-h.Left.Minor() != paid[h.ID] {
			ask = append(ask, uow.Ref{Kind: DocKind, ID: string(h.ID)})
		}
	}
	for part := range slices.Chunk(ask, uow.MaxPage) {
		if err := tx.Prefetch(ctx, part...); err != nil {
			return err
		}
		for _, ref := range part {
			d, err := tx.Invoices().Get(ctx, ID(ref.ID))
			if err != nil {
				return err
			}
			b.uses[d.ID] = d.Uses
		}
	}
	return nil
}

// span is a time in which a payment's money was there; a zero until is open.
type span struct{ from, until partner.Date }

// spans are the times in which a payment's money was there, from its history.
// A confirmation that is corrected counts from the corrected day on; money that
// was taken back is not there again before that day.
func (p Payment) spans() []span {
	var out []span
	open, free := false, partner.Date{}
	for _, h := range p.History {
		switch was := open; {
		case h.On.IsZero():
		case h.To == order.PaymentConfirmed && was:
			out[len(out)-1].from = later(h.On, free)
		case h.To == order.PaymentConfirmed:
			out, open = append(out, span{from: later(h.On, free)}), true
		case h.From == order.PaymentConfirmed && was:
			last := &out[len(out)-1]
			free, open = later(h.On, last.from), false
			last.until = free
		}
	}
	return out
}

// on reports whether the money was there on a day.
func (p Payment) on(day partner.Date) bool {
	for _, sp := range p.spans() {
		if !sp.from.After(day) && (sp.until.IsZero() || day.Before(sp.until)) {
			return true
		}
	}
	return false
}

// rows are all rows of the book, by date; those of one day by kind and number.
func (b *book) rows() []StatementRow {
	zero := money.Zero(b.currency)
	debit := func(x money.Amount) Columns { // an ERP's document may be below zero
		if x.Sign() < 0 {
			return Columns{Debit: zero, Credit: x.Neg()}
		}
		return Columns{Debit: x, Credit: zero}
	}
	credit := func(x money.Amount) Columns { return debit(x).mirror() }
	var out []StatementRow
	for _, h := range b.docs {
		r := StatementRow{Date: h.Issued, Kind: RowInvoice, Document: h.ID, Number: h.Number, Ours: debit(h.Payable)}
		if h.Kind == CreditNote {
			r.Kind, r.Ours = RowCreditNote, credit(h.Payable)
		}
		out = append(out, r)
	}
	for _, p := range b.payments {
		there, back := StatementRow{Kind: RowPayment, Ours: credit(p.Amount)}, StatementRow{Kind: RowBounced, Ours: debit(p.Amount)}
		if p.Direction == Refund {
			there.Kind, there.Ours, back.Kind, back.Ours = RowRefund, debit(p.Amount), RowReturned, credit(p.Amount)
		}
		text := strings.Join(strings.Fields(strings.Join([]string{string(p.Method), p.Cheque, p.Reference}, " ")), " ")
		for _, sp := range p.spans() {
			for _, x := range []struct {
				r  StatementRow
				on partner.Date
			}{{there, sp.from}, {back, sp.until}} {
				if x.on.IsZero() {
					continue
				}
				x.r.Date, x.r.Payment, x.r.Number, x.r.Text = x.on, p.ID, p.Number, text
				out = append(out, x.r)
			}
		}
	}
	slices.SortStableFunc(out, func(x, y StatementRow) int {
		return cmp.Or(x.Date.Compare(y.Date), cmp.Compare(rankOf(x.Kind), rankOf(y.Kind)), cmp.Compare(x.Number, y.Number),
			cmp.Compare(x.Document, y.Document), cmp.Compare(x.Payment, y.Payment))
	})
	return out
}

// rankOf puts what was there before what was taken back on the same day.
func rankOf(k RowKind) int {
	return slices.Index([]RowKind{RowInvoice, RowCreditNote, RowPayment, RowRefund, RowBounced, RowReturned}, k)
}
