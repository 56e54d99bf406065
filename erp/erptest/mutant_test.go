package erptest_test

import (
	"context"
	"maps"
	"os"
	"os/exec"
	"regexp"
	"slices"
	"sort"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/comptoir-go/comptoir/erp"
	"github.com/comptoir-go/comptoir/erp/erptest"
	"github.com/comptoir-go/comptoir/erp/memerp"
	"github.com/comptoir-go/comptoir/internal/memsubject"
)

// whole is what a full adapter of memerp implements.
type whole interface {
	erp.Adapter
	erp.Partial
	memsubject.Whole
}

// mutant is an adapter with one thing broken; a nil function is the ERP's own.
type mutant struct {
	whole
	describe func(erp.Description) erp.Description
	ping     func(ctx context.Context) error
	push     func(ctx context.Context, o erp.Order) (erp.Receipt, error)
	find     func(ctx context.Context, key string) (erp.Receipt, error)
	revise   func(ctx context.Context, id string, o erp.Order) (erp.Receipt, error)
	cancel   func(ctx context.Context, id, reason string) (erp.Receipt, error)
	advance  func(ctx context.Context, id string, to erp.OrderState) (erp.Receipt, error)
	rest     func(ctx context.Context, id string, lines []erp.LineQuantity) (erp.Receipt, error)
	has      func(op erp.Op) bool
	list     func(ctx context.Context, s erp.Stream, after erp.Cursor, limit int) (erp.Page[string], error)
	docs     docHooks
	goods    goodsHooks
	pulls    pullHooks
}

func (m mutant) Describe() erp.Description {
	if m.describe != nil {
		return m.describe(m.whole.Describe())
	}
	return m.whole.Describe()
}

func (m mutant) Ping(ctx context.Context) error {
	if m.ping != nil {
		return m.ping(ctx)
	}
	return m.whole.Ping(ctx)
}

func (m mutant) PushOrder(ctx context.Context, o erp.Order) (erp.Receipt, error) {
	if m.push != nil {
		return m.push(ctx, o)
	}
	return m.whole.PushOrder(ctx, o)
}

func (m mutant) FindOrder(ctx context.Context, key string) (erp.Receipt, error) {
	if m.find != nil {
		return m.find(ctx, key)
	}
	return m.whole.FindOrder(ctx, key)
}

func (m mutant) ReviseOrder(ctx context.Context, id string, o erp.Order) (erp.Receipt, error) {
	if m.revise != nil {
		return m.revise(ctx, id, o)
	}
	return m.whole.ReviseOrder(ctx, id, o)
}

func (m mutant) CancelOrder(ctx context.Context, id, reason string) (erp.Receipt, error) {
	if m.cancel != nil {
		return m.cancel(ctx, id, reason)
	}
	return m.whole.CancelOrder(ctx, id, reason)
}

func (m mutant) AdvanceOrder(ctx context.Context, id string, to erp.OrderState) (erp.Receipt, error) {
	if m.advance != nil {
		return m.advance(ctx, id, to)
	}
	return m.whole.AdvanceOrder(ctx, id, to)
}

// breakage is one mutant and the cases that catch it: these and no others.
type breakage struct {
	caught []string
	keys   memerp.Keys
	make   func(w whole) mutant
	// inside is make for a mutant that looks into the ERP.
	inside func(books *memerp.ERP, w whole) mutant
	// overlap is that of the ERP's pages, declared what the harness says of it;
	// wire breaks the adapter over HTTP in place of the one in memory.
	overlap, declared int
	wire              quirks
}

func mutants() map[string]breakage {
	all := pushMutants()
	maps.Copy(all, faultMutants())
	maps.Copy(all, stateMutants())
	maps.Copy(all, reviseMutants())
	maps.Copy(all, docMutants())
	maps.Copy(all, goodsMutants())
	maps.Copy(all, pullMutants())
	maps.Copy(all, exactMutants())
	maps.Copy(all, timeMutants())
	maps.Copy(all, listMutants())
	maps.Copy(all, wireMutants())
	return all
}

