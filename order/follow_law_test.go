package order_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/comptoir-go/comptoir/access"
	"github.com/comptoir-go/comptoir/fault"
	"github.com/comptoir-go/comptoir/order"
)

// Random people do random things to one order. After every step: what is told
// is never taken back, an order is handed over once, what waits is not
// validated, a refusal changes nothing, and the buyer's view is the order less
// what is internal, with no trace of it.
func TestLawOfTheFollowUp(t *testing.T) {
	who := []access.Actor{buyer, designer, operator, admin, stranger, machine}
	rapid.Check(t, func(rt *rapid.T) {
		s := newShop(t, nil)
		o := s.inState(rapid.SampledFrom([]order.State{order.Draft, order.Awaiting, order.Confirmed}).Draw(rt, "state"))
		before := o
		try := func(do func(a access.Actor) (order.Order, error)) {
			before = s.get(o.ID)
			a := rapid.SampledFrom(who).Draw(rt, "who")
			got, err := do(a)
			after := s.get(o.ID)
			if err != nil {
				require.Equal(rt, before, after)
				require.NotEqual(rt, fault.Internal, fault.KindOf(err), err)
				return
			}
			require.LessOrEqual(rt, after.Version, before.Version+1)
			if a.Partner != "" {
				require.Equal(rt, after.Shared(), got)
			} else {
				require.Equal(rt, after, got)
			}
		}
		lines := func() []order.LineID {
			if rapid.Bool().Draw(rt, "whole") {
				return nil
			}
			return []order.LineID{rapid.SampledFrom(s.get(o.ID).Lines).Draw(rt, "line").ID}
		}
		files := func() []order.FileID {
			if all := s.get(o.ID).Files; len(all) > 0 {
				return []order.FileID{rapid.SampledFrom(all).Draw(rt, "file").ID}
			}
			return []order.FileID{"none"}
		}
		n := 0
		word := func(internal bool) string {
			if n++; internal {
				return fmt.Sprint("SECRET ", n)
			}
			return fmt.Sprint("word ", n)
		}
		rt.Repeat(map[string]func(*rapid.T){
			"progress": func(rt *rapid.T) {
				internal := rapid.Bool().Draw(rt, "internal")
				in := order.ProgressInput{Order: o.ID, Step: order.Step(word(internal)), Internal: internal}
				try(func(a access.Actor) (order.Order, error) { return s.orders.NoteProgress(s.ctx, a, in) })
			},
			"hold": func(*rapid.T) {
				in := order.HoldInput{Order: o.ID, Lines: lines(), Reason: word(true)}
				try(func(a access.Actor) (order.Order, error) { return s.orders.Hold(s.ctx, a, in) })
			},
			"resume": func(*rapid.T) {
				in := order.ResumeInput{Order: o.ID, Lines: lines(), Note: word(true)}
				try(func(a access.Actor) (order.Order, error) { return s.orders.Resume(s.ctx, a, in) })
			},
			"release": func(*rapid.T) {
				try(func(a access.Actor) (order.Order, error) {
					return s.orders.Release(s.ctx, a, order.ReleaseInput{Order: o.ID})
				})
			},
			"attach": func(rt *rapid.T) {
				internal := rapid.Bool().Draw(rt, "internal")
				f := file(word(internal))
				f.Internal = internal
				in := order.AttachInput{Order: o.ID, Files: []order.NewFile{f}}
				try(func(a access.Actor) (order.Order, error) { return s.orders.Attach(s.ctx, a, in) })
			},
			"detach": func(*rapid.T) {
				in := order.DetachInput{Order: o.ID, Files: files()}
				try(func(a access.Actor) (order.Order, error) { return s.orders.Detach(s.ctx, a, in) })
			},
			"certify": func(rt *rapid.T) {
				in := order.CertifyInput{Order: o.ID, Files: files(), Withdraw: rapid.Bool().Draw(rt, "withdraw")}
				try(func(a access.Actor) (order.Order, error) { return s.orders.Certify(s.ctx, a, in) })
			},
			"advance": func(rt *rapid.T) {
				on := rapid.SampledFrom([]order.Trigger{order.Submit, order.Validate, order.Confirm, order.Close}).Draw(rt, "trigger")
				try(func(a access.Actor) (order.Order, error) {
					got, err := s.orders.Advance(s.ctx, a, order.AdvanceInput{Order: o.ID, On: on})
					if err == nil && on == order.Validate {
						require.False(rt, before.Held(), "what waits is not validated")
					}
					return got, err
				})
			},
			"": func(rt *rapid.T) {
				now := s.get(o.ID)
				require.True(rt, slices.Equal(before.Progress, now.Progress[:len(before.Progress)]))
				require.True(rt, slices.Equal(before.History, now.History[:len(before.History)]))
				if before.Released != nil {
					require.Equal(rt, before.Released, now.Released)
				} else if now.Released != nil {
					require.False(rt, before.Held(), "what waits is not handed over")
				}
				view, err := s.orders.Get(s.ctx, buyer, o.ID)
				require.NoError(rt, err)
				text, err := json.Marshal(view)
				require.NoError(rt, err)
				require.NotContains(rt, string(text), "SECRET")
				require.Equal(rt, now.Step(), view.Step(), "both sides name one step")
			},
		})
	})
}
