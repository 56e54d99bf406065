package engine

import (
	"math/rand/v2"
	"time"

	"github.com/comptoir-go/comptoir/internal/clock"
)

// Options tune New; nil and zero fields mean the defaults.
type Options struct {
	// Now is the clock; nil is the machine's. Times come out as UTC, cut to
	// microseconds.
	Now func() time.Time
	// MaxAttempts bounds the runs of one closure; 0 means 100.
	MaxAttempts int
	// MaxElapsed bounds the retrying, counted from the first failure; 0 means
	// 15 seconds.
	MaxElapsed time.Duration
	// Jitter draws a wait between 0 and max; nil draws evenly at random. It
	// has no bearing on results.
	Jitter func(max time.Duration) time.Duration
	// Retried is told of every run that will be repeated; nil is silent.
	Retried func(attempt int, cause error)
}

// The default bounds of retrying, and the growth of its waits: at most
// firstWait after the first run, twice as much after each, up to longestWait.
const (
	defaultAttempts = 100
	defaultElapsed  = 15 * time.Second
	firstWait       = time.Millisecond
	longestWait     = 20 * time.Millisecond
)

func (o *Options) filled() Options {
	var f Options
	if o != nil {
		f = *o
	}
	f.Now = clock.Or(f.Now)
	if f.MaxAttempts <= 0 {
		f.MaxAttempts = defaultAttempts
	}
	if f.MaxElapsed <= 0 {
		f.MaxElapsed = defaultElapsed
	}
	if f.Jitter == nil {
		f.Jitter = evenly
	}
	return f
}

func evenly(max time.Duration) time.Duration {
	return time.Duration(rand.Int64N(int64(max) + 1))
}
