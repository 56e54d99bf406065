package erp_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/comptoir-go/comptoir/erp"
	"github.com/comptoir-go/comptoir/erp/memerp"
)

// clerk is an adapter that answers documents from queues of errors, and with
// its receipt when the queue is empty.
type clerk struct {
	desc    erp.Description
	without erp.Op
	fail    map[erp.Op][]error
	n       map[erp.Op]int
	receipt erp.DocReceipt
	order   erp.Receipt
}

func newClerk(keys erp.KeyLookup, fail map[erp.Op][]error) *clerk {
	a := &clerk{desc: about, fail: fail, n: map[erp.Op]int{}, receipt: erp.DocReceipt{ID: "1"}, order: erp.Receipt{ID: "3", State: erp.StateConfirmed}}
	a.desc.Keys = keys
	return a
}

func (a *clerk) do(op erp.Op) (erp.DocReceipt, error) {
	a.n[op]++
	if q := a.fail[op]; len(q) > 0 {
		a.fail[op] = q[1:]
		return erp.DocReceipt{}, q[0]
	}
	return a.receipt, nil
}

func (a *clerk) Describe() erp.Description { return a.desc }
func (a *clerk) Has(op erp.Op) bool        { return op != a.without }
func (a *clerk) PushPayment(_ ctx, p erp.Payment) (erp.DocReceipt, error) {
	clear(p.Allocations)
	return a.do(erp.OpPushPayment)
}
func (a *clerk) FindPayment(ctx, string) (erp.DocReceipt, error) { return a.do(erp.OpFindPayment) }
func (a *clerk) PushInvoice(_ ctx, i erp.Invoice) (erp.DocReceipt, error) {
	clear(i.Lines)
	return a.do(erp.OpPushInvoice)
}
func (a *clerk) FindInvoice(ctx, string) (erp.DocReceipt, error) { return a.do(erp.OpFindInvoice) }
func (a *clerk) PushMessage(ctx, erp.Message) (erp.DocReceipt, error) {
	return a.do(erp.OpPushMessage)
}
func (a *clerk) FindMessage(ctx, string) (erp.DocReceipt, error) { return a.do(erp.OpFindMessage) }
func (a *clerk) CancelRest(_ ctx, _ string, lines []erp.LineQuantity) (erp.Receipt, error) {
	clear(lines)
	_, err := a.do(erp.OpCancelRest)
	return a.order, err
}

func ourPayment(key string) erp.Payment {
	return with(somePayment(), func(p *erp.Payment) { p.Head = erp.Head{Key: key} })
}

func ourInvoice(key string) erp.Invoice {
	return with(someInvoice(), func(i *erp.Invoice) { i.Head = erp.Head{Key: key, Number: "2026-1"} })
}

func ourMessage(key string) erp.Message {
	return with(someMessage(), func(m *erp.Message) { m.Head = erp.Head{Key: key} })
}

// kind is one kind of document that is pushed.
type kind struct {
	push, find     erp.Op
	once           func(*erp.Client, string) (erp.DocReceipt, error)
	look           func(*erp.Client, string) (erp.DocReceipt, error)
	ensure, resume func(*erp.Client, string) (erp.DocReceipt, error)
}

func kinds(c ctx) map[string]kind {
	return map[string]kind{
		"payment": {erp.OpPushPayment, erp.OpFindPayment,
			func(e *erp.Client, k string) (erp.DocReceipt, error) { return e.PushPayment(c, ourPayment(k)) },
			func(e *erp.Client, k string) (erp.DocReceipt, error) { return e.FindPayment(c, k) },
			func(e *erp.Client, k string) (erp.DocReceipt, error) { return e.EnsurePayment(c, ourPayment(k)) },
			func(e *erp.Client, k string) (erp.DocReceipt, error) { return e.ResumePayment(c, ourPayment(k)) }},
		"invoice": {erp.OpPushInvoice, erp.OpFindInvoice,
			func(e *erp.Client, k string) (erp.DocReceipt, error) { return e.PushInvoice(c, ourInvoice(k)) },
			func(e *erp.Client, k string) (erp.DocReceipt, error) { return e.FindInvoice(c, k) },
			func(e *erp.Client, k string) (erp.DocReceipt, error) { return e.EnsureInvoice(c, ourInvoice(k)) },
			func(e *erp.Client, k string) (erp.DocReceipt, error) { return e.ResumeInvoice(c, ourInvoice(k)) }},
		"message": {erp.OpPushMessage, erp.OpFindMessage,
			func(e *erp.Client, k string) (erp.DocReceipt, error) { return e.PushMessage(c, ourMessage(k)) },
			func(e *erp.Client, k string) (erp.DocReceipt, error) { return e.FindMessage(c, k) },
			func(e *erp.Client, k string) (erp.DocReceipt, error) { return e.EnsureMessage(c, ourMessage(k)) },
			func(e *erp.Client, k string) (erp.DocReceipt, error) { return e.ResumeMessage(c, ourMessage(k)) }},
	}
}

