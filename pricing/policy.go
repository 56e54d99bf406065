package pricing

import (
	"slices"

	"github.com/comptoir-go/comptoir/fault"
	"github.com/comptoir-go/comptoir/money"
)

// Policy is how figures are made where systems differ: every choice is a named
// value, so that our totals are those of the user's own back office. The zero
// Policy is that of EN 16931.
type Policy struct {
	// Preset is the name of the preset that the policy was made from. Of a policy that
	// says nothing else, but for Cash, it is the preset: {"preset": "Odoo"}; the defaults
	// of Rounding and Apportionment say nothing. One that says something else says every
	// field, and the name has no effect; where it leaves one out, and the preset is not
	// EN16931, it is refused.
	Preset string `json:"preset,omitempty"`
	// Rounding of amounts, half away from zero by default.
	Rounding money.Rounding `json:"rounding"`
	// Level is where amounts are rounded.
	Level RoundLevel `json:"level"`
	// Discounts says which side of a percentage is rounded.
	Discounts DiscountRounding `json:"discounts"`
	// Tax is what a rounded tax is of.
	Tax TaxLevel `json:"tax"`
	// Apportionment shares what is on the whole over lines.
	Apportionment money.Apportionment `json:"apportionment"`
	// Lists is how a price is chosen where several lists have one.
	Lists ListStrategy `json:"lists"`
	// Lines and Orders are how discounts of lines and of the whole combine.
	Lines  Stacking `json:"lines"`
	Orders Stacking `json:"orders"`
	// Conflicts is what becomes of a basket that two rules of equal rank fit,
	// where their order decides.
	Conflicts ConflictPolicy `json:"conflicts"`
	// Cash is the step that what is to be paid in cash is rounded to ("0.05 CHF"),
	// none by default. The totals stay as they are, and so does what is invoiced; see
	// Quote.Payable.
	Cash *money.Amount `json:"cash,omitempty"`
}

// RoundLevel says where amounts are rounded.
type RoundLevel string

// The levels.
const (
	// RoundLine rounds each line's value, and each discount on it, once.
	RoundLine RoundLevel = "line"
	// RoundUnit rounds the unit price, after each discount, then multiplies. With
	// TaxPerLine the tax is that of the rounded unit, multiplied.
	RoundUnit RoundLevel = "unit"
	// RoundDocument keeps lines and discounts at six decimals and rounds the sum
	// of each tax row; lines show their share of it.
	RoundDocument RoundLevel = "document"
	// RoundPrecise keeps the sums of rows at six decimals too, and rounds the
	// document's net and tax at the end; rows show their share. Of prices stated
	// gross it is the gross; what each row has of it is made net.
	RoundPrecise RoundLevel = "precise"
)

// DiscountRounding says which side of a percentage is rounded.
type DiscountRounding string

// The sides: 10 % of 9.95 takes 1.00 and leaves 8.95, or leaves 8.96.
const (
	RoundTaken DiscountRounding = "taken"
	RoundLeft  DiscountRounding = "left"
)

// TaxLevel says what a rounded tax is of.
type TaxLevel string

// The levels.
const (
	TaxPerDocument TaxLevel = "document" // the sum of a category and rate (EN 16931)
	TaxPerLine     TaxLevel = "line"     // each line
	TaxPerRow      TaxLevel = "row"      // the lines of one Line.Row and rate
)

// ListStrategy is how a price is chosen where several lists have one.
type ListStrategy string

// The strategies. Lists stand in the order of Engine.Lists.
const (
	// FirstList takes the first list that has a price.
	FirstList ListStrategy = "first"
	// MergeLists takes the breaks of the first list that has the product, and
	// those quantities that it lacks from later lists that may be merged and are
	// stated as it is, net or gross. A list that may be merged and the next such list
	// that it falls back to have to be stated alike.
	MergeLists ListStrategy = "merge"
	// LowestPrice takes the lowest unit price, of equal ones the first. A price
	// stated net is compared to one stated gross with the tax that the latter
	// contains.
	LowestPrice ListStrategy = "lowest"
)

// StackMode is how several discounts on one thing combine.
type StackMode string

// The modes. Rules stand in the order of their rank: higher priority first.
const (
	// Compounded: each on what the earlier ones left.
	Compounded StackMode = "compounded"
	// OffBase: each on the value before any discount.
	OffBase StackMode = "off_base"
	// Additive: percents are summed and taken once, of a line or of the whole; the
	// rest is off base. The sum may pass 100 where a rule was held to its most.
	Additive StackMode = "additive"
	// Exclusively: only the first that applies.
	Exclusively StackMode = "exclusive"
	// BestFor: only the one that gives the customer most.
	BestFor StackMode = "best"
	// Lanes: rules of one lane compete, the best of each lane combine, in the order
	// of the first rule that each lane has at the time. A rule without a lane is a
	// lane of its own.
	Lanes StackMode = "lanes"
)

// Stacking is how discounts combine.
type Stacking struct {
	Mode StackMode `json:"mode"`
	// Across is how lanes combine: Compounded (the default), OffBase or Additive.
	Across StackMode `json:"across,omitempty"`
}

