package order

import "github.com/comptoir-go/comptoir/money"

// units are counts of ten-thousandths: sums and differences of what a ledger
// holds cannot overflow, each being at most the quantity requested.

// Open is what is neither reserved, shipped nor cancelled.
func (l Line) Open() money.Quantity {
	g := l.Goods
	return quantity(l.Quantity.Units() - g.Reserved.Units() - g.Shipped.Units() - g.Cancelled.Units())
}

// Basis is what is to be billed of the line now.
func (l Line) Basis(p InvoicePolicy) money.Quantity {
	if p == OnOrder {
		return l.final()
	}
	return quantity(l.Goods.Shipped.Units() - l.Goods.Returned.Units())
}

// final is what will be billed in the end, if everything left is delivered.
func (l Line) final() money.Quantity {
	return quantity(l.Quantity.Units() - l.Goods.Cancelled.Units() - l.Goods.Returned.Units())
}

// ToInvoice is what is to be invoiced of the line now; below zero it is to
// be credited.
func (l Line) ToInvoice(p InvoicePolicy) money.Quantity {
	return quantity(l.Basis(p).Units() - l.net())
}

func (l Line) net() int64 { return l.Billed.Invoiced.Units() - l.Billed.Credited.Units() }

// quantity is a number of units that is known to be in range.
func quantity(units int64) money.Quantity {
	q, err := money.QuantityFromUnits(units)
	if err != nil {
		return money.Quantity{}
	}
	return q
}

// Axes are where an order stands beside its state. They follow from the
// ledgers and are never set.
type Axes struct {
	Delivered Delivered `json:"delivered"`
	Invoiced  Invoiced  `json:"invoiced"`
	Paid      Paid      `json:"paid"`
}

// Axes returns all three.
func (o Order) Axes() Axes {
	return Axes{Delivered: o.Delivered(), Invoiced: o.Invoiced(), Paid: o.Paid()}
}

// Delivered is where the order stands on the delivery axis.
func (o Order) Delivered() Delivered {
	var due, some, left, back, excess bool
	back = true
	for i := range o.Lines {
		g := o.Lines[i].Goods
		want := o.Lines[i].Quantity.Units() - g.Cancelled.Units()
		due = due || want > 0
		some = some || g.Shipped.Sign() > 0
		left = left || want > g.Shipped.Units()
		back = back && g.Returned == g.Shipped
		excess = excess || g.Excess.Sign() > 0
	}
	switch {
	case excess:
		return OverDelivered
	case !due:
		return NothingToDeliver
	case !some:
		return NotDelivered
	case left:
		return PartlyDelivered
	case back:
		return AllReturned
	}
	return FullyDelivered
}

// Invoiced is where the order stands on the invoice axis.
func (o Order) Invoiced() Invoiced {
	var now, left bool
	for i := range o.Lines {
		l := &o.Lines[i]
		if l.ToInvoice(o.Policy).Sign() < 0 {
			return ToCredit
		}
		now = now || l.net() > 0
		left = left || l.final().Units() > l.net()
	}
	switch {
	case left && now:
		return PartlyInvoiced
	case left: // nothing yet, or all of it was credited
		return NotInvoiced
	case !now:
		return NothingDue
	}
	return FullyInvoiced
}

// Paid is where the order stands on the money axis.
func (o Order) Paid() Paid {
	var billed, some, owed bool
	for i := range o.Bills {
		b := &o.Bills[i]
		if b.Credit {
			continue
		}
		billed = true
		some = some || b.Settled.Sign() > 0
		owed = owed || b.Settled.Minor() < b.Gross.Minor()
	}
	switch {
	case !billed:
		return NothingBilled
	case !owed:
		return FullyPaid
	case some:
		return PartlyPaid
	}
	return Unpaid
}

// Step is the last progress that the buyer was told.
func (o Order) Step() Step {
	for i := len(o.Progress) - 1; i >= 0; i-- {
		if !o.Progress[i].Internal {
			return o.Progress[i].Step
		}
	}
	return Undefined
}

// Held reports whether the order or one of its lines waits.
func (o Order) Held() bool {
	for i := range o.Lines {
		if o.Lines[i].Hold != nil {
			return true
		}
	}
	return o.Hold != nil
}

// Payment is the state of the last payment on the latest of the order's
// documents that has one; "" without one.
func (o Order) Payment() PaymentState {
	for i := len(o.Bills) - 1; i >= 0; i-- {
		if p := o.Bills[i].Payment; p != "" {
			return p
		}
	}
	return ""
}
