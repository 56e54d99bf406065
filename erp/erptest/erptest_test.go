package erptest_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"github.com/comptoir-go/comptoir/erp"
	"github.com/comptoir-go/comptoir/erp/erptest"
	"github.com/comptoir-go/comptoir/erp/memerp"
	"github.com/comptoir-go/comptoir/internal/golden"
	"github.com/comptoir-go/comptoir/internal/memsubject"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// variants are all subsets of capabilities under all treatments of keys and
// of wrong states.
func variants() map[string]memerp.Options {
	all := map[string]memerp.Options{}
	for keys, name := range []string{"unique", "idempotent", "none"} {
		for bits := range 32 {
			o := memerp.Options{Keys: memerp.Keys(keys), LoudWrongState: bits&16 != 0}
			for n, op := range []erp.Op{erp.OpFind, erp.OpRevise, erp.OpCancel, erp.OpAdvance} {
				if bits&(1<<n) != 0 {
					o.Without = append(o.Without, op)
				}
			}
			all[fmt.Sprintf("%s-%05b", name, bits)] = o
		}
	}
	return all
}

func TestEveryVariantOfMemerpPasses(t *testing.T) {
	held := map[string]bool{}
	for name, o := range variants() {
		t.Run(name, func(t *testing.T) {
			rep := erptest.Run(t, harness(&o))
			require.Empty(t, rep.Failed)
			require.Len(t, erptest.Claims(), len(rep.Held)+len(rep.Skipped))
			for _, s := range rep.Skipped {
				require.NotEmpty(t, s.Reason, s.Case)
				require.NotContains(t, s.Reason, "harness", s.Case)
			}
			for _, h := range rep.Held {
				held[h] = true
			}
		})
	}
	for _, h := range erptest.Run(t, overTheWire(nil, quirks{})).Held {
		held[h] = true
	}
	for _, c := range erptest.Claims() {
		require.True(t, held[c.Case], "%s ran on no variant", c.Case)
	}
}

// inMemory is the subject without a wire.
func inMemory(o *memerp.Options) erptest.Subject {
	_, s := memsubject.Open(o)
	return s
}

func harness(o *memerp.Options) erptest.Harness {
	h := erptest.Harness{Secrets: []string{wireToken}, NoWire: true, Patience: 15 * time.Millisecond, New: func(*testing.T) erptest.Subject { return inMemory(o) }}
	if o != nil {
		h.Overlap = o.Overlap
	}
	return h
}

// overTheWire is the harness with an adapter that speaks HTTP.
func overTheWire(o *memerp.Options, q quirks) erptest.Harness {
	h, logs := harness(o), &logbook{}
	h.NoWire, h.Logs = false, logs.String
	h.New = func(t *testing.T) erptest.Subject { return wired(t, o, q, logs) }
	return h
}

// An ERP with everything leaves out only what contradicts itself.
func TestFullAdapterSkipsOnlyWhatCannotBe(t *testing.T) {
	require.Equal(t, []erptest.Skip{
		{Case: "unsupported", Reason: "the adapter has every operation"},
		{Case: "blind_park", Reason: "the adapter declares lookup_by_key"},
		{Case: "payment_blind", Reason: "the adapter has lookup_by_key of a payment"},
		{Case: "invoice_blind", Reason: "the adapter has lookup_by_key of an invoice"},
		{Case: "message_blind", Reason: "the adapter has lookup_by_key of a message"},
	}, erptest.Run(t, overTheWire(nil, quirks{})).Skipped)
}

// The claims about the wire hold however the ERP treats keys, and faults that
// the harness cannot make are the wire's.
func TestOverTheWire(t *testing.T) {
	for name, o := range map[string]*memerp.Options{
		"idempotent": {Keys: memerp.IdempotentKeys}, "none": {Keys: memerp.NoKeys}, "no look-up": {Without: []erp.Op{erp.OpFind}},
	} {
		t.Run(name, func(t *testing.T) {
			h := overTheWire(o, quirks{})
			open := h.New
			h.New = func(t *testing.T) erptest.Subject {
				s := open(t)
				s.Fail = nil
				s.Wire = func(op erp.Op) erptest.Match {
					return func(r *http.Request, _ []byte) bool { return strings.HasSuffix(r.URL.Path, "/"+string(op)) }
				}
				return s
			}
			rep := erptest.Run(t, h)
			require.Empty(t, rep.Failed)
			require.True(t, rep.Proxied)
			require.Subset(t, rep.Held, []string{"wire_retry_after", "wire_truncated", "wire_unreadable", "wire_slow", "wire_redirect", "busy", "deadline", "secrets"})
			var untried []string
			for _, s := range rep.Untried {
				untried = append(untried, s.Case)
			}
			require.Subset(t, []string{"refused", "refused_change", "refused_field", "bad_login", "rival", "payment_refused", "invoice_refused", "message_refused", "revise_frozen"}, untried)
		})
	}
}

