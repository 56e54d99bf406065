package catalog

import (
	"slices"
	"strings"
)

// Name returns the product's name in a language given as a BCP 47 tag, case
// ignored. Where there is none it falls back to the tag's shorter forms
// ("fr-CA", then "fr"), to another form of the same language ("fr-FR"), to
// English, and to the first tag in order. ok says whether the name is in the
// language that was asked for; it is false with the empty text only when the
// product has no name at all.
func (p Product) Name(lang string) (text string, ok bool) { return pickName(p.Names, lang) }

// Name is Product.Name for a product in a list.
func (h Header) Name(lang string) (text string, ok bool) { return pickName(h.Names, lang) }

func pickName(names map[string]string, lang string) (string, bool) {
	for tag := lang; tag != ""; tag = parent(tag) {
		if name, ok := exactName(names, tag); ok {
			return name, true
		}
	}
	base, _, _ := strings.Cut(lang, "-")
	if name, ok := sameLanguage(names, base); ok {
		return name, true
	}
	if name, ok := exactName(names, "en"); ok {
		return name, false
	}
	if name, ok := sameLanguage(names, "en"); ok {
		return name, false
	}
	for _, tag := range sortedTags(names) {
		return names[tag], false
	}
	return "", false
}

func parent(tag string) string {
	i := strings.LastIndexByte(tag, '-')
	return tag[:max(i, 0)]
}

// exactName finds a tag whatever its case.
func exactName(names map[string]string, tag string) (string, bool) {
	if name, ok := names[tag]; ok {
		return name, true
	}
	for _, have := range sortedTags(names) {
		if strings.EqualFold(have, tag) {
			return names[have], true
		}
	}
	return "", false
}

func sameLanguage(names map[string]string, base string) (string, bool) {
	if base == "" {
		return "", false
	}
	for _, have := range sortedTags(names) {
		if b, _, _ := strings.Cut(have, "-"); strings.EqualFold(b, base) {
			return names[have], true
		}
	}
	return "", false
}

// sortedTags makes the choice among several tags a stable one.
func sortedTags(names map[string]string) []string {
	tags := make([]string, 0, len(names))
	for tag := range names {
		tags = append(tags, tag)
	}
	slices.Sort(tags)
	return tags
}
