package storetest

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"strconv"
	"strings"
	"time"

	"github.com/comptoir-go/comptoir/access"
	"github.com/comptoir-go/comptoir/event"
	"github.com/comptoir-go/comptoir/partner"
	"github.com/comptoir-go/comptoir/store"
)

func durableCases() []Case {
	return []Case{
		{"durable/reopen", "everything is there again after Close and opening anew: documents, events, leases, dead letters, numbers, keys", durableReopen},
		{"durable/kill", "what was acknowledged is there after the writing process was killed, and nothing is there by halves", durableKill},
	}
}

func durableReopen(e *env) {
	e.hook(e.h.Reopen != nil, "Reopen")
	s := e.store()
	t, other := e.of(s, "seller"), e.of(s, "other")
	e.plant(t)
	e.plant(other)
	e.update(t, writeAll)
	for _, k := range kinds() {
		v := k.full(e, 1, 2)
		e.mustPut(t, k, v)
	}
	leased := e.claimOne(t, event.ERP)
	e.must(t.Queue().Bury(e.ctx, e.claimOne(t, event.Facts), "no"))
	before, beforeOther, letters := e.dump(t), e.dump(other), e.letters(t, event.Facts)
	for range 2 {
		e.must(s.Close())
		s = e.h.Reopen(e.TB, s, e.options())
		e.open = append(e.open, s)
		t, other = e.of(s, "seller"), e.of(s, "other")
		e.unchanged(t, before, "after opening anew")
		e.unchanged(other, beforeOther, "after opening anew, the other tenant")
		e.same(e.letters(t, event.Facts), letters, "letters after opening anew")
		e.nothingDue(t, event.ERP, "an event leased before the store was closed")
		tenants, err := s.Tenants(e.ctx)
		e.must(err)
		e.same(tenants, []access.Tenant{"other", "seller"}, "tenants")
	}
	e.must(t.Queue().Done(e.ctx, leased))
	e.update(t, func(ctx context.Context, tx store.Tx) error {
		_, err := tx.Orders().Save(ctx, sampleOrder(60))
		return err
	})
}

// killTenant is the tenant that WriteUntilKilled writes to.
const killTenant access.Tenant = "killed"

// WriteUntilKilled commits one transaction after the other, each with a
// number, a document, an event and a key, and prints each number on a line of
// its own once Update has returned. It ends only with an error. Engines run
// it in a process of its own for Harness.Kill; see there.
func WriteUntilKilled(ctx context.Context, s store.Store, out io.Writer) error {
	t, err := s.For(killTenant)
	if err != nil {
		return err
	}
	for {
		var n int64
		err := t.Update(ctx, func(ctx context.Context, tx store.Tx) (err error) {
			n, err = writeStep(ctx, tx)
			return err
		})
		if err != nil {
			return err
		}
		if _, err := fmt.Fprintln(out, n); err != nil {
			return err
		}
	}
}

func writeStep(ctx context.Context, tx store.Tx) (int64, error) {
	n, err := tx.Counters().Next(ctx, "kill")
	if err != nil {
		return 0, err
	}
	p := samplePartner(int(n))
	if _, err := tx.Partners().Save(ctx, p); err != nil {
		return 0, err
	}
	ev := sampleEvent("partner/"+string(p.ID), 1)
	if err := tx.Outbox().Append(ctx, event.Facts, ev); err != nil {
		return 0, err
	}
	if _, err := tx.Keys().Reserve(ctx, "kill", string(p.ID), keyInput); err != nil {
		return 0, err
	}
	return n, tx.Keys().Fulfil(ctx, "kill", string(p.ID), []byte(p.Number))
}

func durableKill(e *env) {
	e.hook(e.h.Reopen != nil, "Reopen")
	e.hook(e.h.Kill != nil, "Kill")
	s := e.store()
	r := rand.New(rand.NewPCG(e.seed(), 7))
	rounds := count(3, 50)
	var before int64
	for round := range rounds {
		e.must(s.Close())
		acked := e.killed(s, 1+r.IntN(count(60, 400)), time.Duration(r.IntN(3000))*time.Microsecond)
		s = e.h.Reopen(e.TB, s, e.options())
		e.open = append(e.open, s)
		// Each round looks at its own steps, the last one at all of them.
		from := before + 1
		if round == rounds-1 {
			from = 1
		}
		e.wholeSteps(e.of(s, killTenant), from, acked, round)
		before = acked
	}
}

// killed lets a process write until it acknowledged some steps, kills it a
// moment later and returns the last number it acknowledged.
func (e *env) killed(s store.Store, steps int, later time.Duration) int64 {
	e.Helper()
	cmd := e.h.Kill(e.TB, s)
	out, err := cmd.StdoutPipe()
	e.must(err)
	var said strings.Builder
	cmd.Stderr = &said
	e.must(cmd.Start())
	hard := time.AfterFunc(time.Minute, func() { _ = cmd.Process.Kill() })
	defer hard.Stop()
	var last int64
	seen := 0
	lines := bufio.NewScanner(out)
	for lines.Scan() {
		n, err := strconv.ParseInt(lines.Text(), 10, 64)
		if err != nil {
			said.WriteString(lines.Text() + "\n")
			continue
		}
		last = n
		if seen++; seen == steps {
			time.AfterFunc(later, func() { _ = cmd.Process.Kill() })
		}
	}
	err = cmd.Wait()
	e.true(seen >= steps, "the process ended by itself after %d steps: %v\n%s", seen, err, said.String())
	return last
}

// wholeSteps wants every step from one on up to the last acknowledged one, at most one
// after it (committed, its answer cut off), and each with all its parts.
func (e *env) wholeSteps(t store.Tenanted, from, acked int64, round int) {
	e.Helper()
	var next int64
	err := t.Update(e.ctx, func(ctx context.Context, tx store.Tx) (err error) {
		if next, err = tx.Counters().Next(ctx, "kill"); err != nil {
			return err
		}
		for n := from; n < next; n++ {
			p := samplePartner(int(n))
			result, err := tx.Keys().Reserve(ctx, "kill", string(p.ID), keyInput)
			if err != nil {
				return err
			}
			e.true(string(result) == p.Number, "round %d: step %d of %d has no key result: %q", round, n, next-1, result)
			if _, err := tx.Partners().Get(ctx, p.ID); err != nil {
				return fmt.Errorf("round %d: the partner of step %d: %w", round, n, err)
			}
		}
		_, err = tx.Partners().Get(ctx, samplePartner(int(next)).ID)
		e.is(err, partner.ErrNotFound, "the partner of a step that was not committed")
		return errUndo
	})
	if !errors.Is(err, errUndo) {
		e.Fatalf("round %d: %v", round, err)
	}
	e.true(next-1 == acked || next-2 == acked, "round %d: step %d was acknowledged last, %d are there", round, acked, next-1)
	e.depth(t, event.Facts, event.Depth{Waiting: next - 1})
	e.Logf("round %d: killed after step %d, %d there", round, acked, next-1)
}
