package billing

import (
	"strings"

	"github.com/comptoir-go/comptoir/fault"
	"github.com/comptoir-go/comptoir/order"
)

// mayIssue refuses documents that the ERP makes.
func (s *Service) mayIssue(id SellerID, k Kind) error {
	if s.opts.issuer(id, k) == Here {
		return nil
	}
	return ErrIssuer.With("the ERP makes the %ss of seller %q", strings.ReplaceAll(string(k), "_", " "), id)
}

// mayMirror refuses documents that are made here.
func (s *Service) mayMirror(id SellerID, k Kind) error {
	if s.opts.issuer(id, k) == ByERP {
		return nil
	}
	return ErrIssuer.With("the %ss of seller %q are made here", strings.ReplaceAll(string(k), "_", " "), id)
}

// seriesOf picks the series of a seller and kind: the one named, or the first.
func (s *Service) seriesOf(is *fault.Issues, id SellerID, k Kind, named SeriesID) Series {
	for _, one := range s.opts.Series {
		if one.Seller == id && one.Kind == k && (named == "" || one.ID == named) {
			return one
		}
	}
	is.Add("series", "unknown", "seller %q has no series %q for this kind of document", id, named)
	return Series{}
}

// sellerFor is who bills an order: the seller that the order's own rule names,
// else the one asked for. ok is false when the two differ.
func (s *Service) sellerFor(o order.Order, asked SellerID) (id SellerID, ok bool) {
	if asked == "" {
		return s.sellerOf(o), true
	}
	if s.opts.SellerOf != nil {
		if id := s.opts.SellerOf(o); id != "" {
			return id, id == asked
		}
	}
	return asked, true
}
