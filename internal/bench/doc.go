// Package bench measures the durable engines through the services that a
// portal calls, each figure beside its raw limit in the same run: the same
// rows sent by hand to the same tables of the same server or file.
//
//	make bench                 # all of it, into docs/benchmarks.md
//	internal/testpg/run.sh go test -run '^$' -bench Place -benchtime 2000x ./internal/bench
//
// It holds benchmarks only. They set no limit and never fail for being slow.
// COMPTOIR_SOAK=1 reads among 1 000 000 orders instead of 100 000;
// COMPTOIR_BENCH_ORDERS=n among n.
package bench
