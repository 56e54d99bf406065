package erp_test

import (
	"bytes"
	"errors"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/comptoir-go/comptoir/erp"
	"github.com/comptoir-go/comptoir/erp/memerp"
)

// teller answers every pull of payments with the same page, after failing.
type teller struct {
	page  erp.Page[erp.Payment]
	fail  []error
	asked []erp.Cursor
}

func (*teller) Describe() erp.Description { return about }
func (a *teller) PullPayments(_ ctx, after erp.Cursor, _ int) (erp.Page[erp.Payment], error) {
	a.asked = append(a.asked, bytes.Clone(after))
	for i := range after {
		after[i] = 'x' // an adapter that writes into the cursor
	}
	if len(a.fail) > 0 {
		err := a.fail[0]
		a.fail = a.fail[1:]
		return erp.Page[erp.Payment]{}, err
	}
	return a.page, nil
}

func row(id string, sequence int64) erp.Payment {
	return erp.Payment{Head: erp.Head{ID: id, Sequence: sequence}}
}

func TestPlausiblePages(t *testing.T) {
	after := erp.Cursor("5")
	for _, c := range []struct {
		name string
		page erp.Page[erp.Payment]
		want string
	}{
		{"nothing new", erp.Page[erp.Payment]{Next: after}, ""},
		{"as many as asked for", erp.Page[erp.Payment]{Rows: []erp.Payment{row("1", 6), row("2", 7)}, Next: erp.Cursor("7"), More: true}, ""},
		{"told again, and nothing new", erp.Page[erp.Payment]{Rows: []erp.Payment{row("1", 5)}, Next: after}, ""},
		{"what stands in the row is another matter", erp.Page[erp.Payment]{Rows: []erp.Payment{row("1", 6)}, Next: erp.Cursor("6")}, ""},
		{"too many", erp.Page[erp.Payment]{Rows: []erp.Payment{row("1", 6), row("2", 7), row("3", 8)}, Next: erp.Cursor("8")}, "the page has 3 rows, 2 were asked for"},
		{"no id", erp.Page[erp.Payment]{Rows: []erp.Payment{row("1", 6), row(" ", 7)}, Next: erp.Cursor("7")}, "row 1 has no id"},
		{"no sequence", erp.Page[erp.Payment]{Rows: []erp.Payment{row("1", 0)}, Next: erp.Cursor("7")}, `row 0, the document "1", has the sequence 0`},
		{"moved over nothing", erp.Page[erp.Payment]{Next: erp.Cursor("6")}, "no rows and moves the cursor"},
		{"forgotten", erp.Page[erp.Payment]{}, "no rows and moves the cursor"},
		{"back to the beginning", erp.Page[erp.Payment]{Rows: []erp.Payment{row("1", 6)}}, "its cursor is the beginning"},
		{"round in circles", erp.Page[erp.Payment]{Rows: []erp.Payment{row("1", 6)}, Next: after, More: true}, "a cursor that does not move"},
		{"more of nothing", erp.Page[erp.Payment]{Next: after, More: true}, "a cursor that does not move"},
		{"a long cursor", erp.Page[erp.Payment]{Rows: []erp.Payment{row("1", 6)}, Next: make(erp.Cursor, erp.CursorMax+1)}, "the cursor has 65537 bytes"},
		{"the longest cursor", erp.Page[erp.Payment]{Rows: []erp.Payment{row("1", 6)}, Next: make(erp.Cursor, erp.CursorMax)}, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, err := erp.NewClient(&teller{page: c.page}, nil).PullPayments(t.Context(), after, 2)
			require.Equal(t, "5", string(after), "the caller's cursor is his own")
			if c.want == "" {
				require.NoError(t, err)
				require.Equal(t, c.page, got)
				return
			}
			require.ErrorIs(t, err, erp.ErrContract)
			require.ErrorContains(t, err, c.want)
			require.Empty(t, got)
		})
	}
}

func TestPullsAreChecked(t *testing.T) {
	a := &teller{}
	c := erp.NewClient(a, nil)
	for _, limit := range []int{0, -1, erp.PullMax + 1} {
		_, err := c.PullPayments(t.Context(), make(erp.Cursor, erp.CursorMax+1), limit)
		require.ErrorIs(t, err, erp.ErrInvalidDocument)
		require.Equal(t, []string{"limit limit.range", "after cursor.size"}, codes(err))
	}
	require.Empty(t, a.asked)
	for _, limit := range []int{1, erp.PullMax} {
		_, err := c.PullPayments(t.Context(), nil, limit)
		require.NoError(t, err)
	}
}

// A pull is a read: repeated from the same cursor after a passing fault, never
// of unknown outcome.
func TestPullsAreRepeated(t *testing.T) {
	a := &teller{page: erp.Page[erp.Payment]{Next: erp.Cursor("5")}, fail: []error{
		erp.Unsent(erp.OpPullPayments, nil), erp.Lost(erp.OpPullPayments, nil), errors.New("EOF")}}
	c := erp.NewClient(a, &erp.Options{Sleep: noSleep})
	_, err := c.PullPayments(t.Context(), erp.Cursor("5"), 2)
	require.NoError(t, err)
	require.Equal(t, []erp.Cursor{erp.Cursor("5"), erp.Cursor("5"), erp.Cursor("5"), erp.Cursor("5")}, a.asked)
}

// Every stream is asked at its own method.
func TestEveryPull(t *testing.T) {
	books := memerp.New(nil)
	c := erp.NewClient(books.Adapter(), nil)
	for op, pull := range map[erp.Op]func() (string, error){
		erp.OpPullOrders:     func() (string, error) { p, err := c.PullOrders(t.Context(), nil, 1); return string(p.Next), err },
		erp.OpPullDeliveries: func() (string, error) { p, err := c.PullDeliveries(t.Context(), nil, 1); return string(p.Next), err },
		erp.OpPullInvoices:   func() (string, error) { p, err := c.PullInvoices(t.Context(), nil, 1); return string(p.Next), err },
		erp.OpPullPayments:   func() (string, error) { p, err := c.PullPayments(t.Context(), nil, 1); return string(p.Next), err },
		erp.OpPullMessages:   func() (string, error) { p, err := c.PullMessages(t.Context(), nil, 1); return string(p.Next), err },
		erp.OpPullParties:    func() (string, error) { p, err := c.PullParties(t.Context(), nil, 1); return string(p.Next), err },
		erp.OpPullProducts:   func() (string, error) { p, err := c.PullProducts(t.Context(), nil, 1); return string(p.Next), err },
		erp.OpPullPrices:     func() (string, error) { p, err := c.PullPrices(t.Context(), nil, 1); return string(p.Next), err },
		erp.OpPullStock:      func() (string, error) { p, err := c.PullStock(t.Context(), nil, 1); return string(p.Next), err },
	} {
		_, err := pull()
		require.NoError(t, err)
		require.Equal(t, 1, books.Calls(op), op)
	}
}
