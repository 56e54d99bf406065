package erptest_test

import (
	"context"
	"errors"
	"sync"
	"time"

	"github.com/comptoir-go/comptoir/erp"
)

// deaf is a context that ends for another reason than because, and not for it.
func deaf(ctx context.Context, because error) (context.Context, func()) {
	out, cancel := context.WithCancel(context.WithoutCancel(ctx))
	stop := context.AfterFunc(ctx, func() {
		if !errors.Is(ctx.Err(), because) {
			cancel()
		}
	})
	return out, func() { stop(); cancel() }
}

// pushingDeaf honours a context that is over before the push.
func pushingDeaf(because error) func(whole) mutant {
	return pushing(func(w whole, ctx context.Context, o erp.Order) (erp.Receipt, error) {
		if ctx.Err() != nil {
			return w.PushOrder(ctx, o)
		}
		ctx, stop := deaf(ctx, because)
		defer stop()
		return w.PushOrder(ctx, o)
	})
}

func timeMutants() map[string]breakage {
	return map[string]breakage{
		"deadline ignored":     {caught: []string{"deadline"}, make: pushingDeaf(context.DeadlineExceeded)},
		"cancellation ignored": {caught: []string{"cancelled_midway"}, make: pushingDeaf(context.Canceled)},
		"deadline of a read ignored": {caught: []string{"deadline"},
			make: func(w whole) mutant {
				return mutant{find: func(ctx context.Context, key string) (erp.Receipt, error) {
					ctx, stop := deaf(ctx, context.DeadlineExceeded)
					defer stop()
					return w.FindOrder(ctx, key)
				}}
			}},
		"goroutine for each push": {caught: []string{"goroutines"},
			make: pushing(func(w whole, ctx context.Context, o erp.Order) (erp.Receipt, error) {
				go time.Sleep(time.Hour)
				return w.PushOrder(ctx, o)
			})},
	}
}

func (m mutant) ListIDs(ctx context.Context, s erp.Stream, after erp.Cursor, limit int) (erp.Page[string], error) {
	if m.list != nil {
		return m.list(ctx, s, after, limit)
	}
	return m.whole.ListIDs(ctx, s, after, limit)
}

// listed are the cases of the claim for each stream.
func listed(claim string) []string {
	var all []string
	for _, s := range erp.Streams() {
		all = append(all, "list_"+string(s)+"_"+claim)
	}
	return all
}

func listMutants() map[string]breakage {
	return map[string]breakage{
		"last id of a full page forgotten": {caught: listed("all"),
			make: func(w whole) mutant {
				return mutant{list: func(ctx context.Context, s erp.Stream, after erp.Cursor, limit int) (erp.Page[string], error) {
					p, err := w.ListIDs(ctx, s, after, limit)
					if len(p.Rows) == limit && limit == 2 {
						p.Rows = p.Rows[:1]
					}
					return p, err
				}}
			}},
		"list remembered": {caught: listed("gone"),
			make: func(w whole) mutant {
				var mu sync.Mutex
				pages := map[string]erp.Page[string]{}
				return mutant{list: func(ctx context.Context, s erp.Stream, after erp.Cursor, limit int) (erp.Page[string], error) {
					mu.Lock()
					defer mu.Unlock()
					at := string(s) + string(after)
					if p, ok := pages[at]; ok {
						return p, nil
					}
					p, err := w.ListIDs(ctx, s, after, limit)
					if err == nil {
						pages[at] = p
					}
					return p, err
				}}
			}},
	}
}

func wireMutants() map[string]breakage {
	all := map[string]breakage{
		"cut connection called retryable":            {wire: quirks{cutIsRetryable: true}, caught: []string{"wire_lost_answer"}},
		"cut connection called a contract breach":    {wire: quirks{cutIsContract: true}, caught: []string{"wire_lost_request"}},
		"request that comes twice taken for two":     {wire: quirks{takesTwice: true}, caught: []string{"wire_doubled", "wire_storm"}},
		"first order that comes twice taken for two": {wire: quirks{takesFirstTwice: true}, caught: []string{"wire_doubled"}},
		"Retry-After ignored":                        {wire: quirks{ignoresRetryAfter: true}, caught: []string{"wire_retry_after"}},
		"truncated answer called a contract breach":  {wire: quirks{partIsContract: true}, caught: []string{"wire_truncated"}},
		"unreadable answer called absence":           {wire: quirks{junkIsAbsence: true}, caught: []string{"wire_unreadable"}},
		"body read without a deadline":               {wire: quirks{waitsForever: true}, caught: []string{"wire_slow"}},
		"redirects followed":                         {wire: quirks{followsRedirects: true}, caught: []string{"wire_redirect"}},
		"second failure called done":                 {wire: quirks{givesUp: true}, caught: []string{"wire_storm"}},
		"credentials in the log":                     {wire: quirks{logsToken: true}, caught: []string{"secrets"}},
	}
	return all
}
