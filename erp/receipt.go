package erp

import "github.com/shopspring/decimal"

// OrderState is where an order stands in the ERP, folded to what every ERP
// has. The ERP's finer states stay there.
type OrderState string

// The states of an order in an ERP.
const (
	// StateUnknown is an ERP state the adapter has no word for.
	StateUnknown OrderState = "unknown"
	// StateDraft may still be revised (Tryton: draft; Odoo: draft, sent).
	StateDraft OrderState = "draft"
	// StateConfirmed binds both sides (Tryton: confirmed, processing; Odoo: sale).
	StateConfirmed OrderState = "confirmed"
	// StateDone is delivered and invoiced as far as the ERP is concerned.
	StateDone OrderState = "done"
	// StateCancelled is void; the document stays in the ERP.
	StateCancelled OrderState = "cancelled"
)

// Valid reports whether s is one of the declared states.
func (s OrderState) Valid() bool {
	switch s {
	case StateUnknown, StateDraft, StateConfirmed, StateDone, StateCancelled:
		return true
	}
	return false
}

// Receipt is what the ERP holds for one of our orders, as read back from it.
type Receipt struct {
	// ID is the ERP's own identity, opaque: an integer, a GUID, a name.
	ID string `json:"id"`
	// Key is our external key as the ERP stores it.
	Key string `json:"key,omitempty"`
	// Number is the ERP's human number. Empty until the ERP gives one: Tryton
	// numbers at quotation, 1C in its own time.
	Number string `json:"number,omitempty"`
	// State is the state reached, which may not be the state asked for.
	State OrderState `json:"state"`
	// Version is the ERP's version token, opaque (_timestamp, write_date).
	Version string `json:"version,omitempty"`
	// Revision is the revision of ours the ERP holds, 0 where it keeps none.
	Revision int `json:"revision,omitempty"`
	// Totals are the ERP's own figures, nil where it computes none.
	Totals *Totals `json:"totals,omitempty"`
}

// DocReceipt is what the ERP holds for a payment, invoice or message of ours.
type DocReceipt struct {
	ID     string `json:"id"`
	Key    string `json:"key,omitempty"`
	Number string `json:"number,omitempty"`
	// State is the ERP's, folded: one of InvoiceState or PaymentState.
	State string `json:"state,omitempty"`
	// Gross is the ERP's total of an invoice, the amount of a payment; nil
	// where it tells none.
	Gross *decimal.Decimal `json:"gross,omitempty"`
}

// LineQuantity is a quantity of one line of an order, by our key.
type LineQuantity struct {
	Key      string          `json:"key"`
	Quantity decimal.Decimal `json:"quantity"`
}

// Totals are a document's sums in its own currency.
type Totals struct {
	Net   decimal.Decimal `json:"net"`
	Tax   decimal.Decimal `json:"tax"`
	Gross decimal.Decimal `json:"gross"`
}

// Drift compares the ERP's totals with ours and returns ERP minus ours. The
// bool is true when any of the three differ; it is false when the ERP told no
// totals. A drift is reported to a person, never hidden and never corrected.
func (r Receipt) Drift(o Order) (Totals, bool) {
	if r.Totals == nil {
		return Totals{}, false
	}
	d := Totals{
		Net:   r.Totals.Net.Sub(o.Net),
		Tax:   r.Totals.Tax.Sub(o.Tax),
		Gross: r.Totals.Gross.Sub(o.Gross),
	}
	return d, !d.Net.IsZero() || !d.Tax.IsZero() || !d.Gross.IsZero()
}
