package erp

import (
	"bytes"
	"context"
	"fmt"
	"strings"

	"github.com/comptoir-go/comptoir/fault"
)

// PullMax is the most rows that may be asked for at once.
const PullMax = 1000

// The pulls. Each answers what changed behind the cursor, at most limit rows (1 to
// PullMax); a cursor or limit out of bounds is ErrInvalidDocument. They are reads and are
// repeated as such. A page that cannot be the answer is Contract
// (erp.contract): more rows than asked for, a row without an id or a sequence,
// a cursor that is too long, that moves without rows, or that stays where it is although
// more waits. What stands in the rows is not looked at: one bad row must not
// stop a stream. Whoever applies a row asks its Check.

// PullOrders tells of orders that changed.
func (c *Client) PullOrders(ctx context.Context, after Cursor, limit int) (Page[OrderChange], error) {
	return pull(ctx, c, OpPullOrders, after, limit, OrderPuller.PullOrders)
}

// PullDeliveries tells of deliveries and returns that changed.
func (c *Client) PullDeliveries(ctx context.Context, after Cursor, limit int) (Page[Delivery], error) {
	return pull(ctx, c, OpPullDeliveries, after, limit, DeliveryPuller.PullDeliveries)
}

// PullInvoices tells of invoices and credit notes that changed.
func (c *Client) PullInvoices(ctx context.Context, after Cursor, limit int) (Page[Invoice], error) {
	return pull(ctx, c, OpPullInvoices, after, limit, InvoicePuller.PullInvoices)
}

// PullPayments tells of payments that changed.
func (c *Client) PullPayments(ctx context.Context, after Cursor, limit int) (Page[Payment], error) {
	return pull(ctx, c, OpPullPayments, after, limit, PaymentPuller.PullPayments)
}

// PullMessages tells of new messages.
func (c *Client) PullMessages(ctx context.Context, after Cursor, limit int) (Page[Message], error) {
	return pull(ctx, c, OpPullMessages, after, limit, MessagePuller.PullMessages)
}

// PullParties tells of customers that changed.
func (c *Client) PullParties(ctx context.Context, after Cursor, limit int) (Page[Party], error) {
	return pull(ctx, c, OpPullParties, after, limit, PartyPuller.PullParties)
}

// PullProducts tells of articles that changed.
func (c *Client) PullProducts(ctx context.Context, after Cursor, limit int) (Page[Product], error) {
	return pull(ctx, c, OpPullProducts, after, limit, ProductPuller.PullProducts)
}

// PullPrices tells of prices that changed.
func (c *Client) PullPrices(ctx context.Context, after Cursor, limit int) (Page[Price], error) {
	return pull(ctx, c, OpPullPrices, after, limit, PricePuller.PullPrices)
}

// PullStock tells of stock that changed.
func (c *Client) PullStock(ctx context.Context, after Cursor, limit int) (Page[Stock], error) {
	return pull(ctx, c, OpPullStock, after, limit, StockPuller.PullStock)
}

// row is a document of a stream: whatever begins with a Head.
type row interface{ head() Head }

func (h Head) head() Head { return h }

func pull[C any, R row](ctx context.Context, c *Client, op Op, after Cursor, limit int,
	ask func(C, context.Context, Cursor, int) (Page[R], error)) (Page[R], error) {
	var is fault.Issues
	checkPage(&is, after, limit)
	if err := is.Err(ErrInvalidDocument); err != nil {
		return Page[R]{}, err
	}
	return call(ctx, c, op, func(ctx context.Context, a C) (Page[R], error) {
		p, err := ask(a, ctx, bytes.Clone(after), limit)
		if err != nil {
			return Page[R]{}, err
		}
		if text := implausible(p, after, limit); text != "" {
			return Page[R]{}, NewError(Contract, op, text, nil)
		}
		return p, nil
	})
}

// checkPage refuses what may not be asked for.
func checkPage(is *fault.Issues, after Cursor, limit int) {
	if limit < 1 || limit > PullMax {
		is.Add("limit", "limit.range", "a page has 1 to %d rows", PullMax)
	}
	if len(after) > CursorMax {
		is.Add("after", "cursor.size", "a cursor has at most %d bytes", CursorMax)
	}
}

// implausible says why a page cannot be the answer, "" when it can.
func implausible[R row](p Page[R], after Cursor, limit int) string {
	stays := bytes.Equal(p.Next, after)
	switch {
	case len(p.Rows) > limit:
		return fmt.Sprintf("the page has %d rows, %d were asked for", len(p.Rows), limit)
	case len(p.Next) > CursorMax:
		return fmt.Sprintf("the cursor has %d bytes, at most %d fit", len(p.Next), CursorMax)
	case len(p.Rows) == 0 && !stays:
		return "the page has no rows and moves the cursor"
	case p.More && stays:
		return "more rows wait behind a cursor that does not move"
	case len(p.Rows) > 0 && len(p.Next) == 0:
		return "the page has rows and its cursor is the beginning"
	}
	for i, r := range p.Rows {
		h := r.head()
		if strings.TrimSpace(h.ID) == "" {
			return fmt.Sprintf("row %d has no id", i)
		}
		if h.Sequence <= 0 {
			return fmt.Sprintf("row %d, the document %q, has the sequence %d", i, h.ID, h.Sequence)
		}
	}
	return ""
}
