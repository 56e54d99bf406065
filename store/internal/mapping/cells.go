package mapping

import (
	"fmt"
	"time"

	"github.com/comptoir-go/comptoir/money"
	"github.com/comptoir-go/comptoir/partner"
	"github.com/comptoir-go/comptoir/store/internal/engine"
)

// cells reads the columns of a row one after the other; the first cell of a
// wrong type is kept as the error.
type cells struct {
	row  engine.Row
	next int
	bad  error
}

func cell[T any](c *cells) T {
	var v T
	if c.next >= len(c.row.Cols) {
		if c.bad == nil {
			c.bad = fmt.Errorf("the row has only %d columns", len(c.row.Cols))
		}
		return v
	}
	got := c.row.Cols[c.next]
	v, ok := got.(T)
	if !ok && c.bad == nil {
		c.bad = fmt.Errorf("column %d is a %T", c.next, got)
	}
	c.next++
	return v
}

func (c *cells) text() string    { return cell[string](c) }
func (c *cells) int() int64      { return cell[int64](c) }
func (c *cells) bool() bool      { return cell[bool](c) }
func (c *cells) time() time.Time { return cell[time.Time](c) }
func (c *cells) skip()           { c.next++ }

// date reads a day as its ISO 8601 text, "" for none.
func (c *cells) date() partner.Date {
	var d partner.Date
	c.note(d.UnmarshalText([]byte(c.text())))
	return d
}

// currency reads a code, "" for the zero currency.
func (c *cells) currency() money.Currency {
	code := c.text()
	if code == "" {
		return money.Currency{}
	}
	cur, err := money.ParseCurrency(code)
	c.note(err)
	return cur
}

// amount reads minor units; without a currency there is none.
func (c *cells) amount(cur money.Currency) money.Amount { return money.FromMinor(c.int(), cur) }

func (c *cells) note(err error) {
	if c.bad == nil {
		c.bad = err
	}
}

func (c *cells) err(t *engine.Table) error {
	if c.bad == nil {
		return nil
	}
	return broken(t, c.row.ID, c.bad)
}
