package main

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"regexp"
	"strings"
	"time"
)

var (
	execsLine = regexp.MustCompile(`execs: (\d+)`)
	rerunLine = regexp.MustCompile(`go test -run=(Fuzz\S+)`)
)

// fuzzed ends the title of a package's chapter of fuzz targets.
const fuzzed = ": fuzz targets"

// fuzz runs every fuzz target for its time, one after the other.
func (s settings) fuzz(ctx context.Context, pkgs []pkg) []row {
	each := s.fuzzTime
	if s.fuzzOnly > 0 {
		each = s.fuzzOnly
	}
	var rows []row
	for _, p := range pkgs {
		if each <= 0 || !s.only.MatchString(p.path) {
			continue
		}
		for _, t := range p.fuzz {
			if ctx.Err() != nil {
				rows = append(rows, row{claim: t.claim, pkg: p.path + fuzzed, test: t.name, result: left, note: "out of time"})
				continue
			}
			rows = append(rows, fuzzOne(ctx, p, t, each))
		}
	}
	return rows
}

func fuzzOne(ctx context.Context, p pkg, t target, each time.Duration) row {
	fmt.Printf("proofs: %s %s for %s\n", p.path, t.name, each)
	r := row{claim: t.claim, pkg: p.path + fuzzed, test: t.name, result: passed}
	start := time.Now()
	var tail []string
	err := goTest(ctx, func(in io.Reader) {
		for lines := bufio.NewScanner(in); lines.Scan(); {
			text := strings.TrimSpace(lines.Text())
			if m := execsLine.FindStringSubmatch(text); m != nil {
				r.count = m[1]
				continue
			}
			if m := rerunLine.FindStringSubmatch(text); m != nil {
				r.command = "go test " + pattern(p.path) + " -run='^" + m[1] + "$'"
			}
			tail = append(tail, text)
			tail = tail[max(0, len(tail)-8):]
		}
	}, nil, "-run=^$", "-fuzz=^"+t.name+"$", "-fuzzminimizetime=20x", "-fuzztime="+each.String(), "-parallel=2", pattern(p.path))
	r.took = time.Since(start)
	if err != nil {
		r.result, r.note = failed, strings.Join(tail, " ")
		if r.command == "" {
			r.command = fmt.Sprintf("go test %s -run='^$' -fuzz='^%s$' -fuzzminimizetime=20x -fuzztime=%s", pattern(p.path), t.name, each)
		}
	}
	return r
}
