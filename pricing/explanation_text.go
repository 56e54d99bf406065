package pricing

import (
	"html"
	"strings"

	"github.com/comptoir-go/comptoir/money"
)

// String writes the tree as indented lines of English, one a node.
func (n Node) String() string {
	var b strings.Builder
	n.write(&b, 0)
	return b.String()
}

func (n *Node) write(b *strings.Builder, depth int) {
	b.WriteString(strings.Repeat("  ", depth))
	b.WriteString(n.say())
	b.WriteByte('\n')
	for i := range n.Children {
		n.Children[i].write(b, depth+1)
	}
}

// HTML writes the tree as nested lists, with the kind and the verdict of each
// node as classes and every text escaped.
func (n Node) HTML() string {
	var b strings.Builder
	b.WriteString(`<ul class="explanation">`)
	n.html(&b)
	b.WriteString("</ul>\n")
	return b.String()
}

func (n *Node) html(b *strings.Builder) {
	class := string(n.Kind)
	if n.Verdict != "" {
		class += " " + string(n.Verdict)
	}
	b.WriteString(`<li class="` + html.EscapeString(class) + `">` + html.EscapeString(n.say()))
	if len(n.Children) > 0 {
		b.WriteString("<ul>")
		for i := range n.Children {
			n.Children[i].html(b)
		}
		b.WriteString("</ul>")
	}
	b.WriteString("</li>")
}

// say is the node in one line.
func (n *Node) say() string {
	parts := []string{string(n.Kind)}
	add := func(s string) {
		if s != "" {
			parts = append(parts, s)
		}
	}
	if n.Line != "" {
		add(string(n.Line))
	}
	if n.Ref != "" {
		add(n.Ref)
	}
	if n.Text != "" {
		add("(" + n.Text + ")")
	}
	switch n.Verdict {
	case Beaten, Blocked:
		add(string(n.Verdict) + " by " + n.By)
	case NotMet:
		add("not met")
	}
	switch {
	case n.Kind == NodeBreak:
		add("from " + n.Quantity.String())
	case !n.Quantity.IsZero():
		add("× " + n.Quantity.String())
	}
	if !n.Price.IsNone() {
		add(n.Price.String())
	}
	switch {
	case !n.Exact.IsNone():
		add(n.Exact.String())
	case n.Amount != money.Amount{}:
		add(n.Amount.String())
	}
	s := strings.Join(parts, " ")
	if n.Missing != nil {
		s += ": " + n.Missing.String()
	}
	if len(n.Lacks) > 0 {
		s += ": " + strings.Join(n.Lacks, ", ")
	}
	if n.Next != nil {
		s += "; " + n.Next.String()
	}
	return s
}
