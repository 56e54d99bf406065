package locale

import "github.com/comptoir-go/comptoir/money"

// shape is a number taken apart: runs of digits and the separators between,
// all spaces as ' ' and both apostrophes as the straight one.
type shape struct {
	runs []string
	seps []rune
}

// plain turns a number from its first to its last digit into the strict form
// of package money.
func (l Locale) plain(body string, neg bool) (string, error) {
	s, err := shapeOf(body)
	if err != nil {
		return "", err
	}
	point, err := l.point(s)
	if err != nil {
		return "", err
	}
	whole := s.runs
	if point {
		whole = s.runs[:len(s.runs)-1]
	}
	if !l.grouped(whole, s.seps) {
		return "", money.ErrSyntax.With("the groups of digits are not of three")
	}
	out := make([]byte, 0, maxText)
	if neg {
		out = append(out, '-')
	}
	for _, run := range whole {
		out = append(out, run...)
	}
	if point {
		out = append(append(out, '.'), s.runs[len(s.runs)-1]...)
	}
	return string(out), nil
}

func shapeOf(body string) (shape, error) {
	var s shape
	start := 0
	for i, r := range body {
		if r >= '0' && r <= '9' {
			continue
		}
		sep, ok := separator(r)
		if !ok || i == start {
			return shape{}, money.ErrSyntax
		}
		s.runs, s.seps = append(s.runs, body[start:i]), append(s.seps, sep)
		start = i + len(string(r))
	}
	s.runs = append(s.runs, body[start:])
	return s, nil
}

func separator(r rune) (rune, bool) {
	switch {
	case r == '.' || r == ',' || r == '\'':
		return r, true
	case r == '’':
		return '\'', true
	case isSpace(r):
		return ' ', true
	}
	return 0, false
}

// point decides whether the last separator is the decimal one. All before it
// have to be groups of one kind; that is left to grouped.
func (l Locale) point(s shape) (bool, error) {
	n := len(s.seps)
	if n == 0 {
		return false, nil
	}
	last := s.seps[n-1]
	switch {
	case last != '.' && last != ',':
		return false, nil
	case n > 1: // 1.234,56 has two kinds, 1.234.567 has one
		return last != s.seps[n-2], nil
	case len(s.runs[1]) != 3 || len(s.runs[0]) > 3 || s.runs[0][0] == '0':
		return true, nil // no group could stand here
	}
	switch decimal, _ := separator(l.decimal); {
	case l.IsZero():
	case last == decimal:
		return true, nil
	default:
		if group, _ := separator(l.group); last == group {
			return false, nil
		}
	}
	return false, ErrAmbiguous
}

// grouped reports whether the whole part is one run, or groups set off by one
// kind of separator, the last of three digits and the others of three, or of
// two where the language does so.
func (l Locale) grouped(whole []string, seps []rune) bool {
	n := len(whole)
	if n == 1 {
		return true
	}
	if whole[0][0] == '0' || len(whole[n-1]) != 3 {
		return false
	}
	for _, sep := range seps[:n-1] {
		if sep != seps[0] {
			return false
		}
	}
	return sized(whole[:n-1], 3) || l.secondary == 2 && sized(whole[:n-1], 2)
}

// sized reports whether all runs have size digits, the first at most so many.
func sized(runs []string, size int) bool {
	for _, run := range runs[1:] {
		if len(run) != size {
			return false
		}
	}
	return len(runs[0]) <= size
}