// The rounds are those of orders (TestEnsureOrder). What differs: a document
// is looked up where the adapter finds its kind, whatever is declared of orders.
func TestEnsureDocuments(t *testing.T) {
	for name, k := range kinds(t.Context()) {
		absent := erp.NoSuch(k.find)
		e := func(c erp.Class) error { return erp.NewError(c, k.push, "", nil) }
		for _, c := range []struct {
			name         string
			keys         erp.KeyLookup
			without      erp.Op
			find, push   []error
			want         error
			finds, pushs int
			park         bool
		}{
			{"found at first", erp.LookupByKey, "", nil, nil, nil, 1, 0, false},
			{"found though orders are blind", erp.Neither, "", nil, nil, nil, 1, 0, false},
			{"absent, created", erp.LookupByKey, "", []error{absent}, nil, nil, 1, 1, false},
			{"absent, then a duplicate", erp.LookupByKey, "", []error{absent}, []error{e(erp.Duplicate)}, nil, 2, 1, false},
			{"a duplicate nobody sees yet", erp.LookupByKey, "", []error{absent, absent}, []error{e(erp.Duplicate)}, erp.ErrRetryable, 2, 1, false},
			{"unknown outcome ends the round", erp.LookupByKey, "", []error{absent}, []error{e(erp.OutcomeUnknown)}, erp.ErrOutcomeUnknown, 1, 1, false},
			{"native keys are not looked up", erp.NativeIdempotency, "", nil, nil, nil, 0, 1, false},
			{"native unknown outcome is no matter for a person", erp.NativeIdempotency, k.find, nil, []error{e(erp.OutcomeUnknown)}, erp.ErrOutcomeUnknown, 0, 1, false},
			{"blind and unknown is parked", erp.LookupByKey, k.find, nil, []error{e(erp.OutcomeUnknown)}, erp.ErrOutcomeUnknown, 0, 1, true},
			{"blind and refused is not", erp.LookupByKey, k.find, nil, []error{e(erp.Rejected)}, erp.ErrRejected, 0, 1, false},
			{"not at all", erp.LookupByKey, k.push, []error{absent}, nil, erp.ErrUnsupported, 1, 0, false},
		} {
			t.Run(name+"/"+c.name, func(t *testing.T) {
				a := newClerk(c.keys, map[erp.Op][]error{k.find: c.find, k.push: c.push})
				a.without = c.without
				got, err := k.ensure(erp.NewClient(a, nil), "K")
				if c.want == nil {
					require.NoError(t, err)
					require.Equal(t, "1", got.ID)
				} else {
					require.ErrorIs(t, err, c.want)
					require.Empty(t, got)
					var e *erp.Error
					require.ErrorAs(t, err, &e)
					require.Equal(t, c.park, e.Park)
				}
				require.Equal(t, []int{c.finds, c.pushs}, []int{a.n[k.find], a.n[k.push]}, "look-ups and pushes")
			})
		}
		t.Run(name+"/resumed blindly", func(t *testing.T) {
			a := newClerk(erp.LookupByKey, nil)
			a.without = k.find
			client := erp.NewClient(a, nil)
			require.Equal(t, erp.Neither, client.KeysOf(k.push))
			_, err := k.resume(client, "K")
			var parked *erp.Error
			require.ErrorAs(t, err, &parked)
			require.True(t, parked.Park)
			require.Zero(t, a.n[k.push])
			a.without = ""
			require.Equal(t, erp.LookupByKey, client.KeysOf(k.push))
			_, err = k.resume(client, "K")
			require.NoError(t, err)
		})
	}
	require.Equal(t, erp.Neither, erp.NewClient(newClerk(erp.NativeIdempotency, nil), nil).KeysOf(erp.OpPing))
}

