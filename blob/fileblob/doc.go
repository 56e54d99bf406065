// Package fileblob keeps blobs as files of one directory.
//
//	files, err := fileblob.Open("/var/lib/portal/files", nil)
//	defer files.Close()
//
// Every tenant has a directory of its own, and in it a blob is the file
// ab/abcd…, named by its hash below the first two of its digits. A file is
// written beside its place, synced to disk and renamed into it, so that a name
// never stands for half a content. Nothing outside the directory is ever
// reached, whatever a tenant is called and whatever links are put into it
// (os.Root).
//
// Several processes may use one directory at the same time, on a file system
// whose rename is atomic. Back it up as any directory; blobs never change.
package fileblob
