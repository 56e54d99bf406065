package catalog

import (
	"slices"

	"github.com/comptoir-go/comptoir/access"
	"github.com/comptoir-go/comptoir/fault"
)

// ErrNotOrderable says that a product may not be sold to a partner; its
// issues say why.
var ErrNotOrderable = fault.Define(fault.Precondition, "catalog.not_orderable", "the product cannot be ordered")

// The reasons of ErrNotOrderable, as the codes of its issues.
const (
	ReasonOffline       = "offline"        // not sold on the portal
	ReasonBlocked       = "blocked"        // not sellable at all
	ReasonNotReferenced = "not_referenced" // only for partners that reference it
)

// OrderableBy reports whether a partner may order the product: it is online,
// not blocked, and referenced by the partner where only such may have it.
// Errors: ErrNotOrderable (Precondition, catalog.not_orderable) with an issue
// per reason at path "product": offline, blocked, not_referenced.
func (p Product) OrderableBy(id access.PartnerID) error {
	if p.sellableTo(id) {
		return nil
	}
	const path = "product"
	var is fault.Issues
	if !p.Online {
		is.Add(path, ReasonOffline, "%s is not sold on the portal", p.SKU)
	}
	switch {
	case p.Sale == SaleReferenced && !p.references(id):
		is.Add(path, ReasonNotReferenced, "%s is for other customers", p.SKU)
	case p.Sale != SaleFree && p.Sale != SaleReferenced:
		is.Add(path, ReasonBlocked, "%s is not sellable", p.SKU)
	}
	return is.Err(ErrNotOrderable)
}

func (p Product) sellableTo(id access.PartnerID) bool {
	return p.Online && (p.Sale == SaleFree || p.Sale == SaleReferenced && p.references(id))
}

// references never matches a partner without an id.
func (p Product) references(id access.PartnerID) bool {
	return id != "" && slices.Contains(p.Referenced, id)
}
