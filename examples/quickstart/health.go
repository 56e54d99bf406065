package main

import (
	"context"
	"fmt"
	"time"

	"github.com/comptoir-go/comptoir/erp/erpsync"
)

// health lets the schedule that a portal runs for good take one turn, and shows
// how the tenant stands with its ERP, as that portal would.
func (of *office) health(ctx context.Context) error {
	schedule := of.Schedule(of.client, nil)
	if _, err := schedule.Step(ctx); err != nil {
		return err
	}
	h, err := schedule.Health(ctx)
	if err != nil {
		return err
	}
	fmt.Fprintf(of.say, "\nIn step with %s: calls %s, well: %t\n", h.ERP, h.Breaker.State, h.OK(10*time.Minute))
	for _, at := range h.Streams {
		fmt.Fprintf(of.say, "  %-10s %d waiting", at.Stream, at.Waiting)
		if at.Stream != erpsync.Outgoing {
			fmt.Fprintf(of.say, ", as of %s, lag %s", at.Success.UTC().Format("2006-01-02 15:04"), at.Lag.Truncate(time.Minute))
		}
		fmt.Fprintln(of.say)
	}
	return nil
}
