package main

import (
	"context"
	"fmt"
	"io"
	"os/exec"
	"runtime"
	"strings"
	"time"

	"github.com/comptoir-go/comptoir/internal/chapters"
)

// header is what each chapter says of its run.
type header struct{ revision, machine string }

func about(ctx context.Context, s settings) header {
	h := header{machine: fmt.Sprintf("%s/%s, %d processors, %s", runtime.GOOS, runtime.GOARCH, runtime.NumCPU(), runtime.Version())}
	out, err := exec.CommandContext(ctx, "git", "describe", "--always", "--dirty").Output()
	if err == nil {
		h.revision = strings.TrimSpace(string(out))
	}
	return h
}

// write renders the document, package by package, with what was not shown
// first. Chapters of which nothing was run are kept from the document that was
// there.
func write(w io.Writer, pkgs []pkg, rows []row, h header, old []chapters.Chapter) {
	var all []chapters.Chapter
	for _, p := range pkgs {
		for _, key := range []string{p.path, p.path + fuzzed} {
			c := chapters.Chapter{Title: name(key)}
			if mine := of(rows, key); len(mine) > 0 {
				c.Text = chapter(mine, h)
			} else {
				c.Text = chapters.Find(old, c.Title)
			}
			if c.Text != "" {
				all = append(all, c)
			}
		}
	}
	say := func(format string, args ...any) { _, _ = fmt.Fprintf(w, format+"\n", args...) }
	say("# Proofs\n")
	say("What the tests showed with their full counts: laws with the number of random cases, conformance cases and other tests")
	say("by their claim, fuzz targets with the number of inputs. An exception is a promise that an engine does not make, with")
	say("the reason. Written by `make soak`.\n")
	verdicts := map[string]int{}
	missing := ""
	for _, c := range all {
		for line := range strings.Lines(c.Text) {
			v := verdict(line)
			verdicts[v]++
			if v == failed || v == left {
				missing += line
			}
		}
	}
	say("%d passed, %d exceptions, %d failed, %d not run.", verdicts[passed], verdicts[exception], verdicts[failed], verdicts[left])
	if missing != "" {
		say("\n## Not shown\n\n%s%s", tableHead, strings.TrimSuffix(missing, "\n"))
	}
	for _, c := range all {
		say("\n## %s\n\n%s", c.Title, strings.TrimSuffix(c.Text, "\n"))
	}
}

func of(rows []row, key string) (mine []row) {
	for _, r := range rows {
		if r.pkg == key {
			mine = append(mine, r)
		}
	}
	return mine
}

const tableHead = "| claim | test | count | result | time |\n|---|---|---:|---|---:|\n"

// verdict is the result of a row of a table, empty for other lines.
func verdict(line string) string {
	cells := strings.Split(line, " | ")
	if len(cells) < 5 {
		return ""
	}
	result := cells[len(cells)-2]
	if end := strings.IndexAny(result, ":;"); end >= 0 {
		result = result[:end]
	}
	return result
}

// chapter is the table of one package.
func chapter(rows []row, h header) string {
	var b strings.Builder
	fmt.Fprintf(&b, "Revision %s; %s.\n\n%s", h.revision, h.machine, tableHead)
	for _, r := range rows {
		result := r.result
		if r.note != "" {
			result += ": " + r.note
		}
		result = cell(result)
		if r.command != "" {
			result += "; `" + strings.ReplaceAll(r.command, "|", `\|`) + "`"
		}
		fmt.Fprintf(&b, "| %s | %s | %s | %s | %s |\n", cell(r.claim), code(r.test), r.count, result, r.took.Round(10*time.Millisecond))
	}
	return b.String()
}

func name(path string) string {
	if rest, ok := strings.CutPrefix(path, "."); ok {
		return "comptoir" + rest
	}
	return path
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
