package pricing

import (
	"fmt"

	"github.com/comptoir-go/comptoir/fault"
	"github.com/comptoir-go/comptoir/money"
)

// LadderMode says what of a turnover a step's rate holds for.
type LadderMode string

// The modes.
const (
	// WholeLadder gives the whole turnover the rate of the step reached.
	WholeLadder LadderMode = "whole"
	// MarginalLadder gives each slice between two steps the rate of its own.
	MarginalLadder LadderMode = "marginal"
)

// MaxSteps is the number of steps a ladder may have.
const MaxSteps = 100

// Ladder says what part of a turnover is given back, by steps.
type Ladder struct {
	Mode LadderMode `json:"mode"`
	// Steps ascend; what lies below the first earns nothing.
	Steps []LadderStep `json:"steps"`
	// Rounding is the rule for the rebate, of a marginal ladder for each slice,
	// so that the slices of a statement sum to it. Default: half away from zero.
	Rounding money.Rounding `json:"rounding,omitzero"`
}

// LadderStep is a rate from a turnover on.
type LadderStep struct {
	// From is the turnover that reaches the step, itself included; zero or more.
	From money.Amount `json:"from"`
	// Percent is 0 to 100.
	Percent money.Rate `json:"percent"`
}

// ErrLadder refuses steps that are none; its issues say which.
var ErrLadder = fault.Define(fault.Invalid, "pricing.ladder", "the steps of the ladder are not valid")

// Check reports everything that is wrong with the ladder: an unknown mode,
// no steps or more than MaxSteps, amounts that are missing, below zero, of
// several currencies or not ascending, rates below 0 % or above 100 %, and where
// the whole turnover gets the rate, rates that fall: more turnover would earn
// less. Errors: ErrLadder (Invalid, pricing.ladder) with every issue.
func (l Ladder) Check() error {
	var is fault.Issues
	if l.Mode != WholeLadder && l.Mode != MarginalLadder {
		is.Add("mode", "unknown", "%q is no mode of a ladder", l.Mode)
	}
	if n := len(l.Steps); n == 0 || n > MaxSteps {
		is.Add("steps", "range", "has 1 to %d steps, not %d", MaxSteps, n)
	}
	for i, s := range l.Steps {
		path := fmt.Sprintf("steps[%d]", i)
		switch {
		case s.From.IsNone():
			is.Add(path+".from", "required", "is missing")
		case s.From.Sign() < 0:
			is.Add(path+".from", "range", "%s is below zero", s.From)
		}
		if s.Percent.Sign() < 0 || s.Percent.Cmp(money.RateOf(100)) > 0 {
			is.Add(path+".percent", "range", "%s %% is not 0 to 100 %%", s.Percent)
		}
		if i == 0 {
			continue
		}
		before := l.Steps[i-1]
		if s.From.Currency() != l.Steps[0].From.Currency() {
			is.Add(path+".from", "amount.currency", "is in %q, not in %q", s.From.Currency().Code(), l.Steps[0].From.Currency().Code())
		} else if s.From.Minor() <= before.From.Minor() {
			is.Add(path+".from", "order", "%s does not lie above %s", s.From, before.From)
		}
		if l.Mode == WholeLadder && s.Percent.Cmp(before.Percent) < 0 {
			is.Add(path+".percent", "order", "%s %% lies below %s %%: more turnover would earn less", s.Percent, before.Percent)
		}
	}
	return is.Err(ErrLadder)
}

// Reached returns the place of the step that a turnover reaches, -1 below the
// first.
func (l Ladder) Reached(turnover money.Amount) int {
	at := -1
	for i, s := range l.Steps {
		if s.From.Currency() == turnover.Currency() && s.From.Minor() <= turnover.Minor() {
			at = i
		}
	}
	return at
}

// Rebate returns what a turnover earns: zero below the first step, and with
// commercial rounding never less for more turnover.
// Errors: ErrLadder; money.ErrCurrencyMismatch for a
// turnover in another currency.
func (l Ladder) Rebate(turnover money.Amount) (money.Amount, error) {
	slices, err := l.Slices(turnover)
	if err != nil {
		return money.Amount{}, err
	}
	sum := money.Zero(turnover.Currency())
	for _, s := range slices {
		if sum, err = sum.Add(s.Earned); err != nil {
			return money.Amount{}, err
		}
	}
	return sum, nil
}

// LadderSlice is a part of a turnover with what it earns.
type LadderSlice struct {
	Amount  money.Amount `json:"amount"`
	Percent money.Rate   `json:"percent"`
	Earned  money.Amount `json:"earned"`
}

// Slices returns the parts of a turnover that earn something: one of a whole
// ladder, one a step reached of a marginal one. Errors: as Rebate.
func (l Ladder) Slices(turnover money.Amount) ([]LadderSlice, error) {
	if err := l.Check(); err != nil {
		return nil, err
	}
	if _, err := turnover.Cmp(l.Steps[0].From); err != nil {
		return nil, err
	}
	at := l.Reached(turnover)
	var out []LadderSlice
	for i := 0; i <= at; i++ {
		s := LadderSlice{Amount: turnover, Percent: l.Steps[i].Percent}
		if l.Mode == WholeLadder && i < at || s.Percent.IsZero() {
			continue
		}
		var err error
		if l.Mode == MarginalLadder {
			if i < at {
				s.Amount = l.Steps[i+1].From
			}
			if s.Amount, err = s.Amount.Sub(l.Steps[i].From); err != nil {
				return nil, err
			}
		}
		if s.Earned, err = s.Amount.Percent(s.Percent, l.Rounding); err != nil {
			return nil, err
		}
		if !s.Amount.IsZero() {
			out = append(out, s)
		}
	}
	return out, nil
}

// NextStep is the step of a ladder that comes next.
type NextStep struct {
	LadderStep
	// Missing is the turnover that is missing to it; Saves is what the buyer
	// would have back more than now on reaching it.
	Missing money.Amount `json:"missing"`
	Saves   money.Amount `json:"saves"`
}

// Next returns the step after the one that a turnover has reached, false on the
// last. Errors: as Rebate.
func (l Ladder) Next(turnover money.Amount) (NextStep, bool, error) {
	now, err := l.Rebate(turnover)
	if err != nil {
		return NextStep{}, false, err
	}
	at := l.Reached(turnover) + 1
	if at == len(l.Steps) {
		return NextStep{}, false, nil
	}
	n := NextStep{LadderStep: l.Steps[at]}
	if n.Missing, err = n.From.Sub(turnover); err != nil {
		return NextStep{}, false, err
	}
	then, err := l.Rebate(n.From)
	if err != nil {
		return NextStep{}, false, err
	}
	n.Saves, err = then.Sub(now)
	return n, true, err
}
