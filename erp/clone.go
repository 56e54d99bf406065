package erp

import (
	"bytes"
	"maps"
	"slices"
)

// Clone returns a copy that shares no memory with o.
func (o OrderChange) Clone() OrderChange {
	if o.Totals != nil {
		t := *o.Totals
		o.Totals = &t
	}
	o.Lines = slices.Clone(o.Lines)
	for i, l := range o.Lines {
		if l.Ordered != nil {
			q := *l.Ordered
			o.Lines[i].Ordered = &q
		}
	}
	return o
}

// Clone returns a copy that shares no memory with d.
func (d Delivery) Clone() Delivery {
	d.Lines = slices.Clone(d.Lines)
	return d
}

// Clone returns a copy that shares no memory with i.
func (i Invoice) Clone() Invoice {
	i.Lines = slices.Clone(i.Lines)
	i.Adjustments = slices.Clone(i.Adjustments)
	i.Taxes = slices.Clone(i.Taxes)
	if i.Residual != nil {
		r := *i.Residual
		i.Residual = &r
	}
	return i
}

// Clone returns a copy that shares no memory with p.
func (p Payment) Clone() Payment {
	p.Allocations = slices.Clone(p.Allocations)
	return p
}

// Clone returns a copy that shares no memory with p.
func (p Party) Clone() Party {
	p.Addresses = slices.Clone(p.Addresses)
	p.Groups = slices.Clone(p.Groups)
	p.Raw = bytes.Clone(p.Raw)
	return p
}

// Clone returns a copy that shares no memory with p.
func (p Product) Clone() Product {
	p.Names = maps.Clone(p.Names)
	p.Raw = bytes.Clone(p.Raw)
	return p
}

// Clone returns a copy that shares no memory with p.
func (p Price) Clone() Price {
	p.Breaks = slices.Clone(p.Breaks)
	return p
}
