package pricing

// CodeReason says why a discount code does not apply.
type CodeReason string

// The reasons that depend on who asks and when; Codes tells them in a
// *CodeRefused.
const (
	CodeUnknown  CodeReason = "unknown"  // there is no such code
	CodeMistyped CodeReason = "mistyped" // the check character of a generated code is wrong
	CodeInactive CodeReason = "inactive" // its campaign is switched off
	CodeNotYet   CodeReason = "not_yet"  // From says when it begins
	CodeExpired  CodeReason = "expired"  // Until says when it ended
	NotForYou    CodeReason = "not_for_you"
	// TooManyInCart: the cart has as many codes of the campaign as it may.
	TooManyInCart CodeReason = "too_many_in_cart"
	// CodeUsedUp: the limit of the code or of the whole campaign is reached for
	// good, as far as orders are not cancelled.
	CodeUsedUp        CodeReason = "used_up"
	CodeUsedUpPartner CodeReason = "used_up_partner" // the partner's own limit
	CodeUsedUpPeriod  CodeReason = "used_up_period"  // Until says when the next period begins
	// ReservedElsewhere: what is left is held by live reservations; Until says
	// when the first of them lapses.
	ReservedElsewhere CodeReason = "reserved_elsewhere"
)

// The reasons that depend on the basket; an Engine tells them with the quote.
const (
	MinimumNotReached CodeReason = "minimum_not_reached" // Missing says how much more
	NoLineInScope     CodeReason = "no_line_in_scope"
	CodeBeaten        CodeReason = "beaten"  // another discount gives more
	CodeBlocked       CodeReason = "blocked" // an exclusive or stopping rule applies
	ConditionNotMet   CodeReason = "condition_not_met"
	NoRule            CodeReason = "no_rule" // no rule of the tariff is for its campaign now
)
