// Package mapping says once, for all engines, how each aggregate is stored:
// its table, the typed columns beside the JSON document, the search terms, how
// a query becomes a select, and how a slim row becomes a header.
//
// There is one file per aggregate. The repositories of a transaction are made
// here over an engine.Session; Bind hands all of them to engine.New.
//
// Documents are written by encoding/json. Times are cut to microseconds UTC
// before that, in the columns and in the document, so that what Save returns
// equals what Get reads on every engine. Text that is not valid UTF-8 or holds
// NUL is refused as store.ErrText, with the path of each such field.
package mapping

import "github.com/comptoir-go/comptoir/store/internal/engine"

// Tables lists the tables of all aggregates, in the order in which schemas
// create them.
func Tables() []*engine.Table {
	return []*engine.Table{partners, products, availabilities, carts, orders,
		deliveries, threads, invoices, heads, payments, turnover, inboxCursors, inboxParked,
		campaigns, codes, redemptions, tallies}
}
