package fault

import (
	"fmt"
	"strings"
)

// Issue is one thing wrong with an input.
type Issue struct {
	// Path names the field as the caller wrote it: "lines[2].quantity".
	Path string `json:"path"`
	// Code is stable: "quantity.step".
	Code string `json:"code"`
	// Message is for a person, in English.
	Message string `json:"message"`
}

// String prints "path: message (code)".
func (i Issue) String() string { return i.Path + ": " + i.Message + " (" + i.Code + ")" }

// Issues collects all that is wrong before anything is refused. The zero
// value is ready to use.
type Issues []Issue

// Add notes one issue; the message is formatted as by fmt.Sprintf.
func (is *Issues) Add(path, code, format string, args ...any) {
	*is = append(*is, Issue{Path: path, Code: code, Message: fmt.Sprintf(format, args...)})
}

// AddUnder notes the issues of err under a path prefix. An err without
// issues becomes one issue with its own code. A nil err adds nothing.
func (is *Issues) AddUnder(prefix string, err error) {
	if err == nil {
		return
	}
	sub := IssuesOf(err)
	if len(sub) == 0 {
		is.Add(prefix, orInternal(CodeOf(err)), "%s", message(err))
		return
	}
	for _, i := range sub {
		*is = append(*is, Issue{Path: Join(prefix, i.Path), Code: i.Code, Message: i.Message})
	}
}

// Join puts a path under a prefix: Join("lines[1]", "qty") is "lines[1].qty".
func Join(prefix, path string) string {
	switch {
	case prefix == "":
		return path
	case path == "", strings.HasPrefix(path, "["):
		return prefix + path
	}
	return prefix + "." + path
}

// Err returns a copy of as carrying the issues, or nil when there are none.
func (is Issues) Err(as *Error) error {
	if len(is) == 0 {
		return nil
	}
	c := *as
	c.issues = append([]Issue(nil), is...)
	return &c
}

// String joins the issues with "; ".
func (is Issues) String() string {
	parts := make([]string, len(is))
	for i, s := range is {
		parts[i] = s.String()
	}
	return strings.Join(parts, "; ")
}

func orInternal(code string) string {
	if code == "" {
		return "internal"
	}
	return code
}

func message(err error) string {
	if e, ok := err.(*Error); ok {
		return e.msg
	}
	return err.Error()
}
