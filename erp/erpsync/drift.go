package erpsync

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"strings"
	"time"

	"github.com/comptoir-go/comptoir/money"
)

// DocKind says what kind of document is compared.
type DocKind string

// The kinds of documents that both sides hold.
const (
	OrderDoc    DocKind = "order"
	DeliveryDoc DocKind = "delivery"
	InvoiceDoc  DocKind = "invoice"
	PaymentDoc  DocKind = "payment"
)

// kinds are in the order of a report.
var kinds = []DocKind{OrderDoc, DeliveryDoc, InvoiceDoc, PaymentDoc}

// Fault says how the sides differ about a document.
type Fault string

// The faults.
const (
	// MissingHere: it stands in the ERP and ought to be here too.
	MissingHere Fault = "missing_here"
	// MissingThere: it stands here and ought to be in the ERP too.
	MissingThere Fault = "missing_there"
	// Double: one document of the one side stands twice on the other.
	Double Fault = "double"
	// Differs: both hold it, and one of its fields is not the same.
	Differs Fault = "differs"
)

// Cause is why the sides differ.
type Cause string

// The causes.
const (
	// NotYetPulled: the ERP changed it, and the change has not come here.
	NotYetPulled Cause = "not_yet_pulled"
	// NotYetPushed: it was changed here, and the ERP has not taken it in.
	NotYetPushed Cause = "not_yet_pushed"
	// NotApplied: the change came here and is parked; see Parking.
	NotApplied Cause = "parked"
	// RoundingPolicy: same goods, same prices; one side rounds otherwise.
	RoundingPolicy Cause = "rounding_policy"
	// ByHand: one side was edited and the other was not told.
	ByHand Cause = "edited_by_hand"
	// LostDocument: the other side had it and has it no more, or was told and has
	// not kept it.
	LostDocument Cause = "lost_document"
	// DoubleDocument: it was made twice.
	DoubleDocument Cause = "double_document"
)

// late reports whether time alone may settle it.
func (c Cause) late() bool { return c == NotYetPulled || c == NotYetPushed }

// Difference is one thing about which the books of both sides are not the same.
type Difference struct {
	// Fingerprint is the same as long as the difference is: document, field,
	// values and cause.
	Fingerprint string  `json:"fingerprint"`
	Document    DocKind `json:"document"`
	// ID is our id of the document, ERPID the ERP's, "" on the side that has
	// none. Name is what people call it: reference or number.
	ID    string `json:"id,omitempty"`
	ERPID string `json:"erp_id,omitempty"`
	Name  string `json:"name,omitempty"`
	Fault Fault  `json:"fault"`
	Cause Cause  `json:"cause"`
	// Line is the key of the line, of a payment the number of the invoice; ""
	// for the document as a whole.
	Line string `json:"line,omitempty"`
	// Field is "state", "gross", "ordered", …; "" for a document that is missing
	// or double.
	Field string `json:"field,omitempty"`
	// Ours and Theirs are both values, "" where a side has none.
	Ours   string `json:"ours,omitempty"`
	Theirs string `json:"theirs,omitempty"`
	// Money is theirs less ours, of a document that is missing or double its
	// whole amount; none where it is not about money.
	Money money.Amount `json:"money,omitzero"`
	// Evidence says to people what speaks for the cause.
	Evidence []string `json:"evidence,omitempty"`
	// Since is the start of the run that found it first, and Told says that an
	// event told of it; Compare leaves both out.
	Since time.Time `json:"since,omitzero"`
	Told  bool      `json:"told,omitempty"`
}

// print sets the fingerprint.
func (d *Difference) print() {
	sum := sha256.Sum256([]byte(strings.Join([]string{string(d.Document), d.ID, d.ERPID, string(d.Fault), string(d.Cause), d.Line, d.Field, d.Ours, d.Theirs}, "\x00")))
	d.Fingerprint = hex.EncodeToString(sum[:16])
}

// before is the order of a report: by kind of document, document, line and field.
func (d Difference) before(e Difference) int {
	return cmp.Or(cmp.Compare(rank(d.Document), rank(e.Document)), cmp.Compare(d.ID, e.ID), cmp.Compare(d.ERPID, e.ERPID),
		cmp.Compare(d.Fault, e.Fault), cmp.Compare(d.Line, e.Line), cmp.Compare(d.Field, e.Field), cmp.Compare(d.Fingerprint, e.Fingerprint))
}

func rank(k DocKind) int {
	for i, other := range kinds {
		if other == k {
			return i
		}
	}
	return len(kinds)
}
