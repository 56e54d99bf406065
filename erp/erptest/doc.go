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
// wrong, Happen, Deliver, Return and Delete do what the ERP's people do, Reopen is
// a restart. A case that cannot run is skipped with its reason (a capability the adapter
// does not have, a hook the harness does not have), and Run's Report lists it,
// so that a test of the adapter can insist on none.
//
// A Proxy stands before an ERP that is spoken to by HTTP and lets go wrong what
// goes wrong on the way: it cuts before and after the work, doubles, delays and
// drips, refuses with Retry-After, spoils answers, answers pages for people and
// redirects. With one in Subject.Proxy the claims about the wire are tried, and
// faults that Fail cannot make are made there:
//
//	proxy, err := erptest.NewProxy(testServer(t).URL, nil)
//	…
//	return erptest.Subject{Adapter: myerp.New(proxy.URL(), nil), Proxy: proxy}
//
// Every call of every case is watched: what is refused before sending must not
// arrive, and none of Harness.Secrets may stand in any error, in what it wraps,
// in what is answered (which events tell of), or in the log.
//
// The Report makes a certificate: for each operation whether it is certified,
// by which cases, and what was not shown (WriteCertificate).
//
// What an ERP cannot be held to is excepted by name, with the reason, in
// Harness.Except. An exception that names no case fails.
package erptest
