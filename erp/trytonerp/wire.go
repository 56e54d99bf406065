package trytonerp

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptrace"
	"net/url"
	"strings"
	"sync/atomic"

	"github.com/go-resty/resty/v2"

	"github.com/comptoir-go/comptoir/erp"
)

// answerMax bounds what is read of an answer, in bytes.
const answerMax = 32 << 20

// wire makes single requests. It repeats nothing: erp.Client does, where that
// is safe.
type wire struct {
	rest     *resty.Client
	endpoint string
	seq      atomic.Int64
}

func newWire(o Options) *wire {
	transport := http.DefaultTransport.(*http.Transport).Clone()
	transport.Proxy = nil // the environment does not say who reads the password
	transport.MaxIdleConnsPerHost = 16
	rest := resty.NewWithClient(&http.Client{
		Transport: transport,
		Timeout:   o.Timeout,
		// A redirect would carry the session to whoever answers.
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	})
	rest.SetLogger(silent{}).SetDisableWarn(true).SetRetryCount(0).SetResponseBodyLimit(answerMax)
	rest.SetHeader("Content-Type", "application/json").SetHeader("Accept", "application/json")
	return &wire{rest: rest, endpoint: strings.TrimRight(o.URL, "/") + "/" + o.Database + "/"}
}

// silent logs nothing: resty's words hold addresses and bodies.
type silent struct{}

func (silent) Errorf(string, ...any) {}
func (silent) Warnf(string, ...any)  {}
func (silent) Debugf(string, ...any) {}

// post makes one request and returns the result. writes says whether it may
// change something in Tryton.
func (w *wire) post(ctx context.Context, op erp.Op, writes bool, session, method string, params []any) (json.RawMessage, error) {
	id := w.seq.Add(1)
	// Exactly these keys: others would make the answer another one.
	body, err := json.Marshal(map[string]any{"id": id, "method": method, "params": params})
	if err != nil {
		return nil, erp.NewError(erp.Contract, op, "", err)
	}
	if err := ctx.Err(); err != nil {
		return nil, erp.Unsent(op, err)
	}
	var left atomic.Bool
	ctx = httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{WroteHeaders: func() { left.Store(true) }})
	req := w.rest.R().SetContext(ctx).SetBody(body)
	if session != "" {
		req.SetHeader("Authorization", session)
	}
	res, err := req.Post(w.endpoint)
	switch {
	case errors.Is(err, resty.ErrResponseBodyTooLarge):
		return nil, unreadable(op, writes, errors.New("the answer is too long"))
	case err != nil && !left.Load():
		return nil, erp.Unsent(op, withoutAddress(err))
	case err != nil && ctx.Err() != nil && !writes:
		// Nobody waits for what was read, and nothing of a write has left.
		return nil, givenUp(op, withoutAddress(err))
	case err != nil:
		return nil, lost(op, writes, withoutAddress(err))
	case res.StatusCode() != http.StatusOK:
		return nil, refusedStatus(op, writes, res.StatusCode(), res.Header())
	}
	return result(op, writes, id, res.Body())
}

// givenUp is a read whose caller left. Within a write it stands before the
// write, which then was not sent.
func givenUp(op erp.Op, cause error) error {
	if erp.Lost(op, nil).Class == erp.OutcomeUnknown {
		return erp.Unsent(op, cause)
	}
	return erp.NewError(erp.Retryable, op, "", cause)
}

// result reads the envelope of an answer.
func result(op erp.Op, writes bool, id int64, body []byte) (json.RawMessage, error) {
	var envelope struct {
		ID     json.RawMessage   `json:"id"`
		Result json.RawMessage   `json:"result"`
		Error  []json.RawMessage `json:"error"`
	}
	if err := json.Unmarshal(body, &envelope); err != nil {
		return nil, unreadable(op, writes, fmt.Errorf("the answer is no JSON of Tryton's: %w", err))
	}
	if string(envelope.ID) != fmt.Sprint(id) {
		return nil, unreadable(op, writes, errors.New("the answer is to another request"))
	}
	if envelope.Error != nil {
		return nil, readRefusal(envelope.Error).error(op, writes)
	}
	if envelope.Result == nil {
		return nil, unreadable(op, writes, errors.New("the answer has neither a result nor an error"))
	}
	return envelope.Result, nil
}

// withoutAddress leaves out the URL, which may hold what is nobody's business.
func withoutAddress(err error) error {
	var u *url.Error
	if errors.As(err, &u) {
		return u.Err
	}
	return err
}

// close gives up connections that are idle; the adapter may go on.
func (w *wire) close() { w.rest.GetClient().CloseIdleConnections() }
