package billing

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/comptoir-go/comptoir/fault"
	"github.com/comptoir-go/comptoir/partner"
)

// What a number may be (XP Z12-012, BR-FR-01 and BR-FR-03).
const (
	// NumberMax is the longest number, in characters.
	NumberMax = 35

	numberLetters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+-_/"
	maxSeqWidth   = 12
	firstYear     = 2000
	lastYear      = 2099
)

// The errors of numbering.
var (
	// ErrSeries refuses a series, with every issue, or a document that is not
	// of its seller and kind.
	ErrSeries = fault.Define(fault.Invalid, "billing.series", "the series of numbers is not valid")
	// ErrIssued refuses an issue date.
	ErrIssued = fault.Define(fault.Invalid, "billing.issued", "the issue date must be a day of the years 2000 to 2099, and not after today")
	// ErrSeriesFull says that a series has no number left that is short enough.
	ErrSeriesFull = fault.Define(fault.Precondition, "billing.series_full", "the next number of the series is longer than 35 characters")
)

// Check reports whether the series can make numbers that never repeat.
// Errors: ErrSeries with every issue: a pattern that cannot be read, without
// exactly one {seq:N} of 1 to 12 digits, with other letters than A-Z, a-z, 0-9
// and + - _ / or longer than 35 characters; an unknown reset; a reset by month
// without {month} and the year in the pattern, or by year without the year.
func (s Series) Check() error {
	var is fault.Issues
	s.check(&is, "")
	return is.Err(ErrSeries)
}

// check notes what is wrong with pattern and reset of a series, under a path.
func (s Series) check(is *fault.Issues, path string) {
	p := readPattern(is, fault.Join(path, "pattern"), s.Pattern)
	reset := fault.Join(path, "reset")
	year := p.has(fieldYear) || p.has(fieldShortYear)
	switch s.Reset {
	case NeverReset:
	case YearlyReset:
		if !year {
			is.Add(reset, "reset.year", "numbers would repeat each year: the pattern needs {year} or {yy}")
		}
	case MonthlyReset:
		if !p.has(fieldMonth) || !year {
			is.Add(reset, "reset.month", "numbers would repeat each month: the pattern needs {month} and {year} or {yy}")
		}
	default:
		is.Add(reset, "unknown", "%q is no reset period", s.Reset)
	}
}

// Number writes the number of a counter, from 1, on an issue date:
// 2013-03-000000008 is the eighth of "{year}-{month}-{seq:9}". A counter of
// more digits than the pattern has makes the number longer. Errors: ErrSeries
// for a pattern that Check refuses and a counter below 1, ErrIssued for a day
// outside the years 2000 to 2099, ErrSeriesFull beyond 35 characters.
func (s Series) Number(issued partner.Date, counter int64) (string, error) {
	if err := s.Check(); err != nil {
		return "", err
	}
	if counter < 1 {
		return "", ErrSeries.With("a series counts from 1, not from %d", counter)
	}
	if issued.Year() < firstYear || issued.Year() > lastYear {
		return "", ErrIssued
	}
	var is fault.Issues
	before, width, after := readPattern(&is, "", s.Pattern).split(issued)
	number := fmt.Sprintf("%s%0*d%s", before, width, counter, after)
	if len(number) > NumberMax {
		return "", ErrSeriesFull.With("number %s of series %s has more than %d characters", number, s.ID, NumberMax)
	}
	return number, nil
}

// counterOf reads the counter back out of a number; false when the series as
// it is today would not have made the number on that day.
func (s Series) counterOf(number string, issued partner.Date) (int64, bool) {
	var is fault.Issues
	p := readPattern(&is, "", s.Pattern)
	if len(is) > 0 {
		return 0, false
	}
	before, width, after := p.split(issued)
	digits, ok := strings.CutPrefix(number, before)
	digits, tail := strings.CutSuffix(digits, after)
	if !ok || !tail || len(digits) < width || strings.Trim(digits, "0123456789") != "" {
		return 0, false
	}
	n, err := strconv.ParseInt(digits, 10, 64)
	if err != nil || n < 1 || fmt.Sprintf("%0*d", width, n) != digits {
		return 0, false
	}
	return n, true
}

// period names the span of days over which the counter runs on: "2026",
// "2026-03", or "" without a reset.
func (s Series) period(day partner.Date) string {
	switch s.Reset {
	case YearlyReset:
		return fmt.Sprintf("%04d", day.Year())
	case MonthlyReset:
		return fmt.Sprintf("%04d-%02d", day.Year(), int(day.Month()))
	}
	return ""
}
