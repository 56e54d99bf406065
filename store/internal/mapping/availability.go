package mapping

import (
	"github.com/comptoir-go/comptoir/catalog"
	"github.com/comptoir-go/comptoir/internal/clock"
	"github.com/comptoir-go/comptoir/store/internal/engine"
)

// availabilities keeps stock apart from products: it changes often, and a
// feed of stock must not collide with an edit of the catalog.
var availabilities = &engine.Table{
	Name: "availabilities",
	Kind: catalog.AvailabilityKind,
	Columns: []engine.Column{
		{Name: "on_hand", Type: engine.Int}, // units of 1/10 000
		{Name: "next_at", Type: engine.Time},
		{Name: "as_of", Type: engine.Time},
	},
	NotFound: catalog.ErrNotFound,
	Exists:   catalog.ErrExists,
}

var availabilityCodec = codec[catalog.Availability]{
	table: availabilities,
	key:   func(a *catalog.Availability) (string, *int64) { return string(a.Product), &a.Version },
	copy: func(a *catalog.Availability) {
		a.Next, a.At = clock.Cut(a.Next), clock.Cut(a.At)
	},
	cols: func(a *catalog.Availability) []any {
		return []any{a.OnHand.Units(), a.Next, a.At}
	},
}