// Whatever one operation is missing, and however the ERP pulls and posts.
func TestOtherVariantsOfMemerpPass(t *testing.T) {
	all := map[string]memerp.Options{
		"overlap":             {Overlap: 3},
		"invoice per order":   {InvoicePerOrder: true},
		"invoiced elsewhere":  {InvoicedElsewhere: true},
		"payments wait":       {PaymentsWait: true, Keys: memerp.IdempotentKeys},
		"nothing but orders":  {Without: erp.Ops()[7:]},
		"nothing but streams": {Without: erp.Ops()[1:13]},
	}
	for _, op := range erp.Ops() {
		if op != erp.OpPush {
			all["without "+string(op)] = memerp.Options{Without: []erp.Op{op}}
		}
	}
	for name, o := range all {
		t.Run(name, func(t *testing.T) {
			rep := erptest.Run(t, harness(&o))
			require.Empty(t, rep.Failed)
		})
	}
}

// The adapter alone is enough: what the harness cannot do is named.
func TestWithoutHooksTheReportNamesThem(t *testing.T) {
	rep := erptest.Run(t, erptest.Harness{
		New:    func(*testing.T) erptest.Subject { return erptest.Subject{Adapter: memerp.New(nil).Adapter()} },
		Except: map[string]string{"push_totals": "this ERP rounds down"},
	})
	require.Empty(t, rep.Failed)
	require.Contains(t, rep.Skipped, erptest.Skip{Case: "push_totals", Reason: "this ERP rounds down"})
	require.Contains(t, rep.Skipped, erptest.Skip{Case: "push_content", Reason: "the harness has no Held"})
	require.Contains(t, rep.Skipped, erptest.Skip{Case: "busy", Reason: `the harness cannot make "busy" happen to push_order`})
	require.Contains(t, rep.String(), "skipped busy: the harness cannot")
	require.Contains(t, rep.Untried, erptest.Skip{Case: "wire_storm", Reason: "no proxy stands before the ERP (Subject.Proxy)"})
	require.Contains(t, rep.Untried, erptest.Skip{Case: "secrets", Reason: "no credentials are named (Harness.Secrets)"})
	require.Contains(t, string(rep.Certificate()), "wire_storm (not tried)")
	require.Contains(t, rep.Held, "cancel_twice")
}

// What does not apply is said by name, and then is no gap.
func TestWithoutAWireOrCredentials(t *testing.T) {
	rep := erptest.Run(t, erptest.Harness{NoWire: true, NoSecrets: true, Patience: 15 * time.Millisecond,
		New: func(*testing.T) erptest.Subject { return inMemory(nil) }})
	require.Empty(t, rep.Failed)
	require.Empty(t, rep.Untried)
	require.Contains(t, rep.Skipped, erptest.Skip{Case: "wire_storm", Reason: "nothing is sent to this ERP over a wire (Harness.NoWire)"})
	require.Contains(t, rep.Skipped, erptest.Skip{Case: "secrets", Reason: "the adapter is given no credentials (Harness.NoSecrets)"})
}

// A worker that confirms later is no broken adapter, when the harness says so.
func TestAConfirmationByAWorker(t *testing.T) {
	for _, hooks := range []bool{true, false} {
		rep := erptest.Run(t, erptest.Harness{ConfirmsLater: true, Patience: 15 * time.Millisecond, New: func(*testing.T) erptest.Subject {
			s := inMemory(&memerp.Options{ConfirmAfterReads: 3})
			if s.Confirm = nil; !hooks {
				s.Held = nil
			}
			return s
		}})
		require.Empty(t, rep.Failed)
		require.Subset(t, rep.Held, []string{"advance_confirm", "number_later", "revise_frozen", "cancel_confirmed", "lost_change"})
	}
}

func TestClaims(t *testing.T) {
	var b strings.Builder
	seen := map[string]bool{}
	for _, c := range erptest.Claims() {
		require.False(t, seen[c.Case], c.Case)
		require.LessOrEqual(t, len("12345678"+c.Case+"-1"), erp.KeyMax)
		seen[c.Case] = true
		fmt.Fprintf(&b, "%s: %s\n", c.Case, c.Text)
	}
	golden.Check(t, "testdata/claims.txt", []byte(b.String()))
}

func TestSampleOrderFitsEveryERP(t *testing.T) {
	poor := erp.Description{Name: "poor", PriceDigits: 2, QuantityDigits: 0, MaxLines: 4}
	for revision := 1; revision <= 3; revision++ {
		o := erptest.SampleOrder("K", revision)
		require.NoError(t, o.Check(poor))
		b, err := json.Marshal(o)
		require.NoError(t, err)
		var back erp.Order
		require.NoError(t, json.Unmarshal(b, &back))
		require.Equal(t, o.Lines[0].SKU, back.Lines[0].SKU)
	}
	first := erptest.SampleOrder("K", 1)
	require.Equal(t, "136.17 25.78 161.95", first.Net.StringFixed(2)+" "+first.Tax.StringFixed(2)+" "+first.Gross.StringFixed(2))
}
