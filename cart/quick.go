package cart

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/comptoir-go/comptoir/catalog"
	"github.com/comptoir-go/comptoir/money"
)

// The bounds of a pasted text.
const (
	// MaxQuickBytes is the longest text, in bytes.
	MaxQuickBytes = 256 << 10
	// MaxQuickLines is the number of lines a text may have, blank ones and
	// comments counted.
	MaxQuickLines = 5000
	// maxQuickSKU bounds an article number, in bytes.
	maxQuickSKU = 64
)

// QuickLine is one line of a pasted text.
type QuickLine struct {
	// Number counts the lines of the text from 1.
	Number   int            `json:"number"`
	SKU      catalog.SKU    `json:"sku"`
	Quantity money.Quantity `json:"quantity"`
}

// QuickError is one line of a pasted text that cannot be taken.
type QuickError struct {
	// Number counts the lines of the text from 1; 0 is the text as a whole.
	Number int `json:"number"`
	// SKU is the article number where one was read.
	SKU catalog.SKU `json:"sku,omitempty"`
	// Code is stable: "quantity_syntax"; Message is for a person.
	Code    string `json:"code"`
	Message string `json:"message"`
}

// ParseQuick reads pasted `code;qty` text, one article a line, and lists every
// fault.
//
// Fields are separated by semicolons or tabs, else by the first blanks or
// comma; where semicolons or tabs separate, a code may hold blanks. Double
// quotes around a field, a byte order mark, any line ending, blank lines, and
// comments ("#" or "//" at the beginning) are tolerated. The quantity is 1
// when missing. It is a plain number above zero with at most 4 decimals after
// a point or a comma; one that could be a thousand ("1.000", "2,500") is
// refused as ambiguous. A text beyond MaxQuickBytes or MaxQuickLines is one
// error and nothing of it is read.
func ParseQuick(text string) ([]QuickLine, []QuickError) {
	if len(text) > MaxQuickBytes {
		return nil, []QuickError{{Code: "too_long", Message: "the text is too long"}}
	}
	text = strings.TrimPrefix(text, "\ufeff")
	rows := strings.Split(strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(text), "\n")
	if len(rows) > MaxQuickLines {
		return nil, []QuickError{{Code: "too_many_lines", Message: "the text has too many lines"}}
	}
	var lines []QuickLine
	var faults []QuickError
	for i, row := range rows {
		row = strings.TrimFunc(row, unicode.IsSpace)
		if row == "" || row[0] == '#' || strings.HasPrefix(row, "//") {
			continue
		}
		l, e := parseQuickRow(row)
		switch {
		case e.Code != "":
			e.Number, e.SKU = i+1, l.SKU
			faults = append(faults, e)
		case l.SKU != "":
			l.Number = i + 1
			lines = append(lines, l)
		}
	}
	return lines, faults
}

// parseQuickRow reads one line; a row of separators alone, as spreadsheets
// leave them, is neither a line nor a fault.
func parseQuickRow(row string) (QuickLine, QuickError) {
	if !utf8.ValidString(row) || strings.ContainsFunc(row, func(r rune) bool { return unicode.IsControl(r) && r != '\t' }) {
		return QuickLine{}, QuickError{Code: "encoding", Message: "the line is not plain text"}
	}
	fields := quickFields(row)
	for len(fields) > 0 && fields[len(fields)-1] == "" {
		fields = fields[:len(fields)-1]
	}
	switch {
	case len(fields) == 0:
		return QuickLine{}, QuickError{}
	case len(fields) > 2:
		return QuickLine{}, QuickError{Code: "too_many_fields", Message: "a line is a code and a quantity"}
	case fields[0] == "":
		return QuickLine{}, QuickError{Code: "code_missing", Message: "the code is missing"}
	case len(fields[0]) > maxQuickSKU:
		return QuickLine{}, QuickError{Code: "code_too_long", Message: "the code is too long"}
	}
	l := QuickLine{SKU: catalog.SKU(fields[0]), Quantity: money.QuantityOf(1)}
	if len(fields) == 1 {
		return l, QuickError{}
	}
	q, e := parseQuickQuantity(fields[1])
	l.Quantity = q
	return l, e
}

func quickFields(row string) []string {
	var fields []string
	switch {
	case strings.Contains(row, ";"):
		fields = strings.Split(row, ";")
	case strings.Contains(row, "\t"):
		fields = strings.Split(row, "\t")
	default:
		// The first blank or comma ends the code; a comma after it belongs to
		// the quantity.
		i := strings.IndexFunc(row, func(r rune) bool { return r == ',' || unicode.IsSpace(r) })
		if i < 0 {
			fields = []string{row}
			break
		}
		rest := strings.TrimFunc(row[i:], unicode.IsSpace)
		rest = strings.TrimPrefix(rest, ",")
		fields = []string{row[:i], rest}
	}
	for i, f := range fields {
		f = strings.TrimFunc(f, unicode.IsSpace)
		if len(f) >= 2 && f[0] == '"' && f[len(f)-1] == '"' {
			f = strings.TrimFunc(f[1:len(f)-1], unicode.IsSpace)
		}
		fields[i] = f
	}
	return fields
}

// quickSyntax is the answer to what is no number at all.
var quickSyntax = QuickError{Code: "quantity_syntax", Message: "the quantity is not a number"}

func parseQuickQuantity(text string) (money.Quantity, QuickError) {
	if len(text) > 24 {
		return money.Quantity{}, quickSyntax
	}
	mark := strings.LastIndexAny(text, ".,")
	if mark >= 0 {
		if ambiguous(text[:mark], text[mark+1:]) {
			return money.Quantity{}, QuickError{Code: "quantity_ambiguous", Message: "write the quantity without a separator of thousands and with other than three decimals"}
		}
		text = text[:mark] + "." + text[mark+1:]
	}
	q, err := money.ParseQuantity(text)
	switch {
	case err != nil:
		return money.Quantity{}, quickSyntax
	case q.Sign() <= 0:
		return money.Quantity{}, QuickError{Code: "quantity_positive", Message: "the quantity is above zero"}
	}
	return q, QuickError{}
}

// ambiguous reports whether a number may have a separator of thousands: one to
// three digits, of which the first is not 0, and three digits after the mark.
func ambiguous(before, after string) bool {
	before = strings.TrimPrefix(before, "-")
	return len(after) == 3 && len(before) >= 1 && len(before) <= 3 && before[0] != '0'
}
