package storetest_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/comptoir-go/comptoir/internal/golden"
	"github.com/comptoir-go/comptoir/store/memstore"
	"github.com/comptoir-go/comptoir/store/storetest"
)

// The list of promises is part of what an engine's author reads.
func TestCaseList(t *testing.T) {
	var b strings.Builder
	var names []string
	for _, c := range storetest.Cases() {
		fmt.Fprintf(&b, "%s: %s\n", c.Name, c.Claim)
		if slices.Contains(names, c.Name) {
			t.Errorf("two cases are called %s", c.Name)
		}
		names = append(names, c.Name)
	}
	golden.Check(t, "testdata/cases.golden", []byte(b.String()))
}

// A hook that is missing fails the case that needs it, as long as no
// exception names it.
func TestMissingHooks(t *testing.T) {
	h := harness(flaw{})
	h.Inject = nil // the wrapped store is not the library's own
	for _, name := range []string{"durable/reopen", "durable/kill", "tenant/second_wall", "rerun/every_point"} {
		failed, said := verdict(t, name, h)
		if !failed || !strings.Contains(said, "name this case in Exceptions") {
			t.Errorf("%s without its hook: failed %v\n%s", name, failed, said)
		}
	}
}

func ExampleHarness_ExceptionList() {
	h := storetest.Harness{Name: "mystore", Exceptions: map[string]string{"durable/kill": "it keeps everything in memory"}}
	fmt.Print(h.ExceptionList())
	// Output: mystore: durable/kill: it keeps everything in memory
}

func ExampleCases() {
	first := storetest.Cases()[0]
	fmt.Printf("%s: %s\n", first.Name, first.Claim)
	// Output: roundtrip/fields: every field of every document comes back as it went in, times as UTC cut to microseconds
}

// pipe stands for a standard output that ends with its process.
type pipe struct{ left int }

func (p *pipe) Write(b []byte) (int, error) {
	if p.left == 0 {
		return 0, errors.New("killed")
	}
	p.left--
	fmt.Print(string(b))
	return len(b), nil
}

func ExampleWriteUntilKilled() {
	s := memstore.New(nil)
	defer func() { _ = s.Close() }()
	fmt.Println(storetest.WriteUntilKilled(context.Background(), s, &pipe{left: 3}))
	// Output:
	// 1
	// 2
	// 3
	// killed
}
