// Package memstore keeps everything in memory: the store of tests and demos,
// and the measure the durable engines are compared with. What it holds ends
// with the process.
//
//	st := memstore.New(nil)
//	defer st.Close()
//	shop, err := st.For("de")
//
// Each tenant has one writer at a time, so Update is serializable without
// ever failing; a writer that cannot begin within Options.Wait, or before its
// context ends, answers uow.ErrBusy. Views read an immutable snapshot, wait for
// nobody and hold nobody up. A transaction costs what it changes, however much
// is stored.
//
// A closure that panics is rolled back and the panic goes on.
package memstore
