// Package adapter shows the smallest ERP adapter worth copying. To connect an
// ERP of your own, copy four files:
//
//	wire.go     what the ERP's JSON looks like
//	map.go      its words for ours, numbers as text
//	http.go     one request: bounded, no redirects, every failure in its class
//	adapter.go  one method for each thing that the ERP can do
//
// What your ERP cannot do has no method: orders alone are an adapter too. Then
// copy adapter_test.go: erptest holds the adapter to everything that callers
// rely on, and says by name what it could not try. In place of books_test.go,
// an ERP in memory behind HTTP, you have the manufacturer's test system.
//
// The package erp explains the classes of errors; the one to get right is a
// write whose answer is lost (erp.Lost), because it must be looked up and never
// repeated blindly. An adapter has no retries, no rate limit, no circuit breaker
// and no validation: erp.Client adds them to any adapter.
package adapter
