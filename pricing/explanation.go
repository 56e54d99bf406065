package pricing

import (
	"context"
	"slices"

	"github.com/comptoir-go/comptoir/money"
)

// Verdict is what became of a rule or a charge.
type Verdict string

// The verdicts.
const (
	Applied Verdict = "applied"
	Beaten  Verdict = "beaten"  // By gives more, or goes before it
	Blocked Verdict = "blocked" // By is exclusive, or stops what follows
	NotMet  Verdict = "not_met" // a condition does not hold, see Missing
)

// NodeKind says what a node of an explanation is about.
type NodeKind string

// The kinds of nodes.
const (
	NodeQuote  NodeKind = "quote"  // the root; Amount is the gross
	NodeLine   NodeKind = "line"   // Ref is the SKU, Quantity its units, Amount its gross
	NodeList   NodeKind = "list"   // Ref is the list, Price its price before breaks
	NodeBreak  NodeKind = "break"  // Quantity is where it starts, Price the unit price from there on
	NodeValue  NodeKind = "value"  // Amount is unit price × quantity, as stated; Ref the rounding
	NodeRule   NodeKind = "rule"   // Ref is the rule; Amount what it took, or would have taken, as stated
	NodeCapped NodeKind = "capped" // below a rule: Amount could not be placed; Ref is what held it, "floor" or "most"
	NodeNet    NodeKind = "net"    // Amount is the line's net before what is on the whole
	NodeShare  NodeKind = "share"  // Ref is the adjustment, Amount the line's net share of it
	NodeTax    NodeKind = "tax"    // Ref is category and rate; of a line its share, else the row's tax
	NodeBase   NodeKind = "base"   // below a row of tax: what it is computed on
	NodeCharge NodeKind = "charge" // Ref is the charge, Amount what is charged, net
	NodeTotal  NodeKind = "total"  // Ref is "net", "tax" or "gross"
)

// Node is one step of an explanation and what it rests on, in the order in which
// the figures were made. The tree holds all that is needed to compute them again.
type Node struct {
	Kind     NodeKind       `json:"kind"`
	Ref      string         `json:"ref,omitempty"`
	Text     string         `json:"text,omitempty"`
	Line     LineID         `json:"line,omitempty"`
	Verdict  Verdict        `json:"verdict,omitempty"`
	By       string         `json:"by,omitempty"`
	Quantity money.Quantity `json:"quantity,omitzero"`
	Price    money.Price    `json:"price,omitzero"`
	Amount   money.Amount   `json:"amount,omitzero"`
	// Exact is the amount at six decimals, where the policy rounds at the end.
	Exact money.Price `json:"exact,omitzero"`
	// Missing is what a rule lacks; Next, of a rule or charge that applied, what
	// its next step does.
	Missing *Missing `json:"missing,omitempty"`
	Next    *Missing `json:"next,omitempty"`
	// Lacks are the conditions of a charge that do not hold, in English.
	Lacks    []string `json:"lacks,omitempty"`
	Children []Node   `json:"children,omitempty"`
}

// Explain prices the basket as Quote does and explains it: every line from its
// list to its tax, and what became of every rule that buyer and goods lead to.
// The rules named by code are explained even where nothing leads to them: why is
// this promotion not applied? A code that no rule has, as known then, is left out.
// What hints save is found by pricing the basket again, three times or more for each,
// for up to 32 of them and until 20 000 lines were priced: with many hints it takes as
// long as some 200 quotes of a small basket, or some 20 of a thousand lines. Hints
// that are left out have no Saves; with EngineOptions.NoSaves none has.
//
// Errors: those of Quote.
func (e *Engine) Explain(ctx context.Context, b Basket, rules ...string) (Quote, Node, error) {
	q, tree, err := e.explain(ctx, b, rules...)
	if err == nil && !e.opts.NoSaves {
		e.savings(ctx, b, q, &tree)
		err = ctx.Err() // of one that is done hints were left out
	}
	if err != nil {
		return Quote{}, Node{}, err
	}
	return q, tree, nil
}

// explain is Explain without what hints save.
func (e *Engine) explain(ctx context.Context, b Basket, rules ...string) (Quote, Node, error) {
	j := e.pool.Get().(*job)
	j.trace.on, j.asked = true, rules
	var tree Node
	j.then = func() { tree = j.e.tree(j) }
	q, err := e.quote(ctx, j, b)
	j.trace.on, j.asked, j.then = false, nil, nil
	e.pool.Put(j)
	return q, tree, err
}

// askFor makes candidates of the rules that were named, where they are none.
func (e *Engine) askFor(j *job) {
	if len(j.asked) == 0 {
		return
	}
	for at, r := range e.rules {
		if slices.Contains(j.asked, r.Code) {
			j.cand(e, int32(at))
		}
	}
}

