package pgstore

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/comptoir-go/comptoir/fault"
	"github.com/comptoir-go/comptoir/store/internal/engine"
	"github.com/comptoir-go/comptoir/store/internal/mapping"
	"github.com/comptoir-go/comptoir/store/internal/sqlgen/sample"
	"github.com/comptoir-go/comptoir/uow"
)

// commitWith loses the message that carries the COMMIT of row n.
func commitWith(t *testing.T, d *driver, l *line, f fate, n int) error {
	t.Helper()
	raw := begin(t, d, true)
	_, err := raw.Next(ctx, "series")
	require.NoError(t, err)
	l.set(f, false)
	return raw.Commit(ctx, []engine.Write{sample.Insert(mapping.Tables()[0], n)})
}

func stored(t *testing.T, d *driver, n int) bool {
	t.Helper()
	return len(load(t, d, "fr", mapping.Tables()[0], sample.ID(n))) == 1
}

// A lost answer to a COMMIT is found out: what the server did is what the
// caller is told.
func TestLostCommit(t *testing.T) {
	l := &line{}
	d := openTest(t, Options{}, l.config)
	// Twice, so that every statement is prepared and one message is the COMMIT's.
	require.NoError(t, commitWith(t, d, l, pass, 1))
	require.NoError(t, commitWith(t, d, l, pass, 2))

	t.Run("answer lost", func(t *testing.T) {
		require.NoError(t, commitWith(t, d, l, cutAnswer, 3))
		require.True(t, stored(t, d, 3))
	})
	require.NoError(t, commitWith(t, d, l, pass, 4))
	t.Run("request lost", func(t *testing.T) {
		err := commitWith(t, d, l, dropRequest, 5)
		require.ErrorIs(t, err, ErrConnection)
		require.True(t, d.Retryable(err))
		require.False(t, stored(t, d, 5))
	})
	require.NoError(t, commitWith(t, d, l, pass, 5), "it may run again")
	require.NoError(t, commitWith(t, d, l, pass, 6))
	t.Run("request late", func(t *testing.T) {
		err := commitWith(t, d, l, holdRequest, 7)
		require.ErrorIs(t, err, ErrConnection)
		require.NotZero(t, l.held.Len())
		l.deliver(t)
		require.False(t, stored(t, d, 7), "told to have failed, it must not commit later")
	})
	next, err := begin(t, d, true).Next(ctx, "series")
	require.NoError(t, err)
	require.EqualValues(t, 7, next, "six transactions have committed")
}

// When nothing can be found out, the answer says so and nothing else.
func TestUnknownCommit(t *testing.T) {
	l := &line{}
	d := openTest(t, Options{Resolve: 100 * time.Millisecond}, l.config)
	require.NoError(t, commitWith(t, d, l, pass, 1))
	raw := begin(t, d, true)
	_, err := raw.Next(ctx, "series")
	require.NoError(t, err)
	l.set(cutAnswer, true)
	err = raw.Commit(ctx, []engine.Write{sample.Insert(mapping.Tables()[0], 2)})
	require.ErrorIs(t, err, uow.ErrUnknown)
	require.Equal(t, fault.UnknownOutcome, fault.KindOf(err))
	require.False(t, d.Retryable(err))
	l.set(pass, false)
	require.True(t, stored(t, d, 2))
}

// A connection that is lost before the COMMIT, with the first statement or a
// later one, leaves nothing behind and may be tried again.
func TestLostBeforeCommit(t *testing.T) {
	l := &line{}
	d := openTest(t, Options{}, l.config)
	require.NoError(t, commitWith(t, d, l, pass, 1))
	for before := range 2 {
		// The sweep of a new tenant uses the line, too.
		d.loose.Wait()
		raw := begin(t, d, true)
		for n := range before {
			next, err := raw.Next(ctx, "series")
			require.NoError(t, err)
			require.EqualValues(t, 2+n, next)
		}
		l.set(cutAnswer, false)
		_, err := raw.Next(ctx, "series")
		require.ErrorIs(t, err, ErrConnection)
		require.True(t, d.Retryable(err))
		raw.Rollback()
		require.NoError(t, update(t, d, "fr"), "the store goes on")
	}
	next, err := begin(t, d, true).Next(ctx, "series")
	require.NoError(t, err)
	require.EqualValues(t, 2, next, "one transaction has committed")
	require.False(t, d.Retryable(uow.ErrUnknown))
}

// Keys of units do not pile up: what has been answered is removed, what was
// made void stays for a day.
func TestUnitsAreSwept(t *testing.T) {
	l := &line{}
	d := openTest(t, Options{}, l.config)
	for n := range unitsKept + 10 {
		require.NoError(t, commitWith(t, d, l, pass, n))
	}
	d.loose.Wait()
	require.Len(t, seen(t, d, "fr", "select id from comptoir_units"), 10)
	require.Error(t, commitWith(t, d, l, dropRequest, 1000))
	d.units.sweep(ctx)
	require.Equal(t, []string{"true"}, seen(t, d, "fr", "select void::text from comptoir_units"))

	later := openAt(t, d.pool.Config().ConnString(), Options{Now: func() time.Time { return time.Now().Add(unitsAge + time.Minute) }}, nil)
	require.NoError(t, update(t, later, "fr", sample.Emit(1)))
	later.loose.Wait()
	later.units.sweep(ctx)
	require.Empty(t, seen(t, d, "fr", "select id from comptoir_units"))
}
