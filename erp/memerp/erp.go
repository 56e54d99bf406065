package memerp

import (
	"context"
	"sync"
	"time"

	"github.com/comptoir-go/comptoir/erp"
)

// Keys says what the ERP makes of our external keys.
type Keys uint8

// The values of Keys.
const (
	// UniqueKeys: stored, unique, and found by look-up (Tryton's web_id).
	UniqueKeys Keys = iota
	// IdempotentKeys: a second push of a key answers the first document (Odoo's load).
	IdempotentKeys
	// NoKeys: not stored; every push is a new document and there is no finder.
	NoKeys
)

// Options of New. The zero value of a field means its default.
type Options struct {
	// Name stands in the Description. Default "memerp".
	Name string
	// Keys is the treatment of external keys. Default UniqueKeys.
	Keys Keys
	// Without are operations that the adapter does not have (erp.Has).
	Without []erp.Op
	// Overlap is how many changes before the cursor each pull tells again, as
	// an ERP does that is asked by time. Default none.
	Overlap int
	// InvoicePerOrder makes one invoice when the whole order is delivered, or
	// ended by hand.
	// Default: one for each delivery, whose VAT is of that document alone, so
	// that the sum may be a cent off the order's.
	InvoicePerOrder bool
	// InvoicedElsewhere makes deliveries and returns without any invoice: the
	// company's invoices are pushed.
	InvoicedElsewhere bool
	// PaymentsWait leaves a pushed payment a draft until Book.
	// Default: it is posted at once.
	PaymentsWait bool
	// NumberAfterReads gives a draft its number at the n-th read, of which
	// the answer to the push is the first; pulls do not count. Default 0: at
	// confirmation only.
	NumberAfterReads int
	// ConfirmAfterReads leaves a confirmation asked for through the adapter to
	// a worker: the button answers a draft, and the n-th read after that
	// answer finds it confirmed. Default 0: confirmed at once.
	ConfirmAfterReads int
	// LoudWrongState refuses a change in the wrong state with Conflict.
	// Default: it is ignored and answered with success.
	LoudWrongState bool
	// PriceDigits and QuantityDigits are the decimals it takes, 4 by default.
	PriceDigits    int
	QuantityDigits int
	// Start makes ids, numbers and the count of writes go on behind it, as in
	// books that hold older documents already. Default 0.
	Start int64
	// Now is the clock of the documents' timestamps. Default: the first
	// reading is 2026-01-05 08:00 UTC, each further one a second later.
	Now func() time.Time
	// Sleep waits for the fault Slow. Default: a timer.
	Sleep func(ctx context.Context, d time.Duration) error
}

// ERP is the books of the company. It is safe for concurrent use. What a
// connector may do with it is Adapter; the rest is for the people who work in
// the ERP and for tests.
type ERP struct {
	o Options

	mu         sync.Mutex
	docs       []*Document
	deliveries []*erp.Delivery
	bills      []*bill
	payments   []*erp.Payment
	messages   []*erp.Message
	parties    []*erp.Party
	products   []*erp.Product
	prices     []*erp.Price
	stocks     []*stock

	gone map[erp.Stream]map[string]bool // what was deleted, by id

	numbers map[string]int // by series
	writes  int64
	ticks   int64
	faults  map[erp.Op][]Fault
	calls   map[erp.Op]int
}

// New makes an empty ERP; opts may be nil.
func New(opts *Options) *ERP {
	e := &ERP{faults: map[erp.Op][]Fault{}, calls: map[erp.Op]int{}, numbers: map[string]int{}, gone: map[erp.Stream]map[string]bool{}}
	if opts != nil {
		e.o = *opts
	}
	e.writes = e.o.Start
	if e.o.Name == "" {
		e.o.Name = "memerp"
	}
	if e.o.PriceDigits == 0 {
		e.o.PriceDigits = 4
	}
	if e.o.QuantityDigits == 0 {
		e.o.QuantityDigits = 4
	}
	if e.o.Sleep == nil {
		e.o.Sleep = sleep
	}
	return e
}

func sleep(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-t.C:
		return nil
	}
}

// now is called with the lock held.
func (e *ERP) now() time.Time {
	if e.o.Now != nil {
		return e.o.Now()
	}
	e.ticks++
	return opening.Add(time.Duration(e.ticks-1) * time.Second)
}

var opening = time.Date(2026, 1, 5, 8, 0, 0, 0, time.UTC)

// today is the day of the last reading, or of the clock.
func (e *ERP) today() time.Time {
	if e.o.Now != nil {
		return e.o.Now()
	}
	return opening.Add(time.Duration(max(0, e.ticks-1)) * time.Second)
}
