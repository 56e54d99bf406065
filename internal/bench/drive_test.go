package bench

import (
	"errors"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/comptoir-go/comptoir/uow"
)

// clientCounts are the numbers of clients that place at once.
var clientCounts = []int{1, 4, 16}

func named(clients int) string { return fmt.Sprintf("clients=%d", clients) }

// drive has b.N operations done by a number of clients; fn gets the number of
// the operation. Each client has a share of its own, so that what it touches
// lies apart from what the others touch, as pgbench's clients do.
func drive(b *testing.B, clients int, fn func(i int) error) {
	b.Helper()
	var (
		once   sync.Once
		failed error
		wg     sync.WaitGroup
	)
	b.ReportAllocs()
	b.ResetTimer()
	for c := range clients {
		wg.Go(func() {
			for i := c * b.N / clients; i < (c+1)*b.N/clients; i++ {
				if err := fn(i); err != nil {
					once.Do(func() { failed = err })
					return
				}
			}
		})
	}
	wg.Wait()
	b.StopTimer()
	if failed != nil {
		b.Fatal(failed)
	}
}

// insist is drive with clients that ask again when they are told that the store
// is too busy, and counts how often that was.
func insist(b *testing.B, clients int, fn func(i int) error) {
	b.Helper()
	var busy atomic.Int64
	drive(b, clients, func(i int) error {
		err := fn(i)
		for tries := 0; errors.Is(err, uow.ErrBusy) && tries < 1000; tries++ {
			busy.Add(1)
			err = fn(i)
		}
		return err
	})
	if n := busy.Load(); n > 0 {
		b.ReportMetric(float64(n)/float64(b.N), "busy/op")
	}
}

func reportRate(b *testing.B, done int, unit string) {
	b.ReportMetric(float64(done)/b.Elapsed().Seconds(), unit)
}

// timed does b.N operations one after the other and reports the median and
// the 99th percentile in milliseconds.
func timed(b *testing.B, fn func(i int) error) {
	b.Helper()
	took := make([]time.Duration, b.N)
	b.ReportAllocs()
	b.ResetTimer()
	for i := range b.N {
		start := time.Now()
		if err := fn(i); err != nil {
			b.Fatal(err)
		}
		took[i] = time.Since(start)
	}
	b.StopTimer()
	slices.Sort(took)
	b.ReportMetric(ms(took[len(took)/2]), "p50-ms")
	b.ReportMetric(ms(took[len(took)*99/100]), "p99-ms")
}

func ms(d time.Duration) float64 { return float64(d) / float64(time.Millisecond) }
