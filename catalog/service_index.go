package catalog

import (
	"strings"

	"github.com/comptoir-go/comptoir/fault"
)

// ServiceIndex is the revision of a model as spare-part documents name it:
// "SI" and two or three digits ("SI00"); "" is none.
type ServiceIndex string

// ErrServiceIndex refuses what is no service index.
var ErrServiceIndex = fault.Define(fault.Invalid, "catalog.service_index", "not a service index (SI and two or three digits)")

// ParseServiceIndex reads ^SI\d{2,3}$ strictly. Anything else is
// ErrServiceIndex (Invalid, catalog.service_index).
func ParseServiceIndex(text string) (ServiceIndex, error) {
	if n := len(text); (n == 4 || n == 5) && strings.HasPrefix(text, "SI") && onlyDigits(text[2:]) {
		return ServiceIndex(text), nil
	}
	return "", ErrServiceIndex
}

// ParseServiceIndexLenient also reads what typing and scanning make of a
// service index: blanks around it, small letters, and the letter I read as
// the digit 1 or a small L ("S100" is SI00). mended reports that the text was
// not the index itself, so that a person can be shown both. Errors as
// ParseServiceIndex.
func ParseServiceIndexLenient(text string) (index ServiceIndex, mended bool, err error) {
	t := strings.TrimSpace(text)
	if len(t) > 5 || len(t) < 4 {
		return "", false, ErrServiceIndex
	}
	if strings.IndexByte("sS", t[0]) >= 0 && strings.IndexByte("iI1lL", t[1]) >= 0 {
		t = "SI" + t[2:]
	}
	index, err = ParseServiceIndex(t)
	return index, err == nil && string(index) != text, err
}

// MarshalText writes the index; one of another shape is ErrServiceIndex.
func (x ServiceIndex) MarshalText() ([]byte, error) {
	if x == "" {
		return nil, nil
	}
	p, err := ParseServiceIndex(string(x))
	return []byte(p), err
}

// UnmarshalText reads what ParseServiceIndex reads; an empty text is none.
func (x *ServiceIndex) UnmarshalText(text []byte) error {
	if len(text) == 0 {
		*x = ""
		return nil
	}
	p, err := ParseServiceIndex(string(text))
	if err != nil {
		return err
	}
	*x = p
	return nil
}