// A receipt that cannot be the answer is Contract for a look-up; what a push
// did nobody can read from it.
func TestPlausibleDocReceipts(t *testing.T) {
	huge := dec("1e9999").Shift(1 << 30)
	for name, k := range kinds(t.Context()) {
		for _, r := range []erp.DocReceipt{{}, {ID: "1", Key: "other"}, {ID: "1", Gross: &huge}} {
			a := newClerk(erp.NativeIdempotency, nil)
			a.receipt = r
			c := erp.NewClient(a, nil)
			_, err := k.once(c, "K")
			require.ErrorIs(t, err, erp.ErrOutcomeUnknown, name)
			require.ErrorIs(t, err, erp.ErrContract, name)
			_, err = k.look(c, "K")
			require.ErrorIs(t, err, erp.ErrContract, name)
			require.Equal(t, erp.Contract, erp.ClassOf(err))
		}
		_, err := k.look(erp.NewClient(newClerk(erp.LookupByKey, nil), nil), "not a key")
		require.Equal(t, []string{"key key.shape"}, codes(err))
	}
}

// Look-ups are repeated, pushes are not but when they did not leave.
func TestWhatIsRepeatedOfDocuments(t *testing.T) {
	for name, k := range kinds(t.Context()) {
		for class, want := range map[erp.Class][2]int{erp.Retryable: {1, 4}, erp.OutcomeUnknown: {1, 4}, erp.NotSent: {4, 4}, erp.Rejected: {1, 1}} {
			a := newClerk(erp.LookupByKey, map[erp.Op][]error{})
			for range 5 {
				a.fail[k.push] = append(a.fail[k.push], erp.NewError(class, k.push, "", nil))
				a.fail[k.find] = append(a.fail[k.find], erp.NewError(class, k.find, "", nil))
			}
			c := erp.NewClient(a, &erp.Options{Sleep: noSleep})
			_, err := k.once(c, "K")
			require.Equal(t, class, erp.ClassOf(err))
			_, err = k.look(c, "K")
			require.Error(t, err)
			require.Equal(t, want, [2]int{a.n[k.push], a.n[k.find]}, "%s %s", name, class)
		}
	}
}

func TestWhatIsSentIsChecked(t *testing.T) {
	a := newClerk(erp.NativeIdempotency, nil)
	a.desc.MaxLines, a.desc.PriceDigits, a.desc.QuantityDigits = 2, 1, 0
	c := erp.NewClient(a, nil)
	for name, k := range kinds(t.Context()) {
		for _, send := range []func(*erp.Client, string) (erp.DocReceipt, error){k.once, k.ensure, k.resume} {
			_, err := send(c, "no key")
			require.ErrorIs(t, err, erp.ErrInvalidDocument, name)
			require.Contains(t, codes(err), "key key.shape", name)
		}
	}
	_, err := c.PushPayment(t.Context(), erp.Payment{Head: head("P")})
	require.Equal(t, []string{"id id.given", "state state.unknown", "customer required", "date date.shape", "currency currency.unknown", "amount amount.range"}, codes(err))
	_, err = c.PushMessage(t.Context(), erp.Message{Head: erp.Head{Key: "M", Sequence: 1}})
	require.Equal(t, []string{"id id.given", "kind kind.unknown", "document required", "text text.missing"}, codes(err))
	_, err = c.PushInvoice(t.Context(), with(ourInvoice("I"), func(i *erp.Invoice) { i.Number, i.Lines[0].Quantity = "", dec("2.5") }))
	require.Equal(t, []string{"number number.missing", "lines[0].quantity quantity.digits", "lines[0].unit_price price.digits", "lines lines.too_many"}, codes(err))
	require.Empty(t, a.n, "nothing was sent")
}

