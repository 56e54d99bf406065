package order

import (
	"context"
	"slices"
	"strconv"

	"github.com/comptoir-go/comptoir/access"
	"github.com/comptoir-go/comptoir/fault"
	"github.com/comptoir-go/comptoir/internal/check"
	"github.com/comptoir-go/comptoir/uow"
)

// The bounds of a query.
const (
	// maxSought is the longest text sought, in characters.
	maxSought = 200
	// maxAnyOf is how many values a condition may offer for choice.
	maxAnyOf = 50
)

// Find lists orders, one page at a time. The partner side sees its own orders
// only, whatever the query says; follow marks and holds are not for it, neither
// in the query nor in the rows. Bad queries are ErrInvalid with every issue, or
// uow.ErrPage.
func (s *Service) Find(ctx context.Context, a access.Actor, q Query) (uow.Page[Header], error) {
	return uow.Ask(ctx, s.run, func(ctx context.Context, tx Tx) (uow.Page[Header], error) { return s.FindTx(ctx, tx, a, q) })
}

// FindTx is Find inside a transaction of the caller's.
func (s *Service) FindTx(ctx context.Context, tx Tx, a access.Actor, q Query) (uow.Page[Header], error) {
	var of access.Owner
	if !s.policy.Everywhere(a, access.OrderRead) {
		of.Partner = a.Partner
		if !s.policy.May(a, access.OrderRead, of) || (q.Partner != "" && q.Partner != a.Partner) {
			return uow.EmptyPage[Header](q.Page), nil
		}
		q.Partner = a.Partner
	}
	insider := s.book.Insider(a, of)
	if err := q.check(s.life, insider); err != nil {
		return uow.Page[Header]{}, err
	}
	// Who asks by a number wants that order, whatever became of it.
	q.All = q.All || q.Ref != "" || q.ERPNumber != "" || q.Invoice != "" || q.Ticket != ""
	page, err := tx.Orders().Find(ctx, q)
	if !insider {
		for i := range page.Rows {
			page.Rows[i].Follow, page.Rows[i].Held = false, false
		}
	}
	return page, err
}

func (q Query) check(life *Life, insider bool) error {
	var is fault.Issues
	for _, st := range q.States {
		if !life.Has(st) {
			is.Add("states", "unknown", "%q is no state of an order", st)
		}
	}
	q.checkTexts(&is)
	q.checkAxes(&is)
	if !insider {
		hide(&is, "follow", q.Follow)
		hide(&is, "held", q.Held)
	}
	if !slices.Contains(sorts, q.Sort) {
		is.Add("sort", "unknown", "%q is no order of orders", q.Sort)
	}
	if !q.From.IsZero() && !q.Until.IsZero() && !q.From.Before(q.Until) {
		is.Add("until", "range", "must lie after from")
	}
	q.checkAmounts(&is)
	return is.Err(ErrInvalid)
}

func hide(is *fault.Issues, path string, asked *bool) {
	if asked != nil {
		is.Add(path, access.ErrForbidden.FaultCode(), "is the seller's own")
	}
}

var sorts = []Sort{NewestFirst, OldestFirst, ByRef, ByRefDesc, ByCustomer, ByCustomerDesc, ByTitle, ByTitleDesc,
	ByProduct, ByProductDesc, ByChange, ByChangeDesc}

func (q Query) checkTexts(is *fault.Issues) {
	for _, f := range [...]struct{ path, text string }{
		{"partner", string(q.Partner)}, {"consumer", q.Consumer}, {"ref", string(q.Ref)}, {"note", q.Note}, {"erp_number", q.ERPNumber},
		{"invoice", q.Invoice}, {"text", q.Text}, {"source", q.Source}, {"language", q.Language}, {"ticket", string(q.Ticket)},
		{"sku", string(q.SKU)}, {"customer_type", string(q.CustomerType)}, {"inserted_by", string(q.InsertedBy)},
	} {
		check.Note(is, f.path, f.text, maxSought)
	}
}

func (q Query) checkAxes(is *fault.Issues) {
	anyOf(is, "states", q.States, nil)
	anyOf(is, "deliveries", q.Deliveries, []Delivered{NotDelivered, PartlyDelivered, FullyDelivered, NothingToDeliver, OverDelivered, AllReturned})
	anyOf(is, "invoicings", q.Invoicings, []Invoiced{NotInvoiced, PartlyInvoiced, FullyInvoiced, ToCredit, NothingDue})
	anyOf(is, "moneys", q.Moneys, []Paid{NothingBilled, Unpaid, PartlyPaid, FullyPaid})
	anyOf(is, "payments", q.Payments, []PaymentState{"", PaymentAwaiting, PaymentProcessing, PaymentRefused, PaymentConfirmed, PaymentCancelled, PaymentError})
	anyOf(is, "progress", q.Progress, nil)
	for i, st := range q.Progress {
		check.Line(is, "progress["+strconv.Itoa(i)+"]", string(st), maxStep)
	}
}

// anyOf notes values that a condition does not know, and too many of them;
// without known ones all are.
func anyOf[V ~string](is *fault.Issues, path string, asked, known []V) {
	if len(asked) > maxAnyOf {
		is.Add(path, "too_many", "%d values, at most %d", len(asked), maxAnyOf)
	}
	for i, v := range asked {
		if known != nil && !slices.Contains(known, v) {
			is.Add(path+"["+strconv.Itoa(i)+"]", "unknown", "%q is not known", v)
		}
	}
}

func (q Query) checkAmounts(is *fault.Issues) {
	lo, hi := q.AtLeast, q.AtMost
	if lo.IsNone() || hi.IsNone() {
		return
	}
	switch order, err := lo.Cmp(hi); {
	case err != nil:
		is.Add("at_most", "currency", "is in another currency than at_least")
	case order > 0:
		is.Add("at_most", "range", "must not be below at_least")
	}
}
