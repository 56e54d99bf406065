package comptoir_test

import (
	"encoding"
	"encoding/json"
	"fmt"
	"go/ast"
	"maps"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/comptoir-go/comptoir/billing"
	"github.com/comptoir-go/comptoir/cart"
	"github.com/comptoir-go/comptoir/catalog"
	"github.com/comptoir-go/comptoir/erp/erpsync"
	"github.com/comptoir-go/comptoir/event"
	"github.com/comptoir-go/comptoir/internal/golden"
	"github.com/comptoir-go/comptoir/money"
	"github.com/comptoir-go/comptoir/order"
	"github.com/comptoir-go/comptoir/partner"
	"github.com/comptoir-go/comptoir/pricing"
	"github.com/comptoir-go/comptoir/thread"
)

// payloads lists one value of every event type; the test holds it against the
// types that the code declares.
var payloads = []event.Payload{
	billing.Issued{}, billing.Credited{}, billing.Mirrored{}, billing.Voided{}, billing.Linked{}, billing.Settled{}, billing.Reopened{}, billing.OffSet{},
	billing.InvoicePushRequested{},
	billing.PaymentRecorded{}, billing.PaymentAdvanced{}, billing.PaymentAllocated{}, billing.PaymentMirrored{}, billing.PaymentLinked{},
	billing.PaymentPushRequested{},
	cart.CreatedEvent{}, cart.ChangedEvent{}, cart.HandedOverEvent{}, cart.DeletedEvent{}, cart.OrderedEvent{},
	catalog.ProductSaved{}, catalog.AvailabilityChanged{},
	erpsync.ChangeDropped{}, erpsync.DriftFound{}, erpsync.DriftSettled{},
	order.Placed{}, order.Advanced{}, order.Revised{}, order.Deleted{}, order.Linked{}, order.Drifted{}, order.SyncRequested{},
	order.AxesChanged{}, order.BillAdded{}, order.BillRemoved{}, order.BillSettled{}, order.Progressed{}, order.Held{}, order.Resumed{},
	order.ReleasedToLogistics{}, order.Followed{}, order.Attached{}, order.Detached{}, order.Certified{},
	order.DeliveryPlanned{}, order.DeliveryShipped{}, order.DeliveryReturned{}, order.DeliveryCancelled{}, order.DeliveryChanged{},
	order.OverDeliveryNoted{}, order.OverReturnNoted{}, order.RestCancelled{}, order.GoodsChanged{}, order.RestCancelRequested{},
	partner.Registered{}, partner.Changed{},
	thread.Posted{}, thread.ReadUpto{}, thread.Linked{}, thread.PushRequested{},
	pricing.CampaignSaved{}, pricing.CodesGenerated{}, pricing.CodeAdded{},
	pricing.RedemptionReserved{}, pricing.RedemptionConfirmed{}, pricing.RedemptionReleased{}, pricing.RedemptionExpired{}, pricing.RedemptionReturned{},
}

// Event names and the schemas of their data are a published contract.
func TestDocsEvents(t *testing.T) {
	all, _ := sources(t)
	declared := map[string]string{}
	for _, s := range all {
		for _, f := range s.files {
			docs := typeDocs(f)
			for _, d := range f.Decls {
				if fn, ok := d.(*ast.FuncDecl); ok && fn.Name.Name == "EventType" && fn.Recv != nil {
					declared[s.path+"."+receiver(fn)] = docs[receiver(fn)]
				}
			}
		}
	}
	var b strings.Builder
	b.WriteString("# Events\n\nMade from the code by `make golden`. Events are CloudEvents-shaped: `id`, `type`, `schema` (the version of the data), `subject`, `version`, `index`, `time`, `data`. " +
		"A change of a data schema that is not an addition raises `schema`.\n")
	seen := map[string]bool{}
	slices.SortFunc(payloads, func(a, b event.Payload) int { return strings.Compare(eventName(a), eventName(b)) })
	for _, p := range payloads {
		typ := reflect.TypeOf(p)
		key := strings.TrimPrefix(typ.PkgPath(), module+"/") + "." + typ.Name()
		doc, ok := declared[key]
		require.True(t, ok, "%s declares no event type", key)
		delete(declared, key)
		require.False(t, seen[eventName(p)], "%s is declared twice", eventName(p))
		seen[eventName(p)] = true
		name, schema := p.EventType()
		js, err := json.MarshalIndent(schemaOf(typ), "", "  ")
		require.NoError(t, err)
		fmt.Fprintf(&b, "\n## %s\n\n%s\n\nGo type `%s`, schema %d.\n\n```json\n%s\n```\n", name, doc, key, schema, js)
	}
	require.Empty(t, declared, "event types that the list of payloads leaves out")
	golden.Check(t, "docs/events.md", []byte(b.String()))
}

func eventName(p event.Payload) string {
	name, schema := p.EventType()
	return fmt.Sprintf("%s %d", name, schema)
}

func typeDocs(f *ast.File) map[string]string {
	out := map[string]string{}
	for _, d := range f.Decls {
		g, ok := d.(*ast.GenDecl)
		if !ok {
			continue
		}
		for _, s := range g.Specs {
			if ts, ok := s.(*ast.TypeSpec); ok {
				doc := ts.Doc
				if doc == nil {
					doc = g.Doc
				}
				out[ts.Name.Name] = strings.Join(strings.Fields(doc.Text()), " ")
			}
		}
	}
	return out
}

// schemaOf describes a type's JSON by JSON Schema.
func schemaOf(t reflect.Type) map[string]any {
	str := map[string]any{"type": "string"}
	switch {
	case t == reflect.TypeFor[money.Amount]():
		return map[string]any{"type": []string{"object", "null"}, "properties": map[string]any{"amount": str, "currency": str}}
	case t == reflect.TypeFor[time.Time]():
		return map[string]any{"type": "string", "format": "date-time"}
	case t.Implements(reflect.TypeFor[encoding.TextMarshaler]()), t.Implements(reflect.TypeFor[json.Marshaler]()):
		return str
	}
	switch t.Kind() {
	case reflect.String:
		return str
	case reflect.Bool:
		return map[string]any{"type": "boolean"}
	case reflect.Int, reflect.Int64, reflect.Uint8:
		return map[string]any{"type": "integer"}
	case reflect.Pointer:
		return schemaOf(t.Elem())
	case reflect.Slice:
		return map[string]any{"type": "array", "items": schemaOf(t.Elem())}
	case reflect.Struct:
		return structSchema(t)
	}
	panic("no JSON schema for " + t.String())
}

func structSchema(t reflect.Type) map[string]any {
	props, required := map[string]any{}, []string{}
	for i := range t.NumField() {
		f := t.Field(i)
		if f.Anonymous { // flattened, as encoding/json does
			inner := structSchema(f.Type)
			maps.Copy(props, inner["properties"].(map[string]any))
			required = append(required, inner["required"].([]string)...)
			continue
		}
		name, opts, _ := strings.Cut(f.Tag.Get("json"), ",")
		if name == "" || name == "-" {
			panic("event field without a JSON name: " + t.String() + "." + f.Name)
		}
		props[name] = schemaOf(f.Type)
		if !strings.Contains(opts, "omit") {
			required = append(required, name)
		}
	}
	return map[string]any{"type": "object", "properties": props, "required": required}
}
