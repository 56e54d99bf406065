package trytonerp

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/comptoir-go/comptoir/erp"
	"github.com/comptoir-go/comptoir/internal/testtryton"
)

// counter stands before the test server and counts what is asked.
type counter struct {
	asked atomic.Int64
	*Adapter
}

// connected is an adapter of the Tryton at the address, and what it has asked.
func connected(t *testing.T, address string, o Options) *counter {
	t.Helper()
	u, err := url.Parse(address)
	require.NoError(t, err)
	c := &counter{}
	proxy := httputil.NewSingleHostReverseProxy(&url.URL{Scheme: "http", Host: u.Host})
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		c.asked.Add(1)
		proxy.ServeHTTP(w, r)
	}))
	t.Cleanup(server.Close)
	o.URL, o.Database, o.User = server.URL, strings.Trim(u.Path, "/"), u.User.Username()
	o.Password, _ = u.User.Password()
	c.Adapter, err = New(o)
	require.NoError(t, err)
	t.Cleanup(c.Close)
	return c
}

// pulled reads a stream from the cursor to its end: the newest row of each
// document, and the end.
func pulled[R any](t *testing.T, pull func(context.Context, erp.Cursor, int) (erp.Page[R], error), after erp.Cursor, head func(R) erp.Head) (map[string]R, erp.Cursor) {
	t.Helper()
	rows := map[string]R{}
	for {
		p, err := pull(t.Context(), after, 7)
		require.NoError(t, err)
		for _, r := range p.Rows {
			if old, ok := rows[head(r).ID]; !ok || head(r).Sequence > head(old).Sequence {
				rows[head(r).ID] = r
			}
		}
		if after = p.Next; !p.More {
			return rows, after
		}
	}
}

// fresh is a key that no document has, on a server that outlives the test.
func fresh(t *testing.T) string { return fmt.Sprintf("%.15s-%d", t.Name(), time.Now().UnixNano()) }

func orderHead(r erp.OrderChange) erp.Head { return r.Head }
func deliveryHead(r erp.Delivery) erp.Head { return r.Head }

// keyed is a draft of the connector's shop with keys of ours on its lines, L1
// and so on.
func keyed(t *testing.T, c *testtryton.Client, key string, items ...testtryton.Item) int {
	t.Helper()
	id, err := c.Enter(t.Context(), testtryton.Draft{Customer: "C0002", WebID: key, Items: items})
	require.NoError(t, err)
	s, err := c.Sale(t.Context(), id)
	require.NoError(t, err)
	for i, line := range s.Lines {
		note := fmt.Sprintf("comptoir:L%d left of the door", i+1)
		require.NoError(t, c.Write(t.Context(), "sale.line", []int{line}, map[string]any{"note": note}))
	}
	return id
}

// From the draft to what came back, as it is told step by step.
func TestOrderIsToldAsItMoves(t *testing.T) {
	t.Parallel()
	in := testtryton.Start(t, nil)
	c, a, ctx := in.Client, connected(t, in.Address, Options{WebShop: "Connector"}), t.Context()
	var orders, deliveries erp.Cursor
	told := func() (map[string]erp.OrderChange, map[string]erp.Delivery) {
		o, next := pulled(t, a.PullOrders, orders, orderHead)
		orders = next
		d, next := pulled(t, a.PullDeliveries, deliveries, deliveryHead)
		deliveries = next
		for _, r := range o {
			require.NoError(t, r.Check())
		}
		for _, r := range d {
			require.NoError(t, r.Check())
		}
		return o, d
	}
	key := fresh(t)
	id := keyed(t, c, key, testtryton.Item{Code: "FRIDGE-1", Quantity: "2"}, testtryton.Item{Code: "CABLE", Quantity: "10.5"})
	order := idText(int64(id))
	o, _ := told()
	require.Equal(t, []any{key, "", erp.StateDraft}, []any{o[order].Key, o[order].Number, o[order].State})
	require.Equal(t, lineTexts("L1 2 0 0", "L2 10.5 0 0"), changeTexts(o[order]))

	require.NoError(t, c.Confirm(ctx, id))
	o, d := told()
	s, err := c.Sale(ctx, id)
	require.NoError(t, err)
	require.Equal(t, []any{s.Number, erp.StateConfirmed, string(s.Total)}, []any{o[order].Number, o[order].State, text(o[order].Totals.Gross)})
	first := reference(shipmentOut, int64(s.Shipments[0]))
	require.Equal(t, []any{order, erp.DeliveryPlanned, "", lineTexts("L1 2", "L2 10.5")}, deliveryTexts(d[first]))

	require.NoError(t, c.Press(ctx, shipmentOut, "wait", s.Shipments[0]))
	_, err = c.Call(ctx, "model.stock.shipment.out.assign_try", []int{s.Shipments[0]})
	require.NoError(t, err)
	o, _ = told()
	require.Equal(t, lineTexts("L1 2 2 0", "L2 10.5 10.5 0"), changeTexts(o[order]))

	_, err = c.Deliver(ctx, id, testtryton.Item{Code: "CABLE", Quantity: "0.25"})
	require.NoError(t, err)
	o, d = told()
	require.Equal(t, lineTexts("L1 2 0 0", "L2 10.5 0 0"), changeTexts(o[order]))
	s, err = c.Sale(ctx, id)
	require.NoError(t, err)
	require.Len(t, s.Shipments, 2)
	rest := reference(shipmentOut, int64(s.Shipments[0]+s.Shipments[1])-recordRef(first, shipmentOut))
	require.Equal(t, []any{order, erp.DeliveryDone, "", lineTexts("L2 0.25")}, deliveryTexts(d[first]))
	require.NotEmpty(t, d[first].Date)
	require.Equal(t, []any{order, erp.DeliveryPlanned, d[first].Number, lineTexts("L1 2", "L2 10.25")}, deliveryTexts(d[rest]))

	// What is cancelled and not made again is given up.
	require.NoError(t, c.Press(ctx, shipmentOut, "cancel", int(recordRef(rest, shipmentOut))))
	_, d = told()
	require.Equal(t, []any{order, erp.DeliveryCancelled, d[rest].BackOrderOf, lineTexts("L1 2", "L2 10.25")}, deliveryTexts(d[rest]))

	back, err := c.Return(ctx, id, testtryton.Item{Code: "CABLE", Quantity: "0.25"})
	require.NoError(t, err)
	o, d = told()
	require.NotContains(t, o, idText(int64(back)), "a return is no order")
	s, err = c.Sale(ctx, back)
	require.NoError(t, err)
	returned := d[reference(shipmentReturn, int64(s.Returns[0]))]
	require.Equal(t, []any{order, erp.DeliveryDone, "", lineTexts("L2 0.25")}, deliveryTexts(returned))
	require.True(t, returned.Return)
	o, d = told()
	require.Empty(t, o)
	require.Empty(t, d)
}

