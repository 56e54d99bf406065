package main

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/comptoir-go/comptoir/internal/chapters"
)

const said = `goos: linux
cpu: A Processor
BenchmarkPercent/comptoir-2   	 1000	         4.000 ns/op	       0 B/op	       0 allocs/op
BenchmarkPercent/comptoir-2   	 1000	         9.000 ns/op	       0 B/op	       0 allocs/op
BenchmarkPercent/comptoir-2   	 1000	         5.000 ns/op	       0 B/op	       0 allocs/op
BenchmarkPercent/int64-2      	 1000	         2.500 ns/op	       0 B/op	       0 allocs/op
BenchmarkNext-2               	 1000	        99.00 ns/op	       0 B/op	       0 allocs/op
BenchmarkPlace/postgres/spread/clients=4/comptoir-2 	 500	 1 ns/op	 5900 orders/s	 0.1 retries/op	 5.004 roundtrips/op	 1 B/op	 1 allocs/op
--- SKIP: BenchmarkPlace/postgres/spread/clients=4/pgbench-2
BenchmarkPlace/postgres/spread/clients=16/comptoir-2 	 500	 1 ns/op	 590 orders/s	 0.1 retries/op	 5.004 roundtrips/op	 1 B/op	 1 allocs/op
BenchmarkPlace/postgres/spread/clients=16/pgbench-2 	 500	 1 ns/op	 1000 orders/s	 0 B/op	 1 allocs/op
postgres: 15.1, fsync on
PASS
`

func TestParse(t *testing.T) {
	m := parse([]byte(said))
	require.Equal(t, "A Processor", m.config["cpu"])
	require.Equal(t, "15.1, fsync on", m.config["postgres"])
	v, ok := m.get(figure{"Percent/comptoir", ns})
	require.True(t, ok)
	require.Equal(t, 5.0, v, "the median counts")
	v, ok = m.get(figure{"Place/postgres/spread/clients=4/comptoir", "roundtrips/op"})
	require.True(t, ok)
	require.Equal(t, 5.004, v)
	_, ok = m.get(figure{"Nothing", ns})
	require.False(t, ok)
	require.Equal(t, []string{"Place/postgres/spread/clients=4/pgbench"}, m.skipped)
}

func TestWrite(t *testing.T) {
	explained := gaps
	defer func() { gaps = explained }()
	gaps = map[string]string{"Placing an order of ten lines: postgres: 16 clients": "one of ours"}
	var doc strings.Builder
	m := parse([]byte(said))
	m.config["revision"] = "abc"
	write(&doc, m, nil)
	for _, want := range []string{
		"| Amount.Percent | 5 ns | 2.5 ns | 2.00 | ≤ 5 ns, 0 allocations | yes, 1.00 |",
		"| Table.Next | 99 ns |  |  | ≤ 30 ns, 0 allocations | no, 0.30 |",
		"Gap, not explained yet: Table.Next.",
		"| 4 clients, counters spread over customers | 5 900 orders/s, 5 round trips, 0.1 retries |  |  | ≥ 0.6 of the limit, ≤ 5 round trips |  |",
		"| 16 clients, counters spread over customers | 590 orders/s, 5 round trips, 0.1 retries | 1 000 orders/s | 0.59 | ≥ 0.6 of the limit, ≤ 5 round trips | no, 0.98 |",
		"Gap (16 clients): one of ours",
		"; PostgreSQL 15.1, fsync on.\n",
		"\n\nRevision abc; A Processor, ",
		"\nSkipped: Place/postgres/spread/clients=4/pgbench",
		"| postgres | not measured | | | ≤ 2 × the limit | |",
	} {
		require.Contains(t, doc.String(), want)
	}
}

// A run over a part keeps the sections of the others as they were.
func TestWriteKeepsWhatWasNotMeasured(t *testing.T) {
	var first, second strings.Builder
	write(&first, parse([]byte(said)), nil)
	write(&second, parse([]byte("BenchmarkNext-2 1000 20.00 ns/op 0 allocs/op\n")), chapters.Split(first.String()))
	was, is := chapters.Split(first.String()), chapters.Split(second.String())
	require.Len(t, is, len(was))
	for i := range was {
		require.Equal(t, was[i].Title, is[i].Title)
		if was[i].Title == "One state transition" {
			require.Contains(t, is[i].Text, "| Table.Next | 20 ns |  |  | ≤ 30 ns, 0 allocations | yes, 1.50 |")
			continue
		}
		require.Equal(t, was[i], is[i])
	}
}

func TestExplanationsBelongToRows(t *testing.T) {
	known := map[string]bool{}
	for _, s := range sections() {
		known[s.title] = true
		for _, r := range s.rows {
			known[s.title+": "+r.work] = true
			first, _, _ := strings.Cut(r.work, ", ")
			known[s.title+": "+first] = true
		}
	}
	for key, why := range gaps {
		require.True(t, known[key], "%q is no row of the tables", key)
		require.NotEmpty(t, why)
	}
}

func TestNumbers(t *testing.T) {
	for v, want := range map[float64]string{0: "0", 0.1234: "0.123", 5.004: "5", 999: "999", 1000: "1 000", 1234567: "1 234 567"} {
		require.Equal(t, want, number(v))
	}
}
