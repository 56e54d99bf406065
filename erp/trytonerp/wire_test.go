package trytonerp

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/comptoir-go/comptoir/erp"
)

// tryton is a server that knows how to log in, and answers the rest as told.
type tryton struct {
	logins, calls atomic.Int64
	password      string
	answer        func(w http.ResponseWriter, r *http.Request, c asked)
}

type asked struct {
	ID     int64             `json:"id"`
	Method string            `json:"method"`
	Params []json.RawMessage `json:"params"`
}

func (c asked) with(w io.Writer, text string) { fmt.Fprintf(w, `{"id":%d,%s}`, c.ID, text) }

func (s *tryton) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	var c asked
	if json.NewDecoder(r.Body).Decode(&c) != nil || r.URL.Path != "/erp/" {
		w.WriteHeader(http.StatusInternalServerError)
		return
	}
	switch c.Method {
	case "common.db.login":
		n := s.logins.Add(1)
		if !strings.Contains(string(c.Params[1]), s.password) {
			w.WriteHeader(http.StatusUnauthorized)
			return
		}
		c.with(w, fmt.Sprintf(`"result":[7,"token%d"]`, n))
	case "model.res.user.get_preferences":
		c.with(w, `"result":{"company":3,"language":"fr","groups":[1,2]}`)
	default:
		s.calls.Add(1)
		s.answer(w, r, c)
	}
}

func start(t *testing.T, s *tryton) *Adapter {
	t.Helper()
	if s.password == "" {
		s.password = word
	}
	server := httptest.NewServer(s)
	t.Cleanup(server.Close)
	a, err := New(usable(server.URL))
	require.NoError(t, err)
	t.Cleanup(a.Close)
	return a
}

func TestCallsCarrySessionAndContext(t *testing.T) {
	a := start(t, &tryton{answer: func(w http.ResponseWriter, r *http.Request, c asked) {
		token, _ := base64.StdEncoding.DecodeString(strings.TrimPrefix(r.Header.Get("Authorization"), "Session "))
		require.Equal(t, "connector:7:token1", string(token))
		require.JSONEq(t, `{"company":3,"language":"en","groups":[1,2],"active":1}`, string(c.Params[len(c.Params)-1]))
		c.with(w, `"result":[{"id":12}]`)
	}})
	var rows []struct{ ID int64 }
	err := a.call(t.Context(), request{op: erp.OpFind, method: "model.x.read", params: []any{[]int64{12}}, context: map[string]any{"active": 1}}, &rows)
	require.NoError(t, err)
	require.EqualValues(t, 12, rows[0].ID)
}

// A session that is refused is renewed once; one that is refused again is Auth.
func TestSessionIsRenewedOnce(t *testing.T) {
	refuse := int64(1)
	s := &tryton{}
	s.answer = func(w http.ResponseWriter, _ *http.Request, c asked) {
		if s.calls.Load() <= atomic.LoadInt64(&refuse) {
			w.WriteHeader(http.StatusUnauthorized)
			return
		}
		c.with(w, `"result":null`)
	}
	a := start(t, s)
	require.NoError(t, a.press(t.Context(), erp.OpAdvance, "sale.sale", "quote", 1, nil))
	require.EqualValues(t, []int64{2, 2}, []int64{s.logins.Load(), s.calls.Load()})
	atomic.StoreInt64(&refuse, 1000)
	require.Equal(t, erp.Auth, erp.ClassOf(a.Ping(t.Context())))
	require.EqualValues(t, []int64{3, 4}, []int64{s.logins.Load(), s.calls.Load()})
}

// Many that meet a wrong password at once try it once.
func TestWrongPasswordIsTriedOnce(t *testing.T) {
	s := &tryton{password: "another"}
	gate := make(chan struct{})
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { <-gate; s.ServeHTTP(w, r) }))
	defer server.Close()
	a, err := New(usable(server.URL))
	require.NoError(t, err)
	defer a.Close()
	var wg, there sync.WaitGroup
	classes := make([]erp.Class, 8)
	for i := range classes {
		there.Add(1)
		wg.Go(func() { classes[i] = erp.ClassOf(a.Ping(&atTheDoor{Context: t.Context(), there: there.Done})) })
	}
	there.Wait()
	close(gate)
	wg.Wait()
	for _, c := range classes {
		require.Equal(t, erp.Auth, c)
	}
	require.EqualValues(t, 1, s.logins.Load())
}

