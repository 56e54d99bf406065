package main

import (
	"fmt"
	"io"
	"runtime"
	"strconv"
	"strings"
	"time"
)

// write renders the document: one table per work.
func write(w io.Writer, m measured, only string, took time.Duration) {
	say := func(format string, args ...any) { _, _ = fmt.Fprintf(w, format+"\n", args...) }
	say("# Benchmarks\n")
	say("Every figure stands beside its raw limit, measured in the same run: ratios matter, absolute figures drift with the machine.")
	say("A ratio is ours to the limit's: above 1 is better for rates, below 1 for times. Nothing here is a promise of a test.\n")
	say("- Machine: %s, %d processors, %s/%s, %s", or(m.config["cpu"], "processor unknown"), runtime.NumCPU(), runtime.GOOS, runtime.GOARCH, runtime.Version())
	say("- PostgreSQL: %s", or(m.config["postgres"], "not measured"))
	say("- Orders read and listed among: %s", or(m.config["orders"], "not measured"))
	say("- Written by `make bench` in %s", took.Round(time.Second))
	if only != "" {
		say("- Only what matches `%s` was measured", only)
	}
	for _, name := range m.skipped {
		say("- Skipped: %s", name)
	}
	for _, s := range sections() {
		s.write(say, m)
	}
}

func (s section) write(say func(string, ...any), m measured) {
	say("\n## %s\n", s.title)
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
		if verdict == "no" {
			missed = append(missed, r.work)
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

// verdict is "yes" when every goal is met, "no" when one is missed, and empty
// without goals or where a figure is missing.
func (r row) verdict(m measured) string {
	if len(r.goals) == 0 {
		return ""
	}
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
		if g.least && v < g.bound || !g.least && v > g.bound {
			return "no"
		}
	}
	return "yes"
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
