package pricing

import (
	"slices"

	"github.com/comptoir-go/comptoir/catalog"
	"github.com/comptoir-go/comptoir/fault"
	"github.com/comptoir-go/comptoir/internal/check"
	"github.com/comptoir-go/comptoir/money"
	"github.com/comptoir-go/comptoir/partner"
)

// RebatePlan says who gets back what of his turnover in a window. It is plain
// data that the caller keeps.
type RebatePlan struct {
	// Code names it, 1 to 100 characters.
	Code   string `json:"code"`
	Window Window `json:"window"`
	// Family narrows the turnover that counts to a family and those below it;
	// empty is all goods.
	Family catalog.Family `json:"family,omitzero"`
	Ladder Ladder         `json:"ladder"`
	// Partners, Groups and Agreements say who takes part: whoever is in one of
	// them, and everybody when all three are empty.
	Partners   []partner.ID          `json:"partners,omitempty"`
	Groups     []string              `json:"groups,omitempty"`
	Agreements []partner.AgreementID `json:"agreements,omitempty"`
}

// ErrRebate refuses a plan, or a proposal's input, that is not valid.
var ErrRebate = fault.Define(fault.Invalid, "pricing.rebate", "the rebate is not valid")

// Check reports everything that is wrong with a plan. Errors: ErrRebate
// (Invalid, pricing.rebate) with every issue, those of the ladder among them.
func (p RebatePlan) Check() error {
	var is fault.Issues
	p.check(&is, "")
	return is.Err(ErrRebate)
}

func (p RebatePlan) check(is *fault.Issues, path string) {
	check.Need(is, fault.Join(path, "code"), p.Code, 100)
	is.AddUnder(fault.Join(path, "window"), p.Window.check())
	is.AddUnder(fault.Join(path, "family"), p.Family.Check())
	is.AddUnder(fault.Join(path, "ladder"), p.Ladder.Check())
}

// Fits reports whether a partner takes part on a day of the tenant's zone.
func (p RebatePlan) Fits(who partner.Partner, day partner.Date) bool {
	if len(p.Partners)+len(p.Groups)+len(p.Agreements) == 0 || slices.Contains(p.Partners, who.ID) {
		return true
	}
	shared := func(g string) bool { return slices.Contains(p.Groups, g) }
	return slices.ContainsFunc(who.Groups, shared) ||
		slices.ContainsFunc(who.AgreementIDsOn(day), func(id partner.AgreementID) bool { return slices.Contains(p.Agreements, id) })
}

// RebateProposal is what a plan gives a partner for a window. It depends on the
// documents of the window alone, not on the order in which they became known:
// a step reached late is due for everything before, and what returns, changes
// and cancellations cost is taken back.
//
// It is a value that names each invoice with its share, for whoever issues the
// credit notes: package billing credits quantities of lines, so a rebate in
// money is booked in the ERP, and its credit notes come back as mirrors.
type RebateProposal struct {
	Plan    string     `json:"plan"`
	Partner partner.ID `json:"partner"`
	// From and Until are the window's days, both included.
	From  partner.Date `json:"from"`
	Until partner.Date `json:"until"`
	// Turnover is the net that counts, Earned what the ladder gives for it,
	// Granted what was given before, and Due the difference: below zero it is to
	// be taken back.
	Turnover money.Amount `json:"turnover"`
	Earned   money.Amount `json:"earned"`
	Granted  money.Amount `json:"granted"`
	Due      money.Amount `json:"due"`
	// Slices are how Earned was made.
	Slices []LadderSlice `json:"slices,omitempty"`
	// Shares are the parts of Due by invoice, by day and id: shared over what is
	// left of each by the largest remainder. They and Rest sum to Due.
	Shares []RebateShare `json:"shares,omitempty"`
	// Rest is what no invoice of the window can bear, because nothing is left
	// of any.
	Rest money.Amount `json:"rest"`
	// Next is the step that comes next, nil on the last.
	Next *NextStep `json:"next,omitempty"`
}

// RebateShare is an invoice's part of a rebate.
type RebateShare struct {
	Document TurnoverDocument `json:"document"`
	Day      partner.Date     `json:"day"`
	// Net is what is left of the invoice in goods that count, its credit notes
	// in the window deducted; Amount its share, of the sign of Due.
	Net    money.Amount `json:"net"`
	Amount money.Amount `json:"amount"`
}
