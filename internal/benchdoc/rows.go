package main

import "fmt"

// section is one table: one work of several engines or sizes.
type section struct {
	title, about string
	rows         []row
}

// row is one work beside its limit. A zero limit has none.
type row struct {
	work   string
	ours   figure
	limit  figure
	target string
	goals  []goal
	// beside are further figures of the same benchmark worth printing.
	beside []string
}

// goal is one condition of a target: a figure, or with against its ratio to
// another one, is at least or at most a bound.
type goal struct {
	figure  figure
	against figure
	least   bool
	bound   float64
}

func atMost(bench, unit string, bound float64) goal {
	return goal{figure: figure{bench, unit}, bound: bound}
}
func atLeast(bench, unit string, bound float64) goal {
	return goal{figure: figure{bench, unit}, least: true, bound: bound}
}

// share is the goal of a rate to reach a part of the limit's.
func share(bench, limit string, part float64) goal {
	return goal{figure: figure{bench, rate}, against: figure{limit, rate}, least: true, bound: part}
}

const (
	rate   = "orders/s"
	ns     = "ns/op"
	allocs = "allocs/op"
	p50    = "p50-ms"
	p99    = "p99-ms"
)

// engines are all of them, the durable ones from the second on.
var engines = []string{"memory", "sqlite", "postgres"}

func sections() []section {
	return []section{percent(), transition(), pricing(), tariff(), matching(), explaining(), ruling(), placing("sqlite"), placing("postgres"), batches(), reading(), lists("sqlite"), lists("postgres"),
		adjusting(), freezing(), issuing("sqlite"), issuing("postgres"), verifying(), confirming(), readingInvoices(), cashLists("sqlite"), cashLists("postgres"),
		statements(), pulling()}
}

func percent() section {
	return section{"A rounded percent", "Limit: one product and one constant divisor in int64, nothing checked.", []row{
		{work: "Amount.Percent", ours: figure{"Percent/comptoir", ns}, limit: figure{"Percent/int64", ns}, target: "≤ 5 ns, 0 allocations",
			goals: []goal{atMost("Percent/comptoir", ns, 5), atMost("Percent/comptoir", allocs, 0)}},
		{work: "peer: shopspring/decimal", ours: figure{"Percent/shopspring", ns}, limit: figure{"Percent/int64", ns}},
	}}
}

func transition() section {
	return section{"One state transition", "Limit: the row written out as a switch.", []row{
		{work: "Table.Next", ours: figure{"Next", ns}, limit: figure{"Switch", ns}, target: "≤ 30 ns, 0 allocations",
			goals: []goal{atMost("Next", ns, 30), atMost("Next", allocs, 0)}},
		{work: "Table.Next, two rows to choose from", ours: figure{"NextTwoRows", ns}, limit: figure{"Switch", ns}, target: "≤ 30 ns, 0 allocations",
			goals: []goal{atMost("NextTwoRows", ns, 30), atMost("NextTwoRows", allocs, 0)}},
		{work: "peer: Go maps", ours: figure{"Map", ns}, limit: figure{"Switch", ns}},
	}}
}

func pricing() section {
	s := section{title: "Pricing a cart by list", about: "The whole quote: prices chosen, taxes, totals, seal. Beside it the peer's calculation alone, in shopspring/decimal."}
	for _, mode := range []string{"brief", "why"} {
		for _, n := range []int{1, 10, 100, 1000} {
			name := fmt.Sprintf("ListPricer/%s/%d", mode, n)
			s.rows = append(s.rows, row{work: fmt.Sprintf("%d lines, %s", n, map[string]string{"brief": "figures only", "why": "explained"}[mode]),
				ours: figure{name, "lines/s"}, limit: figure{fmt.Sprintf("DecimalPeer/%d", n), "lines/s"}, beside: []string{allocs},
				target: "≤ 10 allocations a cart", goals: []goal{atMost(name, allocs, 10)}})
		}
	}
	return s
}

