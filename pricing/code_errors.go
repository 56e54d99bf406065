package pricing

import (
	"fmt"
	"time"

	"github.com/comptoir-go/comptoir/fault"
)

// The errors of discount codes.
var (
	// ErrCodeRefused is what every *CodeRefused is, for errors.Is.
	ErrCodeRefused = fault.Define(fault.Precondition, "pricing.code_refused", "the discount code does not apply")
	// ErrCodeInput lists what is wrong with a campaign or with what is asked.
	ErrCodeInput = fault.Define(fault.Invalid, "pricing.code_input", "the campaign or code is not valid")
	// ErrCodeText: the text cannot be a code: another character than letters,
	// digits, blanks and dashes, or too short or too long.
	ErrCodeText = fault.Define(fault.Invalid, "pricing.code_text", "a code has 3 to 40 letters and digits")
	// ErrCrowded: no free codes are found any more; make them longer.
	ErrCrowded = fault.Define(fault.Precondition, "pricing.code_crowded", "nearly all codes of this length are taken")

	ErrNoCampaign       = fault.Define(fault.NotFound, "pricing.no_campaign", "no such campaign")
	ErrCampaignExists   = fault.Define(fault.Exists, "pricing.campaign_exists", "a campaign with this id or prefix is already there")
	ErrCodeNotFound     = fault.Define(fault.NotFound, "pricing.code_not_found", "no such discount code")
	ErrCodeExists       = fault.Define(fault.Exists, "pricing.code_exists", "the discount code is already there")
	ErrNoRedemption     = fault.Define(fault.NotFound, "pricing.no_redemption", "no such use of a discount code")
	ErrRedemptionExists = fault.Define(fault.Exists, "pricing.redemption_exists", "the code is reserved by this cart already")
	ErrNoTally          = fault.Define(fault.NotFound, "pricing.no_tally", "no such count of uses")
	ErrTallyExists      = fault.Define(fault.Exists, "pricing.tally_exists", "the count of uses is already there")
)

// CodeRefused says why a discount code does not apply, with the figures behind
// the reason. errors.Is with ErrCodeRefused holds; the code is
// pricing.code_refused, the kind Precondition, and NotFound for CodeUnknown.
type CodeRefused struct {
	// Code is what was entered, in normal form where it has one.
	Code     string     `json:"code"`
	Campaign CampaignID `json:"campaign,omitempty"`
	Reason   CodeReason `json:"reason"`
	// From and Until are instants that the Reason explains.
	From  time.Time `json:"from,omitzero"`
	Until time.Time `json:"until,omitzero"`
	// Limit is the limit that was hit, Max its uses; Used are confirmed, Held
	// reserved.
	Limit LimitKind `json:"limit,omitempty"`
	Max   int64     `json:"max,omitempty"`
	Used  int64     `json:"used,omitempty"`
	Held  int64     `json:"held,omitempty"`
}

// Error names code and reason.
func (e *CodeRefused) Error() string {
	return fmt.Sprintf("%s: %q does not apply: %s", ErrCodeRefused.FaultCode(), e.Code, e.Reason)
}

// FaultKind implements fault.Faulty.
func (e *CodeRefused) FaultKind() fault.Kind {
	if e.Reason == CodeUnknown {
		return fault.NotFound
	}
	return fault.Precondition
}

// FaultCode implements fault.Faulty.
func (e *CodeRefused) FaultCode() string { return ErrCodeRefused.FaultCode() }

// Unwrap makes errors.Is(err, ErrCodeRefused) hold.
func (e *CodeRefused) Unwrap() error { return ErrCodeRefused }
