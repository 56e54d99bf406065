package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/comptoir-go/comptoir"
	"github.com/comptoir-go/comptoir/erp"
	"github.com/comptoir-go/comptoir/erp/erpsync"
	"github.com/comptoir-go/comptoir/erp/memerp"
	"github.com/comptoir-go/comptoir/order"
)

// office is the company behind the counter: its ERP, and what carries between
// the two.
type office struct {
	*comptoir.Counter
	people people
	plot   story
	close  func()
	client *erp.Client
	relay  *erpsync.Relay
	puller *erpsync.Puller
	say    io.Writer

	// order is the one of the story, twin its id in the ERP.
	order order.ID
	twin  string
}

// openOffice opens the ERP at an address, and without one an ERP in memory.
func openOffice(ctx context.Context, k *comptoir.Counter, address string, plot story, say io.Writer) (*office, error) {
	of := &office{Counter: k, plot: plot, say: say, close: func() {}}
	if address == "" {
		if err := of.openMemory(ctx); err != nil {
			return nil, err
		}
	} else {
		adapter, people, err := openTryton(address)
		if err != nil {
			return nil, err
		}
		of.client, of.people, of.close = k.ERP(adapter, nil), people, adapter.Close
	}
	of.relay = k.Relay(of.client, &erpsync.Options{Poll: 1, Observe: func(h erpsync.Handled) {
		fmt.Fprintf(say, "  relay: %s: %s\n", h.Verdict, either(h.Note, h.Err))
	}})
	of.puller = k.Puller(of.client, &erpsync.PullOptions{Observe: func(p erpsync.Pulled) {
		if p.Rows > 0 || p.Err != nil {
			fmt.Fprintf(say, "  pull: %s\n", either(fmt.Sprintf("%d of %s", p.Rows, p.Stream), p.Err))
		}
	}})
	return of, nil
}

// openMemory opens an ERP that goes on behind the orders that are there from
// runs before, as the company's own would.
func (of *office) openMemory(ctx context.Context) error {
	before, err := of.Orders.Find(ctx, vera, order.Query{All: true, Page: onePage})
	if err != nil {
		return err
	}
	books := memerp.New(&memerp.Options{Now: time.Now, Start: 1000 * int64(before.Total.N-1)})
	of.client, of.people = of.ERP(books.Adapter(), nil), memPeople{books}
	return nil
}

// sync lets the relay and the puller work until nothing is due.
func (of *office) sync(ctx context.Context) error {
	for range 50 {
		n, err := of.relay.Step(ctx)
		if err != nil {
			return err
		}
		m, err := of.puller.Step(ctx)
		if err != nil || n+m == 0 {
			return err
		}
	}
	return errors.New("relay and puller do not come to rest")
}

// confirm validates the order and waits until the ERP has confirmed it.
func (of *office) confirm(ctx context.Context, id order.ID) error {
	of.order = id
	if err := of.sync(ctx); err != nil {
		return err
	}
	draft, err := of.client.FindOrder(ctx, erpsync.Key(of.Tenant, id))
	if err != nil {
		return err
	}
	of.twin = draft.ID
	fmt.Fprintf(of.say, "In the ERP: document %s, %s\n", draft.ID, draft.State)
	if err := of.people.count(ctx, of.plot.Scarce, 2); err != nil {
		return err
	}
	o, err := of.Orders.Advance(ctx, vera, order.AdvanceInput{Order: id, On: order.Validate})
	if err != nil {
		return err
	}
	fmt.Fprintf(of.say, "%s validated %s: %s\n", vera.Name, o.Ref, o.State)
	if err := of.sync(ctx); err != nil {
		return err
	}
	o, err = of.Orders.Get(ctx, bruno, id)
	if err != nil {
		return err
	}
	fmt.Fprintf(of.say, "In the ERP: document %s, %s, number %s\n\n%s", of.twin, o.ERP.State, o.ERP.Number, o.Text("en"))
	return nil
}

func either(note string, err error) string {
	if err != nil {
		return err.Error()
	}
	return note
}
