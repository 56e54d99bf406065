// Package erptest is the suite that every ERP adapter passes. It drives the
// adapter itself and the erp.Client over it, and each case states the claim
// it holds the adapter to:
//
//	func TestAdapter(t *testing.T) {
//		erptest.Run(t, erptest.Harness{New: func(t *testing.T) erptest.Subject {
//			return erptest.Subject{Adapter: myerp.New(testServer(t).URL, nil)}
//		}})
//	}
//
// An adapter alone is enough to start. The hooks of the Subject open the rest:
// Held and Count look into the ERP past the adapter, Fail makes something go
// wrong, Happen, Deliver and Return do what the ERP's people do, Reopen is a restart. A
// case that cannot run is skipped with its reason (a capability the adapter
// does not have, a hook the harness does not have), and Run's Report lists it,
// so that a test of the adapter can insist on none.
//
// What an ERP cannot be held to is excepted by name, with the reason, in
// Harness.Except. An exception that names no case fails.
package erptest