// ConflictPolicy is what becomes of a basket that two rules of equal rank fit.
type ConflictPolicy string

// The policies.
const (
	// RefuseConflicts answers ErrConflict.
	RefuseConflicts ConflictPolicy = "refuse"
	// ReportConflicts lets the rule whose code is first go first, and reports the
	// conflict with the quote.
	ReportConflicts ConflictPolicy = "report"
)

// filled is the policy with its defaults.
func (p Policy) filled() Policy {
	def := func(s *Stacking) {
		if s.Mode == "" {
			s.Mode = Compounded
		}
		if s.Mode == Lanes && s.Across == "" {
			s.Across = Compounded
		}
	}
	if p.Level == "" {
		p.Level = RoundLine
	}
	if p.Discounts == "" {
		p.Discounts = RoundTaken
	}
	if p.Tax == "" {
		p.Tax = TaxPerDocument
	}
	if p.Lists == "" {
		p.Lists = FirstList
	}
	if p.Conflicts == "" {
		p.Conflicts = RefuseConflicts
	}
	def(&p.Lines)
	def(&p.Orders)
	return p
}

// lacking reports whether the policy leaves a field out.
func (p Policy) lacking() bool {
	return p.Level == "" || p.Discounts == "" || p.Tax == "" || p.Lists == "" || p.Conflicts == "" || p.Lines.Mode == "" || p.Orders.Mode == ""
}

// whole is a policy of a tariff with what it leaves out. One whose name promises more
// than it says stays as it is, for check.
func (p Policy) whole() Policy {
	preset, known := PresetNamed(p.Preset)
	bare := p.same(Policy{Cash: p.Cash})
	switch {
	case p.Preset == "" || !p.lacking() || known && preset.same(EN16931()) || !known && !bare:
		return p.filled()
	case known && bare:
		preset.Cash = p.Cash
		return preset
	}
	return p
}

// reportConflicts has conflicts reported, but of a policy that check is to refuse as
// it is.
func (p *Policy) reportConflicts() {
	if !p.lacking() {
		p.Conflicts = ReportConflicts
	}
}

// stacking is how rules of a bearer combine.
func (p *Policy) stacking(on Bearer) Stacking {
	if on == OnLine {
		return p.Lines
	}
	return p.Orders
}

// check notes what is no policy.
func (p Policy) check(is *fault.Issues, path string) {
	if p.Preset != "" && p.lacking() {
		text := "there is no preset %q, and the policy says nothing else"
		if _, ok := PresetNamed(p.Preset); ok {
			text = "%q alone is the preset; a policy that differs from it says every field, as the preset is printed"
		}
		is.Add(fault.Join(path, "preset"), issuePolicy, text, p.Preset)
		return
	}
	known := func(field, value string, ok bool) {
		if !ok {
			is.Add(fault.Join(path, field), issuePolicy, "%q is unknown", value)
		}
	}
	known("level", string(p.Level), slices.Contains([]RoundLevel{RoundLine, RoundUnit, RoundDocument, RoundPrecise}, p.Level))
	known("tax", string(p.Tax), slices.Contains([]TaxLevel{TaxPerDocument, TaxPerLine, TaxPerRow}, p.Tax))
	known("discounts", string(p.Discounts), slices.Contains([]DiscountRounding{RoundTaken, RoundLeft}, p.Discounts))
	known("lists", string(p.Lists), slices.Contains([]ListStrategy{FirstList, MergeLists, LowestPrice}, p.Lists))
	known("conflicts", string(p.Conflicts), slices.Contains([]ConflictPolicy{RefuseConflicts, ReportConflicts}, p.Conflicts))
	for _, s := range []struct {
		field string
		Stacking
	}{{"lines", p.Lines}, {"orders", p.Orders}} {
		known(s.field+".mode", string(s.Mode), slices.Contains([]StackMode{Compounded, OffBase, Additive, Exclusively, BestFor, Lanes}, s.Mode))
		if s.Mode == Lanes {
			known(s.field+".across", string(s.Across), slices.Contains([]StackMode{Compounded, OffBase, Additive}, s.Across))
		} else if s.Across != "" {
			is.Add(fault.Join(path, s.field+".across"), issuePolicy, "goes with lanes only")
		}
	}
	if p.Level == RoundPrecise && p.Tax != TaxPerDocument {
		is.Add(fault.Join(path, "tax"), issuePolicy, "the precise level rounds taxes once, for the document")
	}
	if p.Cash != nil && (p.Cash.IsNone() || p.Cash.Sign() <= 0) {
		is.Add(fault.Join(path, "cash"), issuePolicy, "a step is above zero")
	}
	if _, err := p.Rounding.MarshalText(); err != nil {
		is.AddUnder(fault.Join(path, "rounding"), err)
	}
	if _, err := p.Apportionment.MarshalText(); err != nil {
		is.AddUnder(fault.Join(path, "apportionment"), err)
	}
}
