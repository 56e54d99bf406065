// Package blobtest is the suite that every blob.Store passes; each case states
// the claim it holds the store to:
//
//	func TestStore(t *testing.T) {
//		blobtest.Run(t, blobtest.Harness{New: func(t testing.TB) blobtest.Subject {
//			return blobtest.Subject{Store: mine.New(t.TempDir())}
//		}})
//	}
//
// A store alone is enough to start. A case that needs a hook of the Subject is
// skipped with its reason while there is none, and fails when Harness.Strict is
// set. What a store cannot be held to is excepted by name, with the reason; an
// exception that names no case fails.
package blobtest
