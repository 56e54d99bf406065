package bench

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// written are the tables that placing and issuing write.
var written = []string{"comptoir_keys", "comptoir_counters", "comptoir_outbox", "carts", "orders", "orders_terms", "invoices", "invoices_terms", "series"}

// What the raw peers write is what the services write: as many new rows in each
// table, with as many bytes of documents and events, give or take the length of
// names.
func TestRawPeersWriteTheSameRows(t *testing.T) {
	t.Run("sqlite", func(t *testing.T) {
		bed := sqliteBed(t)
		raw := newRawSQLite(t, bed)
		issuer := newSQLiteIssuer(t, bed, raw)
		sum := func(text string) (n int) {
			require.NoError(t, raw.db.QueryRow(text).Scan(&n))
			return n
		}
		raw.carts(t, 0, 2)
		sameRows(t, bed, sum, func(n int) error { return raw.once(rawID(n), "raw", false) }, issuer.issue)
	})
	t.Run("postgres", func(t *testing.T) {
		bed := postgresBed(t)
		raw := newRawPostgres(t, bed)
		issuer := newPostgresIssuer(t, bed, raw)
		sum := func(text string) (n int) {
			require.NoError(t, raw.pool.QueryRow(raw.ctx, text).Scan(&n))
			return n
		}
		raw.carts(t, fmt.Sprintf("'%s' || g", rawID(0)[:35]), 2, 1)
		sameRows(t, bed, sum, func(n int) error { return raw.once(rawID(n), "raw", false) }, issuer.serializable)
	})
}

func sameRows(t *testing.T, bed *bed, sum func(text string) int, place func(n int) error, issue func(g goods, series int) error) {
	t.Helper()
	require.NoError(t, place(0)) // makes the counter, as the sample made ours
	j := bed.prepare(1, false)[0]
	ours := growth(sum, func() { _, err := bed.place(j); require.NoError(t, err) })
	require.Equal(t, ours, growth(sum, func() { require.NoError(t, place(1)) }), "placing")

	g := bed.deliveries(2)
	ours = growth(sum, func() {
		_, err := bed.bills.Issue(bed.ctx, operator, issueInput(g[0].order, sellerID(0)))
		require.NoError(t, err)
	})
	require.Equal(t, ours, growth(sum, func() { require.NoError(t, issue(g[1], 0)) }), "issuing")
	require.Equal(t, 1, ours["invoices"])
	require.Equal(t, 4, ours["comptoir_outbox"])
}

// growth tells what became more: the rows of each table, the versions of those
// that are replaced, the numbers taken, and the documents' bytes in steps of 256.
func growth(sum func(text string) int, do func()) map[string]int {
	count := func() map[string]int {
		out := map[string]int{}
		for _, table := range written {
			out[table] = sum("select count(*) from " + table)
		}
		out["numbers"] = sum("select sum(value) from comptoir_counters")
		out["places"] = sum("select sum(place) from series")
		for _, table := range []string{"carts", "orders", "invoices", "series"} {
			out[table+".version"] = sum("select sum(version) from " + table)
			out[table+".doc"] = sum("select sum(length(cast(doc as text))) from " + table)
		}
		return out
	}
	before := count()
	do()
	after := count()
	for k, n := range before {
		after[k] -= n
		if strings.HasSuffix(k, ".doc") {
			after[k] = (after[k] + 128) / 256
		}
	}
	return after
}
