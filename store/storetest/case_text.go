package storetest

import (
	"context"
	"encoding"
	"fmt"
	"reflect"

	"github.com/comptoir-go/comptoir/billing"
	"github.com/comptoir-go/comptoir/cart"
	"github.com/comptoir-go/comptoir/catalog"
	"github.com/comptoir-go/comptoir/event"
	"github.com/comptoir-go/comptoir/fault"
	"github.com/comptoir-go/comptoir/order"
	"github.com/comptoir-go/comptoir/partner"
	"github.com/comptoir-go/comptoir/pricing"
	"github.com/comptoir-go/comptoir/store"
	"github.com/comptoir-go/comptoir/thread"
)

func textCases() []Case {
	return []Case{
		{"text/unicode", "any valid text without NUL comes back byte for byte: signs, quotes, escapes, U+FFFD, four-byte runes", textUnicode},
		{"text/refused", "NUL and invalid UTF-8 in any field of any document are store.ErrText and leave nothing behind", textRefused},
		{"text/elsewhere", "NUL and invalid UTF-8 are refused in events, keys, series and filters, and are not found as ids", textElsewhere},
		{"text/long", "text that is searched or sorted by is kept up to store.MaxText bytes and is store.ErrLong beyond, other text is not bounded", textLong},
	}
}

