package memerp

import (
	"slices"
	"time"

	"github.com/shopspring/decimal"

	"github.com/comptoir-go/comptoir/erp"
)

// Document is an order as the ERP holds it.
type Document struct {
	// ID counts up from 1. Number is empty until the ERP gives one.
	ID     string
	Number string
	State  erp.OrderState
	// Order is what was pushed or revised last.
	Order erp.Order
	// Totals are the ERP's own.
	Totals erp.Totals
	// Reason is the text given at cancellation.
	Reason string
	// Goods is where the lines stand, in the order's order.
	Goods []Goods
	// Created and Written are when it was made and last changed.
	Created time.Time
	Written time.Time
	// Version counts the writes of the whole ERP.
	Version int64

	reads  int
	due    int   // the read that finds it confirmed, 0 for none
	turn   int64 // the write that confirmed it: who comes first is served first
	billed billed
}

// Goods is where one line of an order stands.
type Goods struct {
	Key, SKU string
	// Ordered = open + Shipped + Cancelled, unless more was shipped than ordered. Reserved
	// is the part of the open quantity that is set aside; Returned came back of Shipped.
	Ordered, Reserved, Shipped, Cancelled, Returned decimal.Decimal
}

// open is what is still to be shipped.
func (g Goods) open() decimal.Decimal {
	return decimal.Max(decimal.Zero, g.Ordered.Sub(g.Shipped).Sub(g.Cancelled))
}

// Orders returns all documents in the order of their creation, as copies.
func (e *ERP) Orders() []Document {
	e.mu.Lock()
	defer e.mu.Unlock()
	all := make([]Document, len(e.docs))
	for i, d := range e.docs {
		all[i] = d.clone()
	}
	return all
}

// Order returns the document id, false if there is none.
func (e *ERP) Order(id string) (Document, bool) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if d := e.byID(id); d != nil {
		return d.clone(), true
	}
	return Document{}, false
}

// Count returns how many documents were pushed with the key, whatever their
// state: more than one is a failure of the connector.
func (e *ERP) Count(key string) int {
	e.mu.Lock()
	defer e.mu.Unlock()
	n := 0
	for _, d := range e.docs {
		if d.Order.Key == key {
			n++
		}
	}
	return n
}

// Calls returns how many calls of the operation arrived, refused ones included.
func (e *ERP) Calls(op erp.Op) int {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.calls[op]
}

// Confirm confirms a draft by hand and reports whether it is confirmed now.
func (e *ERP) Confirm(id string) bool { return e.byHand(id, erp.StateConfirmed) }

// Finish ends a confirmed order by hand and reports whether it is done now.
// What is open is not delivered any more. An order that is delivered and
// invoiced ends by itself.
func (e *ERP) Finish(id string) bool { return e.byHand(id, erp.StateDone) }

// Edit changes a draft, or a confirmed order of which nothing was shipped, by
// hand, and reports whether it did: lines, quantities, prices, the address. Its
// totals become those of what it holds now; its key and the revision of ours
// stay, as people know neither.
func (e *ERP) Edit(id string, change func(*erp.Order)) bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	d := e.byID(id)
	if d == nil || d.anyShipped() || d.State != erp.StateDraft && d.State != erp.StateConfirmed {
		return false
	}
	was := d.Order
	now := was.Clone()
	change(&now)
	now.Key, now.Revision = was.Key, was.Revision
	for i := range d.Goods {
		e.unreserve(&d.Goods[i], d.Goods[i].Reserved)
	}
	goods := d.Goods
	d.fill(now, decimal.Zero)
	for _, g := range goods {
		if held := d.goods(g.Key); held != nil {
			held.Cancelled = decimal.Min(g.Cancelled, held.Ordered)
		}
	}
	if d.State == erp.StateConfirmed {
		e.reserve(d)
	}
	e.touch(d)
	e.replan(d)
	return true
}

// Cancel cancels a draft or a confirmed order of which nothing has been
// shipped, by hand, and reports whether it is cancelled now: the company's
// people may do what a connector may not.
func (e *ERP) Cancel(id, reason string) bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	d := e.byID(id)
	if d == nil {
		return false
	}
	if d.State == erp.StateDraft || d.State == erp.StateConfirmed && !d.anyShipped() {
		d.State, d.Reason = erp.StateCancelled, reason
		e.release(d)
		e.touch(d)
		e.replan(d)
	}
	return d.State == erp.StateCancelled
}

func (e *ERP) byHand(id string, to erp.OrderState) bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	d := e.byID(id)
	if d == nil {
		return false
	}
	e.move(d, to)
	return d.State == to
}

func (d *Document) clone() Document {
	c := *d
	c.Order = d.Order.Clone()
	c.Goods, c.billed = slices.Clone(d.Goods), billed{}
	return c
}
