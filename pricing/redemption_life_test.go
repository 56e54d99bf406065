package pricing_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/comptoir-go/comptoir/access"
	"github.com/comptoir-go/comptoir/fsm"
	"github.com/comptoir-go/comptoir/fsm/fsmtest"
	"github.com/comptoir-go/comptoir/internal/golden"
	"github.com/comptoir-go/comptoir/pricing"
)

func redemptionFacts() []pricing.RedemptionFacts {
	var out []pricing.RedemptionFacts
	for _, no := range [][]fsm.Problem{nil, {{Path: "code", Code: "x", Message: "y"}}} {
		for _, live := range []bool{false, true} {
			for _, kept := range []bool{false, true} {
				out = append(out, pricing.RedemptionFacts{Refused: no, Live: live, Kept: kept})
			}
		}
	}
	return out
}

func TestRedemptionLifeIsExhausted(t *testing.T) {
	fsmtest.Exhaust(t, pricing.DefaultRedemptionLife(), fsmtest.Spec[access.Role, pricing.RedemptionFacts]{Facts: redemptionFacts()})
}

func TestRedemptionLifeCharts(t *testing.T) {
	fsmtest.Charts(t, "../docs/states", "redemption", pricing.DefaultRedemptionLife(), golden.Update())
}

// Whoever the table lets fire a row, the permission table lets, too: what goes
// with an order by the order's own permission.
func TestRedemptionLifeAndPermissionsAgree(t *testing.T) {
	needs := map[pricing.RedemptionTrigger]access.Action{
		pricing.ReserveCode: access.CodeUse, pricing.ReleaseCode: access.CodeUse, pricing.ExpireCode: access.CodeManage,
		pricing.ConfirmCode: access.OrderPlace, pricing.ReturnCode: access.OrderCancel,
	}
	p := access.Default()
	life := pricing.DefaultRedemptionLife()
	for _, r := range append(life.Rows(), life.Openings()...) {
		for _, role := range access.Roles() {
			a := access.Actor{ID: "x", Partner: "nord", Roles: []access.Role{role}}
			if a.Seller() {
				a.Partner = ""
			}
			may, listed := p.May(a, needs[r.On], access.Owner{Partner: "nord"}), false
			for _, who := range r.Who {
				listed = listed || who == role
			}
			require.Equal(t, may, listed, "%s %s", role, r.On)
		}
	}
}

// A use counts once: nothing leads from a released or returned one back, and
// confirmed is reached through reserved or expired only.
func TestRedemptionLifeEnds(t *testing.T) {
	g := fsmtest.GraphOf(pricing.DefaultRedemptionLife())
	require.Len(t, g.Depths(pricing.CodeReleased), 1)
	require.Len(t, g.Depths(pricing.CodeReturned), 1)
	require.Equal(t, 1, g.Depths(pricing.CodeLapsed)[pricing.CodeConfirmed])
}
