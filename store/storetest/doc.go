// Package storetest is the conformance suite of stores: what store.Store, its
// repositories, outbox, queue, counters and idempotency keys promise, case by
// case. Whoever writes an engine runs it from a test of its own:
//
//	func TestConformance(t *testing.T) {
//		storetest.Run(t, storetest.Harness{
//			Name: "mystore",
//			Open: func(t testing.TB, o storetest.Options) store.Store { … },
//			Oracle: func(t testing.TB, o storetest.Options) store.Store {
//				return memstore.New(&memstore.Options{Now: o.Now})
//			},
//			Exceptions: map[string]string{"durable/kill": "it keeps everything in memory"},
//		})
//	}
//
// Every case is a subtest that logs the claim it tests. An engine that cannot
// keep a promise names the case in Harness.Exceptions with the reason; such a
// case is skipped and says so, and a name that is no case fails the run, as
// does a case whose hook is missing without an exception.
//
// Fields, methods and filters are found by reflection: a new field of an
// aggregate is in the round trip at once, and a new method or filter fails the
// suite until it is covered here.
//
// Counts are small by default, so that a run takes well under a minute; with
// COMPTOIR_SOAK=1 in the environment they are large. Random cases print their
// seed; COMPTOIR_SEED=n repeats one.
package storetest
