package storetest

import (
	"context"
	"fmt"
	"reflect"

	"github.com/comptoir-go/comptoir/event"
	"github.com/comptoir-go/comptoir/store"
)

// method is one method of a transaction or a queue.
type method struct {
	// name is "Orders.Save", "Prefetch" or "Queue.Claim".
	name string
	fn   reflect.Value
}

// call calls the method with arguments that are well formed and mean nothing
// in particular, and returns its error.
func (m method) call(ctx context.Context) error {
	t := m.fn.Type()
	args := make([]reflect.Value, 0, t.NumIn())
	for i := range t.NumIn() {
		args = append(args, plainValue(ctx, t.In(i)))
	}
	var out []reflect.Value
	if t.IsVariadic() {
		out = m.fn.CallSlice(args)
	} else {
		out = m.fn.Call(args)
	}
	err, _ := out[len(out)-1].Interface().(error)
	return err
}

func plainValue(ctx context.Context, t reflect.Type) reflect.Value {
	switch t {
	case reflect.TypeFor[context.Context]():
		return reflect.ValueOf(ctx)
	case reflect.TypeFor[event.Claim]():
		return reflect.ValueOf(event.Claim{Topic: event.Facts, Lease: 1})
	case reflect.TypeFor[event.Event]():
		return reflect.ValueOf(sampleEvent("order/1", 99))
	case reflect.TypeFor[event.Delivery]():
		return reflect.ValueOf(event.Delivery{Event: sampleEvent("order/1", 99), Topic: event.Facts, Token: 1})
	}
	v := reflect.New(t).Elem()
	switch t.Kind() {
	case reflect.String:
		v.SetString("x")
	case reflect.Slice:
		v.Set(reflect.MakeSlice(t, 1, 1))
		v.Index(0).Set(plainValue(ctx, t.Elem()))
	}
	return v
}

// methods lists every method of a transaction: those of each repository and
// port it gives out, and its own.
func methods(tx store.Tx) []method {
	var out []method
	v, t := reflect.ValueOf(tx), reflect.TypeFor[store.Tx]()
	for i := range t.NumMethod() {
		m := t.Method(i)
		fn := v.MethodByName(m.Name)
		if m.Type.NumIn() == 0 && m.Type.NumOut() == 1 && m.Type.Out(0).Kind() == reflect.Interface {
			out = append(out, portMethods(m.Name, m.Type.Out(0), fn.Call(nil)[0])...)
			continue
		}
		out = append(out, method{name: m.Name, fn: fn})
	}
	return out
}

func queueMethods(q event.Queue) []method {
	return portMethods("Queue", reflect.TypeFor[event.Queue](), reflect.ValueOf(q))
}

func portMethods(port string, t reflect.Type, v reflect.Value) []method {
	if v.Kind() == reflect.Interface {
		v = v.Elem()
	}
	var out []method
	for i := range t.NumMethod() {
		name := t.Method(i).Name
		out = append(out, method{name: fmt.Sprintf("%s.%s", port, name), fn: v.MethodByName(name)})
	}
	return out
}

// writers says of every method whether it writes; a new one has to be added.
var writers = map[string]bool{
	"Partners.Get": false, "Partners.Find": false, "Partners.Save": true,
	"Products.Get": false, "Products.GetMany": false, "Products.BySKU": false, "Products.Find": false,
	"Products.Availability": false, "Products.Save": true, "Products.SaveAvailability": true,
	"Carts.Get": false, "Carts.Find": false, "Carts.Save": true, "Carts.Delete": true,
	"Orders.Get": false, "Orders.ByRef": false, "Orders.Find": false, "Orders.Save": true, "Orders.Delete": true,
	"Orders.ByERP": false, "Orders.Holds": false,
	"Deliveries.Get": false, "Deliveries.ByERP": false, "Deliveries.OfOrder": false, "Deliveries.Find": false, "Deliveries.Save": true,
	"Threads.Get": false, "Threads.Find": false, "Threads.Holds": false, "Threads.Save": true,
	"Invoices.Get": false, "Invoices.ByNumber": false, "Invoices.ByERP": false, "Invoices.Chain": false, "Invoices.Find": false,
	"Invoices.Save": true, "Series.Get": false, "Series.Save": true,
	"Payments.Get": false, "Payments.ByERP": false, "Payments.Find": false, "Payments.Save": true,
	"Campaigns.Get": false, "Campaigns.ByPrefix": false, "Campaigns.Find": false, "Campaigns.Save": true,
	"Codes.Get": false, "Codes.GetMany": false, "Codes.Find": false, "Codes.Save": true,
	"Redemptions.Get": false, "Redemptions.OfCart": false, "Redemptions.OfOrder": false, "Redemptions.Lapsed": false,
	"Redemptions.Find": false, "Redemptions.Save": true,
	"Tallies.Get": false, "Tallies.GetMany": false, "Tallies.Save": true,
	"Turnover.Get": false, "Turnover.OfDocument": false, "Turnover.Find": false, "Turnover.Save": true,
	"Inbox.Cursor": false, "Inbox.Cursors": false, "Inbox.Waits": false, "Inbox.Awaiting": false, "Inbox.Parked": false,
	"Inbox.Move": true, "Inbox.Park": true, "Inbox.Unpark": true,
	"Outbox.Append": true, "Counters.Next": true, "Keys.Reserve": true, "Keys.Fulfil": true,
	"Prefetch": false,
}
