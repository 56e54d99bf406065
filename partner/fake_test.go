package partner_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"fmt"
	"maps"
	"slices"
	"sort"
	"strings"
	"time"

	"github.com/comptoir-go/comptoir/access"
	"github.com/comptoir-go/comptoir/event"
	"github.com/comptoir-go/comptoir/internal/fold"
	"github.com/comptoir-go/comptoir/partner"
	"github.com/comptoir-go/comptoir/uow"
)

// fake is a store of one tenant in maps, with roll-back.
type fake struct{ state }

type state struct {
	partners map[partner.ID]partner.Partner
	keys     map[string]claim
	events   []event.Event
	saves    int
}

type claim struct{ input, result []byte }

func newFake() *fake {
	return &fake{state{partners: map[partner.ID]partner.Partner{}, keys: map[string]claim{}}}
}

func (f *fake) Partners() partner.Repository { return fakeRepo{f} }
func (f *fake) Outbox() event.Outbox         { return f }
func (f *fake) Keys() uow.Keys               { return f }

func (f *fake) View(ctx context.Context, fn func(context.Context, partner.Tx) error) error {
	return fn(uow.Mark(ctx), f)
}

func (f *fake) Update(ctx context.Context, fn func(context.Context, partner.Tx) error) error {
	before := f.state
	f.state.partners, f.state.keys = maps.Clone(before.partners), maps.Clone(before.keys)
	if err := fn(uow.Mark(ctx), f); err != nil {
		f.state = before
		return err
	}
	return nil
}

func (f *fake) Append(_ context.Context, topic event.Topic, events ...event.Event) error {
	for _, e := range events {
		if err := e.Check(); err != nil || topic != event.Facts {
			return fmt.Errorf("topic %s: %w", topic, err)
		}
	}
	f.events = slices.Concat(f.events, events)
	return nil
}

func (f *fake) Reserve(_ context.Context, scope, key string, input [sha256.Size]byte) ([]byte, error) {
	c, ok := f.keys[scope+" "+key]
	if !ok {
		f.keys[scope+" "+key] = claim{input: input[:]}
		return nil, nil
	}
	if !bytes.Equal(c.input, input[:]) {
		return nil, uow.ErrKeyReused
	}
	return c.result, nil
}

func (f *fake) Fulfil(_ context.Context, scope, key string, result []byte) error {
	c := f.keys[scope+" "+key]
	f.keys[scope+" "+key] = claim{input: c.input, result: result}
	return nil
}

type fakeRepo struct{ f *fake }

func (r fakeRepo) Get(_ context.Context, id partner.ID) (partner.Partner, error) {
	p, ok := r.f.partners[id]
	if !ok {
		return partner.Partner{}, partner.ErrNotFound
	}
	return p, nil
}

func (r fakeRepo) Save(_ context.Context, p partner.Partner) (partner.Partner, error) {
	old, ok := r.f.partners[p.ID]
	for _, x := range r.f.partners {
		if x.Number == p.Number && x.ID != p.ID || p.Version == 0 && ok {
			return partner.Partner{}, partner.ErrExists
		}
	}
	if p.Version != old.Version {
		return partner.Partner{}, uow.Conflict(partner.DocKind, string(p.ID), p.Version, old.Version)
	}
	p.Version++
	r.f.partners[p.ID] = p
	r.f.saves++
	return p, nil
}

// Find reads "after" as a number and pages no further.
func (r fakeRepo) Find(_ context.Context, q partner.Query) (uow.Page[partner.Header], error) {
	var page uow.Page[partner.Header]
	if q.Page.Limit < 0 || q.Page.Limit > uow.MaxPage {
		return page, uow.ErrPage
	}
	for _, p := range r.f.partners {
		if (q.Type == "" || q.Type == p.Type) && (q.Number == "" || q.Number == p.Number) && p.Number > q.Page.After &&
			begins(fold.Words(p.Name+" "+p.Number), fold.Words(q.Words)) {
			page.Rows = append(page.Rows, p.Header())
		}
	}
	sort.Slice(page.Rows, func(i, j int) bool { return page.Rows[i].Number < page.Rows[j].Number })
	if q.Page.Count {
		page.Total = &uow.Total{N: len(page.Rows)}
	}
	return page, nil
}

// begins reports whether every prefix begins one of the words.
func begins(words, prefixes []string) bool {
	for _, p := range prefixes {
		if !slices.ContainsFunc(words, func(w string) bool { return strings.HasPrefix(w, p) }) {
			return false
		}
	}
	return true
}

var day = time.Date(2026, 3, 2, 9, 30, 0, 0, time.UTC)

// options count ids and stop the clock.
func options() *partner.Options {
	n := 0
	return &partner.Options{
		Now:   func() time.Time { return day },
		NewID: func() string { n++; return fmt.Sprintf("id%d", n) },
	}
}

var (
	admin     = access.Actor{ID: "adele", Roles: []access.Role{access.Admin}}
	operator  = access.Actor{ID: "omar", Roles: []access.Role{access.Operator}}
	purchaser = access.Actor{ID: "paula", Partner: "p1", Roles: []access.Role{access.Purchaser}}
	designer  = access.Actor{ID: "dario", Partner: "p1", Roles: []access.Role{access.Designer}}
	chief     = access.Actor{ID: "clara", Partner: "p1", Roles: []access.Role{access.PartnerAdmin}}
	stranger  = access.Actor{ID: "soren", Partner: "p2", Roles: []access.Role{access.PartnerAdmin}}
)

func vasseur() partner.Partner {
	return partner.Partner{
		ID: "p1", Number: "FR10002527", Name: "Cuisines Vasseur", Type: partner.Dealer, Active: true, Lang: "fr",
		Counterparties: []partner.Counterparty{{
			ID: "main", Name: "Vasseur SARL", Country: "FR", VATID: "FR40303265045", Siren: "303265045",
			Invoice: partner.Address{Company: "Vasseur SARL", Street: "3 rue des Tanneurs", Postcode: "59000",
				City: "Lille", Country: "FR"},
			Default: true,
		}},
		Members: []partner.Member{{ID: "paula", Name: "Paula Quint", Roles: []access.Role{access.Purchaser}, Active: true}},
	}
}

func works() partner.Address {
	return partner.Address{Company: "Cuisines Vasseur", Street: "12 rue du Four", Postcode: "59100",
		City: "Roubaix", Country: "FR"}
}