// TestMutant runs the suite on the mutant that the environment names; alone
// it does nothing.
func TestMutant(t *testing.T) {
	name := os.Getenv("ERPTEST_MUTANT")
	if name == "" {
		t.Skip("run by TestTheSuiteCatchesMutants")
	}
	m, ok := mutants()[name]
	require.True(t, ok, name)
	o := &memerp.Options{Keys: m.keys, Overlap: m.overlap}
	if m.wire != (quirks{}) {
		h := overTheWire(o, m.wire)
		h.Patience = 200 * time.Millisecond // an answer has begun by then, on a busy machine, too
		erptest.Run(t, h)
		return
	}
	h := harness(o)
	h.Overlap = m.declared
	h.New = func(*testing.T) erptest.Subject {
		books, s := memsubject.Open(o)
		adapter := func() erp.Adapter {
			w := books.Adapter().(whole)
			broken := mutant{}
			switch {
			case m.make != nil:
				broken = m.make(w)
			case m.inside != nil:
				broken = m.inside(books, w)
			}
			broken.whole, broken.docs.books = w, books
			return broken
		}
		s.Adapter, s.Reopen = adapter(), adapter
		return s
	}
	erptest.Run(t, h)
}

// TestExceptions runs the suite with exceptions that must not pass.
func TestExceptions(t *testing.T) {
	except := map[string]string{"push_twize": "a slip of the pen", "ping": " "}
	if os.Getenv("ERPTEST_MUTANT") == "exceptions" {
		erptest.Run(t, erptest.Harness{Except: except, New: func(*testing.T) erptest.Subject {
			return erptest.Subject{Adapter: memerp.New(nil).Adapter()}
		}})
		return
	}
	out := mustFail(t, "TestExceptions", "exceptions")
	require.Contains(t, out, `Harness.Except names "push_twize", which is no case`)
	require.Contains(t, out, `Harness.Except gives no reason for "ping"`)
}

// An ERP that keeps its documents has the keys of an earlier run, which is said.
func TestKeysOfAnEarlierRun(t *testing.T) {
	if os.Getenv("ERPTEST_MUTANT") == "kept documents" {
		kept := inMemory(nil)
		h := harness(nil)
		h.New = func(*testing.T) erptest.Subject { return kept }
		erptest.Run(t, h)
		erptest.Run(t, h)
		return
	}
	require.Contains(t, mustFail(t, "TestKeysOfAnEarlierRun", "kept documents"), `the ERP has the key "push_draft-1" already; one that keeps its documents needs a new Harness.Prefix`)
}

// mustFail runs one test of this binary in a process of its own and returns
// what it printed.
func mustFail(t *testing.T, test, mutant string) string {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^"+test+"$", "-test.count=1", "-test.timeout=10m")
	cmd.Env = append(os.Environ(), "ERPTEST_MUTANT="+mutant)
	out, err := cmd.CombinedOutput()
	var exit *exec.ExitError
	require.ErrorAs(t, err, &exit, "it passed:\n%s", out)
	return string(out)
}

var failedCase = regexp.MustCompile(`(?m)^\s+--- FAIL: TestMutant/(\w+)`)

// together are claims that no defect breaks alone, with the reason.
var together = map[string]string{
	"cancel_draft": "what keeps the first cancellation from its draft shows wherever a draft is cancelled",
}

// family is the claim without the stream or the kind of document that it is
// made of: a defect of them all is one.
var family = regexp.MustCompile(`^(pull|list)_[a-z]+_|^(?:payment|invoice|message)_`)

// A claim that no mutant violates could be a case that cannot fail, and one
// that none violates alone could be a part of another.
func TestEveryClaimHasAMutantOfItsOwn(t *testing.T) {
	caught, alone := map[string]bool{}, map[string]bool{}
	for _, m := range mutants() {
		families := map[string]bool{}
		for _, c := range m.caught {
			caught[c], families[family.ReplaceAllString(c, "$1:")] = true, true
		}
		for _, c := range m.caught {
			alone[c] = alone[c] || len(families) == 1
		}
	}
	for _, c := range erptest.Claims() {
		require.True(t, caught[c.Case], "%s is violated by no mutant", c.Case)
		require.Equal(t, together[c.Case] == "", alone[c.Case], "%s is violated by no mutant alone, or by one", c.Case)
	}
}

func TestTheSuiteCatchesMutants(t *testing.T) {
	all := mutants()
	var names []string
	for name := range all {
		names = append(names, name)
	}
	sort.Strings(names)
	for _, name := range names {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			out := mustFail(t, "TestMutant", name)
			failed := map[string]bool{}
			for _, m := range failedCase.FindAllStringSubmatch(out, -1) {
				failed[m[1]] = true
			}
			require.ElementsMatch(t, all[name].caught, slices.Collect(maps.Keys(failed)), out)
			require.Contains(t, out, "the claim: ")
		})
	}
}