// atTheDoor tells when its caller has come so far that he may have to wait.
type atTheDoor struct {
	context.Context
	once  sync.Once
	there func()
}

func (c *atTheDoor) Done() <-chan struct{} {
	c.once.Do(c.there)
	return c.Context.Done()
}

// Who waits for somebody else's login leaves in time.
func TestNobodyWaitsBeyondHisDeadline(t *testing.T) {
	gate, asked := make(chan struct{}), make(chan struct{}, 1)
	server := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { asked <- struct{}{}; <-gate }))
	defer server.Close()
	defer close(gate)
	a, err := New(usable(server.URL))
	require.NoError(t, err)
	defer a.Close()
	first, cancel := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- a.Ping(first) }()
	<-asked
	ctx, leave := context.WithTimeout(t.Context(), 30*time.Millisecond)
	defer leave()
	require.Equal(t, erp.NotSent, erp.ClassOf(a.Ping(ctx)))
	cancel()
	require.Equal(t, erp.Retryable, erp.ClassOf(<-done))
}

func TestWhatTrytonAnswers(t *testing.T) {
	elsewhere := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { t.Error("a redirect was followed") }))
	defer elsewhere.Close()
	said := func(text string) func(http.ResponseWriter, *http.Request, asked) {
		return func(w http.ResponseWriter, _ *http.Request, c asked) { c.with(w, text) }
	}
	status := func(code int) func(http.ResponseWriter, *http.Request, asked) {
		return func(w http.ResponseWriter, _ *http.Request, _ asked) { w.WriteHeader(code) }
	}
	plain := func(text string) func(http.ResponseWriter, *http.Request, asked) {
		return func(w http.ResponseWriter, _ *http.Request, _ asked) { _, _ = io.WriteString(w, text) }
	}
	for name, c := range map[string]struct {
		answer      func(http.ResponseWriter, *http.Request, asked)
		read, write erp.Class
		text        string
	}{
		"a refusal":           {said(`"error":["UserError",["No.","Because.",null]]`), erp.Rejected, erp.Rejected, "No.: Because."},
		"a question":          {said(`"error":["UserWarning",["abc.in_the_future","Sure?",""]]`), erp.NeedsConfirmation, erp.NeedsConfirmation, "Sure? (in_the_future)"},
		"a stale record":      {said(`"error":["ConcurrencyException","Records were modified"]`), erp.Conflict, erp.Conflict, "Records were modified"},
		"a login":             {said(`"error":["LoginException",["password","Password for connector","password"]]`), erp.Auth, erp.Auth, ""},
		"an unknown field":    {said(`"error":["'nope'",""]`), erp.Contract, erp.Contract, "'nope'"},
		"no such database":    {said(`"error":["Database 'x' doesn't exist!",""]`), erp.Contract, erp.Contract, ""},
		"a busy SQLite":       {said(`"error":["database is locked","Traceback"]`), erp.Retryable, erp.Retryable, ""},
		"a busy PostgreSQL":   {said(`"error":["could not serialize access due to concurrent update\n",""]`), erp.Retryable, erp.Retryable, ""},
		"a broken PostgreSQL": {said(`"error":["server closed the connection unexpectedly\n",""]`), erp.Retryable, erp.OutcomeUnknown, ""},
		"a lost PostgreSQL":   {said(`"error":["connection already closed",""]`), erp.Retryable, erp.OutcomeUnknown, ""},
		"an empty error":      {said(`"error":[]`), erp.Contract, erp.Contract, ""},
		"neither":             {said(`"more":1`), erp.Contract, erp.OutcomeUnknown, ""},
		"another's answer":    {plain(`{"id":999,"result":[]}`), erp.Contract, erp.OutcomeUnknown, ""},
		"a page for people":   {plain("<html>"), erp.Contract, erp.OutcomeUnknown, ""},
		"half an answer":      {plain(`{"id":1,"res`), erp.Contract, erp.OutcomeUnknown, ""},
		"another type":        {said(`"result":"text"`), erp.Contract, erp.OutcomeUnknown, ""},
		"an endless answer":   {func(w http.ResponseWriter, r *http.Request, _ asked) { pour(w, r) }, erp.Contract, erp.OutcomeUnknown, ""},
		"a redirect": {func(w http.ResponseWriter, r *http.Request, _ asked) {
			http.Redirect(w, r, elsewhere.URL, http.StatusTemporaryRedirect)
		}, erp.Contract, erp.Contract, ""},
		"unauthorised":       {status(401), erp.Auth, erp.Auth, ""},
		"not exposed":        {status(403), erp.Contract, erp.Contract, ""},
		"no such place":      {status(404), erp.Contract, erp.Contract, ""},
		"too slow":           {status(408), erp.Retryable, erp.OutcomeUnknown, ""},
		"broken":             {status(500), erp.Retryable, erp.OutcomeUnknown, ""},
		"a gateway":          {status(504), erp.Retryable, erp.OutcomeUnknown, ""},
		"closed for the day": {status(503), erp.Retryable, erp.Retryable, ""},
		"a cut connection":   {func(http.ResponseWriter, *http.Request, asked) { panic(http.ErrAbortHandler) }, erp.Retryable, erp.OutcomeUnknown, ""},
	} {
		t.Run(name, func(t *testing.T) {
			a := start(t, &tryton{answer: c.answer})
			var rows []map[string]any
			read := a.call(t.Context(), request{op: erp.OpFind, method: "model.x.search_read"}, &rows)
			write := a.call(t.Context(), request{op: erp.OpPush, method: "model.x.create", writes: true}, &rows)
			require.Equal(t, []erp.Class{c.read, c.write}, []erp.Class{erp.ClassOf(read), erp.ClassOf(write)}, "%v, %v", read, write)
			// What is read on the way to a write leaves nothing unknown.
			before := a.call(t.Context(), request{op: erp.OpPush, method: "model.x.search_read"}, &rows)
			require.Equal(t, c.read, erp.ClassOf(before), "%v", before)
			for _, err := range []error{read, write} {
				require.Contains(t, err.Error(), c.text)
				require.NotContains(t, err.Error(), word)
				require.NotContains(t, err.Error(), "127.0.0.1")
				require.NotContains(t, err.Error(), "token1")
			}
		})
	}
}

