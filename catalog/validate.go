package catalog

import (
	"maps"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/comptoir-go/comptoir/fault"
	"github.com/comptoir-go/comptoir/internal/check"
)

// Validate reports everything that keeps the product from being saved, as the
// issues of one ErrInvalid (Invalid, catalog.invalid).
func (p Product) Validate() error {
	var is fault.Issues
	check.Need(&is, "id", string(p.ID), maxText)
	p.SKU.check(&is, "sku")
	p.checkNames(&is)
	if !unitShape(p.Unit) {
		is.Add("unit", "unit.shape", "is not a code of UN/ECE Recommendation 20 (two or three capitals or digits)")
	}
	check.Need(&is, "tax", string(p.Tax), maxText)
	for i, l := range p.Prices {
		l.check(&is, indexed("prices", i))
	}
	checkOverlaps(&is, "prices", p.Prices)
	p.Family.check(&is, "family")
	for i, tag := range p.Tags {
		check.Need(&is, indexed("tags", i), tag, maxText)
		if slices.Contains(p.Tags[:i], tag) {
			is.Add(indexed("tags", i), "tag.twice", "is there twice")
		}
	}
	if p.Weight.Sign() < 0 {
		is.Add("weight", "quantity.negative", "is below zero")
	}
	p.checkSale(&is)
	p.Quantity.check(&is, "quantity")
	return is.Err(ErrInvalid)
}

// Check reports whether the text can be an article number: 1 to 64 bytes of
// printable characters without blanks at the ends. Errors: ErrInvalid.
func (s SKU) Check() error {
	var is fault.Issues
	s.check(&is, "sku")
	return is.Err(ErrInvalid)
}

func (s SKU) check(is *fault.Issues, path string) {
	text := string(s)
	printable := func(r rune) bool { return unicode.IsPrint(r) && r != utf8.RuneError }
	switch {
	case text == "":
		is.Add(path, "required", "is missing")
	case len(text) > maxSKU:
		is.Add(path, "sku.long", "has more than %d bytes", maxSKU)
	case !utf8.ValidString(text) || strings.ContainsFunc(text, func(r rune) bool { return !printable(r) }):
		is.Add(path, "sku.shape", "holds characters that cannot be printed")
	case strings.TrimSpace(text) != text:
		is.Add(path, "sku.shape", "begins or ends with a blank")
	}
}

func (p Product) checkNames(is *fault.Issues) {
	if len(p.Names) == 0 {
		is.Add("names", "required", "at least one name is needed")
	}
	for _, tag := range sortedTags(p.Names) {
		if !check.LangShape(tag) {
			is.Add("names", "lang.shape", "%q is not a BCP 47 language tag", tag)
			continue
		}
		check.Need(is, "names."+tag, p.Names[tag], maxText)
	}
}

func (p Product) checkSale(is *fault.Issues) {
	if p.Sale != SaleBlocked && p.Sale != SaleReferenced && p.Sale != SaleFree {
		is.Add("sale", "sale.unknown", "is none of blocked, referenced, free")
	}
	if p.Sale != SaleReferenced && len(p.Referenced) > 0 {
		is.Add("referenced", "referenced.sale", "needs the sale constraint referenced")
	}
	for i, id := range p.Referenced {
		check.Need(is, indexed("referenced", i), string(id), maxText)
		if slices.Contains(p.Referenced[:i], id) {
			is.Add(indexed("referenced", i), "referenced.twice", "is there twice")
		}
	}
}

// unitShape takes what the recommendation's common codes look like; which of
// them exist is for the seller to know.
func unitShape(code string) bool {
	if len(code) < 2 || len(code) > 3 {
		return false
	}
	for i := 0; i < len(code); i++ {
		if c := code[i]; (c < 'A' || c > 'Z') && (c < '0' || c > '9') {
			return false
		}
	}
	return true
}

// Header returns the product as lists show it.
func (p Product) Header() Header {
	return Header{ID: p.ID, SKU: p.SKU, Names: maps.Clone(p.Names), Unit: p.Unit, Family: p.Family,
		Online: p.Online, Sale: p.Sale}
}

// normal is a copy in stored form, sharing nothing with the caller.
func (p Product) normal() Product {
	p.Names = maps.Clone(p.Names)
	p.Tags = slices.Clone(p.Tags)
	p.Referenced = slices.Clone(p.Referenced)
	p.Prices = slices.Clone(p.Prices)
	for i := range p.Prices {
		l := &p.Prices[i]
		l.Stated = l.Stated.OrNet()
		l.Breaks = slices.Clone(l.Breaks)
		l.From, l.Until = cut(l.From), cut(l.Until)
	}
	return p
}
