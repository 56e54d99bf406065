package main

import (
	"context"
	"fmt"
	"io"
	"maps"
	"math"
	"os"
	"os/exec"
	"slices"
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
	// helper is a test that is part of another one; it has no row.
	helper = "helper"
)

// row is one line of the document.
type row struct {
	claim, pkg, test string
	count            string
	result           string
	took             time.Duration
	note             string
	// command repeats what failed.
	command string
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
	counts := map[string]int{}
	if p.rapid {
		counts = s.fit(ctx, p)
	}
	slow := slices.Sorted(maps.Keys(counts))
	var args []string
	if p.rapid {
		args = append(args, "-rapid.checks="+strconv.Itoa(s.checks))
	}
	if len(slow) > 0 {
		args = append(args, "-skip=^("+strings.Join(slow, "|")+")$")
	}
	rows := s.goTest(ctx, p, s.total, args...)
	for _, law := range slow {
		// Twice the bound: what few cases took says roughly what many take.
		one := s.goTest(ctx, p, 2*s.perLaw, "-rapid.checks="+strconv.Itoa(counts[law]), "-run=^"+law+"$")
		rows = append(rows, one[:len(one)-1]...)
		if sum := one[len(one)-1]; sum.result == failed && len(one) == 1 {
			rows = append(rows, sum)
		}
	}
	return rows
}

// goTest runs tests of a package with their full counts.
func (s settings) goTest(ctx context.Context, p pkg, bound time.Duration, args ...string) []row {
	args = append([]string{pattern(p.path)}, args...)
	fmt.Println("proofs: go test", strings.Join(args, " "))
	r := newResults(p)
	r.args = args
	start := time.Now()
	err := goTest(ctx, r.read, []string{"COMPTOIR_SOAK=1"}, append([]string{"-count=1", "-json", "-timeout=" + bound.String()}, args...)...)
	return r.rows(err, time.Since(start))
}

func pattern(path string) string {
	if path == "." {
		return "."
	}
	return "./" + path
}

// fit finds, from what few cases take, the laws whose full count does not end
// within the bound of one, and the counts that do.
func (s settings) fit(ctx context.Context, p pkg) map[string]int {
	few := min(50, s.checks)
	r := newResults(p)
	_ = goTest(ctx, r.read, nil, "-count=1", "-json", pattern(p.path), "-rapid.checks="+strconv.Itoa(few))
	return s.slow(r, few)
}

func (s settings) slow(r *results, few int) map[string]int {
	counts := map[string]int{}
	for name, t := range r.tests {
		if !t.law {
			continue
		}
		// A law in subtests runs as a whole.
		law, _, _ := strings.Cut(name, "/")
		if n := checks(s.checks, few, s.perLaw, r.tests[law].took); n < s.checks {
			counts[law] = n
		}
	}
	return counts
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