func tariff() section {
	s := section{title: "Pricing a cart by tariff", about: "The whole quote against 1 000 prices, and against 1 000 000 prices and 10 000 rules, of products strewn over them: lists, a discount on every line, one on the whole " +
		"shared over the lines, taxes, totals, seal. Then the part from chosen prices to the gross alone, which is all that the two decimal libraries beside it do."}
	for _, size := range []struct {
		prices int
		least  float64
	}{{1000, 5e6}, {1_000_000, 1e6}} {
		for _, brief := range []bool{true, false} {
			for _, n := range []int{1, 10, 100, 1000} {
				name := fmt.Sprintf("Engine/prices=%d/brief=%v/%d", size.prices, brief, n)
				r := row{work: fmt.Sprintf("%d lines, %d prices, %s", n, size.prices, map[bool]string{true: "figures only", false: "explained"}[brief]),
					ours: figure{name, "lines/s"}, limit: figure{fmt.Sprintf("EnginePeer/shopspring/%d", n), "lines/s"}, beside: []string{allocs}}
				if brief {
					r.target = fmt.Sprintf("≥ %.0f M lines/s, ≤ 10 allocations a cart", size.least/1e6)
					r.goals = []goal{atLeast(name, "lines/s", size.least), atMost(name, allocs, 10)}
				}
				s.rows = append(s.rows, r)
			}
		}
	}
	for _, n := range []int{10, 100, 1000} {
		name := fmt.Sprintf("EngineCalculation/%d", n)
		s.rows = append(s.rows, row{work: fmt.Sprintf("the calculation alone, %d lines", n), ours: figure{name, "lines/s"},
			limit: figure{fmt.Sprintf("EnginePeer/shopspring/%d", n), "lines/s"}, target: "≥ 20 M lines/s", goals: []goal{atLeast(name, "lines/s", 20e6)}})
	}
	for _, n := range []int{1, 10, 100, 1000} {
		s.rows = append(s.rows, row{work: fmt.Sprintf("peer: govalues, %d lines", n), ours: figure{fmt.Sprintf("EnginePeer/govalues/%d", n), "lines/s"},
			limit: figure{fmt.Sprintf("EnginePeer/shopspring/%d", n), "lines/s"}})
	}
	return s
}

func matching() section {
	s := section{title: "What a matching rule adds", about: "The whole quote of 100 lines against 1 000 prices, figures only, with so many percentages that match, on lines and on the whole. " +
		"Limit: no rule, which is the kernel (prices found, taxes, totals) and the seal; beside it what processors took for a line."}
	none := figure{"EngineRules/line/0", "lines/s"}
	s.rows = append(s.rows, row{work: "no rule", ours: none, limit: none, beside: []string{"cpu-ns/line"}})
	for _, on := range []string{"line", "order"} {
		for _, n := range []int{1, 2, 4, 8} {
			s.rows = append(s.rows, row{work: fmt.Sprintf("%d on the %s", n, on), ours: figure{fmt.Sprintf("EngineRules/%s/%d", on, n), "lines/s"},
				limit: none, beside: []string{"cpu-ns/line"}})
		}
	}
	return s
}

func explaining() section {
	s := section{title: "Explaining a quote", about: "`Explain` against 40 rules that each say what is missing: the tree alone (`NoSaves`), and with what following each hint would save, " +
		"for which the basket is priced again for up to 32 hints and until 20 000 lines were priced. Limit: the quote alone."}
	for _, n := range []int{1, 10, 100, 1000} {
		for _, mode := range []string{"tree", "saves"} {
			s.rows = append(s.rows, row{work: fmt.Sprintf("%d lines, %s", n, map[string]string{"tree": "the tree", "saves": "with what hints save"}[mode]),
				ours: figure{fmt.Sprintf("Explain/%s/%d", mode, n), ns}, limit: figure{fmt.Sprintf("Explain/quote/%d", n), ns}})
		}
	}
	return s
}

func ruling() section {
	return section{"Looking through rules", "The linter over 10 000 rules for products of their own, and orders of ten lines replayed against a changed tariff.", []row{
		{work: "Lint, 10 000 rules", ours: figure{"Lint", ns}, beside: []string{allocs}},
		{work: "Simulate, one order", ours: figure{"Simulate", "ns/quote"}},
	}}
}

