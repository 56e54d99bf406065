package comptoir_test

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net/http"
	"os"
	"os/exec"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/comptoir-go/comptoir"
	"github.com/comptoir-go/comptoir/access"
	"github.com/comptoir-go/comptoir/erp"
	"github.com/comptoir-go/comptoir/erp/erpsync"
	"github.com/comptoir-go/comptoir/erp/memerp"
	"github.com/comptoir-go/comptoir/event"
	"github.com/comptoir-go/comptoir/fault"
	"github.com/comptoir-go/comptoir/internal/memsubject"
	"github.com/comptoir-go/comptoir/store"
	"github.com/comptoir-go/comptoir/store/pgstore"
	"github.com/comptoir-go/comptoir/store/sqlitestore"
	"github.com/comptoir-go/comptoir/uow"
)

// stepJob names the job of a process that keeps the tenants in step until it is
// killed.
const stepJob = "COMPTOIR_STEP_JOB"

// job is what such a process is told.
type job struct {
	Engine, Store, ERP string
	Seed               uint64
	// Lossy is how often, of a thousand commits, the answer is lost; after as
	// many again nothing was committed.
	Lossy int
}

func (j job) open(ctx context.Context) (store.Store, error) {
	if j.Engine == "postgres" {
		return pgstore.Open(ctx, j.Store, &pgstore.Options{Wait: time.Minute})
	}
	return sqlitestore.Open(ctx, j.Store, &sqlitestore.Options{Wait: time.Minute})
}

var branches = []access.Tenant{"fr", "it"}

// fast is a schedule for which a day is a second.
func fast(holder string) *erpsync.ScheduleOptions {
	const tick = 10 * time.Millisecond
	return &erpsync.ScheduleOptions{Holder: holder, MaxEvery: 10 * tick, Lease: 2 * time.Second,
		Relay: erpsync.Options{Lease: 2 * time.Second, Grace: 50 * tick, Backoff: tick, MaxBackoff: 20 * tick, Poll: 2 * tick, MaxPoll: 20 * tick, Idle: tick},
		Pull:  erpsync.PullOptions{Every: 4 * tick, Streams: []erp.Stream{erp.Orders, erp.Deliveries, erp.Invoices, erp.Payments}}}
}

// schedules opens both branches over a store, with a client each of the ERP at
// an address.
func schedules(ctx context.Context, st store.Store, at, holder string) ([]*erpsync.Schedule, error) {
	c, err := comptoir.Open(ctx, st, &comptoir.Options{Settings: settings()})
	if err != nil {
		return nil, err
	}
	var out []*erpsync.Schedule
	for _, b := range branches {
		k, err := c.For(b)
		if err != nil {
			return nil, err
		}
		adapter := memsubject.Dial(at, memerp.New(nil).Adapter(), &http.Client{Transport: &http.Transport{}})
		client := k.ERP(adapter, &erp.Options{CallTimeout: 500 * time.Millisecond, Attempts: 2, BaseDelay: time.Millisecond, MaxDelay: 10 * time.Millisecond,
			BreakerOpenFor: 20 * time.Millisecond})
		out = append(out, k.Schedule(client, fast(holder)))
	}
	return out, nil
}

// TestKeepInStep is the process that TestRandomFaults starts and kills, and
// TestTwoPortalsOnOneTryton starts.
func TestKeepInStep(t *testing.T) {
	text := os.Getenv(stepJob)
	if text == "" {
		t.Skip("runs as a process of its own, started by TestRandomFaults and TestTwoPortalsOnOneTryton")
	}
	var j job
	require.NoError(t, json.Unmarshal([]byte(text), &j))
	ctx := context.Background()
	st, err := j.open(ctx)
	for began := time.Now(); fault.KindOf(err) == fault.Unavailable && time.Since(began) < time.Minute; st, err = j.open(ctx) {
		time.Sleep(10 * time.Millisecond) // the server may be down just now
	}
	require.NoError(t, err)
	lossy, holder := &lossyStore{Store: st, job: j, random: rand.New(rand.NewPCG(j.Seed, 1))}, fmt.Sprint(j.Seed)
	var all []*erpsync.Schedule
	if strings.HasPrefix(j.ERP, "tryton:") {
		all = trytonSchedules(t, lossy, j.ERP, holder)
	} else {
		all, err = schedules(ctx, lossy, j.ERP, holder)
		require.NoError(t, err)
	}
	for _, s := range all {
		go func() { _ = s.Run(ctx) }()
	}
	_, _ = bufio.NewReader(os.Stdin).ReadByte() // until it is killed, or its parent gone
}