func pour(w http.ResponseWriter, r *http.Request) {
	text := []byte(strings.Repeat(" ", 1<<20))
	for r.Context().Err() == nil {
		if _, err := w.Write(text); err != nil {
			return
		}
	}
}

func TestRetryAfter(t *testing.T) {
	a := start(t, &tryton{answer: func(w http.ResponseWriter, _ *http.Request, _ asked) {
		w.Header().Set("Retry-After", "7")
		w.WriteHeader(http.StatusTooManyRequests)
	}})
	var e *erp.Error
	require.ErrorAs(t, a.Ping(t.Context()), &e)
	require.Equal(t, []any{erp.Retryable, 7 * time.Second}, []any{e.Class, e.RetryAfter})
}

func TestNobodyThere(t *testing.T) {
	a, err := New(usable("http://127.0.0.1:1")) // a port that is given to nobody
	require.NoError(t, err)
	require.Equal(t, erp.NotSent, erp.ClassOf(a.Ping(t.Context())))
	gone, cancel := context.WithCancel(t.Context())
	cancel()
	require.Equal(t, erp.NotSent, erp.ClassOf(a.Ping(gone)))
}

// Warnings that the options name are confirmed and the call made again; the
// rest is for a person, and a question that never ends is given up.
func TestWarningsByPolicy(t *testing.T) {
	var confirmed []string
	s := &tryton{}
	s.answer = func(w http.ResponseWriter, _ *http.Request, c asked) {
		switch {
		case c.Method == "model.res.user.warning.create":
			confirmed = append(confirmed, string(c.Params[0]))
			c.with(w, `"result":[1]`)
		case len(confirmed) == 0 || c.Method == "model.x.endless":
			c.with(w, `"error":["UserWarning",["abc.in_the_future","Sure?",""]]`)
		default:
			c.with(w, `"result":null`)
		}
	}
	a := start(t, s)
	ask := request{op: erp.OpAdvance, method: "model.x.button", writes: true}
	require.Equal(t, erp.NeedsConfirmation, erp.ClassOf(a.call(t.Context(), ask, nil)))
	require.Empty(t, confirmed)
	a.o.Accept = []string{"in_the_future"}
	require.NoError(t, a.call(t.Context(), ask, nil))
	require.Len(t, confirmed, 1)
	require.JSONEq(t, `[{"user":7,"name":"abc.in_the_future","always":false}]`, confirmed[0])
	ask.method = "model.x.endless"
	require.Equal(t, erp.NeedsConfirmation, erp.ClassOf(a.call(t.Context(), ask, nil)))
	require.Len(t, confirmed, 1+warningsMax)
}