var oddTexts = []string{
	"\ufffd", `\u0000`, `\ufffd`, "\u2028\u2029", "é", "e\u0301", "😀", "\x01\x1f\x7f", "\t\r\n", `'"\`, "<script>&amp;", "%_*?[",
	" leading and trailing ", "\U0010ffff", "ß", "İ", "\ufeffBOM", "-- ; drop", "$1 ?1 :a @b", `{"a":1}`, "NULL",
}

func textUnicode(e *env) {
	t := e.tenant()
	for i, text := range oddTexts {
		p := samplePartner(i)
		p.ID, p.Number, p.Name = p.ID+partner.ID(text), text, text
		e.keep(t, kinds()[0], p, p, false)
		g := sampleProduct(i)
		g.Names[text], g.Tags = text, []string{text}
		e.keep(t, kinds()[1], g, g, false)
		o := sampleOrder(i)
		o.Note, o.Lines[0].Note = text, text
		e.keep(t, kinds()[4], o, o, false)
	}
}

var badTexts = []string{"a\x00b", "\x00", "a\xff", "\xc3\x28", "\xed\xa0\x80"}

// textRefused puts bad text into every string of every document in turn.
func textRefused(e *env) {
	t := e.tenant()
	for _, k := range kinds() {
		fields := 0
		for i := 0; ; i++ {
			text := badTexts[i%len(badTexts)]
			bad, field, formed := spoiled(k.full(e, 1, 1), i, text)
			if field == "" {
				break
			}
			fields++
			err := t.Update(e.ctx, func(ctx context.Context, tx store.Tx) error {
				_, err := k.save(ctx, tx, bad)
				return err
			})
			what := fmt.Sprintf("%s with %q in %s", k.name, text, field)
			if formed {
				e.kind(err, fault.Invalid, what)
			} else {
				e.is(err, store.ErrText, what)
			}
		}
		e.true(fields > 0, "%s has no texts", k.name)
		err := t.View(e.ctx, func(ctx context.Context, tx store.Tx) error {
			_, err := k.get(ctx, tx, k.id(k.full(e, 1, 1)))
			return err
		})
		e.is(err, k.notFound, k.name+" after refused saves")
	}
}

// spoiled puts text into the string number i of a value and answers where
// that is, "" when there are not so many. formed says that the text's type has
// a form of its own, whose error comes first.
func spoiled(v any, i int, text string) (out any, where string, formed bool) {
	x := reflect.New(reflect.TypeOf(v)).Elem()
	x.Set(reflect.ValueOf(v))
	s := spoiler{left: i, text: text}
	s.spoil(x, reflect.TypeOf(v).String())
	return x.Interface(), s.where, s.formed
}

type spoiler struct {
	left  int
	text  string
	where string
	// formed says that the text hit has a type that checks it.
	formed bool
}

func (s *spoiler) hit(path string) bool {
	if s.where != "" {
		return false
	}
	s.left--
	if s.left < 0 {
		s.where = path
	}
	return s.where != ""
}

func (s *spoiler) spoil(v reflect.Value, path string) {
	switch v.Kind() {
	case reflect.String:
		if s.hit(path) {
			_, s.formed = v.Interface().(encoding.TextMarshaler)
			v.SetString(s.text)
		}
	case reflect.Pointer:
		s.spoil(v.Elem(), path)
	case reflect.Slice:
		for i := range v.Len() {
			s.spoil(v.Index(i), fmt.Sprintf("%s[%d]", path, i))
		}
	case reflect.Map:
		for _, k := range v.MapKeys() {
			if s.hit(path + " key") {
				v.SetMapIndex(reflect.ValueOf(s.text).Convert(k.Type()), v.MapIndex(k))
			}
			if s.hit(path + " value") {
				v.SetMapIndex(k, reflect.ValueOf(s.text).Convert(v.Type().Elem()))
			}
		}
	case reflect.Struct:
		for i := range v.NumField() {
			if f := v.Type().Field(i); f.IsExported() {
				s.spoil(v.Field(i), path+"."+f.Name)
			}
		}
	}
}

func textElsewhere(e *env) {
	t := e.tenant()
	for _, bad := range badTexts {
		for _, k := range kinds() {
			e.is(t.View(e.ctx, func(ctx context.Context, tx store.Tx) error {
				_, err := k.get(ctx, tx, bad)
				return err
			}), k.notFound, k.name+" by an id that cannot be")
		}
		for what, fn := range badCalls(bad) {
			e.is(t.Update(e.ctx, fn), store.ErrText, fmt.Sprintf("%s with %q", what, bad))
		}
		for what, fn := range badSearches(bad) {
			e.is(t.View(e.ctx, fn), store.ErrText, fmt.Sprintf("%s with %q", what, bad))
		}
		e.is(t.View(e.ctx, func(ctx context.Context, tx store.Tx) error {
			_, err := tx.Orders().ByRef(ctx, order.Ref(bad))
			return err
		}), order.ErrNotFound, "ByRef of a reference that cannot be")
		found := read(e, t, func(ctx context.Context, tx store.Tx) (map[catalog.SKU]catalog.Product, error) {
			return tx.Products().BySKU(ctx, []catalog.SKU{catalog.SKU(bad)})
		})
		e.true(len(found) == 0, "BySKU of a number that cannot be found %v", found)
		e.is(t.Queue().Revive(e.ctx, event.Facts, bad), event.ErrNoLetter, "Revive of an id that cannot be")
		e.is(t.Queue().Drop(e.ctx, event.Facts, bad), event.ErrNoLetter, "Drop of an id that cannot be")
	}
	e.true(e.dump(t) == e.dump(e.tenant()), "refused calls have left something behind:\n%s", e.dump(t))
}

func badCalls(bad string) map[string]closure {
	appending := func(change func(ev *event.Event)) closure {
		return func(ctx context.Context, tx store.Tx) error {
			ev := sampleEvent("order/1", 1)
			change(&ev)
			return tx.Outbox().Append(ctx, event.Facts, sampleEvent("order/2", 1), ev)
		}
	}
	return map[string]closure{
		"event id":      appending(func(ev *event.Event) { ev.ID = bad }),
		"event type":    appending(func(ev *event.Event) { ev.Type = bad }),
		"event subject": appending(func(ev *event.Event) { ev.Subject = bad }),
		"event data":    appending(func(ev *event.Event) { ev.Data = []byte(`"` + bad + `"`) }),
		"topic": func(ctx context.Context, tx store.Tx) error {
			return tx.Outbox().Append(ctx, event.Topic(bad), sampleEvent("order/1", 1))
		},
		"stream": func(ctx context.Context, tx store.Tx) error {
			return tx.Inbox().Move(ctx, event.Cursor{Stream: bad})
		},
		"parked id": func(ctx context.Context, tx store.Tx) error {
			p := sampleParked(1)
			p.ID = bad
			return tx.Inbox().Park(ctx, p)
		},
		"parked parent": func(ctx context.Context, tx store.Tx) error {
			p := sampleParked(1)
			p.Awaits = bad
			return tx.Inbox().Park(ctx, p)
		},
		"series": func(ctx context.Context, tx store.Tx) error {
			_, err := tx.Counters().Next(ctx, bad)
			return err
		},
		"scope": func(ctx context.Context, tx store.Tx) error {
			_, err := tx.Keys().Reserve(ctx, bad, "key", keyInput)
			return err
		},
		"key": func(ctx context.Context, tx store.Tx) error {
			_, err := tx.Keys().Reserve(ctx, "scope", bad, keyInput)
			return err
		},
	}
}

func badSearches(bad string) map[string]closure {
	return map[string]closure{
		"order text": func(ctx context.Context, tx store.Tx) error {
			_, err := tx.Orders().Find(ctx, order.Query{Text: bad, Progress: []order.Step{order.Step(bad)}})
			return err
		},
		"delivery number": func(ctx context.Context, tx store.Tx) error {
			_, err := tx.Deliveries().Find(ctx, order.DeliveryQuery{Number: bad})
			return err
		},
		"thread kind": func(ctx context.Context, tx store.Tx) error {
			_, err := tx.Threads().Find(ctx, thread.Query{Kind: bad})
			return err
		},
		"invoice order": func(ctx context.Context, tx store.Tx) error {
			_, err := tx.Invoices().Find(ctx, billing.Query{Order: order.ID(bad)})
			return err
		},
		"payment document": func(ctx context.Context, tx store.Tx) error {
			_, err := tx.Payments().Find(ctx, billing.PaymentQuery{Document: billing.ID(bad)})
			return err
		},
		"turnover document": func(ctx context.Context, tx store.Tx) error {
			_, err := tx.Turnover().Find(ctx, pricing.TurnoverSearch{Document: bad})
			return err
		},
		"partner words": func(ctx context.Context, tx store.Tx) error {
			_, err := tx.Partners().Find(ctx, partner.Query{Words: bad})
			return err
		},
		"product prefix": func(ctx context.Context, tx store.Tx) error {
			_, err := tx.Products().Find(ctx, catalog.Query{SKUPrefix: bad})
			return err
		},
		"cart name": func(ctx context.Context, tx store.Tx) error {
			_, err := tx.Carts().Find(ctx, cart.Query{Name: bad})
			return err
		},
		"order ticket": func(ctx context.Context, tx store.Tx) error {
			_, err := tx.Orders().Find(ctx, order.Query{Ticket: cart.TicketID(bad)})
			return err
		},
		"order states": func(ctx context.Context, tx store.Tx) error {
			_, err := tx.Orders().Find(ctx, order.Query{States: []order.State{order.State(bad)}})
			return err
		},
	}
}
