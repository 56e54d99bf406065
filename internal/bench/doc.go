// Package bench measures the durable engines through the services that a
// portal calls, each figure beside its raw limit in the same run: the same
// rows sent by hand to the same tables of the same server or file.
//
//	make bench                 # all of it, into docs/benchmarks.md
//	internal/testpg/run.sh go test -run '^$' -bench Place -benchtime 2000x ./internal/bench
//
// Benchmarks set no limit and never fail for being slow. What is a test here
// proves that the raw peers write the rows that the services write.
// COMPTOIR_SOAK=1 reads among 1 000 000 orders instead of 100 000;
// COMPTOIR_BENCH_ORDERS=n among n. Invoices, payments and deliveries are as
// many, at most 100 000.
package bench
