package billing

import (
	"context"
	"errors"

	"github.com/comptoir-go/comptoir/access"
	"github.com/comptoir-go/comptoir/fault"
	"github.com/comptoir-go/comptoir/uow"
)

// chainPage is how many records are read at a time.
const chainPage = 200

// brokenRow is the code of every store for a row that cannot be read.
const brokenRow = "store.broken"

// Verify looks at the whole chain of a series, as VerifyChain does, and names
// the first record that is broken; a broken chain is an answer and not an
// error. Each page of 200 records is read in a View of its own, so that issuing
// goes on meanwhile; what is issued then is looked at too. It is for the
// seller's side. Service.Series lists the series of a seller; who names none has
// InvoiceSeries and CreditSeries.
//
// Errors: ErrNoSeries for a series that is neither in the options nor has a
// record, and for an actor who may not read everyone's invoices.
func (s *Service) Verify(ctx context.Context, a access.Actor, seller SellerID, series SeriesID) (Verification, error) {
	return s.verify(a, seller, series, func(from int64) (chainPart, error) {
		return uow.Ask(ctx, s.run, func(ctx context.Context, tx Tx) (chainPart, error) {
			return readChain(ctx, tx, HeadOf(seller, series), from)
		})
	})
}

// VerifyTx is Verify inside a transaction of the caller's: all of it on one
// snapshot.
func (s *Service) VerifyTx(ctx context.Context, tx Tx, a access.Actor, seller SellerID, series SeriesID) (Verification, error) {
	return s.verify(a, seller, series, func(from int64) (chainPart, error) {
		return readChain(ctx, tx, HeadOf(seller, series), from)
	})
}

func (s *Service) verify(a access.Actor, seller SellerID, series SeriesID, read func(from int64) (chainPart, error)) (Verification, error) {
	if !s.policy.Everywhere(a, access.InvoiceRead) {
		return Verification{}, ErrNoSeries.With("there is no series %q of seller %q", series, seller)
	}
	known, w := false, newWalk(Series{ID: series, Seller: seller})
	for _, one := range s.opts.Series {
		if one.Seller == seller && one.ID == series {
			known, w.series = true, one
		}
	}
	for {
		part, err := read(w.next())
		if err != nil {
			return Verification{}, err
		}
		if !known && part.head.ID == "" && len(part.records) == 0 && !part.unreadable {
			return Verification{}, ErrNoSeries.With("there is no series %q of seller %q", series, seller)
		}
		known = true
		for _, d := range part.records {
			if !w.step(d) {
				return w.found, nil
			}
		}
		switch {
		case part.unreadable:
			w.broken(Document{}, BreachUnreadable, "", "")
			return w.found, nil
		case part.last:
			w.end(part.head)
			return w.found, nil
		}
	}
}

// chainPart is some records of a chain, and where the series stood when they
// were read.
type chainPart struct {
	records []Document
	head    Head // without an id when there is none
	// last says that no record follows, unreadable that one does which cannot
	// be read.
	last, unreadable bool
}

func readChain(ctx context.Context, tx Tx, id HeadID, from int64) (chainPart, error) {
	var p chainPart
	var err error
	if p.head, err = tx.Series().Get(ctx, id); err != nil && !errors.Is(err, ErrNoSeries) {
		return p, err
	}
	p.records, err = tx.Invoices().Chain(ctx, id, from, chainPage)
	if fault.CodeOf(err) != brokenRow {
		p.last = len(p.records) < chainPage
		return p, err
	}
	// One of them cannot be read: those before it, one by one.
	for p.records = nil; ; from++ {
		one, err := tx.Invoices().Chain(ctx, id, from, 1)
		if fault.CodeOf(err) == brokenRow {
			p.unreadable = true
			return p, nil
		}
		if err != nil || len(one) == 0 {
			p.last = true
			return p, err
		}
		p.records = append(p.records, one...)
	}
}
