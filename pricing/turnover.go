package pricing

import (
	"context"
	"strings"
	"time"

	"github.com/comptoir-go/comptoir/catalog"
	"github.com/comptoir-go/comptoir/fault"
	"github.com/comptoir-go/comptoir/money"
	"github.com/comptoir-go/comptoir/partner"
	"github.com/comptoir-go/comptoir/uow"
)

// TurnoverKind names entries of the turnover ledger in stores and conflicts.
const TurnoverKind = "turnover"

// TurnoverID names an entry.
type TurnoverID string

// TurnoverBasis says which documents make turnover.
type TurnoverBasis string

// The bases.
const (
	// TurnoverInvoiced counts invoices less credit notes, on their day of issue.
	TurnoverInvoiced TurnoverBasis = "invoiced"
	// TurnoverDelivered counts what was delivered less what came back, on the
	// days of the deliveries.
	TurnoverDelivered TurnoverBasis = "delivered"
)

// The kinds of documents that make turnover.
const (
	// InvoiceTurnover are invoices and credit notes.
	InvoiceTurnover = "invoice"
	// DeliveryTurnover are deliveries and returns.
	DeliveryTurnover = "delivery"
)

// TurnoverEntry is one line of the turnover ledger: by how much a document
// changed what a partner bought. Entries are only ever added. A document that
// changes adds the difference to what its entries sum to, so what was known at
// any instant is the sum of the entries that were known then.
type TurnoverEntry struct {
	ID      TurnoverID `json:"id"`
	Version int64      `json:"version"`
	Partner partner.ID `json:"partner"`
	// Document caused the entry.
	Document TurnoverDocument `json:"document"`
	// Revision counts the entries of the document, from 1.
	Revision int64 `json:"revision"`
	// Day is the document's day; Known the instant when the entry was made,
	// which for one document never goes back.
	Day   partner.Date `json:"day"`
	Known time.Time    `json:"known"`
	// Net is the change, without tax, in minor units of its currency; below
	// zero for what is taken back. Parts are its families, ascending, without
	// those that did not change; their nets sum to Net.
	Net   money.Amount   `json:"net"`
	Parts []TurnoverPart `json:"parts,omitempty"`
	// Articles are the families of the document's articles as they were when it
	// was first recorded: a later change of the catalog moves no turnover. Lists
	// leave them out.
	Articles []TurnoverArticle `json:"articles,omitempty"`
}

// TurnoverDocument names what causes turnover.
type TurnoverDocument struct {
	// Kind is that of the aggregate: InvoiceTurnover or DeliveryTurnover.
	Kind string `json:"kind"`
	ID   string `json:"id"`
	// Number is for people.
	Number string `json:"number,omitempty"`
	// Corrects is the id of the document of the same kind that a credit note
	// corrects.
	Corrects string `json:"corrects,omitempty"`
}

// TurnoverPart is the part of an entry in goods of one family, as Family.String
// writes it; "" are goods whose family is not known, and what is no goods.
type TurnoverPart struct {
	Family string       `json:"family,omitempty"`
	Net    money.Amount `json:"net"`
}

// TurnoverArticle is the family that an article was in.
type TurnoverArticle struct {
	SKU    catalog.SKU `json:"sku"`
	Family string      `json:"family,omitempty"`
}

// In returns the part of the entry in a family and those below it, "" for all
// of it, without currency when the sum overflows.
func (e *TurnoverEntry) In(family string) (money.Amount, error) {
	if family == "" {
		return e.Net, nil
	}
	sum := money.Zero(e.Net.Currency())
	var err error
	for _, p := range e.Parts {
		if within(p.Family, family) {
			if sum, err = sum.Add(p.Net); err != nil {
				return money.Amount{}, err
			}
		}
	}
	return sum, nil
}

// within reports whether a family as text is another or lies below it.
func within(family, of string) bool {
	rest, ok := strings.CutPrefix(family, of)
	return ok && (of == "" || rest == "" || rest[0] == '/')
}

// TurnoverRepository keeps the ledger.
type TurnoverRepository interface {
	// Get returns one entry, ErrNoTurnover if there is none.
	Get(ctx context.Context, id TurnoverID) (TurnoverEntry, error)
	// OfDocument returns the entries of a document with revisions from one on,
	// ascending, at most limit.
	OfDocument(ctx context.Context, kind, id string, from int64, limit int) ([]TurnoverEntry, error)
	// Save inserts an entry of Version 0; a taken id, or revision of a document,
	// is ErrTurnoverExists. It replaces one of the version given as every
	// repository does, for the migration of data; the services of this library
	// only insert.
	Save(ctx context.Context, e TurnoverEntry) (TurnoverEntry, error)
	// Find lists entries without their Articles.
	Find(ctx context.Context, q TurnoverSearch) (uow.Page[TurnoverEntry], error)
}

// TurnoverSearch selects entries; empty fields select all.
type TurnoverSearch struct {
	Partner  partner.ID `json:"partner,omitempty"`
	Currency string     `json:"currency,omitempty"` // ISO 4217
	Kind     string     `json:"kind,omitempty"`     // of the document
	Document string     `json:"document,omitempty"` // its id
	// From and Until bound the day, both included.
	From  partner.Date `json:"from,omitzero"`
	Until partner.Date `json:"until,omitzero"`
	// Known leaves out what was recorded after it.
	Known time.Time `json:"known,omitzero"`
	// Oldest lists by day ascending; the default is descending, and within a day
	// by the instant of recording.
	Oldest bool            `json:"oldest,omitempty"`
	Page   uow.PageRequest `json:"page"`
}

// The errors of the ledger.
var (
	ErrNoTurnover     = fault.Define(fault.NotFound, "pricing.no_turnover", "no such entry of turnover")
	ErrTurnoverExists = fault.Define(fault.Exists, "pricing.turnover_exists", "the turnover of this document is already recorded")
	ErrTurnover       = fault.Define(fault.Invalid, "pricing.turnover", "the turnover is not valid")
)

// TurnoverTx is what the ledger reads and writes in one transaction: products
// for their families, and entries.
type TurnoverTx interface {
	Products() catalog.Repository
	Turnover() TurnoverRepository
}
