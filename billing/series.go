package billing

import "github.com/comptoir-go/comptoir/partner"

// SeriesDocKind names the heads of series in stores and conflicts.
const SeriesDocKind = "series"

// Reset says when the counter of a series starts again.
type Reset string

// The reset periods.
const (
	NeverReset   Reset = ""
	YearlyReset  Reset = "year"
	MonthlyReset Reset = "month"
)

// Series is how the numbers of one seller and kind are made. Several series
// may share one kind; each is gapless on its own.
type Series struct {
	ID     SeriesID `json:"id"`
	Seller SellerID `json:"seller"`
	Kind   Kind     `json:"kind"`
	// Pattern is text with {year}, {yy}, {month} and {seq:N}, N the least
	// width: "{year}-{month}-{seq:9}" gives 2013-03-000000008,
	// "INV-{year}-{seq:6}" gives INV-2026-000001.
	Pattern string `json:"pattern"`
	Reset   Reset  `json:"reset,omitempty"`
}

// HeadID names a head: the seller and the series, "acme/invoices".
type HeadID string

// Head is where a series stands: the counter row of its numbers and the end
// of its chain.
type Head struct {
	ID      HeadID `json:"id"`
	Version int64  `json:"version"`
	// Position counts the records; Counter the numbers of Period ("2026",
	// "2026-03", or "" without a reset).
	Position int64  `json:"position"`
	Counter  int64  `json:"counter"`
	Period   string `json:"period,omitempty"`
	// Issued is the last issue date, Hash the last record's.
	Issued partner.Date `json:"issued"`
	Hash   string       `json:"hash"`
}
