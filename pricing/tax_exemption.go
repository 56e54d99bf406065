package pricing

import (
	"strings"

	"github.com/comptoir-go/comptoir/fault"
	"github.com/comptoir-go/comptoir/internal/check"
)

// Exemption says why a sale bears no tax, as invoices must.
type Exemption struct {
	// Code is of the list VATEX ("VATEX-EU-IC"), BT-121.
	Code string `json:"code,omitempty"`
	// Text is the reason in words, BT-120.
	Text string `json:"text,omitempty"`
}

// IsZero reports whether nothing is said.
func (e Exemption) IsZero() bool { return e == Exemption{} }

// check notes a reason where there is tax, and a code that is none.
func (e Exemption) check(is *fault.Issues, path string, c Category) {
	if !e.IsZero() && (c == StandardRated || c == ZeroRated) {
		is.Add(path, issueCategory, "a sale of category %s is not exempt", c)
	}
	if e.Code != "" && !vatexShape(e.Code) {
		is.Add(path+".code", issueCondition, "%q is no code of the list VATEX", e.Code)
	}
	check.Line(is, path+".text", e.Text, maxAdjustmentText)
}

// vatexShape is "VATEX-EU-AE", "VATEX-EU-132-1A", "VATEX-FR-FRANCHISE".
func vatexShape(code string) bool {
	rest, ok := strings.CutPrefix(code, "VATEX-")
	if !ok || len(rest) < 4 || rest[2] != '-' || len(code) > maxCode {
		return false
	}
	return !strings.ContainsFunc(rest, func(r rune) bool {
		return (r < 'A' || r > 'Z') && (r < '0' || r > '9') && r != '-'
	})
}

// orUsual is the reason given, else the usual one of a category. Category E has
// no usual code: which article exempts it depends on the goods.
func (e Exemption) orUsual(c Category) Exemption {
	if !e.IsZero() {
		return e
	}
	switch c {
	case ReverseCharge:
		return Exemption{"VATEX-EU-AE", "Reverse charge"}
	case IntraCommunity:
		return Exemption{"VATEX-EU-IC", "Intra-Community supply"}
	case Export:
		return Exemption{"VATEX-EU-G", "Export outside the EU"}
	case OutOfScope:
		return Exemption{"VATEX-EU-O", "Not subject to VAT"}
	case Exempt:
		return Exemption{Text: "Exempt from VAT"}
	}
	return Exemption{}
}
