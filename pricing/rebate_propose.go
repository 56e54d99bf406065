package pricing

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/comptoir-go/comptoir/access"
	"github.com/comptoir-go/comptoir/fault"
	"github.com/comptoir-go/comptoir/money"
	"github.com/comptoir-go/comptoir/partner"
	"github.com/comptoir-go/comptoir/uow"
)

// ProposeInput asks what a plan gives a partner.
type ProposeInput struct {
	Plan    RebatePlan `json:"plan"`
	Partner partner.ID `json:"partner"`
	// Day is the last of the window; none is today. A window that is closed is
	// asked for by its last day, one that runs by any day in it.
	Day partner.Date `json:"day,omitzero"`
	// Begun is the first day of the agreement, for agreement years.
	Begun partner.Date `json:"begun,omitzero"`
	// Known leaves out what was recorded after it; none is all that is known.
	Known time.Time `json:"known,omitzero"`
	// Granted is what was given for this window before; none is nothing. It is
	// in the currency of the ladder.
	Granted money.Amount `json:"granted,omitzero"`
	// GrantedBy are the ids of invoices' credit notes by which it was given and
	// that are in the ledger, whatever their day: what they gave is added to
	// Granted, and none of them is turnover. At most 500.
	GrantedBy []string `json:"granted_by,omitempty"`
	// Except are the ids of other documents that are no turnover here, such as
	// the rebates of another window. At most 500.
	Except []string `json:"except,omitempty"`
}

// maxGrants bounds the documents that are left out of a turnover.
const maxGrants = 500

// Propose says what a plan gives a partner for a window, and how it falls on
// the invoices. Nothing is stored. Whether the partner takes part says
// RebatePlan.Fits.
//
// The cost is that of Of, a read for each of GrantedBy, and the memory of one
// sum for each document of the window.
//
// Errors: partner.ErrNotFound without invoice.read of the partner; ErrRebate
// (Invalid, pricing.rebate) with every issue; money.ErrOverflow.
func (t *Turnovers) Propose(ctx context.Context, a access.Actor, in ProposeInput) (RebateProposal, error) {
	return uow.Ask(ctx, t.run, func(ctx context.Context, tx TurnoverTx) (RebateProposal, error) { return t.ProposeTx(ctx, tx, a, in) })
}

// ProposeTx is Propose inside a transaction of the caller's.
func (t *Turnovers) ProposeTx(ctx context.Context, tx TurnoverTx, a access.Actor, in ProposeInput) (RebateProposal, error) {
	if !t.policy.May(a, access.InvoiceRead, access.Owner{Partner: in.Partner}) {
		return RebateProposal{}, partner.ErrNotFound
	}
	if err := in.check(); err != nil {
		return RebateProposal{}, err
	}
	if in.Day.IsZero() {
		in.Day = partner.DateOf(t.now(), t.zone)
	}
	cur := in.Plan.Ladder.Steps[0].From.Currency()
	p := RebateProposal{Plan: in.Plan.Code, Partner: in.Partner, From: in.Plan.Window.Start(in.Day, in.Begun), Until: in.Day,
		Turnover: money.Zero(cur), Granted: in.Granted, Rest: money.Zero(cur)}
	if p.Granted.IsNone() {
		p.Granted = money.Zero(cur)
	}
	if err := in.granted(ctx, tx, &p.Granted); err != nil {
		return RebateProposal{}, err
	}
	family := in.Plan.Family.String()
	docs := map[sharePlace]*RebateShare{}
	err := t.each(ctx, tx, TurnoverSearch{Partner: in.Partner, Currency: cur.Code(), From: p.From, Until: p.Until, Known: in.Known},
		func(e *TurnoverEntry) error {
			if slices.Contains(in.GrantedBy, e.Document.ID) || slices.Contains(in.Except, e.Document.ID) {
				return nil
			}
			x, err := e.In(family)
			if err != nil {
				return err
			}
			if p.Turnover, err = p.Turnover.Add(x); err != nil {
				return err
			}
			at := sharePlace{e.Document, e.Day}
			if docs[at] == nil {
				docs[at] = &RebateShare{Document: e.Document, Day: e.Day, Net: money.Zero(cur)}
			}
			docs[at].Net, err = docs[at].Net.Add(x)
			return err
		})
	if err != nil {
		return RebateProposal{}, err
	}
	if err := p.settle(in.Plan.Ladder); err != nil {
		return RebateProposal{}, err
	}
	return p, p.share(docs)
}