// The adapter gets copies.
func TestWhatIsSentIsTheCallers(t *testing.T) {
	c := erp.NewClient(newClerk(erp.NativeIdempotency, nil), nil)
	p, i, lines := ourPayment("P"), ourInvoice("I"), []erp.LineQuantity{{Key: "L1", Quantity: dec("1")}}
	_, err := c.PushPayment(t.Context(), p)
	require.NoError(t, err)
	require.Equal(t, ourPayment("P"), p)
	_, err = c.PushInvoice(t.Context(), i)
	require.NoError(t, err)
	require.Equal(t, ourInvoice("I"), i)
	_, err = c.CancelRest(t.Context(), "3", lines)
	require.NoError(t, err)
	require.Equal(t, "L1", lines[0].Key)
}

func TestCancelRest(t *testing.T) {
	a := newClerk(erp.LookupByKey, nil)
	c := erp.NewClient(a, nil)
	_, err := c.CancelRest(t.Context(), " ", nil)
	require.Equal(t, []string{"id id.missing", "lines lines.empty"}, codes(err))
	_, err = c.CancelRest(t.Context(), "3", []erp.LineQuantity{{Key: "L1", Quantity: dec("1.2345")}, {Key: "L1"}, {Key: "?", Quantity: dec("-1")}})
	require.Equal(t, []string{"lines[0].quantity quantity.digits", "lines[1].key key.repeated", "lines[1].quantity quantity.range",
		"lines[2].key key.shape", "lines[2].quantity quantity.range"}, codes(err))
	require.Empty(t, a.n)
	r, err := c.CancelRest(t.Context(), "3", []erp.LineQuantity{{Key: "L1", Quantity: dec("1.5")}})
	require.NoError(t, err)
	require.Equal(t, erp.StateConfirmed, r.State)
	_, err = c.CancelRest(t.Context(), "4", []erp.LineQuantity{{Key: "L1", Quantity: dec("1")}})
	require.ErrorIs(t, err, erp.ErrOutcomeUnknown, "the receipt of another order")
	a.fail = map[erp.Op][]error{erp.OpCancelRest: {erp.NewError(erp.Retryable, erp.OpCancelRest, "", nil)}}
	_, err = c.CancelRest(t.Context(), "3", []erp.LineQuantity{{Key: "L1", Quantity: dec("1")}})
	require.ErrorIs(t, err, erp.ErrRetryable, "a write is not repeated")
}

// Whatever is lost in whatever round, the ERP ends with one document of each kind.
func TestRoundsEndWithOneOfEachDocument(t *testing.T) {
	faults := []memerp.Fault{memerp.AnswerLost, memerp.RequestLost, memerp.Busy, memerp.NotSent, memerp.Rival}
	for _, keys := range []memerp.Keys{memerp.UniqueKeys, memerp.IdempotentKeys} {
		for _, first := range faults {
			for _, second := range faults {
				for _, look := range faults {
					books := memerp.New(&memerp.Options{Keys: keys})
					c := erp.NewClient(books.Adapter(), &erp.Options{Sleep: noSleep})
					r, err := c.PushOrder(t.Context(), small("K"))
					require.NoError(t, err)
					send := map[erp.Op]func() error{
						erp.OpPushPayment: func() error {
							_, err := c.EnsurePayment(t.Context(), with(ourPayment("K"), func(p *erp.Payment) { p.Allocations = nil }))
							return err
						},
						erp.OpPushInvoice: func() error {
							_, err := c.EnsureInvoice(t.Context(), with(ourInvoice("K"), func(i *erp.Invoice) { i.Lines[0].Order = r.ID }))
							return err
						},
						erp.OpPushMessage: func() error {
							_, err := c.EnsureMessage(t.Context(), with(ourMessage("K"), func(m *erp.Message) { m.Document = r.ID }))
							return err
						},
					}
					for push, find := range map[erp.Op]erp.Op{erp.OpPushPayment: erp.OpFindPayment, erp.OpPushInvoice: erp.OpFindInvoice, erp.OpPushMessage: erp.OpFindMessage} {
						books.Fail(push, 1, first)
						books.Fail(push, 1, second)
						books.Fail(find, 1, look)
						for range 4 {
							if err = send[push](); err == nil {
								break
							}
						}
						require.NoError(t, err)
					}
					require.Equal(t, []int{1, 1, 1}, []int{len(books.Payments()), len(books.Invoices()), len(books.Messages())}, "%v %v %v", first, second, look)
				}
			}
		}
	}
}
