package uow

import "github.com/comptoir-go/comptoir/fault"

// PageRequest asks for one page of a list in keyset order.
type PageRequest struct {
	// After is the cursor of the page before, "" for the first.
	After string `json:"after,omitempty"`
	// Limit is the page's size, 1 to 500; 0 means 50.
	Limit int `json:"limit,omitempty"`
	// Count asks for the number of matches, exact up to MaxCount.
	Count bool `json:"count,omitempty"`
}

// The bounds of a page.
const (
	DefaultPage = 50
	MaxPage     = 500
	// MaxCount is the largest exact count; beyond it Total.AtLeast is set.
	MaxCount = 10_000
)

// ErrPage refuses a page request: a foreign or damaged cursor, a bad limit.
var ErrPage = fault.Define(fault.Invalid, "uow.page", "the page request is not valid")

// Size returns the page size with the default filled in.
func (p PageRequest) Size() int {
	if p.Limit == 0 {
		return DefaultPage
	}
	return p.Limit
}

// Page is one page of a list.
type Page[R any] struct {
	Rows []R `json:"rows"`
	// Next is the cursor of the following page, "" at the end.
	Next string `json:"next,omitempty"`
	// Total is set when it was asked for.
	Total *Total `json:"total,omitempty"`
}

// EmptyPage is the answer to whoever may see nothing of a list: a page without
// rows, counted as none where a count was asked for. It looks like the page of
// a list in which nothing matches, so that it does not tell what is there.
func EmptyPage[R any](p PageRequest) Page[R] {
	var page Page[R]
	if p.Count {
		page.Total = &Total{}
	}
	return page
}

// Total is a number of matches.
type Total struct {
	N int `json:"n"`
	// AtLeast says that there are more than N.
	AtLeast bool `json:"at_least,omitempty"`
}
