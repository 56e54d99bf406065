package pgstore

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/comptoir-go/comptoir/event"
	"github.com/comptoir-go/comptoir/store/internal/engine"
	"github.com/comptoir-go/comptoir/store/internal/mapping"
	"github.com/comptoir-go/comptoir/store/internal/sqlgen/sample"
)

// The round trips of the common transactions, statements prepared. BEGIN goes
// with the first statement, the writes with the COMMIT; the end of a View is
// sent when its answer has arrived, and nobody waits for it.
func TestRoundTrips(t *testing.T) {
	l := &line{}
	d := openTest(t, Options{}, l.config)
	table, other := mapping.Tables()[0], mapping.Tables()[1]
	require.NoError(t, update(t, d, "fr", sample.Insert(table, 1), sample.Insert(other, 1)))
	n := 10
	cases := []struct {
		name  string
		trips int
		run   func(t *testing.T)
	}{
		{"get in a view, its end included", 2, func(t *testing.T) {
			raw := begin(t, d, false)
			_, err := raw.Load(ctx, []engine.Want{{Table: table, IDs: []string{sample.ID(1)}}})
			require.NoError(t, err)
			raw.Rollback()
			d.loose.Wait()
		}},
		{"two tables at once", 2, func(t *testing.T) {
			raw := begin(t, d, false)
			_, err := raw.Load(ctx, []engine.Want{{Table: table, IDs: []string{sample.ID(1), "x"}}, {Table: other, IDs: []string{sample.ID(1)}}})
			require.NoError(t, err)
			raw.Rollback()
			d.loose.Wait()
		}},
		{"an update without statements", 0, func(t *testing.T) { require.NoError(t, begin(t, d, true).Commit(ctx, nil)) }},
		{"blind writes", 1, func(t *testing.T) {
			n++
			require.NoError(t, update(t, d, "fr", sample.Insert(table, n), sample.Insert(other, n), sample.Emit(n)))
		}},
		{"reads, key, counter, writes and commit", 4, func(t *testing.T) {
			n++
			raw := begin(t, d, true)
			_, err := raw.Load(ctx, []engine.Want{{Table: table, IDs: []string{sample.ID(1)}}, {Table: other, IDs: []string{sample.ID(1)}}})
			require.NoError(t, err)
			prior, err := raw.Reserve(ctx, "place", sample.ID(n), []byte("hash"))
			require.NoError(t, err)
			require.Nil(t, prior)
			_, err = raw.Next(ctx, "orders")
			require.NoError(t, err)
			require.NoError(t, raw.Commit(ctx, []engine.Write{sample.Insert(table, n), sample.Emit(n),
				{Op: engine.Fulfil, Scope: "place", Key: sample.ID(n), Result: []byte("1")}}))
		}},
		{"claim", 1, func(t *testing.T) {
			_, err := d.Queue("fr").Claim(ctx, event.Claim{Topic: event.Facts, Limit: 1, Lease: 1e9})
			require.NoError(t, err)
		}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			c.run(t) // prepares
			require.Equal(t, c.trips, l.count(func() { c.run(t) }))
		})
	}
	t.Run("a get answers after one", func(t *testing.T) {
		raw := begin(t, d, false)
		require.Equal(t, 1, l.count(func() {
			_, err := raw.Load(ctx, []engine.Want{{Table: table, IDs: []string{sample.ID(1)}}})
			require.NoError(t, err)
		}))
		raw.Rollback()
	})
}
