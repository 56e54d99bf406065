// Command benchdoc runs the benchmarks and writes the table of what was
// measured beside its raw limit and its target:
//
//	internal/testpg/run.sh go run ./internal/benchdoc -out docs/benchmarks.md
//	go run ./internal/benchdoc -only 'money|fsm' -out -
//	go run ./internal/benchdoc -from saved.txt -out -   # output of go test kept before
//
// A figure that misses its target never fails the run; the table says so, with
// the explanation kept in gaps.go. The exit status is 1 only when a benchmark
// did not run.
package main

import (
	"bytes"
	"context"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"os/signal"
	"regexp"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// run is one call of go test -bench.
type run struct {
	pkg, bench, benchtime string
}

// runs end together within ten minutes on two quiet processors.
var runs = []run{
	{"./money", "^BenchmarkPercent$", "0.5s"},
	{"./fsm", "^Benchmark(Next|NextTwoRows|Map|Switch)$", "0.5s"},
	{"./pricing", "^Benchmark(ListPricer|DecimalPeer|Adjust)$", "0.3s"},
	{"./billing", "^BenchmarkFreeze$", "0.5s"},
	{"./internal/bench", "^BenchmarkPlace$", "1000x"},
	{"./internal/bench", "^BenchmarkPlaceBatch$", "15x"},
	{"./internal/bench", "^BenchmarkRead$", "0.2s"},
	{"./internal/bench", "^BenchmarkSlice$", "0.3s"},
	{"./internal/bench", "^BenchmarkIssue$", "300x"},
	{"./internal/bench", "^BenchmarkConfirm$", "200x"},
	{"./internal/bench", "^Benchmark(Statement|Verify)$", "0.5s"},
	{"./internal/bench", "^BenchmarkPull$", "5x"},
	{"./internal/bench", "^BenchmarkCash$", "0.2s"},
}

func main() {
	out := flag.String("out", "-", "the document to write, - for the standard output")
	only := flag.String("only", "", "run only the packages and benchmarks that match")
	from := flag.String("from", "", "read this output of go test instead of running it")
	keep := flag.String("keep", "", "save the output of go test here")
	count := flag.Int("count", 1, "repeat every benchmark; the median counts")
	total := flag.Duration("total", 20*time.Minute, "when to stop")
	flag.Parse()
	match, err := regexp.Compile(*only)
	if err != nil {
		fmt.Fprintln(os.Stderr, "benchdoc:", err)
		os.Exit(2)
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	ctx, cancel := context.WithTimeout(ctx, *total)
	defer cancel()

	start := time.Now()
	var text []byte
	var failed []string
	if *from != "" {
		text, err = os.ReadFile(*from)
	} else {
		text, failed = measure(ctx, match, *count)
	}
	if err == nil && *keep != "" {
		err = os.WriteFile(*keep, text, 0o644)
	}
	if err == nil {
		err = save(*out, text, *only, time.Since(start))
	}
	if err != nil {
		failed = append(failed, err.Error())
	}
	for _, f := range failed {
		fmt.Fprintln(os.Stderr, "benchdoc:", f)
	}
	if len(failed) > 0 {
		os.Exit(1)
	}
}

// measure runs the benchmarks and returns their output and what did not run.
func measure(ctx context.Context, only *regexp.Regexp, count int) (text []byte, failed []string) {
	var out bytes.Buffer
	for _, r := range runs {
		if !only.MatchString(r.pkg + " " + r.bench) {
			continue
		}
		args := []string{"test", "-run=^$", "-bench=" + r.bench, "-benchtime=" + r.benchtime, "-benchmem",
			"-count=" + strconv.Itoa(count), "-timeout=20m", r.pkg}
		fmt.Fprintln(os.Stderr, "benchdoc: go", strings.Join(args, " "))
		cmd := exec.CommandContext(ctx, "go", args...)
		cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
		cmd.Cancel = func() error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGTERM) }
		cmd.WaitDelay = 10 * time.Second
		cmd.Stdout = io.MultiWriter(&out, os.Stderr)
		cmd.Stderr = os.Stderr
		if err := cmd.Run(); err != nil {
			failed = append(failed, fmt.Sprintf("%s %s: %v", r.pkg, r.bench, err))
		}
	}
	return out.Bytes(), failed
}

func save(path string, text []byte, only string, took time.Duration) error {
	var doc bytes.Buffer
	write(&doc, parse(text), only, took)
	if path == "-" {
		_, err := os.Stdout.Write(doc.Bytes())
		return err
	}
	return os.WriteFile(path, doc.Bytes(), 0o644)
}
