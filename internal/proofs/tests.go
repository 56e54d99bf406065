package main

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"math"
	"os"
	"os/exec"
	"regexp"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// The results of a row.
const (
	passed    = "passed"
	failed    = "FAILED"
	exception = "exception"
	left      = "NOT RUN"
)

// row is one line of the document.
type row struct {
	claim, pkg, test string
	count            string
	result           string
	took             time.Duration
	note             string
}

// tests runs every package's tests.
func (s settings) tests(ctx context.Context, pkgs []pkg) []row {
	var rows []row
	for _, p := range pkgs {
		if !s.only.MatchString(p.path) {
			continue
		}
		if ctx.Err() != nil {
			rows = append(rows, row{claim: "its tests", pkg: p.path, result: left, note: "out of time"})
			continue
		}
		rows = append(rows, s.test(ctx, p)...)
	}
	return rows
}

func (s settings) test(ctx context.Context, p pkg) []row {
	args := []string{"-count=1", "-json", "-timeout=" + s.total.String(), pattern(p.path)}
	if p.rapid {
		args = append(args, "-rapid.checks="+strconv.Itoa(s.fit(ctx, p)))
	}
	fmt.Println("proofs: go test", strings.Join(args[3:], " "))
	r := newResults(p.path)
	start := time.Now()
	err := goTest(ctx, r.read, []string{"COMPTOIR_SOAK=1"}, args...)
	return r.rows(err, time.Since(start))
}

func pattern(path string) string {
	if path == "." {
		return "."
	}
	return "./" + path
}

// fit finds how many cases per property end within the bound, from what few
// of them take.
func (s settings) fit(ctx context.Context, p pkg) int {
	const few = 50
	r := newResults(p.path)
	_ = goTest(ctx, r.read, nil, "-count=1", "-json", pattern(p.path), "-rapid.checks="+strconv.Itoa(few))
	return checks(s.checks, few, s.perPkg, r.inProperties())
}

// checks scales a count to a time, down to hundreds.
func checks(most, few int, bound, took time.Duration) int {
	n := float64(few) * float64(bound) / float64(max(took, time.Millisecond))
	return max(few, min(most, int(math.Floor(n/100))*100))
}

// goTest runs go test and hands its output to read. Its process group ends
// with the context.
func goTest(ctx context.Context, read func(io.Reader), env []string, args ...string) error {
	cmd := exec.CommandContext(ctx, "go", append([]string{"test"}, args...)...)
	cmd.Env = append(os.Environ(), env...)
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	cmd.Cancel = func() error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGTERM) }
	cmd.WaitDelay = 10 * time.Second
	out, err := cmd.StdoutPipe()
	if err != nil {
		return err
	}
	cmd.Stderr = os.Stderr
	if err := cmd.Start(); err != nil {
		return err
	}
	read(out)
	return cmd.Wait()
}

// results are what `go test -json` said of one package.
type results struct {
	pkg   string
	order []string
	tests map[string]*result
	tail  []string
}

type result struct {
	claim, count, verdict, note, last string
	took                              time.Duration
}

func newResults(path string) *results { return &results{pkg: path, tests: map[string]*result{}} }

// inProperties is the time spent in tests that counted random cases.
func (r *results) inProperties() time.Duration {
	var sum time.Duration
	for _, t := range r.tests {
		if t.count != "" {
			sum += t.took
		}
	}
	return sum
}

var (
	claimLine = regexp.MustCompile(`claim: (.*)\n`)
	rapidLine = regexp.MustCompile(`\[rapid\] OK, passed (\d+) tests`)
	skipLine  = regexp.MustCompile(`EXCEPTION: (.*); not promised by [^:]*: (.*)\n`)
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
			t.count = m[1]
		}
		if text := strings.TrimSpace(output); !strings.HasPrefix(text, "--- ") && !strings.HasPrefix(text, "=== ") {
			t.last = text
		}
		if m := skipLine.FindStringSubmatch(output); m != nil {
			t.claim, t.note = m[1], m[2]
		}
	case "pass":
		t.verdict, t.took = passed, took
	case "fail":
		t.verdict, t.took = failed, took
	case "skip":
		t.verdict, t.took = exception, took
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
		if t.verdict == "" {
			t.verdict, t.note = failed, "did not end"
		}
		if t.verdict == failed {
			bad++
		}
		if t.claim == "" && t.count == "" && t.verdict == passed {
			rest++
			continue
		}
		if t.claim == "" {
			t.claim = words(name)
		}
		rows = append(rows, row{t.claim, r.pkg, name, t.count, t.verdict, t.took, t.note})
	}
	sum := row{claim: "all other tests", pkg: r.pkg, count: strconv.Itoa(rest), result: passed, took: took}
	if err != nil {
		sum.result = failed
		if bad == 0 {
			sum.note = strings.Join(r.tail, " ")
		}
	}
	return append(rows, sum)
}
