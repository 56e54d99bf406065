package trytonerp

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/comptoir-go/comptoir/erp"
)

// refusal is what Tryton says in an answer of status 200: a kind, and its
// words. It was rolled back by then, so that a write was not done, unless the
// database broke off.
type refusal struct {
	kind string
	// name is of a UserWarning.
	name, text string
}

// The kinds that Tryton's own people see; any other is the text of an error
// inside it.
const (
	userError    = "UserError"
	userWarning  = "UserWarning"
	concurrency  = "ConcurrencyException"
	loginRefused = "LoginException"
)

func (r *refusal) Error() string { return r.kind + ": " + r.text }

// readRefusal reads [kind, [words…]] or [kind, words].
func readRefusal(answer []json.RawMessage) *refusal {
	r := &refusal{}
	if len(answer) == 0 {
		return r
	}
	if json.Unmarshal(answer[0], &r.kind) != nil {
		r.kind = string(answer[0])
	}
	if len(answer) == 1 {
		return r
	}
	var words []json.RawMessage
	if json.Unmarshal(answer[1], &words) != nil {
		_ = json.Unmarshal(answer[1], &r.text) // a traceback, or nothing
		return r
	}
	var said []string
	for _, w := range words {
		var s string
		if json.Unmarshal(w, &s) == nil && s != "" {
			said = append(said, s)
		}
	}
	if r.kind == userWarning && len(said) > 0 {
		r.name, said = said[0], said[1:]
	}
	r.text = strings.Join(said, ": ")
	return r
}

// busyWords are in the errors of databases that had no time, not of ours.
var busyWords = []string{"could not serialize", "database is locked", "deadlock detected", "could not obtain lock",
	"database table is locked", "too many connections"}

// brokenWords are in the errors of databases whose connection broke, perhaps
// after the work.
var brokenWords = []string{"connection already closed", "server closed the connection"}

// error sorts the refusal by what is to be done. writes says whether the request
// may have changed something.
func (r *refusal) error(op erp.Op, writes bool) error {
	switch r.kind {
	case userError:
		return erp.NewError(erp.Rejected, op, r.text, r)
	case userWarning:
		return erp.NewError(erp.NeedsConfirmation, op, fmt.Sprintf("%s (%s)", r.text, warningKind(r.name)), r)
	case concurrency:
		return erp.NewError(erp.Conflict, op, r.text, r)
	case loginRefused:
		return erp.NewError(erp.Auth, op, r.text, nil)
	}
	words := strings.ToLower(r.kind + " " + r.text)
	has := func(w string) bool { return strings.Contains(words, w) }
	switch {
	case slices.ContainsFunc(brokenWords, has):
		return lost(op, writes, errors.New(r.kind))
	case slices.ContainsFunc(busyWords, has):
		return erp.NewError(erp.Retryable, op, r.kind, nil)
	}
	return erp.NewError(erp.Contract, op, r.kind, nil)
}

// warningKind is what of a warning's name does not depend on the records.
func warningKind(name string) string { return name[strings.LastIndexByte(name, '.')+1:] }

// refusedAs is the refusal behind an error, nil when there is none.
func refusedAs(err error, kind string) *refusal {
	var r *refusal
	if errors.As(err, &r) && r.kind == kind {
		return r
	}
	return nil
}

// absent makes NotFound of a read that is refused: a record that is gone and one
// that we may not see get one answer from Tryton. It says "not allowed to read"
// in the user's language, so that any refusal of a read is taken for it.
func absent(op erp.Op, err error) error {
	if refusedAs(err, userError) != nil {
		return erp.NewError(erp.NotFound, op, "", err)
	}
	return err
}

// refusedStatus sorts what is no answer of Tryton's to the call itself. writes
// says whether the request may have changed something.
func refusedStatus(op erp.Op, writes bool, status int, header http.Header) error {
	said := fmt.Errorf("HTTP %d", status)
	switch {
	case status == http.StatusUnauthorized:
		return erp.NewError(erp.Auth, op, "", said)
	case status == http.StatusTooManyRequests, status == http.StatusServiceUnavailable: // before any work
		e := erp.NewError(erp.Retryable, op, "", said)
		if s, err := strconv.Atoi(header.Get("Retry-After")); err == nil && s > 0 && s < 1<<20 {
			e.RetryAfter = time.Duration(s) * time.Second
		}
		return e
	case status == http.StatusRequestTimeout, status >= 500: // perhaps after the work
		return lost(op, writes, said)
	}
	// Redirects, a method that is not exposed (403), no such database (404).
	return erp.NewError(erp.Contract, op, "", said)
}

// lost is a request that left without an answer. One that only reads changed
// nothing, in whatever operation it is made.
func lost(op erp.Op, writes bool, cause error) error {
	if writes {
		return erp.Lost(op, cause)
	}
	return erp.NewError(erp.Retryable, op, "", cause)
}

// unreadable is an answer that says nothing: what came of a write nobody knows.
func unreadable(op erp.Op, writes bool, cause error) error {
	if writes {
		return erp.Lost(op, cause)
	}
	return erp.NewError(erp.Contract, op, "", cause)
}
