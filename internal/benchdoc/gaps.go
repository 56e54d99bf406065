package main

// gaps explain why a target was missed: by "Section: work", by the part of the
// work before its comma, or by the section alone for all its rows. They are printed only where it was.
var gaps = map[string]string{}
