package mapping

import (
	"unicode/utf8"

	"github.com/comptoir-go/comptoir/internal/fold"
	"github.com/comptoir-go/comptoir/store/internal/engine"
)

// maxWord bounds a word in the index, in bytes; longer words, stored or
// asked for, count by their beginning.
const maxWord = 64

// addTerm adds an exact term; empty and repeated values are left out.
func addTerm(ts []engine.Term, kind, value string) []engine.Term {
	if value == "" {
		return ts
	}
	term := engine.Term{Kind: kind, Value: value}
	for _, t := range ts {
		if t == term {
			return ts
		}
	}
	return append(ts, term)
}

// wordTerms adds the folded words of texts.
func wordTerms(ts []engine.Term, kind string, texts ...string) []engine.Term {
	for _, text := range texts {
		for _, w := range fold.Words(text) {
			ts = addTerm(ts, kind, shorten(w))
		}
	}
	return ts
}

func shorten(word string) string {
	if len(word) <= maxWord {
		return word
	}
	end := maxWord
	for !utf8.RuneStart(word[end]) {
		end--
	}
	return word[:end]
}
