package billing

import (
	"context"
	"errors"

	"github.com/comptoir-go/comptoir/fault"
	"github.com/comptoir-go/comptoir/partner"
)

// ErrDateBack refuses an issue date before that of the record before; its data
// is a DateBack.
var ErrDateBack = fault.Define(fault.Precondition, "billing.date_back", "the issue date is before the last one of the series")

// DateBack is the data of an ErrDateBack.
type DateBack struct {
	Series SeriesID     `json:"series"`
	Issued partner.Date `json:"issued"` // as asked for
	Last   partner.Date `json:"last"`   // the earliest that is possible
}

// HeadOf names the head of a seller's series.
func HeadOf(seller SellerID, series SeriesID) HeadID {
	return HeadID(string(seller) + "/" + string(series))
}

// freeze ends the making of a document: it takes the next number and place of
// the series, in the transaction that saves the document, and from here on the
// Record does not change. The Record has to be whole but for Number and
// Series, and the document has its id. Call it last: a transaction that took
// the same number is run again, with all that it did before.
//
// The issue date is not before the record before it and not after today.
// Errors: ErrSeries for a document of another seller or kind, ErrIssued,
// ErrDateBack, ErrSeriesFull.
func (s *Service) freeze(ctx context.Context, tx Tx, d *Document, series Series) error {
	if d.ID == "" || d.Issuer != Here || d.Seller.ID != series.Seller || d.Kind != series.Kind {
		return ErrSeries.With("series %s of %s numbers documents of kind %s that are issued here", series.ID, series.Seller, series.Kind)
	}
	if d.Issued.IsZero() || d.Issued.After(s.today()) {
		return ErrIssued
	}
	id := HeadOf(series.Seller, series.ID)
	h, err := tx.Series().Get(ctx, id)
	if errors.Is(err, ErrNoSeries) {
		h, err = Head{ID: id}, nil
	}
	if err != nil {
		return err
	}
	next, err := h.append(d, series)
	if err != nil {
		return err
	}
	_, err = tx.Series().Save(ctx, next)
	return err
}

// append numbers a document and ties it to the chain that ends at h, and
// returns the chain's new end.
func (h Head) append(d *Document, series Series) (Head, error) {
	if d.Issued.Before(h.Issued) {
		return h, ErrDateBack.With("the last record of series %s was issued on %s", series.ID, h.Issued).
			Noting(DateBack{Series: series.ID, Issued: d.Issued, Last: h.Issued})
	}
	counter := h.counter(series, d.Issued)
	number, err := series.Number(d.Issued, counter)
	if err != nil {
		return h, err
	}
	d.Number, d.Series = number, series.ID
	d.Chain = Chain{Position: h.Position + 1, Previous: h.Hash}
	d.Chain.Hash = hashOf(*d)
	h.Position, h.Counter, h.Period = d.Chain.Position, counter, series.period(d.Issued)
	h.Issued, h.Hash = d.Issued, d.Chain.Hash
	return h, nil
}

// counter is the next counter for a day. It begins again with a period that
// the last record is not in; periods are those of the series as it is now, so
// that a reset changed on the way repeats no number.
func (h Head) counter(series Series, day partner.Date) int64 {
	if h.Position > 0 && series.period(h.Issued) != series.period(day) {
		return 1
	}
	return h.Counter + 1
}
