package pricing

import (
	"slices"
	"strings"
	"time"

	"github.com/comptoir-go/comptoir/access"
	"github.com/comptoir-go/comptoir/fault"
	"github.com/comptoir-go/comptoir/internal/check"
	"github.com/comptoir-go/comptoir/internal/clock"
	"github.com/comptoir-go/comptoir/partner"
)

// CampaignDocKind names campaigns in stores and conflicts.
const CampaignDocKind = "campaign"

// The ids around discount codes. CartID and OrderID name things that other
// packages own.
type (
	CampaignID   string
	CodeID       string // the key of a code, see KeyOf
	RedemptionID string
	TallyID      string
	CartID       string
	OrderID      string
)

// Campaign is what a set of discount codes has in common: when they hold, for
// whom, and how often they may be used. What they are worth is a rule of the
// tariff that names the campaign.
type Campaign struct {
	ID      CampaignID `json:"id"`
	Version int64      `json:"version"`
	Name    string     `json:"name"`
	// Prefix begins every generated code: letters and digits in normal form, 2
	// to 12, unique among the campaigns; "" for a campaign whose codes are chosen
	// by people.
	Prefix string `json:"prefix,omitempty"`
	// From and Until bound the campaign, From included, Until excluded; zero is
	// without bound. No reservation outlasts Until.
	From  time.Time `json:"from,omitzero"`
	Until time.Time `json:"until,omitzero"`
	// Limits bound the uses.
	Limits Limits `json:"limits"`
	// Partners and Groups are whom it is for: any one is enough, none at all is
	// everybody.
	Partners []partner.ID `json:"partners,omitempty"`
	Groups   []string     `json:"groups,omitempty"`
	// Hold is how long a reservation lasts, one minute to 90 days; 0 becomes 24
	// hours. In JSON it is in nanoseconds. The end is rounded up to a whole
	// minute, of longer holds to a thousandth.
	Hold time.Duration `json:"hold"`
	// OnCancel says what becomes of a use when its order is cancelled, or revised
	// so that the code takes nothing off any more.
	OnCancel CancelPolicy `json:"on_cancel"`
	// Active switches the campaign on; off, no code of it applies, reserved or
	// not.
	Active bool `json:"active"`
	// Generation counts how often a limit came to be where there was none, so
	// that its uses are counted anew from the redemptions. It is kept by
	// SaveCampaign.
	Generation int64        `json:"generation,omitempty"`
	CreatedBy  access.Stamp `json:"created_by"`
	CreatedAt  time.Time    `json:"created_at"`
	UpdatedAt  time.Time    `json:"updated_at"`
}

// Limits bound uses: those confirmed and those reserved together never exceed
// one, whoever races. 0 is without bound.
type Limits struct {
	// Total bounds the uses of all codes of the campaign together.
	Total int64 `json:"total,omitempty"`
	// PerCode bounds the uses of each code.
	PerCode int64 `json:"per_code,omitempty"`
	// PerPartner bounds the uses of the campaign by one partner.
	PerPartner int64 `json:"per_partner,omitempty"`
	// PerCart bounds the codes of the campaign in one cart; 0 becomes 1.
	PerCart int64 `json:"per_cart"`
	// Period bounds the uses of the campaign within a calendar period.
	Period PeriodLimit `json:"period,omitzero"`
}

// PeriodLimit bounds the uses within each calendar period of the tenant's zone.
// A use counts in the period in which it was reserved.
type PeriodLimit struct {
	Kind PeriodKind `json:"kind,omitempty"`
	Uses int64      `json:"uses,omitempty"`
}

// CancelPolicy says what becomes of a use when its order is cancelled, rejected
// or deleted, or revised so that the code takes nothing off.
type CancelPolicy string

// The policies; the zero value becomes ReturnUse.
const (
	ReturnUse CancelPolicy = "return" // the use is free again
	KeepUse   CancelPolicy = "keep"   // it stays used
)

// The bounds of campaigns.
const (
	defaultHold  = 24 * time.Hour
	minHold      = time.Minute
	maxHold      = 90 * 24 * time.Hour
	maxAudience  = 1000
	maxUses      = 1_000_000_000
	minPrefix    = 2
	maxPrefix    = 12
	maxID        = 64
	maxName      = 200
	mostPerCart  = 20
	holdFraction = 1000
)

