// Package blob keeps files outside the store, by their content.
//
//	stat, err := files.Put(ctx, tenant, upload)         // first the bytes
//	o, err := orders.Attach(ctx, actor, order.AttachInput{Order: id,
//		Files: []order.NewFile{{File: blob.File{Hash: stat.Hash, Size: stat.Size, Name: "plan.pdf"}}}}) // then the save
//
// A blob is named by the SHA-256 of its content, so the same bytes are kept
// once and a changed byte is noticed. Bytes are put first and mean nothing
// until a document that names them is saved; what no document names is removed
// by Sweep once it is old enough.
package blob