func lineTexts(all ...string) []string { return all }

func changeTexts(o erp.OrderChange) (all []string) {
	for _, l := range o.Lines {
		all = append(all, fmt.Sprintf("%s %s %s %s", l.Key, text(*l.Ordered), text(l.Reserved), text(l.Cancelled)))
	}
	return all
}

func deliveryTexts(d erp.Delivery) []any {
	var all []string
	for _, l := range d.Lines {
		all = append(all, fmt.Sprintf("%s %s", l.Key, text(l.Quantity)))
	}
	return []any{d.Order, d.State, d.BackOrderOf, all}
}

// Each of two shops on one Tryton is told of its own.
func TestShopsAreApart(t *testing.T) {
	t.Parallel()
	c := testtryton.Start(t, nil)
	a := connected(t, c.Address, Options{WebShop: "Connector"})
	shops, err := c.Search(t.Context(), "web.shop", []any{"name", "=", "Connector"})
	require.NoError(t, err)
	made, err := c.Call(t.Context(), "model.web.shop.copy", shops, map[string]any{"name": "Another"})
	require.NoError(t, err)
	another := connected(t, c.Address, Options{WebShop: "Another"})
	mine := keyed(t, c.Client, "mine", testtryton.Item{Code: "KETTLE-1", Quantity: "1"})
	other := keyed(t, c.Client, "other", testtryton.Item{Code: "KETTLE-1", Quantity: "1"})
	require.NoError(t, c.Write(t.Context(), "sale.sale", []int{other}, map[string]any{"web_shop": numbers(t, made)[0]}))
	for _, id := range []int{mine, other} {
		require.NoError(t, c.Confirm(t.Context(), id))
	}
	own, _ := pulled(t, a.PullOrders, nil, orderHead)
	theirs, _ := pulled(t, another.PullOrders, nil, orderHead)
	require.Contains(t, own, idText(int64(mine)))
	require.NotContains(t, own, idText(int64(other)))
	require.Len(t, theirs, 1)
	require.Contains(t, theirs, idText(int64(other)))
	sent, _ := pulled(t, another.PullDeliveries, nil, deliveryHead)
	require.Len(t, sent, 1)
}

func numbers(t *testing.T, text []byte) (all []int) {
	t.Helper()
	require.NoError(t, json.Unmarshal(text, &all))
	return all
}

// Orders that change between the pages are told, whoever goes on reading; and
// however many there are, a page takes as many requests.
func TestPagesUnderChanges(t *testing.T) {
	t.Parallel()
	in := testtryton.Start(t, nil)
	c, a := in.Client, connected(t, in.Address, Options{WebShop: "Connector"})
	_, at := pulled(t, a.PullOrders, nil, orderHead)
	var ids []int
	for range 5 {
		ids = append(ids, keyed(t, c, fresh(t), testtryton.Item{Code: "KETTLE-1", Quantity: "1"}))
	}
	seen := map[string][]int64{}
	pages := 0
	for after := at; ; pages++ {
		reader := connected(t, in.Address, Options{WebShop: "Connector"}) // a new process
		p, err := reader.PullOrders(t.Context(), after, 2)
		require.NoError(t, err)
		for _, r := range p.Rows {
			seen[r.ID] = append(seen[r.ID], r.Sequence)
		}
		if pages == 0 {
			require.NoError(t, c.Confirm(t.Context(), ids[0]))
			require.NoError(t, c.Cancel(t.Context(), ids[4]))
		}
		if after = p.Next; !p.More {
			break
		}
	}
	require.Equal(t, 2, pages)
	for i, id := range ids {
		require.Len(t, seen[idText(int64(id))], map[bool]int{true: 2, false: 1}[i == 0], "order %d of %d", i, id)
	}
	end, _ := pulled(t, a.PullOrders, at, orderHead)
	require.Len(t, end, 5)
	asked := map[int]int64{}
	for _, limit := range []int{1, 200} {
		before := a.asked.Load()
		_, err := a.PullOrders(t.Context(), at, limit)
		require.NoError(t, err)
		asked[limit] = a.asked.Load() - before
	}
	require.Equal(t, map[int]int64{1: 5, 200: 5}, asked)
}
