// Package fsmtest proves what a life cycle promises and draws it.
//
// Exhaust walks every state × trigger × role × combination of facts of a table
// and fails the test on rows that fire together, states that are never reached
// or never left, rows that never fire and guards that never hold or never
// fail. Its Figures count what was legal, so that a test can hold the size of
// a table too:
//
//	got := fsmtest.Exhaust(t, lamps, fsmtest.Spec[access.Role, facts]{
//		Facts: fsmtest.Product(facts{},
//			fsmtest.Bool(func(f *facts, v bool) { f.plugged = v }),
//			fsmtest.Bool(func(f *facts, v bool) { f.whole = v }),
//		),
//	})
//	require.Equal(t, 12, got.LegalPairs)
//
// Graph answers questions about the ways through a table: what operators alone
// can reach, which states every way leads through. Charts keeps the drawings
// of a table in files that the test compares.
//
// Integrators who extend a table run the same checks on the result.
package fsmtest
