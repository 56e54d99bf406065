package trytonerp

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"maps"
	"sync/atomic"

	"github.com/comptoir-go/comptoir/erp"
)

// session is who we are to Tryton. The zero session is of nobody.
type session struct {
	header string
	user   int64
	// context goes with each call: the company, and English, in which Tryton's
	// words do not depend on who set up the user.
	context map[string]any
	company int64
	// number counts the sessions, to tell an old one from its successor.
	number int
}

// door lets one in at a time who logs in, and tells the others what came of it.
// Tryton makes those wait longer and longer who try a wrong password, so that
// who waited at the door does not try it once more.
type door struct {
	turn    chan struct{} // holds one token: a lock that a context can give up
	tries   atomic.Int64
	current session
	refused error
}

func newDoor() *door {
	d := &door{turn: make(chan struct{}, 1)}
	d.turn <- struct{}{}
	return d
}

// session returns a session of a higher number, logging in where there is none.
func (a *Adapter) session(ctx context.Context, op erp.Op, above int) (session, error) {
	d := a.door
	seen := d.tries.Load()
	select {
	case <-d.turn:
		defer func() { d.turn <- struct{}{} }()
	case <-ctx.Done():
		return session{}, erp.Unsent(op, ctx.Err())
	}
	if d.current.number > above {
		return d.current, nil
	}
	if d.refused != nil && d.tries.Load() != seen {
		return session{}, d.refused
	}
	s, err := a.login(ctx, op)
	d.tries.Add(1)
	if d.refused = nil; erp.ClassOf(err) == erp.Auth {
		d.refused = err
	}
	if err != nil {
		return session{}, err
	}
	s.number = d.current.number + 1
	d.current = s
	return s, nil
}

func (a *Adapter) login(ctx context.Context, op erp.Op) (session, error) {
	raw, err := a.wire.post(ctx, op, false, "", "common.db.login", []any{a.o.User, map[string]any{"password": a.o.Password}, "en"})
	if err != nil {
		return session{}, err
	}
	var answer []json.RawMessage
	var s session
	var token string
	if err := json.Unmarshal(raw, &answer); err != nil || len(answer) < 2 ||
		json.Unmarshal(answer[0], &s.user) != nil || json.Unmarshal(answer[1], &token) != nil || token == "" {
		return session{}, erp.NewError(erp.Auth, op, "the login was not accepted", nil)
	}
	s.header = "Session " + base64.StdEncoding.EncodeToString(fmt.Appendf(nil, "%s:%d:%s", a.o.User, s.user, token))
	raw, err = a.wire.post(ctx, op, false, s.header, "model.res.user.get_preferences", []any{true, map[string]any{}})
	if err != nil {
		return session{}, err
	}
	if err := json.Unmarshal(raw, &s.context); err != nil || s.context == nil {
		return session{}, erp.NewError(erp.Contract, op, "the user's preferences cannot be read", err)
	}
	var company struct {
		Company int64 `json:"company"`
	}
	if err := json.Unmarshal(raw, &company); err != nil || company.Company == 0 {
		return session{}, erp.NewError(erp.Contract, op, "the user works for no company", err)
	}
	s.company, s.context["language"] = company.Company, "en"
	return s, nil
}

// request is one call of a method.
type request struct {
	op     erp.Op
	method string // "model.sale.sale.read"
	params []any
	// context is added to the user's.
	context map[string]any
	// writes says that the call may change something: then a lost answer is of
	// an unknown outcome.
	writes bool
}

// call makes the request and decodes the result to out, nil where it does not
// matter. A session that is refused is renewed once: Tryton asks who calls
// before it does anything. Warnings that the options accept are confirmed.
func (a *Adapter) call(ctx context.Context, r request, out any) error {
	s, err := a.session(ctx, r.op, 0)
	if err != nil {
		return err
	}
	raw, err := a.send(ctx, s, r)
	if erp.ClassOf(err) == erp.Auth {
		if s, err = a.session(ctx, r.op, s.number); err != nil {
			return err
		}
		raw, err = a.send(ctx, s, r)
	}
	for range warningsMax {
		w := refusedAs(err, userWarning)
		if w == nil || !a.accepts(w) {
			break
		}
		if err = a.confirm(ctx, s, r.op, w); err == nil {
			raw, err = a.send(ctx, s, r)
		}
	}
	if err != nil || out == nil {
		return err
	}
	if err := json.Unmarshal(raw, out); err != nil {
		return unreadable(r.op, r.writes, err)
	}
	return nil
}

func (a *Adapter) send(ctx context.Context, s session, r request) (json.RawMessage, error) {
	merged := s.context
	if len(r.context) > 0 {
		merged = maps.Clone(s.context)
		maps.Copy(merged, r.context)
	}
	return a.wire.post(ctx, r.op, r.writes, s.header, r.method, append(append([]any{}, r.params...), merged))
}
