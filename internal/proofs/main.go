// Command proofs runs the tests with their full counts and every fuzz target
// for a time, and writes what was shown:
//
//	internal/testpg/run.sh go run ./internal/proofs -out docs/proofs.md
//	go run ./internal/proofs -only 'money|store/' -out -
//	go run ./internal/proofs -fuzz 30s          # the fuzz targets alone
//
// Full counts are COMPTOIR_SOAK=1 and -rapid.checks; a package whose properties
// would take longer than -package at -checks gets as many as fit. What does
// not fit into -total is not run and the document says so. The exit status is 1
// when something failed or was left out.
package main

import (
	"bytes"
	"context"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"regexp"
	"time"
)

type settings struct {
	out      string
	only     *regexp.Regexp
	fuzzOnly time.Duration
	fuzzTime time.Duration
	total    time.Duration
	perPkg   time.Duration
	checks   int
}

func main() {
	var s settings
	only := flag.String("only", "", "run only packages and fuzz targets whose name matches")
	flag.StringVar(&s.out, "out", "", "the document to write, - for the standard output")
	flag.DurationVar(&s.fuzzOnly, "fuzz", 0, "run nothing but the fuzz targets, each this long")
	flag.DurationVar(&s.fuzzTime, "fuzztime", time.Minute, "how long each fuzz target runs beside the tests")
	flag.DurationVar(&s.total, "total", 4*time.Hour, "when to stop")
	flag.DurationVar(&s.perPkg, "package", 45*time.Minute, "how long the properties of one package may take")
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
		var doc bytes.Buffer
		write(&doc, rows, about(ctx, s, time.Since(start)))
		if err := save(s.out, doc.Bytes()); err != nil {
			return false, err
		}
	}
	ok := true
	for _, r := range rows {
		if r.result == failed || r.result == left {
			ok = false
			fmt.Printf("%s: %s %s %s\n", r.result, r.pkg, r.test, r.note)
		}
	}
	fmt.Printf("proofs: %d rows in %s\n", len(rows), time.Since(start).Round(time.Second))
	return ok, nil
}

func save(path string, doc []byte) error {
	if path == "-" {
		_, err := os.Stdout.Write(doc)
		return err
	}
	return os.WriteFile(path, doc, 0o644)
}
