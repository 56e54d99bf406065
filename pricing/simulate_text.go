package pricing

import (
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/comptoir-go/comptoir/money"
)

// String writes the simulation as plain English text, a table for each kind of
// row: what a person decides on. Amounts have all decimals of their currency, and
// differences their sign.
func (s Simulation) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s → %s\n", s.Was, s.Would)
	valid := "at the instant of each quote"
	if !s.Valid.IsZero() {
		valid = "on " + s.Valid.Format(time.RFC3339)
	}
	fmt.Fprintf(&b, "prices that hold %s, as known on %s\n", valid, s.Known.Format(time.RFC3339))
	fmt.Fprintf(&b, "%d quotes, %d priced by both\n", s.Read, s.Priced)
	for _, r := range s.Reasons {
		fmt.Fprintf(&b, "left out: %d %s (%s)\n", r.Quotes, r.Side.text(), r.Code)
	}
	for _, l := range s.Left {
		fmt.Fprintf(&b, "  %s of %s: %s\n", l.Ref, l.Partner, l.Reason)
	}
	for _, w := range s.Unasked.texts() {
		fmt.Fprintf(&b, "not in the quotes, counted as none: %s\n", w)
	}
	for i := range s.Currencies {
		s.Currencies[i].write(&b)
	}
	return b.String()
}

func (s SimulatedSide) text() string {
	switch s {
	case SideWas:
		return "that the former tariff cannot price"
	case SideWould:
		return "that can no longer be priced"
	}
	return "without basis"
}

// texts name what is asked for.
func (a Asks) texts() []string {
	var out []string
	for _, w := range a.Windows {
		s := "turnover in " + w.Window.String()
		if w.Family != "" {
			s += " of " + w.Family
		}
		out = append(out, s)
	}
	if a.First {
		out = append(out, "first orders")
	}
	if a.Attended {
		out = append(out, "attendance of events")
	}
	return out
}

func (c *SimulatedCurrency) write(b *strings.Builder) {
	t := &c.Total
	fmt.Fprintf(b, "\n%s: %d dearer, %d cheaper, %d equal\n", c.Currency, t.Dearer, t.Cheaper, t.Equal)
	all := textTable{{"", "was", "would", "difference"}}
	all.shift("at list prices", c.List)
	all.shift("net", t.Net)
	all.shift("tax", t.Tax)
	all.shift("gross", t.Gross)
	all.write(b)

	partners := textTable{{"partner", "quotes", "dearer", "cheaper", "was", "would", "difference"}}
	for _, p := range c.Partners {
		partners.shift(string(p.Partner), p.Net, fmt.Sprint(p.Quotes), fmt.Sprint(p.Dearer), fmt.Sprint(p.Cheaper))
	}
	families := textTable{{"family", "was", "would", "difference"}}
	for _, f := range c.Families {
		name := f.Family.String()
		if name == "" {
			name = "(none)"
		}
		families.shift(name, f.Net)
	}
	rules := textTable{{"rule took", "quotes was", "would", "was", "would", "difference"}}
	charges := textTable{{"charge", "quotes was", "would", "was", "would", "difference"}}
	for _, r := range c.Rules {
		to := &rules
		if r.Charge {
			to = &charges
		}
		to.shift(r.Code, r.Net, fmt.Sprint(r.WasQuotes), fmt.Sprint(r.WouldQuotes))
	}
	largest := textTable{{"largest changes", "partner", "was", "would", "difference"}}
	for _, q := range c.Largest {
		largest.shift(q.Ref, q.Net, string(q.Partner))
	}
	for _, t := range []textTable{partners, families, rules, charges, largest} {
		if len(t) > 1 {
			b.WriteByte('\n')
			t.write(b)
		}
	}
}

// textTable is rows of cells; the first column is flush left, the others are
// flush right.
type textTable [][]string

func (t *textTable) shift(name string, s Shift, cells ...string) {
	*t = append(*t, append(append([]string{name}, cells...), s.Was.Text(), s.Would.Text(), signedText(s.Difference)))
}

func signedText(a money.Amount) string {
	if a.Sign() > 0 {
		return "+" + a.Text()
	}
	return a.Text()
}

func (t textTable) write(b *strings.Builder) {
	width := make([]int, len(t[0]))
	for _, row := range t {
		for k, cell := range row {
			width[k] = max(width[k], utf8.RuneCountInString(cell))
		}
	}
	for _, row := range t {
		b.WriteString("  ")
		for k, cell := range row {
			pad := strings.Repeat(" ", width[k]-utf8.RuneCountInString(cell))
			switch {
			case k > 0:
				b.WriteString("  " + pad + cell)
			default:
				b.WriteString(cell + pad)
			}
		}
		b.WriteByte('\n')
	}
}
