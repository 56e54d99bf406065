// Command benchdoc runs the benchmarks and writes the table of what was
// measured beside its raw limit and its target:
//
//	internal/testpg/run.sh go run ./internal/benchdoc -out docs/benchmarks.md
//	go run ./internal/benchdoc -only 'money|fsm' -out -
//	go run ./internal/benchdoc -from saved.txt -out -   # output of go test kept before
//
// Sections of which nothing was measured stay as they are in the document that
// is there, so that -only rewrites what it matches and nothing else; each says
// at which revision it was measured.
//
// A figure that misses its target never fails the run; the table says so, with
// the explanation kept in gaps.go. The exit status is 1 only when a benchmark
// did not run.
package main

import (
	"bytes"
	"context"
	"errors"
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

	"github.com/comptoir-go/comptoir/internal/chapters"
)

// run is one call of go test -bench.
type run struct {
	pkg, bench, benchtime string
}

// runs end together within fifteen minutes on two quiet processors.
var runs = []run{
	{"./money", "^BenchmarkPercent$", "0.5s"},
	{"./fsm", "^Benchmark(Next|NextTwoRows|Map|Switch)$", "0.5s"},
	{"./pricing", "^Benchmark(ListPricer|DecimalPeer|Adjust)$", "0.3s"},
	{"./pricing", "^BenchmarkEngine(Calculation|Peer|Rules)?$", "0.3s"},
	{"./pricing", "^BenchmarkExplain$", "0.3s"},
	{"./pricing", "^Benchmark(Lint|Simulate)$", "0.3s"},
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
		err = save(ctx, *out, text)
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

// save writes the document over the one that is there.
func save(ctx context.Context, path string, text []byte) error {
	var doc bytes.Buffer
	m := parse(text)
	if rev, err := exec.CommandContext(context.WithoutCancel(ctx), "git", "describe", "--always", "--dirty").Output(); err == nil {
		m.config["revision"] = strings.TrimSpace(string(rev))
	}
	if path == "-" {
		write(&doc, m, nil)
		_, err := os.Stdout.Write(doc.Bytes())
		return err
	}
	old, err := os.ReadFile(path)
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		return err
	}
	write(&doc, m, chapters.Split(string(old)))
	return os.WriteFile(path, doc.Bytes(), 0o644)
}
