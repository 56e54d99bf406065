package fsm

import (
	"slices"
	"strings"
)

// Mermaid draws the table as a Mermaid stateDiagram-v2, one line per row in
// declared order: "from --> to: trigger [guards] (roles)". The opening rows
// come first, the final states last. Equal tables give equal bytes.
func (t *Table[S, T, R, F]) Mermaid() string {
	var b strings.Builder
	b.WriteString("stateDiagram-v2\n")
	edge := func(from, to, label string) {
		b.WriteString("    " + from + " --> " + to)
		if label != "" {
			b.WriteString(": " + label)
		}
		b.WriteString("\n")
	}
	if len(t.def.Open) == 0 {
		edge("[*]", string(t.def.Initial), "")
	}
	for _, r := range t.def.Open {
		edge("[*]", string(r.To), t.label(r))
	}
	for _, r := range t.def.Rows {
		edge(string(r.From), string(r.To), t.label(r))
	}
	for _, s := range t.def.Final {
		edge(string(s), "[*]", "")
	}
	return b.String()
}

// DOT draws the table in the DOT language of Graphviz, in declared order;
// final states have a double border. Equal tables give equal bytes.
func (t *Table[S, T, R, F]) DOT() string {
	var b strings.Builder
	b.WriteString("digraph " + quote(t.def.Name) + " {\n\trankdir=LR;\n\tnode [shape=box, style=rounded];\n")
	b.WriteString("\t\"[*]\" [shape=point];\n")
	for _, s := range t.def.States {
		b.WriteString("\t" + quote(string(s)))
		if t.IsFinal(s) {
			b.WriteString(" [peripheries=2]")
		}
		b.WriteString(";\n")
	}
	edge := func(from, to, label string) {
		b.WriteString("\t" + quote(from) + " -> " + quote(to))
		if label != "" {
			b.WriteString(" [label=" + quote(label) + "]")
		}
		b.WriteString(";\n")
	}
	if len(t.def.Open) == 0 {
		edge("[*]", string(t.def.Initial), "")
	}
	for _, r := range t.def.Open {
		edge("[*]", string(r.To), t.label(r))
	}
	for _, r := range t.def.Rows {
		edge(string(r.From), string(r.To), t.label(r))
	}
	b.WriteString("}\n")
	return b.String()
}

// Matrix writes the table as a Markdown table: a line per state, a column per
// trigger, in each cell the state reached and the marks of the roles, "·" for
// what is not possible. Guards are left out. Rows of one pair share a cell.
func (t *Table[S, T, R, F]) Matrix() string {
	var b strings.Builder
	b.WriteString("| from \\ on |")
	for _, on := range t.triggers {
		b.WriteString(" " + string(on) + " |")
	}
	b.WriteString("\n|---|" + strings.Repeat("---|", len(t.triggers)) + "\n")
	for _, from := range t.def.States {
		b.WriteString("| " + string(from) + " |")
		for _, on := range t.triggers {
			b.WriteString(" " + t.cellText(from, on) + " |")
		}
		b.WriteString("\n")
	}
	return b.String()
}

// cellText joins the targets of rows with the same roles by "/", rows with
// other roles by ", ".
func (t *Table[S, T, R, F]) cellText(from S, on T) string {
	var marks, targets []string
	for _, r := range t.def.Rows {
		if r.From != from || r.On != on {
			continue
		}
		m := t.marks(r.Who, t.matrixSep())
		if at := slices.Index(marks, m); at >= 0 {
			if !slices.Contains(strings.Split(targets[at], "/"), string(r.To)) {
				targets[at] += "/" + string(r.To)
			}
			continue
		}
		marks, targets = append(marks, m), append(targets, string(r.To))
	}
	if len(marks) == 0 {
		return "·"
	}
	for i := range targets {
		targets[i] += " " + marks[i]
	}
	return strings.Join(targets, ", ")
}

// matrixSep is nothing when every mark is one letter: "OAC".
func (t *Table[S, T, R, F]) matrixSep() string {
	for _, r := range t.def.Roles {
		if len(mark(r)) > 1 {
			return "+"
		}
	}
	return ""
}

func (t *Table[S, T, R, F]) label(r Row[S, T, R]) string {
	s := string(r.On)
	if len(r.Guards) > 0 {
		s += " [" + strings.Join(r.Guards, ", ") + "]"
	}
	return s + " (" + t.marks(r.Who, ",") + ")"
}

// marks lists roles in the order of the table, not of the row.
func (t *Table[S, T, R, F]) marks(who []R, sep string) string {
	var out []string
	for _, r := range t.def.Roles {
		if slices.Contains(who, r.Name) {
			out = append(out, mark(r))
		}
	}
	return strings.Join(out, sep)
}

func mark[R ~string](r Role[R]) string {
	if r.Mark != "" {
		return r.Mark
	}
	return string(r.Name)
}

// quote needs no escapes: names hold letters, digits, "_", ".", "-" and spaces.
func quote(s string) string { return `"` + s + `"` }
