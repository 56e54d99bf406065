// Command proofs runs the tests with their full counts and every fuzz target
// for a time, and writes what was shown:
//
//	internal/testpg/run.sh go run ./internal/proofs -out docs/proofs.md
//	go run ./internal/proofs -only '^pricing$' -out docs/proofs.md  # these packages' chapters only
//	go run ./internal/proofs -checks 100 -fuzztime 2s -out -        # a short run
//	go run ./internal/proofs -fuzz 30s                              # the fuzz targets alone
//
// Full counts are COMPTOIR_SOAK=1 and -rapid.checks; a law that would take
// longer than -law at -checks runs by itself, with as many cases as fit. What
// does not fit into -total is not run and the document says so. Chapters of
// packages that -only leaves out stay as they are in the document that is
// there. The exit status is 1 when something failed or was left out.
package main

import (
	"bytes"
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"regexp"
	"time"

	"github.com/comptoir-go/comptoir/internal/chapters"
)

type settings struct {
	out      string
	only     *regexp.Regexp
	fuzzOnly time.Duration
	fuzzTime time.Duration
	total    time.Duration
	perLaw   time.Duration
	checks   int
}

func main() {
	var s settings
	only := flag.String("only", "", "run only packages whose path matches, with their fuzz targets")
	flag.StringVar(&s.out, "out", "", "the document to write, - for the standard output")
	flag.DurationVar(&s.fuzzOnly, "fuzz", 0, "run nothing but the fuzz targets, each this long")
	flag.DurationVar(&s.fuzzTime, "fuzztime", time.Minute, "how long each fuzz target runs beside the tests, 0 for not at all")
	flag.DurationVar(&s.total, "total", 4*time.Hour, "when to stop")
	flag.DurationVar(&s.perLaw, "law", 10*time.Minute, "how long one law may take")
	flag.IntVar(&s.checks, "checks", 20_000, "cases per property")
	flag.Parse()
	var err error
	if s.only, err = regexp.Compile(*only); err != nil {
		fmt.Fprintln(os.Stderr, "proofs:", err)
		os.Exit(2)
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	ok, err := s.run(ctx)
	if err != nil {
		fmt.Fprintln(os.Stderr, "proofs:", err)
	}
	if err != nil || !ok {
		stop()
		os.Exit(1)
	}
}

// run does the work and reports whether everything that was asked for passed.
func (s settings) run(ctx context.Context) (bool, error) {
	ctx, cancel := context.WithTimeout(ctx, s.total)
	defer cancel()
	start := time.Now()
	h := about(ctx, s)
	pkgs, err := list(ctx)
	if err != nil {
		return false, err
	}
	var rows []row
	if s.fuzzOnly == 0 {
		rows = s.tests(ctx, pkgs)
	}
	rows = append(rows, s.fuzz(ctx, pkgs)...)
	if s.out != "" {
		if err := save(s.out, pkgs, rows, h); err != nil {
			return false, err
		}
	}
	ok := true
	for _, r := range rows {
		if r.result == failed || r.result == left {
			ok = false
			fmt.Printf("%s: %s %s %s\n\t%s\n", r.result, r.pkg, r.test, r.note, r.command)
		}
	}
	fmt.Printf("proofs: %d rows in %s\n", len(rows), time.Since(start).Round(time.Second))
	return ok, nil
}

// save writes the document over the one that is there.
func save(path string, pkgs []pkg, rows []row, h header) error {
	var doc bytes.Buffer
	if path == "-" {
		write(&doc, pkgs, rows, h, nil)
		_, err := os.Stdout.Write(doc.Bytes())
		return err
	}
	old, err := os.ReadFile(path)
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		return err
	}
	write(&doc, pkgs, rows, h, chapters.Split(string(old)))
	return os.WriteFile(path, doc.Bytes(), 0o644)
}