// lossyStore loses the answers of commits, as a store does whose connection
// breaks and that cannot find out: uow.ErrUnknown, whatever has happened. It
// says so on standard output.
type lossyStore struct {
	store.Store
	job    job
	random *rand.Rand
	dice   chan struct{}
}

func (s *lossyStore) For(t access.Tenant) (store.Tenanted, error) {
	in, err := s.Store.For(t)
	if s.dice == nil {
		s.dice = make(chan struct{}, 1)
	}
	return &lossy{in, s}, err
}

func (s *lossyStore) roll() int {
	s.dice <- struct{}{}
	defer func() { <-s.dice }()
	return s.random.IntN(1000)
}

type lossy struct {
	store.Tenanted
	s *lossyStore
}

func (l *lossy) Update(ctx context.Context, fn func(context.Context, store.Tx) error) error {
	n := l.s.roll()
	if n >= 2*l.s.job.Lossy {
		return l.Tenanted.Update(ctx, fn)
	}
	err := l.Tenanted.Update(ctx, func(ctx context.Context, tx store.Tx) error {
		if err := fn(ctx, tx); err != nil || n >= l.s.job.Lossy {
			return err
		}
		return errNeverArrived
	})
	if err != nil && err != errNeverArrived {
		return err
	}
	fmt.Println("lost")
	return uow.ErrUnknown
}

var errNeverArrived = fmt.Errorf("the commit never arrived")

func (l *lossy) Queue() event.Queue { return &lossyQueue{l.Tenanted.Queue(), l.s} }

// lossyQueue loses the answers of those who end a delivery.
type lossyQueue struct {
	event.Queue
	s *lossyStore
}

func (q *lossyQueue) Done(ctx context.Context, d event.Delivery) error {
	return q.lose(q.Queue.Done(ctx, d))
}

func (q *lossyQueue) Retry(ctx context.Context, d event.Delivery, at time.Time, cause string) error {
	return q.lose(q.Queue.Retry(ctx, d, at, cause))
}

func (q *lossyQueue) lose(err error) error {
	if err != nil || q.s.roll() >= q.s.job.Lossy {
		return err
	}
	fmt.Println("lost")
	return uow.ErrUnknown
}

// worker is a process of TestKeepInStep.
type worker struct {
	cmd  *exec.Cmd
	gone chan struct{}
}

func startWorker(t *testing.T, j job, lost *atomic.Int64) *worker {
	t.Helper()
	text, err := json.Marshal(j)
	require.NoError(t, err)
	w := &worker{cmd: exec.Command(os.Args[0], "-test.run=^TestKeepInStep$"), gone: make(chan struct{})}
	w.cmd.Env = append(os.Environ(), stepJob+"="+string(text))
	_, err = w.cmd.StdinPipe()
	require.NoError(t, err)
	out, err := w.cmd.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, w.cmd.Start())
	go func() {
		defer close(w.gone)
		said := bufio.NewScanner(out)
		for said.Scan() {
			if said.Text() == "lost" {
				lost.Add(1)
			} else {
				fmt.Fprintln(os.Stderr, "worker:", said.Text())
			}
		}
	}()
	return w
}

// kill ends the process without a warning.
func (w *worker) kill() {
	_ = w.cmd.Process.Kill()
	<-w.gone
	_ = w.cmd.Wait()
}
