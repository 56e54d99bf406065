package order

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/comptoir-go/comptoir/fault"
)

// DefaultPattern numbers orders by customer and year: customer number, two
// digits of the year, and a sequence of at least four digits that starts
// again with each customer and year ("FR10002527190474").
const DefaultPattern = "{customer}{yy}{seq:4}"

// ErrRef refuses a reference or a pattern of references.
var ErrRef = fault.Define(fault.Invalid, "order.ref", "the order reference cannot be read")

// Numbering makes and reads order references by a pattern.
//
// A pattern is text with fields: {customer}, {yy} or {yyyy}, {mm}, and exactly
// one {seq:N}, N the least number of digits. The sequence counts anew for
// every combination of the other fields. It is immutable.
type Numbering struct {
	parts []part
}

type part struct {
	field string // "" for literal text
	text  string
	width int
}

// Parts is what a reference says.
type Parts struct {
	Customer string
	// Year is the full year; of two digits the one in 2000–2099.
	Year int
	// Month is 0 when the pattern has none.
	Month int
	Seq   int64
}

// NewNumbering reads a pattern; "" is DefaultPattern. A pattern that cannot
// be read, or without exactly one sequence, is ErrRef.
func NewNumbering(pattern string) (*Numbering, error) {
	if pattern == "" {
		pattern = DefaultPattern
	}
	n := &Numbering{}
	seqs := 0
	for rest := pattern; rest != ""; {
		open := strings.IndexByte(rest, '{')
		if open != 0 {
			lit := rest
			if open > 0 {
				lit = rest[:open]
			}
			n.parts = append(n.parts, part{text: lit})
			rest = rest[len(lit):]
			continue
		}
		end := strings.IndexByte(rest, '}')
		if end < 0 {
			return nil, ErrRef.With("pattern %q has an open brace", pattern)
		}
		p, err := field(rest[1:end])
		if err != nil {
			return nil, err
		}
		if p.field == "seq" {
			seqs++
		}
		n.parts = append(n.parts, p)
		rest = rest[end+1:]
	}
	for i := 1; i < len(n.parts); i++ {
		a, b := n.parts[i-1].field, n.parts[i].field
		if a == "customer" && b == "seq" || a == "seq" && b == "customer" {
			return nil, ErrRef.With("pattern %q: customer and sequence need something between them, or two customers could share a reference", pattern)
		}
	}
	if seqs != 1 {
		return nil, ErrRef.With("pattern %q needs exactly one {seq:N}", pattern)
	}
	return n, nil
}

func field(text string) (part, error) {
	name, arg, _ := strings.Cut(text, ":")
	switch name {
	case "customer", "yy", "yyyy", "mm":
		if arg == "" {
			return part{field: name, width: len(name)}, nil
		}
	case "seq":
		w, err := strconv.Atoi(arg)
		if err == nil && w >= 1 && w <= 18 {
			return part{field: name, width: w}, nil
		}
	}
	return part{}, ErrRef.With("pattern field {%s} is unknown", text)
}

// Series names the counter that the next reference of a customer at a time
// draws from; at is in the tenant's zone.
func (n *Numbering) Series(customer string, at time.Time) string {
	return "order/" + n.text(customer, at, "#")
}

// Ref prints the reference of number seq.
func (n *Numbering) Ref(customer string, at time.Time, seq int64) Ref {
	return Ref(n.text(customer, at, fmt.Sprintf("%0*d", n.width(), seq)))
}

func (n *Numbering) width() int {
	for _, p := range n.parts {
		if p.field == "seq" {
			return p.width
		}
	}
	return 0
}

func (n *Numbering) text(customer string, at time.Time, seq string) string {
	var b strings.Builder
	for _, p := range n.parts {
		switch p.field {
		case "":
			b.WriteString(p.text)
		case "customer":
			b.WriteString(customer)
		case "yy":
			fmt.Fprintf(&b, "%02d", at.Year()%100)
		case "yyyy":
			fmt.Fprintf(&b, "%04d", at.Year())
		case "mm":
			fmt.Fprintf(&b, "%02d", int(at.Month()))
		case "seq":
			b.WriteString(seq)
		}
	}
	return b.String()
}

// Parse reads a reference of a known customer. Without the customer a
// reference can be read in many ways ("FR10002527190474" has eight), so there
// is no other way to read one. What does not fit is ErrRef.
func (n *Numbering) Parse(ref Ref, customer string) (Parts, error) {
	out := Parts{Customer: customer}
	rest := string(ref)
	for i, p := range n.parts {
		var ok bool
		switch p.field {
		case "":
			rest, ok = strings.CutPrefix(rest, p.text)
		case "customer":
			rest, ok = strings.CutPrefix(rest, customer)
			ok = ok && customer != ""
		case "seq":
			rest, ok = n.cutSeq(rest, i, customer, &out)
		default:
			rest, ok = cutDate(rest, p, &out)
		}
		if !ok {
			return Parts{}, ErrRef.With("%q is no reference of customer %q", ref, customer)
		}
	}
	if rest != "" || out.Seq < 1 || out.Month > 12 {
		return Parts{}, ErrRef.With("%q is no reference of customer %q", ref, customer)
	}
	return out, nil
}

// cutSeq takes all digits that the fixed parts after the sequence leave to it.
func (n *Numbering) cutSeq(rest string, at int, customer string, out *Parts) (string, bool) {
	tail := 0
	for _, p := range n.parts[at+1:] {
		switch p.field {
		case "":
			tail += len(p.text)
		case "customer":
			tail += len(customer)
		default:
			tail += p.width
		}
	}
	w := len(rest) - tail
	min := n.parts[at].width
	if w < min || w > 18 || (w > min && rest[0] == '0') {
		return rest, false
	}
	v, ok := digits(rest[:w])
	out.Seq = v
	return rest[w:], ok
}

func cutDate(rest string, p part, out *Parts) (string, bool) {
	if len(rest) < p.width {
		return rest, false
	}
	v, ok := digits(rest[:p.width])
	switch p.field {
	case "yy":
		out.Year = 2000 + int(v)
	case "yyyy":
		out.Year = int(v)
	case "mm":
		out.Month = int(v)
		ok = ok && v >= 1 && v <= 12
	}
	return rest[p.width:], ok
}

func digits(s string) (int64, bool) {
	if s == "" {
		return 0, false
	}
	var v int64
	for i := 0; i < len(s); i++ {
		if s[i] < '0' || s[i] > '9' {
			return 0, false
		}
		v = v*10 + int64(s[i]-'0')
	}
	return v, true
}