// filled is the campaign in stored form.
func (c Campaign) filled() Campaign {
	c.From, c.Until = clock.Cut(c.From), clock.Cut(c.Until)
	c.Partners, c.Groups = slices.Clone(c.Partners), slices.Clone(c.Groups)
	if c.Hold == 0 {
		c.Hold = defaultHold
	}
	if c.OnCancel == "" {
		c.OnCancel = ReturnUse
	}
	if c.Limits.PerCart == 0 {
		c.Limits.PerCart = 1
	}
	if text, ok := normalCode(c.Prefix); ok {
		c.Prefix = text
	}
	return c
}

// check lists what is wrong with a filled campaign.
func (c Campaign) check() error {
	var is fault.Issues
	check.Line(&is, "id", string(c.ID), maxID)
	if strings.Contains(string(c.ID), "/") {
		is.Add("id", "pricing.slash", "holds a slash")
	}
	check.Need(&is, "name", c.Name, maxName)
	if text, ok := normalCode(c.Prefix); c.Prefix != "" && (!ok || len(text) < minPrefix || len(text) > maxPrefix) {
		is.Add("prefix", "pricing.prefix", "has 2 to 12 letters and digits")
	}
	if !c.Until.IsZero() && !c.Until.After(c.From) {
		is.Add("until", "pricing.window", "is not after the beginning")
	}
	if c.Hold < minHold || c.Hold > maxHold {
		is.Add("hold", "pricing.hold", "is one minute to 90 days")
	}
	if c.OnCancel != ReturnUse && c.OnCancel != KeepUse {
		is.Add("on_cancel", "pricing.on_cancel", "is return or keep")
	}
	c.Limits.check(&is)
	if len(c.Partners) > maxAudience {
		is.Add("partners", "pricing.too_many", "at most 1000 fit")
	}
	for i, p := range c.Partners {
		check.Need(&is, indexedPath("partners", i), string(p), maxName)
	}
	if len(c.Groups) > maxAudience {
		is.Add("groups", "pricing.too_many", "at most 1000 fit")
	}
	for i, g := range c.Groups {
		check.Need(&is, indexedPath("groups", i), g, maxName)
	}
	return is.Err(ErrCodeInput)
}

func (l Limits) check(is *fault.Issues) {
	for _, one := range []struct {
		path string
		n    int64
		most int64
	}{{"limits.total", l.Total, maxUses}, {"limits.per_code", l.PerCode, maxUses}, {"limits.per_partner", l.PerPartner, maxUses},
		{"limits.per_cart", l.PerCart, mostPerCart}, {"limits.period.uses", l.Period.Uses, maxUses}} {
		if one.n < 0 || one.n > one.most {
			is.Add(one.path, "pricing.limit", "is 0 to %d", one.most)
		}
	}
	switch k := l.Period.Kind; {
	case k == "" && l.Period.Uses != 0:
		is.Add("limits.period.kind", "required", "name the period")
	case k != "" && !k.known():
		is.Add("limits.period.kind", "pricing.period", "is day, week, month, quarter or year")
	}
	if l.Period.Kind != "" && l.Period.Uses == 0 {
		is.Add("limits.period.uses", "required", "say how many uses a period has")
	}
}

// bringsLimit reports whether a limit holds in now that did not before, so that
// nobody has counted for it.
func (l Limits) bringsLimit(now Limits) bool {
	fresh := func(was, is int64) bool { return was == 0 && is > 0 }
	return fresh(l.Total, now.Total) || fresh(l.PerCode, now.PerCode) || fresh(l.PerPartner, now.PerPartner) ||
		fresh(l.Period.Uses, now.Period.Uses) || now.Period.Uses > 0 && l.Period.Kind != now.Period.Kind
}

// holdUntil is when a reservation made now lapses.
func (c Campaign) holdUntil(now time.Time) time.Time {
	step := max(time.Minute, (c.Hold / holdFraction).Truncate(time.Minute))
	until := now.Add(c.Hold)
	if whole := until.Truncate(step); whole.Before(until) {
		until = whole.Add(step)
	}
	if !c.Until.IsZero() && c.Until.Before(until) {
		return c.Until
	}
	return until
}
