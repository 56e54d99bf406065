package blobtest

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/comptoir-go/comptoir/access"
	"github.com/comptoir-go/comptoir/blob"
)

// Harness tells the suite how to reach a store.
type Harness struct {
	// New returns the empty store of one case, to be closed by t.Cleanup.
	New func(t testing.TB) Subject
	// Except lists the cases that this store is not held to, with the reason.
	Except map[string]string
	// Strict fails a case whose hook is missing instead of skipping it.
	Strict bool
	// Timeout bounds one case. Default: 1 minute.
	Timeout time.Duration
}

// Subject is a store. Only Store is required.
type Subject struct {
	Store blob.Store
	// Pass moves the store's clock forward.
	Pass func(d time.Duration)
	// Damage changes the stored content of a blob, past the store.
	Damage func(t access.Tenant, h blob.Hash) error
	// MaxBytes is the largest blob that the store takes, 1 to 64 MiB; 0 when
	// there is no such limit.
	MaxBytes int64
}

// Case is one promise.
type Case struct {
	// Name is what exceptions use; Claim is the promise in a sentence.
	Name, Claim string

	run func(*env)
}

// Cases returns the suite in the order in which it runs.
func Cases() []Case { return slices.Concat(putCases(), readCases(), removeCases(), raceCases()) }

// Run holds the store to every claim, each a subtest named after its case.
func Run(t *testing.T, h Harness) {
	t.Helper()
	if h.New == nil {
		t.Fatal("blobtest: Harness.New is missing")
	}
	names := map[string]bool{}
	for _, c := range Cases() {
		names[c.Name] = true
		t.Run(c.Name, func(t *testing.T) {
			if why, ok := h.Except[c.Name]; ok {
				t.Skipf("excepted: %s\n\tthe claim: %s", why, c.Claim)
			}
			c.Check(t, h)
		})
	}
	for name, why := range h.Except {
		if !names[name] || strings.TrimSpace(why) == "" {
			t.Errorf("blobtest: the exception %q names no case or has no reason", name)
		}
	}
}

// Check runs one case on a store of its own.
func (c Case) Check(t testing.TB, h Harness) {
	t.Helper()
	t.Logf("claim: %s", c.Claim)
	if h.Timeout <= 0 {
		h.Timeout = time.Minute
	}
	ctx, cancel := context.WithTimeout(t.Context(), h.Timeout)
	defer cancel()
	e := &env{TB: t, Subject: h.New(t), ctx: ctx, claim: c.Claim, strict: h.Strict}
	c.run(e)
}

// env is one case at work.
type env struct {
	testing.TB
	Subject
	ctx    context.Context
	claim  string
	strict bool
}

// broken reports a violation together with the claim it violates.
func (e *env) broken(format string, args ...any) {
	e.Helper()
	e.Errorf("%s\n\tthe claim: %s", fmt.Sprintf(format, args...), e.claim)
}

// need ends the case when a hook is missing.
func (e *env) need(hook string, there bool) {
	e.Helper()
	if there {
		return
	}
	if e.strict {
		e.Fatalf("the harness has no %s", hook)
	}
	e.Skipf("the harness has no %s", hook)
}

// must ends the case when a step fails that no claim lets fail.
func (e *env) must(what string, err error) {
	e.Helper()
	if err != nil {
		e.broken("%s failed: %v", what, err)
		e.FailNow()
	}
}
