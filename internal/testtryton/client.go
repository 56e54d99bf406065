package testtryton

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"
)

// Client speaks to Tryton as one of its users, over JSON-RPC. It is made to
// look past an adapter, so it shares nothing with one. It may be used by many
// goroutines.
type Client struct {
	base, database, user, password string
	http                           *http.Client

	mu      sync.Mutex
	session string // "" before the first login
	context map[string]any
}

// Error is what Tryton refused a call with. Kind is UserError, UserWarning,
// ConcurrencyException or LoginException for what its own people would see,
// "HTTP 403" and the like for what it does not answer, else the text of an
// error inside it.
type Error struct{ Method, Kind, Message string }

// Error says which call was refused, and how.
func (e *Error) Error() string {
	return fmt.Sprintf("tryton: %s: %s: %s", e.Method, e.Kind, e.Message)
}

// NewClient returns the client of an address as COMPTOIR_TEST_TRYTON has it. It
// logs in with the first call.
func NewClient(address string) (*Client, error) {
	u, err := url.Parse(address)
	if err != nil {
		return nil, errors.New("the address is not a URL")
	}
	password, ok := u.User.Password()
	database := strings.Trim(u.Path, "/")
	if u.Scheme != "tryton" || !ok || database == "" {
		return nil, errors.New("the address is not like tryton://USER:PASSWORD@HOST:PORT/DATABASE")
	}
	return &Client{
		base: "http://" + u.Host + "/", database: database, user: u.User.Username(), password: password,
		// No proxy of the environment, no connection that outlives a server.
		http: &http.Client{Timeout: time.Minute, Transport: &http.Transport{DisableKeepAlives: true}},
	}, nil
}

// Version returns the version of the server; nobody has to log in for it.
func (c *Client) Version(ctx context.Context) (string, error) {
	var version string
	return version, c.post(ctx, "", "", "common.server.version", []any{}, &version)
}

// Databases returns the names of the databases the server has.
func (c *Client) Databases(ctx context.Context) ([]string, error) {
	var names []string
	return names, c.post(ctx, "", "", "common.db.list", []any{}, &names)
}

// Call calls a method of a model or wizard, as "model.sale.sale.read". The
// context of the user goes after the parameters. It returns what Tryton answered,
// or an *Error.
func (c *Client) Call(ctx context.Context, method string, params ...any) (json.RawMessage, error) {
	var out json.RawMessage
	return out, c.call(ctx, nil, &out, method, params...)
}

// call decodes the answer to out, nil where it does not matter. The keys of
// extra go into the context. Payments ask for a session used in the last
// minutes, so a session that is refused is replaced once.
func (c *Client) call(ctx context.Context, extra map[string]any, out any, method string, params ...any) error {
	session, preferences, err := c.login(ctx, "")
	if err != nil {
		return err
	}
	merged := maps.Clone(preferences)
	maps.Copy(merged, extra)
	params = append(append([]any{}, params...), merged)
	err = c.post(ctx, c.database+"/", session, method, params, out)
	var refused *Error
	if !errors.As(err, &refused) || refused.Kind != "HTTP 401" {
		return err
	}
	if session, _, err = c.login(ctx, session); err != nil {
		return err
	}
	return c.post(ctx, c.database+"/", session, method, params, out)
}

// login returns a session other than the refused one. Sessions are kept with the
// data and outlive the server.
func (c *Client) login(ctx context.Context, refused string) (string, map[string]any, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.session != refused {
		return c.session, c.context, nil
	}
	var answer []any
	if err := c.post(ctx, c.database+"/", "", "common.db.login", []any{c.user, map[string]any{"password": c.password}, "en"}, &answer); err != nil {
		return "", nil, err
	}
	if len(answer) != 2 {
		return "", nil, &Error{"common.db.login", "answer", fmt.Sprint(answer)}
	}
	session := "Session " + base64.StdEncoding.EncodeToString(fmt.Appendf(nil, "%s:%v:%v", c.user, answer[0], answer[1]))
	preferences := map[string]any{}
	if err := c.post(ctx, c.database+"/", session, "model.res.user.get_preferences", []any{true, map[string]any{}}, &preferences); err != nil {
		return "", nil, err
	}
	c.session, c.context = session, preferences
	return session, preferences, nil
}

func (c *Client) post(ctx context.Context, path, session, method string, params []any, out any) error {
	body, err := json.Marshal(map[string]any{"id": 1, "method": method, "params": params})
	if err != nil {
		return err
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, c.base+path, bytes.NewReader(body))
	if err != nil {
		return err
	}
	req.Header.Set("Content-Type", "application/json")
	if session != "" {
		req.Header.Set("Authorization", session)
	}
	resp, err := c.http.Do(req)
	if err != nil {
		return err
	}
	defer func() { _ = resp.Body.Close() }()
	text, err := io.ReadAll(resp.Body)
	if err != nil {
		return err
	}
	if resp.StatusCode != http.StatusOK {
		return &Error{method, fmt.Sprintf("HTTP %d", resp.StatusCode), string(text[:min(len(text), 300)])}
	}
	var envelope struct {
		Result json.RawMessage `json:"result"`
		Error  []any           `json:"error"`
	}
	if err := json.Unmarshal(text, &envelope); err != nil {
		return fmt.Errorf("tryton: %s: %w", method, err)
	}
	if envelope.Error != nil {
		return refusal(method, envelope.Error)
	}
	if out == nil {
		return nil
	}
	// A number is kept as it is written.
	dec := json.NewDecoder(bytes.NewReader(envelope.Result))
	dec.UseNumber()
	return dec.Decode(out)
}

// refusal reads the error of an answer: a kind, and its text or a list that
// holds it.
func refusal(method string, answer []any) *Error {
	e := &Error{Method: method}
	if len(answer) > 0 {
		e.Kind = fmt.Sprint(answer[0])
	}
	if len(answer) > 1 {
		e.Message = strings.TrimSpace(fmt.Sprint(answer[1]))
	}
	if list, ok := answer[len(answer)-1].([]any); ok {
		var words []string
		for _, w := range list {
			if s, ok := w.(string); ok && s != "" {
				words = append(words, s)
			}
		}
		e.Message = strings.Join(words, ": ")
	}
	return e
}
