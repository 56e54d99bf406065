// Package chapters cuts a generated document at its headings, so that a run
// over a part of the work rewrites the chapters of that part and keeps the
// others as they are.
package chapters

import "strings"

// Chapter is one "## Title" with what follows it up to the next one.
type Chapter struct {
	Title string
	// Text begins after the line of the title and ends with one newline.
	Text string
}

// Split cuts a document into its chapters; what stands before the first is
// left out, since it is written anew each time.
func Split(doc string) []Chapter {
	var all []Chapter
	for i, part := range strings.Split("\n"+doc, "\n## ") {
		if i == 0 {
			continue
		}
		title, text, _ := strings.Cut(part, "\n")
		all = append(all, Chapter{title, strings.Trim(text, "\n") + "\n"})
	}
	return all
}

// Find returns the text of a title, empty when there is no such chapter.
func Find(all []Chapter, title string) string {
	for _, c := range all {
		if c.Title == title {
			return c.Text
		}
	}
	return ""
}
