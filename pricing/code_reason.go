package pricing

// CodeReason says why a discount code does not apply.
type CodeReason string

// The reasons that depend on the basket; an Engine tells them with the quote.
const (
	MinimumNotReached CodeReason = "minimum_not_reached" // Missing says how much more
	NoLineInScope     CodeReason = "no_line_in_scope"
	CodeBeaten        CodeReason = "beaten"  // another discount gives more
	CodeBlocked       CodeReason = "blocked" // an exclusive or stopping rule applies
	ConditionNotMet   CodeReason = "condition_not_met"
	NoRule            CodeReason = "no_rule" // no rule of the tariff is for its campaign now
)
