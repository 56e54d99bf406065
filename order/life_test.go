package order_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/comptoir-go/comptoir/access"
	"github.com/comptoir-go/comptoir/fsm"
	"github.com/comptoir-go/comptoir/fsm/fsmtest"
	"github.com/comptoir-go/comptoir/internal/golden"
	"github.com/comptoir-go/comptoir/order"
)

func facts() []order.Facts {
	var out []order.Facts
	some := func(path string) [][]fsm.Problem {
		return [][]fsm.Problem{nil, {{Path: path, Code: "x", Message: "y"}}}
	}
	for _, reason := range []string{"", "because", strings.Repeat("x", order.ReasonMax+1)} {
		for _, gaps := range some("ship_to.city") {
			for _, held := range some("hold") {
				for _, invoiced := range some("bills[0]") {
					out = append(out, order.Facts{Reason: reason, Gaps: gaps, Held: held, Invoiced: invoiced})
				}
			}
		}
	}
	return out
}

func TestLifeIsExhausted(t *testing.T) {
	fsmtest.Exhaust(t, order.DefaultLife(), fsmtest.Spec[access.Role, order.Facts]{Facts: facts()})
}

func TestLifeCharts(t *testing.T) {
	fsmtest.Charts(t, "../docs/states", "order", order.DefaultLife(), golden.Update())
}

// Nobody confirms what was not validated, and no buyer moves an order beyond
// validation.
func TestValidationIsAMandatoryWaypoint(t *testing.T) {
	g := fsmtest.GraphOf(order.DefaultLife())
	require.NotContains(t, g.Without(order.Validated).Depths(order.Draft), order.Confirmed)
	buyers := g.By(access.Purchaser, access.PartnerAdmin, access.Center).Depths(order.Draft)
	require.NotContains(t, buyers, order.Validated)
	require.Contains(t, buyers, order.Awaiting)
}

// Whoever the table lets fire a row, the permission table lets, too.
func TestLifeAndPermissionsAgree(t *testing.T) {
	p := access.Default()
	for _, r := range append(order.DefaultLife().Rows(), order.DefaultLife().Openings()...) {
		for _, who := range r.Who {
			a := access.Actor{ID: "x", Partner: "nord", Roles: []access.Role{who}}
			if a.Seller() {
				a.Partner = ""
			}
			require.True(t, p.May(a, order.ActionOf(r.On), access.Owner{Partner: "nord"}), "%s %s", who, r.On)
		}
	}
}
