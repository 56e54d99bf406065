package billing

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/comptoir-go/comptoir/fault"
	"github.com/comptoir-go/comptoir/partner"
)

// The fields of a pattern.
const (
	fieldYear      = "year"
	fieldShortYear = "yy"
	fieldMonth     = "month"
	fieldSeq       = "seq"
)

// pattern is a series' pattern in pieces.
type pattern []piece

// piece is a field, or text between fields.
type piece struct {
	field string // "" for text
	text  string
	width int // of seq
}

// readPattern reads a pattern and notes all that is wrong with it.
func readPattern(is *fault.Issues, path, text string) pattern {
	if text == "" {
		is.Add(path, "required", "is missing")
		return nil
	}
	var p pattern
	for rest := text; rest != ""; {
		open := strings.IndexByte(rest, '{')
		if open != 0 {
			lit := rest
			if open > 0 {
				lit = rest[:open]
			}
			p, rest = append(p, piece{text: lit}), rest[len(lit):]
			continue
		}
		end := strings.IndexByte(rest, '}')
		if end < 0 {
			is.Add(path, "pattern.brace", "has an open brace")
			break
		}
		p, rest = append(p, readField(is, path, rest[1:end])), rest[end+1:]
	}
	p.check(is, path)
	return p
}

func readField(is *fault.Issues, path, name string) piece {
	if name == fieldYear || name == fieldShortYear || name == fieldMonth {
		return piece{field: name}
	}
	kind, width, _ := strings.Cut(name, ":")
	if kind != fieldSeq {
		is.Add(path, "pattern.field", "{%s} is none of {year}, {yy}, {month} and {seq:N}", name)
		return piece{field: name}
	}
	n, err := strconv.Atoi(width)
	if err != nil || n < 1 || n > maxSeqWidth || strconv.Itoa(n) != width {
		is.Add(path, "pattern.width", "{%s} does not say a width, as {seq:6} does, of 1 to %d digits", name, maxSeqWidth)
		n = 1
	}
	return piece{field: fieldSeq, width: n}
}

func (p pattern) check(is *fault.Issues, path string) {
	seqs, long := 0, 0
	for _, x := range p {
		switch x.field {
		case "":
			long += len(x.text)
			if bad := strings.Trim(x.text, numberLetters); bad != "" {
				is.Add(path, "pattern.letters", "%q holds what no number may: letters are A-Z, a-z, 0-9 and + - _ /", x.text)
			}
		case fieldYear:
			long += 4
		case fieldSeq:
			seqs++
			long += x.width
		default:
			long += 2
		}
	}
	if seqs != 1 {
		is.Add(path, "pattern.seq", "has %d fields {seq:N}, and needs exactly one", seqs)
	}
	if long > NumberMax {
		is.Add(path, "pattern.long", "makes numbers of %d characters, at most %d are allowed", long, NumberMax)
	}
}

func (p pattern) has(field string) bool {
	return slices.ContainsFunc(p, func(x piece) bool { return x.field == field })
}

// split writes what stands before and after the counter on a day.
func (p pattern) split(day partner.Date) (before string, width int, after string) {
	var b strings.Builder
	for _, x := range p {
		switch x.field {
		case "":
			b.WriteString(x.text)
		case fieldYear:
			fmt.Fprintf(&b, "%04d", day.Year())
		case fieldShortYear:
			fmt.Fprintf(&b, "%02d", day.Year()%100)
		case fieldMonth:
			fmt.Fprintf(&b, "%02d", int(day.Month()))
		case fieldSeq:
			before, width = b.String(), x.width
			b.Reset()
		}
	}
	return before, width, b.String()
}

// clashes reports whether two series could make the same number. It may say so
// of patterns that meet only on a day or a counter that never comes, and never
// the other way round.
func (s Series) clashes(b Series) bool {
	var is fault.Issues
	x, y := readPattern(&is, "", s.Pattern).shape(), readPattern(&is, "", b.Pattern).shape()
	if len(is) > 0 {
		return false // refused anyway
	}
	return meet(x, y, 0, 0, map[[2]int]bool{})
}

// shape is what the numbers of a pattern look like.
type shape []sign

// sign is a letter, any digit, or any number of digits.
type sign struct {
	kind   signKind
	letter byte
}

type signKind uint8

const (
	literal signKind = iota
	anyDigit
	moreDigits
)

func (p pattern) shape() shape {
	var out shape
	digits := func(n int) {
		for range n {
			out = append(out, sign{kind: anyDigit})
		}
	}
	for _, x := range p {
		switch x.field {
		case "":
			for i := range len(x.text) {
				out = append(out, sign{letter: x.text[i]})
			}
		case fieldYear:
			out = append(out, sign{letter: '2'}, sign{letter: '0'}) // of the years that there are
			digits(2)
		case fieldSeq:
			digits(x.width)
			out = append(out, sign{kind: moreDigits})
		default:
			digits(2)
		}
	}
	return out
}

// meet reports whether some text has both shapes, from i and j on.
func meet(a, b shape, i, j int, seen map[[2]int]bool) bool {
	if i == len(a) && j == len(b) {
		return true
	}
	if seen[[2]int{i, j}] {
		return false
	}
	seen[[2]int{i, j}] = true
	loopA, loopB := i < len(a) && a[i].kind == moreDigits, j < len(b) && b[j].kind == moreDigits
	if loopA && meet(a, b, i+1, j, seen) || loopB && meet(a, b, i, j+1, seen) {
		return true
	}
	if i == len(a) || j == len(b) || !a[i].fits(b[j]) {
		return false
	}
	if !loopA {
		i++
	}
	if !loopB {
		j++
	}
	return meet(a, b, i, j, seen)
}

// fits reports whether one letter can be both.
func (x sign) fits(y sign) bool {
	digit := func(s sign) bool { return s.kind != literal || s.letter >= '0' && s.letter <= '9' }
	if x.kind == literal && y.kind == literal {
		return x.letter == y.letter
	}
	return digit(x) && digit(y)
}