func placing(engine string) section {
	raw, limit := "raw", "the same rows by hand through database/sql, same file, same pragmas, one writer"
	if engine == "postgres" {
		raw, limit = "pgbench", "`pgbench -M prepared` sending the same rows a statement each in one SERIALIZABLE transaction to the same tables"
	}
	s := section{title: "Placing an order of ten lines: " + engine, about: "One durable transaction with idempotency key, order, search terms, events, counter and cart; the cart, its partner and its " +
		"products are read and priced again. Limit: " + limit + ". \"bare\" is by hand too, with the order's document in a table without further indexes and without search terms."}
	for _, mode := range []string{"spread", "hot"} {
		for _, clients := range []int{1, 4, 16} {
			base := fmt.Sprintf("Place/%s/%s/clients=%d/", engine, mode, clients)
			r := row{work: fmt.Sprintf("%d clients, %s", clients, map[string]string{"spread": "counters spread over customers", "hot": "one counter"}[mode]),
				ours: figure{base + "comptoir", rate}, limit: figure{base + raw, rate}, beside: []string{"roundtrips/op", "retries/op", "busy/op"}}
			if mode == "spread" {
				r.target, r.goals = "≥ 0.6 of the limit", []goal{share(base+"comptoir", base+raw, 0.6)}
				if engine == "postgres" {
					r.target += ", ≤ 5 round trips"
					r.goals = append(r.goals, atMost(base+"comptoir", "roundtrips/op", 5.05))
				}
			}
			s.rows = append(s.rows, r)
			for _, other := range []string{"raw", "bare"} {
				if other != raw {
					s.rows = append(s.rows, row{work: "— by hand: " + other, ours: figure{base + other, rate}, limit: figure{base + raw, rate}, beside: []string{"retries/op"}})
				}
			}
		}
	}
	return s
}

func batches() section {
	s := section{title: "Placing 100 orders in one transaction", about: "PlaceTx a hundred times, with and without an idempotency key for each."}
	for _, engine := range engines {
		for _, keys := range []string{"keys", "nokeys"} {
			name := "PlaceBatch/" + engine + "/" + keys
			r := row{work: engine + map[string]string{"keys": ", a key each", "nokeys": ", no keys"}[keys], ours: figure{name, rate}, beside: []string{"roundtrips/op"}}
			if engine != "memory" {
				r.target, r.goals = "≥ 5000 orders/s", []goal{atLeast(name, rate, 5000)}
			}
			s.rows = append(s.rows, r)
		}
	}
	return s
}

func reading() section {
	return byID("Reading an order of ten lines by its id", "Read")
}

// byID is one document, read by each durable engine.
func byID(title, bench string) section {
	s := section{title: title, about: "Limit: the document selected by its key through a prepared statement, not decoded."}
	for _, engine := range engines[1:] {
		ours, raw := bench+"/"+engine+"/get/comptoir", bench+"/"+engine+"/get/raw"
		s.rows = append(s.rows, row{work: engine, ours: figure{ours, p50}, limit: figure{raw, p50}, beside: []string{p99}, target: "≤ 2 × the limit",
			goals: []goal{{figure: figure{ours, p50}, against: figure{raw, p50}, bound: 2}}})
	}
	return s
}

// The declared filters and sorts of lists of orders.
var (
	listFilters = []string{"all", "running", "state", "partner", "partner_running", "person", "type", "sku", "consumer", "word", "to_invoice", "erp_number"}
	listSorts   = []string{"newest", "oldest", "ref", "ref_desc"}
)

func lists(engine string) section {
	s := section{title: "A page of fifty headers, anywhere in the list: " + engine, about: "Limit, where there is one: slim rows by keyset through a prepared statement."}
	for _, f := range listFilters {
		for _, by := range listSorts {
			s.rows = append(s.rows, paged(f+", "+by, fmt.Sprintf("Read/%s/list/%s/%s/", engine, f, by)))
		}
	}
	return s
}

// paged is a page of fifty, anywhere in a list.
func paged(work, base string) row {
	return row{work: work, ours: figure{base + "comptoir", p50}, limit: figure{base + "raw", p50}, beside: []string{p99},
		target: "p50 ≤ 0.3 ms, p99 ≤ 1 ms", goals: []goal{atMost(base+"comptoir", p50, 0.3), atMost(base+"comptoir", p99, 1)}}
}
