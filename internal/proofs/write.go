package main

import (
	"context"
	"fmt"
	"io"
	"os/exec"
	"runtime"
	"strings"
	"time"
)

// header is what the document says of its run.
type header struct {
	command, machine string
	took             time.Duration
	fuzz             time.Duration
	partial          string
}

func about(ctx context.Context, s settings, took time.Duration) header {
	h := header{command: "make soak", took: took, fuzz: s.fuzzTime, partial: s.only.String(),
		machine: fmt.Sprintf("%s/%s, %d processors, %s", runtime.GOOS, runtime.GOARCH, runtime.NumCPU(), runtime.Version())}
	if s.fuzzOnly > 0 {
		h.command, h.fuzz = "make fuzz FUZZTIME="+s.fuzzOnly.String(), s.fuzzOnly
	}
	out, err := exec.CommandContext(context.WithoutCancel(ctx), "git", "describe", "--always", "--dirty").Output()
	if err == nil {
		h.machine += ", revision " + strings.TrimSpace(string(out))
	}
	return h
}

// write renders the document: what failed first, then package by package.
func write(w io.Writer, rows []row, h header) {
	say := func(format string, args ...any) { _, _ = fmt.Fprintf(w, format+"\n", args...) }
	say("# Proofs\n")
	say("What the tests showed with their full counts: properties with the number of random cases, conformance cases by")
	say("their claim, fuzz targets (%s each) with the number of inputs. An exception is a promise that an engine does not", h.fuzz)
	say("make, with the reason. Written by `%s` in %s on %s.\n", h.command, h.took.Round(time.Second), h.machine)
	if h.partial != "" {
		say("Only what matches `%s` was run.\n", h.partial)
	}
	verdicts := map[string]int{}
	for _, r := range rows {
		verdicts[r.result]++
	}
	say("%d passed, %d exceptions, %d failed, %d not run.\n", verdicts[passed], verdicts[exception], verdicts[failed], verdicts[left])
	if verdicts[failed]+verdicts[left] > 0 {
		say("## Not shown\n")
		table(say, rows, func(r row) bool { return r.result == failed || r.result == left })
	}
	done := map[string]bool{}
	for _, r := range rows {
		if done[r.pkg] {
			continue
		}
		done[r.pkg] = true
		say("## %s\n", name(r.pkg))
		table(say, rows, func(x row) bool { return x.pkg == r.pkg })
	}
}

func name(path string) string {
	if path == "." {
		return "comptoir"
	}
	return path
}

func table(say func(string, ...any), rows []row, want func(row) bool) {
	say("| claim | test | count | result | time |")
	say("|---|---|---:|---|---:|")
	for _, r := range rows {
		if !want(r) {
			continue
		}
		result := r.result
		if r.note != "" {
			result += ": " + r.note
		}
		say("| %s | %s | %s | %s | %s |", cell(r.claim), code(r.test), r.count, cell(result), r.took.Round(10*time.Millisecond))
	}
	say("")
}

func code(s string) string {
	if s == "" {
		return ""
	}
	return "`" + s + "`"
}

// cell keeps a text within its cell.
func cell(s string) string {
	const most = 400
	s = strings.NewReplacer("|", `\|`, "\n", " ").Replace(s)
	if len(s) > most {
		s = strings.ToValidUTF8(s[:most], "") + "…"
	}
	return s
}