func (in *ProposeInput) check() error {
	var is fault.Issues
	in.Plan.check(&is, "plan")
	if in.Partner == "" {
		is.Add("partner", "required", "is missing")
	}
	few := func(path string, ids []string) {
		if len(ids) > maxGrants {
			is.Add(path, "range", "at most %d documents, not %d", maxGrants, len(ids))
		}
	}
	few("granted_by", in.GrantedBy)
	few("except", in.Except)
	for i, id := range in.GrantedBy {
		if slices.Contains(in.GrantedBy[:i], id) {
			is.Add(fmt.Sprintf("granted_by[%d]", i), "repeated", "document %q is named twice", id)
		}
	}
	if len(in.Plan.Ladder.Steps) > 0 && !in.Granted.IsNone() {
		if cur := in.Plan.Ladder.Steps[0].From.Currency(); in.Granted.Currency() != cur {
			is.Add("granted", "amount.currency", "is in %q, not in %q", in.Granted.Currency().Code(), cur.Code())
		}
	}
	return is.Err(ErrRebate)
}

// granted adds what credit notes gave. A document of another partner, or in
// another currency, gave nothing here.
func (in *ProposeInput) granted(ctx context.Context, tx TurnoverTx, sum *money.Amount) error {
	for _, id := range in.GrantedBy {
		err := eachOf(ctx, tx, InvoiceTurnover, id, func(e *TurnoverEntry) error {
			if e.Partner != in.Partner || e.Net.Currency() != sum.Currency() || !in.Known.IsZero() && e.Known.After(in.Known) {
				return nil
			}
			var err error
			*sum, err = sum.Sub(e.Net)
			return err
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// settle says what is earned and due.
func (p *RebateProposal) settle(l Ladder) error {
	var err error
	if p.Slices, err = l.Slices(p.Turnover); err != nil {
		return err
	}
	if p.Earned, err = l.Rebate(p.Turnover); err != nil {
		return err
	}
	if p.Due, err = p.Earned.Sub(p.Granted); err != nil {
		return err
	}
	next, ok, err := l.Next(p.Turnover)
	if ok {
		p.Next = &next
	}
	return err
}

// sharePlace is where a document counts. One that changed left zero at the
// places where it was before.
type sharePlace struct {
	document TurnoverDocument
	day      partner.Date
}

// share lets Due fall on the invoices of the window: a credit note goes off the
// invoice that it corrects, and what is left of each is its weight.
func (p *RebateProposal) share(docs map[sharePlace]*RebateShare) error {
	type key struct{ kind, id string }
	invoices := map[key]*RebateShare{}
	for at, d := range docs {
		if at.document.Corrects == "" && !d.Net.IsZero() {
			invoices[key{at.document.Kind, at.document.ID}] = d
		}
	}
	for at, d := range docs {
		inv := invoices[key{at.document.Kind, at.document.Corrects}]
		if at.document.Corrects == "" || inv == nil {
			continue
		}
		var err error
		if inv.Net, err = inv.Net.Add(d.Net); err != nil {
			return err
		}
	}
	for _, d := range invoices {
		if d.Net.Sign() > 0 {
			p.Shares = append(p.Shares, *d)
		}
	}
	slices.SortFunc(p.Shares, func(a, b RebateShare) int {
		return cmp.Or(a.Day.Compare(b.Day), cmp.Compare(a.Document.Kind, b.Document.Kind), cmp.Compare(a.Document.ID, b.Document.ID))
	})
	if len(p.Shares) == 0 || p.Due.IsZero() {
		p.Shares, p.Rest = nil, p.Due
		return nil
	}
	weights := make([]int64, len(p.Shares))
	for i := range p.Shares {
		weights[i] = p.Shares[i].Net.Minor()
	}
	amounts, err := money.LargestRemainder.Split(p.Due, weights)
	if err != nil {
		return err
	}
	for i := range p.Shares {
		p.Shares[i].Amount = amounts[i]
	}
	p.Shares = slices.DeleteFunc(p.Shares, func(s RebateShare) bool { return s.Amount.IsZero() })
	return nil
}
