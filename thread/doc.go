// Package thread keeps the correspondence on documents: one thread per order,
// delivery or invoice, written by both sides and by the ERP's people.
//
//	m, err := book.PostTx(ctx, tx, actor, owner, thread.Doc{Kind: "order", ID: id}, thread.PostInput{Text: "Where is it?"})
//	t, err := book.ReadTx(ctx, tx, actor, owner, doc)
//
// A Book has the rules and works inside transactions of the package that owns
// the document: that package says whose it is and has checked that the actor
// sees it. Messages are never changed or removed. Internal ones exist for those
// only who may read them; nothing of them shows on the partner's side, neither
// in counts nor in read marks.
//
// What is not from the ERP is sent there by the relay; what comes from there is
// told by ReportTx, any number of times with one effect.
package thread
