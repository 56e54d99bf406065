package mapping

import (
	"fmt"
	"time"

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

func (c *cells) err(t *engine.Table) error {
	if c.bad == nil {
		return nil
	}
	return broken(t, c.row.ID, c.bad)
}