// tree makes the explanation of the quote that j has made.
func (e *Engine) tree(j *job) Node {
	q := j.q
	root := Node{Kind: NodeQuote, Ref: q.Rules, Amount: q.Gross}
	for i := range q.Lines {
		root.Children = append(root.Children, e.lineNode(j, i))
	}
	for k := range j.cands {
		if n, ok := e.ruleNode(j, &j.cands[k]); ok {
			root.Children = append(root.Children, n)
		}
	}
	root.Children = append(root.Children, j.chargeNodes()...)
	for _, t := range q.Taxes {
		root.Children = append(root.Children, Node{Kind: NodeTax, Ref: rateText(t.Category, t.Rate), Amount: t.Tax,
			Children: []Node{{Kind: NodeBase, Amount: t.Base}}})
	}
	for _, t := range [...]struct {
		ref string
		a   money.Amount
	}{{"net", q.Net}, {"tax", q.Tax}, {"gross", q.Gross}} {
		root.Children = append(root.Children, Node{Kind: NodeTotal, Ref: t.ref, Amount: t.a})
	}
	return root
}

func (e *Engine) lineNode(j *job, i int) Node {
	l, f := &j.q.Lines[i], &j.prices[i]
	n := Node{Kind: NodeLine, Ref: string(l.SKU), Line: l.ID, Quantity: l.Quantity, Amount: l.Gross}
	add := func(c Node) { n.Children = append(n.Children, c) }
	add(Node{Kind: NodeList, Ref: f.list, Text: string(f.stated), Price: f.breaks[0].Price})
	if f.step.From != f.breaks[0].From {
		add(Node{Kind: NodeBreak, Quantity: f.step.From, Price: f.step.Price})
	}
	add(j.figure(Node{Kind: NodeValue, Ref: e.policy.Rounding.String()}, j.base[i]))
	for _, a := range j.trace.takes {
		if r := e.rules[a.rule]; a.line == int32(i) && r.On == OnLine {
			add(j.figure(Node{Kind: NodeRule, Ref: r.Code, Text: r.Text, Verdict: Applied}, -a.ticks))
		}
	}
	for _, a := range j.trace.others {
		if a.line == int32(i) {
			r := e.rules[a.rule]
			c := Node{Kind: NodeRule, Ref: r.Code, Text: r.Text, Verdict: Beaten, By: e.rules[a.by-1].Code}
			if a.verdict == blocked {
				c.Verdict = Blocked
			} else {
				c = j.figure(c, -a.ticks)
			}
			add(c)
		}
	}
	add(Node{Kind: NodeNet, Amount: l.Net})
	for k := range l.Shares {
		add(Node{Kind: NodeShare, Ref: j.q.Adjustments[k].Code, Amount: l.Shares[k]})
	}
	add(Node{Kind: NodeTax, Ref: rateText(l.Category, l.Rate), Amount: l.Tax})
	return n
}

// figure sets the amount of ticks.
func (j *job) figure(n Node, ticks int64) Node {
	v, err := j.minor(ticks)
	if err == nil {
		n.Amount = j.ticked(v)
	}
	if j.precise() {
		n.Exact, _ = money.PriceFromMicros(ticks, j.b.Currency)
	}
	return n
}

// ruleNode says what became of a rule as a whole.
func (e *Engine) ruleNode(j *job, c *cand) (Node, bool) {
	r := c.rule
	n := Node{Kind: NodeRule, Ref: r.Code, Text: r.Text}
	var taken int64
	for _, a := range j.trace.takes {
		if a.rule == r.at {
			taken += a.ticks
			n.Verdict = Applied
		}
	}
	if n.Verdict == Applied {
		n = j.figure(n, -taken)
	}
	for _, a := range j.trace.others {
		if a.rule == r.at && n.Verdict == "" {
			n.Verdict, n.By = Beaten, e.rules[a.by-1].Code
			if a.verdict == blocked {
				n.Verdict = Blocked
			} else if a.line < 0 {
				n = j.figure(n, -a.ticks)
			}
		}
	}
	for k := range j.trace.misses {
		m := j.trace.misses[k]
		if m.rule != r.at {
			continue
		}
		lack := m.Missing
		if m.hint {
			n.Next = &lack
		} else if n.Verdict == "" {
			n.Verdict, n.Missing = NotMet, &lack
		}
	}
	for _, a := range j.trace.caps {
		if a.rule == r.at && n.Verdict != Beaten {
			n.Children = append(n.Children, j.figure(Node{Kind: NodeCapped, Ref: [...]string{byFloor: "floor", byMost: "most"}[a.by]}, a.ticks))
		}
	}
	return n, n.Verdict != ""
}

// chargeNodes say what became of charges.
func (j *job) chargeNodes() []Node {
	var out []Node
	for i := range j.charges.Chosen {
		c := &j.charges.Chosen[i]
		n := Node{Kind: NodeCharge, Ref: c.Code, Text: c.Text, Verdict: Applied, Amount: c.Amount}
		if c.Next != nil {
			n.Next = &Missing{What: LackNext, Amount: c.Next, Gives: "no charge", Saves: &c.Amount}
		}
		out = append(out, n)
	}
	for i := range j.charges.Others {
		o := &j.charges.Others[i]
		n := Node{Kind: NodeCharge, Ref: o.Code, Verdict: NotMet}
		if o.BeatenBy != "" {
			n.Verdict, n.By = Beaten, o.BeatenBy
		}
		for _, l := range o.Missing {
			n.Lacks = append(n.Lacks, l.String())
		}
		out = append(out, n)
	}
	return out
}
