package main

import (
	"fmt"
	"io"
	"math"
	"runtime"
	"slices"
	"strconv"
	"strings"

	"github.com/comptoir-go/comptoir/internal/chapters"
)

// write renders the document: one table per work. Sections that were not
// measured are kept from the document that was there.
func write(w io.Writer, m measured, old []chapters.Chapter) {
	say := func(format string, args ...any) { _, _ = fmt.Fprintf(w, format+"\n", args...) }
	say("# Benchmarks\n")
	say("Every figure stands beside its raw limit, measured in the same run: ratios matter, absolute figures drift with the machine.")
	say("A ratio is ours to the limit's: above 1 is better for rates, below 1 for times. Where a target is named, the last column")
	say("says how many times over it was reached: below 1 it was missed. Nothing here is a promise of a test. Written by `make bench`.")
	for _, s := range sections() {
		say("\n## %s\n", s.title)
		if kept := chapters.Find(old, s.title); kept != "" && !s.measured(m) {
			_, _ = io.WriteString(w, kept)
			continue
		}
		s.write(say, m)
	}
}

// benches are the benchmarks that a section shows.
func (s section) benches() []string {
	var all []string
	for _, r := range s.rows {
		all = append(all, r.ours.bench, r.limit.bench)
	}
	return all
}

func (s section) measured(m measured) bool {
	return slices.ContainsFunc(s.benches(), func(b string) bool { return len(m.values[b]) > 0 })
}

// origin says at which revision and where a section was measured.
func (s section) origin(m measured) string {
	text := fmt.Sprintf("Revision %s; %s, %d processors, %s/%s, %s", or(m.config["revision"], "unknown"),
		or(m.config["cpu"], "processor unknown"), runtime.NumCPU(), runtime.GOOS, runtime.GOARCH, runtime.Version())
	has := func(part string) bool {
		return slices.ContainsFunc(s.benches(), func(b string) bool { return strings.Contains("/"+b, part) })
	}
	if pg := m.config["postgres"]; pg != "" && has("/postgres/") {
		text += "; PostgreSQL " + pg
	}
	if n := m.config["orders"]; n != "" && (has("/Read/") || has("/Cash/")) {
		text += "; among " + n + " orders"
	}
	return text + "."
}

func (s section) write(say func(string, ...any), m measured) {
	if s.measured(m) {
		say("%s\n", s.origin(m))
	}
	say("%s\n", s.about)
	say("| work | measured | limit | ratio | target | reached |")
	say("|---|---:|---:|---:|---|---|")
	var missed []string
	for _, r := range s.rows {
		ours, ok := m.get(r.ours)
		if !ok {
			if len(r.goals) > 0 {
				say("| %s | not measured | | | %s | |", r.work, r.target)
			}
			continue
		}
		verdict := r.verdict(m)
		say("| %s | %s | %s | %s | %s | %s |", r.work, r.print(m, ours), r.printLimit(m), r.ratio(m, ours), r.target, verdict)
		if strings.HasPrefix(verdict, "no") {
			missed = append(missed, r.work)
		}
	}
	for _, name := range m.skipped {
		if slices.Contains(s.benches(), name) {
			say("\nSkipped: %s", name)
		}
	}
	s.explain(say, missed)
}

// explain prints why targets were missed: once for the whole table, or work by
// work, or for all works that begin alike ("sku" for "sku, newest").
func (s section) explain(say func(string, ...any), missed []string) {
	if len(missed) == 0 {
		return
	}
	say("")
	if why := gaps[s.title]; why != "" {
		say("Gap: %s", why)
		return
	}
	var silent []string
	told := map[string]bool{}
	for _, work := range missed {
		first, _, _ := strings.Cut(work, ", ")
		key := s.title + ": " + work
		if gaps[key] == "" {
			work, key = first, s.title+": "+first
		}
		switch {
		case gaps[key] == "" && !told[key]:
			silent = append(silent, work)
		case !told[key]:
			say("Gap (%s): %s", work, gaps[key])
		}
		told[key] = true
	}
	if len(silent) > 0 {
		say("Gap, not explained yet: %s.", strings.Join(silent, "; "))
	}
}

// print shows a figure with those worth seeing beside it.
func (r row) print(m measured, ours float64) string {
	text := number(ours) + " " + unit(r.ours.unit)
	for _, u := range r.beside {
		if v, ok := m.get(figure{r.ours.bench, u}); ok {
			text += ", " + number(v) + " " + unit(u)
		}
	}
	return text
}

func (r row) printLimit(m measured) string {
	v, ok := m.get(r.limit)
	if !ok {
		return ""
	}
	return number(v) + " " + unit(r.limit.unit)
}

func (r row) ratio(m measured, ours float64) string {
	v, ok := m.get(r.limit)
	if !ok || v == 0 {
		return ""
	}
	return strconv.FormatFloat(ours/v, 'f', 2, 64)
}

// verdict is "yes" when every goal is met, "no" when one is missed, each with
// how many times over the hardest is reached; it is empty without goals or
// where a figure is missing.
func (r row) verdict(m measured) string {
	if len(r.goals) == 0 {
		return ""
	}
	worst := math.Inf(1)
	for _, g := range r.goals {
		v, ok := m.get(g.figure)
		if !ok {
			return ""
		}
		if g.against.bench != "" {
			limit, ok := m.get(g.against)
			if !ok || limit == 0 {
				return ""
			}
			v /= limit
		}
		worst = min(worst, g.reached(v))
	}
	switch {
	case worst < 1:
		// Cut, so that what was missed by a hair does not read as reached.
		return fmt.Sprintf("no, %.2f", math.Floor(worst*100)/100)
	case math.IsInf(worst, 1):
		return "yes"
	}
	return fmt.Sprintf("yes, %.2f", worst)
}

// reached is how many times over a figure reaches its bound, infinitely where
// it is nothing at all.
func (g goal) reached(v float64) float64 {
	switch {
	case g.least:
		return v / g.bound
	case v == 0:
		return math.Inf(1)
	}
	return g.bound / v
}

// number prints three significant digits, thousands apart.
func number(v float64) string {
	if v < 1000 {
		return strconv.FormatFloat(v, 'g', 3, 64)
	}
	text := strconv.FormatFloat(v, 'f', 0, 64)
	var sb strings.Builder
	for i, c := range text {
		if i > 0 && (len(text)-i)%3 == 0 {
			sb.WriteByte(' ')
		}
		sb.WriteRune(c)
	}
	return sb.String()
}

// unit is how a unit of the benchmarks reads in the table.
func unit(u string) string {
	switch u {
	case p50:
		return "ms p50"
	case p99:
		return "ms p99"
	case "roundtrips/op":
		return "round trips"
	case "retries/op":
		return "retries"
	case "busy/op":
		return "given up as too busy"
	case allocs:
		return "allocations"
	case ns:
		return "ns"
	}
	return u
}

func or(s, other string) string {
	if s == "" {
		return other
	}
	return s
}
