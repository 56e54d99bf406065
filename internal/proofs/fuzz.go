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

var execsLine = regexp.MustCompile(`execs: (\d+)`)

// fuzz runs every fuzz target for its time, one after the other.
func (s settings) fuzz(ctx context.Context, pkgs []pkg) []row {
	each := s.fuzzTime
	if s.fuzzOnly > 0 {
		each = s.fuzzOnly
	}
	var rows []row
	for _, p := range pkgs {
		for _, t := range p.fuzz {
			if !s.only.MatchString(p.path + " " + t.name) {
				continue
			}
			if ctx.Err() != nil {
				rows = append(rows, row{claim: t.claim, pkg: p.path, test: t.name, result: left, note: "out of time"})
				continue
			}
			rows = append(rows, fuzzOne(ctx, p, t, each))
		}
	}
	return rows
}

func fuzzOne(ctx context.Context, p pkg, t target, each time.Duration) row {
	fmt.Printf("proofs: %s %s for %s\n", p.path, t.name, each)
	r := row{claim: t.claim, pkg: p.path, test: t.name, result: passed}
	start := time.Now()
	var tail []string
	err := goTest(ctx, func(in io.Reader) {
		for lines := bufio.NewScanner(in); lines.Scan(); {
			text := strings.TrimSpace(lines.Text())
			if m := execsLine.FindStringSubmatch(text); m != nil {
				r.count = m[1]
				continue
			}
			tail = append(tail, text)
			tail = tail[max(0, len(tail)-8):]
		}
	}, nil, "-run=^$", "-fuzz=^"+t.name+"$", "-fuzztime="+each.String(), "-parallel=2", pattern(p.path))
	r.took = time.Since(start)
	if err != nil {
		r.result, r.note = failed, strings.Join(tail, " ")
	}
	return r
}
