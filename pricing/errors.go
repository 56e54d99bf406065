package pricing

import "github.com/comptoir-go/comptoir/fault"

// The errors of the package.
var (
	// ErrBasket: the basket itself is wrong; each fault is an issue with the
	// path of its field ("currency", "lines[2].quantity").
	ErrBasket = fault.Define(fault.Invalid, "pricing.basket", "the basket cannot be priced as it is")
	// ErrNoPrice: lines without a price, an issue "lines[i]" each. Lines
	// without a tax rate are issues beside them.
	ErrNoPrice = fault.Define(fault.Precondition, "pricing.no_price", "there is no price")
	// ErrNoTax: every line has a price, but for some the tax table has no row,
	// an issue "lines[i]" each.
	ErrNoTax = fault.Define(fault.Precondition, "pricing.no_tax", "there is no tax rate")
	// ErrTaxTable: rows of a tax table that contradict themselves or each other.
	ErrTaxTable = fault.Define(fault.Invalid, "pricing.tax_table", "the tax table is not valid")
	// ErrSeal: the quote is not what was sealed; ask for a new one.
	ErrSeal = fault.Define(fault.Conflict, "pricing.seal", "the quote is not what was offered")
	// ErrQuote: the figures of a quote contradict one another, an issue each; see
	// Quote.Check.
	ErrQuote = fault.Define(fault.Internal, "pricing.quote", "the figures of the quote do not agree")
	// ErrAdjustment: allowances or charges that the quote cannot bear, an issue
	// each ("adjustments[1].amount"); see Adjust.
	ErrAdjustment = fault.Define(fault.Invalid, "pricing.adjustment", "the quote cannot be adjusted like this")
	// ErrMoved is what every *Moved is, for errors.Is.
	ErrMoved = fault.Define(fault.Conflict, "pricing.moved", "figures moved since the quote")
)

// The codes of the issues inside ErrBasket, ErrTaxTable, ErrQuote and
// ErrAdjustment.
const (
	issueCurrency      = "pricing.no_currency"
	issueInstant       = "pricing.no_instant"
	issueTooMany       = "pricing.too_many_lines"
	issueLineID        = "pricing.no_line_id"
	issueLineTwice     = "pricing.line_twice"
	issueQuantity      = "pricing.quantity"
	issueNegativePrice = "pricing.negative_price"
	issueStated        = "pricing.stated"
	issueCountry       = "pricing.country"
	issueClass         = "pricing.no_class"
	issueCategory      = "pricing.category"
	issueRate          = "pricing.rate"
	issueWindow        = "pricing.window"
	issueOverlap       = "pricing.overlap"
	issueGap           = "pricing.gap"
	issueForeign       = "pricing.currency"
	issueNegative      = "pricing.negative"
	issueSum           = "pricing.sum"
	issueRow           = "pricing.row"
	issueShares        = "pricing.shares"
	issueAdjusted      = "pricing.adjusted"
	issueNoCode        = "pricing.no_code"
	issueCodeTwice     = "pricing.code_twice"
	issueText          = "pricing.text"
	issueNoAmount      = "pricing.no_amount"

	issueTooManyAdjustments = "pricing.too_many_adjustments"
)

// The errors of tariffs and engines.
var (
	// ErrConflict: two rules of equal rank fit the same goods and their order
	// decides; an issue per pair names both.
	ErrConflict = fault.Define(fault.Precondition, "pricing.conflict", "rules of equal rank contradict each other")
	// ErrNoBasis: the quote does not say what it was made of, because another
	// pricer made it.
	ErrNoBasis = fault.Define(fault.Precondition, "pricing.no_basis", "the quote carries no basis to price it again")
)

// The codes of the issues inside ErrTariff.
const (
	issueJSON      = "pricing.json"
	issuePolicy    = "pricing.policy"
	issueRequired  = "pricing.required"
	issueTwice     = "pricing.twice"
	issueUnknown   = "pricing.unknown"
	issueCycle     = "pricing.cycle"
	issueTier      = "pricing.tier"
	issueBreak     = "pricing.break"
	issueEffect    = "pricing.effect"
	issueCondition = "pricing.condition"
	issueHours     = "pricing.hours"
	issueRange     = "pricing.range"
	issueAmbiguous = "pricing.ambiguous"
	issueZone      = "pricing.zone"
	issueMargin    = "pricing.margin"
	issueNoBearer  = "pricing.no_bearer"
	issueChanged   = "pricing.changed"
)
