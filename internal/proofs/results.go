package main

import (
	"bufio"
	"encoding/json"
	"io"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// results are what `go test -json` said of one package.
type results struct {
	pkg string
	// claims are what the comments on the tests say.
	claims map[string]string
	// args are those of go test.
	args  []string
	order []string
	tests map[string]*result
	tail  []string
}

type result struct {
	claim, count, verdict, note, last string
	// why is the first line that tells of a failure, seed what repeats it.
	why, seed string
	took      time.Duration
	// law says that the property tester counted.
	law bool
}

func newResults(p pkg) *results {
	return &results{pkg: p.path, claims: p.claims, tests: map[string]*result{}}
}

var (
	claimLine = regexp.MustCompile(`claim: (.*)\n`)
	rapidLine = regexp.MustCompile(`\[rapid\] OK, passed (\d+) tests`)
	// A test that counts by itself says what of.
	countLine = regexp.MustCompile(`count: (\d+) (.*)\n`)
	// Exceptions of the suites of stores, blobs and adapters, by name.
	exceptedLine = regexp.MustCompile(`excepted[^:]*: (.*)\n`)
	// lacksLine is why a claim is none of an adapter, or not asked by a harness.
	lacksLine  = regexp.MustCompile(`^\w+\.go:\d+: ((?:the (?:adapter|ERP|harness)|nothing is sent to this ERP|no (?:proxy|credentials)) .*)$`)
	secondLine = regexp.MustCompile(`the claim: (.*)\n`)
	// helperLine is a test that another one runs as its process.
	helperLine = regexp.MustCompile(`runs? (as a process of its own|by Test)`)
	whyLine    = regexp.MustCompile(`Error:\s+(\S.*)|(panic: .*|\w+\.go:\d+: \S.*)`)
	seedLine   = regexp.MustCompile(`(-rapid\.seed=\d+)|(COMPTOIR_SEED=\d+)`)
	skipLine   = regexp.MustCompile(`EXCEPTION: (.*); not promised by [^:]*: (.*)\n`)
)

func (r *results) read(in io.Reader) {
	lines := bufio.NewScanner(in)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		var e struct {
			Action, Test, Output string
			Elapsed              float64
		}
		if json.Unmarshal(lines.Bytes(), &e) != nil {
			r.keep(lines.Text())
			continue
		}
		if e.Test == "" {
			if e.Action == "output" {
				r.keep(e.Output)
			}
			continue
		}
		r.take(e.Action, e.Test, e.Output, time.Duration(e.Elapsed*float64(time.Second)))
	}
}

// keep remembers the last lines that belong to no test: why a build failed.
func (r *results) keep(line string) {
	r.tail = append(r.tail, strings.TrimSpace(line))
	r.tail = r.tail[max(0, len(r.tail)-5):]
}

// variant reports whether a test is a case of one of the many variants of an
// adapter: a capability that a variant lacks is no promise left untested, and
// the cases of the others show it. Only their failures get rows.
func variant(test string) bool {
	return strings.Count(test, "/") >= 2 && !strings.HasPrefix(test, "TestConformance/")
}

func (r *results) take(action, test, output string, took time.Duration) {
	if variant(test) && action != "fail" {
		return
	}
	t := r.tests[test]
	if t == nil {
		t = &result{}
		r.tests[test], r.order = t, append(r.order, test)
	}
	switch action {
	case "output":
		if m := claimLine.FindStringSubmatch(output); m != nil {
			t.claim = m[1]
		}
		if m := rapidLine.FindStringSubmatch(output); m != nil {
			t.count, t.law = m[1], true
		}
		if m := countLine.FindStringSubmatch(output); m != nil {
			t.count, t.note = m[1], m[2]
		}
		if text := strings.TrimSpace(output); !strings.HasPrefix(text, "--- ") && !strings.HasPrefix(text, "=== ") {
			t.last = text
		}
		if m := skipLine.FindStringSubmatch(output); m != nil {
			t.claim, t.note = m[1], m[2]
		} else if m := exceptedLine.FindStringSubmatch(output); m != nil {
			t.note = m[1]
		}
		if m := secondLine.FindStringSubmatch(output); m != nil {
			t.claim = m[1]
		}
		if m := seedLine.FindStringSubmatch(output); m != nil {
			t.seed = m[0]
		} else if m := whyLine.FindStringSubmatch(output); m != nil && t.why == "" && !claimLine.MatchString(output) {
			t.why = m[1] + m[2]
		}
	case "pass":
		t.verdict, t.took = passed, took
	case "fail":
		t.verdict, t.took, t.note = failed, took, t.why
	case "skip":
		if helperLine.MatchString(t.last) {
			t.verdict = helper
			return
		}
		t.verdict, t.took = exception, took
		if m := lacksLine.FindStringSubmatch(t.last); m != nil && t.note == "" {
			t.note = m[1]
		}
		if t.note == "" {
			// Skipped for another reason than a named exception.
			t.verdict, t.note = left, t.last
		}
	}
}

// rows are a row for each claim and property, for each test that failed, and
// one for the tests that remain.
func (r *results) rows(err error, took time.Duration) []row {
	var rows []row
	rest, bad := 0, 0
	for _, name := range r.order {
		t := r.tests[name]
		if t.verdict == helper {
			continue
		}
		if t.verdict == "" {
			t.verdict, t.note = failed, "did not end"
		}
		if t.claim == "" {
			t.claim = r.claims[name]
		}
		if t.claim == "" && t.count == "" && t.verdict == passed {
			rest++
			continue
		}
		if t.claim == "" {
			t.claim = words(name)
		}
		x := row{claim: t.claim, pkg: r.pkg, test: name, count: t.count, result: t.verdict, took: t.took, note: t.note}
		if t.verdict == failed {
			bad++
			x.command = r.command(name, t.seed)
		}
		rows = append(rows, x)
	}
	sum := row{claim: "all other tests", pkg: r.pkg, count: strconv.Itoa(rest), result: passed, took: took}
	if err != nil {
		sum.result = failed
		if bad == 0 {
			sum.note, sum.command = strings.Join(r.tail, " "), r.command("", "")
		}
	}
	return append(rows, sum)
}

// command is what repeats a test: alone, with the seed that it named.
func (r *results) command(test, seed string) string {
	words := []string{"COMPTOIR_SOAK=1", "go test -count=1"}
	if strings.HasPrefix(seed, "COMPTOIR_") {
		words, seed = append([]string{seed}, words...), ""
	}
	for _, arg := range r.args {
		if !strings.HasPrefix(arg, "-run=") && (test == "" || !strings.HasPrefix(arg, "-skip=")) {
			words = append(words, quoted(arg))
		}
	}
	if test != "" {
		words = append(words, quoted("-run=^"+strings.ReplaceAll(test, "/", "$/^")+"$"))
	}
	if seed != "" {
		words = append(words, seed)
	}
	return strings.Join(words, " ")
}

// quoted keeps an argument whole in a shell.
func quoted(arg string) string {
	if strings.ContainsAny(arg, "^$|() ") {
		return "'" + arg + "'"
	}
	return arg
}
