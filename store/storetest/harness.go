package storetest

import (
	"context"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/comptoir-go/comptoir/access"
	"github.com/comptoir-go/comptoir/store"
	"github.com/comptoir-go/comptoir/store/internal/engine"
)

// Harness is how the suite gets at an engine. Open and Oracle are required.
type Harness struct {
	// Name is the engine's.
	Name string
	// Open makes a fresh, empty store, gone when the test ends. The suite
	// closes it.
	Open func(t testing.TB, o Options) store.Store
	// Oracle makes the store that random commands are compared with, usually
	// memstore.
	Oracle func(t testing.TB, o Options) store.Store
	// Reopen opens the data of s again, which Open made and which has been
	// closed since; nil when nothing outlives Close.
	Reopen func(t testing.TB, s store.Store, o Options) store.Store
	// Kill returns the command of a process that opens the data of s and runs
	// WriteUntilKilled on it with its standard output; s has been closed. nil
	// when nothing outlives the process.
	Kill func(t testing.TB, s store.Store) *exec.Cmd
	// SecondWall counts the partners of tenant other that a statement without
	// any tenant condition reaches through the engine's own session for
	// tenant as. nil when the engine has no wall below its statements.
	SecondWall func(t testing.TB, s store.Store, as, other access.Tenant) int
	// Inject returns a second handle on s whose transactions call fn at every
	// statement, begin and end, with the point's name; what fn returns
	// happens in place of the statement. The engine must take ErrInjected for
	// a passing failure that left nothing behind. At PointCommitAfter the
	// commit has taken place and its answer is lost for good. nil is enough
	// for the stores of this library.
	Inject func(s store.Store, fn func(point string) error) (store.Store, bool)
	// Exceptions names the cases that the engine cannot pass, each with the
	// reason.
	Exceptions map[string]string
}

// Options are what the suite asks of a store it opens.
type Options struct {
	// Now is the clock of leases and dead letters.
	Now func() time.Time
	// Wait should bound the wait for another writer where the engine has such
	// a bound.
	Wait time.Duration
}

// ErrInjected is the passing failure that Inject hands to the engine.
var ErrInjected error = engine.ErrInjected

// PointCommitAfter is the point after a commit whose answer is lost.
const PointCommitAfter = engine.AtCommitAfter

// Case is one promise of stores.
type Case struct {
	// Name is "area/promise"; exceptions use it.
	Name string
	// Claim is the promise in a sentence.
	Claim string
	run   func(*env)
}

// Check runs one case on a store of its own.
func (c Case) Check(t testing.TB, h Harness) {
	t.Helper()
	own := &shop{tb: t, h: h, clock: newClock()}
	defer own.close()
	c.check(t, h, own)
}

func (c Case) check(t testing.TB, h Harness, shared *shop) {
	t.Helper()
	t.Logf("claim: %s", c.Claim)
	ctx, cancel := context.WithTimeout(t.Context(), time.Duration(count(3, 30))*time.Minute)
	defer cancel()
	e := &env{TB: t, h: h, ctx: ctx, clock: shared.clock, shop: shared}
	defer e.close()
	c.run(e)
}

// Run runs every case as a subtest of its name. Cases of one area share a
// store, each in tenants of its own, unless they need a fresh one.
func Run(t *testing.T, h Harness) {
	t.Helper()
	cases := Cases()
	h.validate(t, cases)
	var shared *shop
	area := ""
	for _, c := range cases {
		if now, _, _ := strings.Cut(c.Name, "/"); shared == nil || now != area {
			shared.close()
			area, shared = now, &shop{tb: t, h: h, clock: newClock()}
		}
		ok := t.Run(c.Name, func(t *testing.T) {
			if why, ok := h.Exceptions[c.Name]; ok {
				t.Skipf("EXCEPTION: %s; not promised by %s: %s", c.Claim, h.Name, why)
			}
			c.check(t, h, shared)
		})
		if !ok {
			// What a failed case left open must not fail the next one.
			shared.close()
			shared = nil
		}
	}
	shared.close()
}

func (h Harness) validate(t testing.TB, cases []Case) {
	t.Helper()
	if h.Open == nil || h.Oracle == nil {
		t.Fatal("storetest: a harness needs Open and Oracle")
	}
	for _, name := range slices.Sorted(maps.Keys(h.Exceptions)) {
		if !slices.ContainsFunc(cases, func(c Case) bool { return c.Name == name }) {
			t.Errorf("the exception %q names no case", name)
		}
		if h.Exceptions[name] == "" {
			t.Errorf("the exception %q needs a reason", name)
		}
	}
}

// Cases lists every case in the order in which Run runs them.
func Cases() []Case {
	return slices.Concat(roundTripCases(), textCases(), aliasCases(), versionCases(), atomicCases(),
		serialCases(), rerunCases(), disciplineCases(), queryCases(), codeCases(), pageCases(), outboxCases(),
		leaseCases(), letterCases(), inboxCases(), keyCases(), counterCases(), durableCases(), tenantCases(),
		closeCases(), randomCases())
}

// ExceptionList prints the exceptions in a stable form, for a golden file.
func (h Harness) ExceptionList() string {
	var b strings.Builder
	for _, name := range slices.Sorted(maps.Keys(h.Exceptions)) {
		fmt.Fprintf(&b, "%s: %s: %s\n", h.Name, name, h.Exceptions[name])
	}
	if b.Len() == 0 {
		fmt.Fprintf(&b, "%s: none\n", h.Name)
	}
	return b.String()
}

func soaking() bool { return os.Getenv("COMPTOIR_SOAK") == "1" }

// count is the reduced number, or the full one when soaking.
func count(reduced, full int) int {
	if soaking() {
		return full
	}
	return reduced
}

// seed is the seed of a random case.
func (e *env) seed() uint64 {
	e.Helper()
	seed := uint64(20260301)
	if text := os.Getenv("COMPTOIR_SEED"); text != "" {
		n, err := strconv.ParseUint(text, 10, 64)
		e.must(err)
		seed = n
	} else if soaking() {
		seed = uint64(time.Now().UnixNano())
	}
	e.Logf("seed %d; repeat it with COMPTOIR_SEED=%d", seed, seed)
	return seed
}
