package erp_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/comptoir-go/comptoir/erp"
	"github.com/comptoir-go/comptoir/erp/memerp"
)

// lister pulls payments and lists them always with the same page.
type lister struct {
	teller
	ids   erp.Page[string]
	fault error
	lists int
}

func (a *lister) ListIDs(_ ctx, _ erp.Stream, after erp.Cursor, _ int) (erp.Page[string], error) {
	a.lists++
	for i := range after {
		after[i] = 'x' // an adapter that writes into the cursor
	}
	if err := a.fault; err != nil {
		a.fault = nil
		return erp.Page[string]{}, err
	}
	return a.ids, nil
}

func TestPlausibleLists(t *testing.T) {
	after := erp.Cursor("5")
	for _, c := range []struct {
		name string
		page erp.Page[string]
		want string
	}{
		{"the end", erp.Page[string]{}, ""},
		{"the last ones", erp.Page[string]{Rows: []string{"6", "7"}}, ""},
		{"more", erp.Page[string]{Rows: []string{"6", "7"}, Next: erp.Cursor("7"), More: true}, ""},
		{"a page of deleted ones", erp.Page[string]{Next: erp.Cursor("7"), More: true}, ""},
		{"too many", erp.Page[string]{Rows: []string{"6", "7", "8"}}, "the page has 3 ids, 2 were asked for"},
		{"none", erp.Page[string]{Rows: []string{"6", " "}}, "the id 1 is empty"},
		{"twice", erp.Page[string]{Rows: []string{"6", "6"}}, `the id "6" stands twice`},
		{"round in circles", erp.Page[string]{Rows: []string{"6"}, Next: after, More: true}, "a cursor that does not move"},
		{"back to the beginning", erp.Page[string]{Rows: []string{"6"}, More: true}, "a cursor that does not move"},
		{"a long cursor", erp.Page[string]{Rows: []string{"6"}, Next: make(erp.Cursor, erp.CursorMax+1), More: true}, "the cursor has 65537 bytes"},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, err := erp.NewClient(&lister{ids: c.page}, nil).ListIDs(t.Context(), erp.Payments, after, 2)
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

func TestListsAreCheckedAndRepeated(t *testing.T) {
	a := &lister{}
	c := erp.NewClient(a, nil)
	_, err := c.ListIDs(t.Context(), "rumours", make(erp.Cursor, erp.CursorMax+1), 0)
	require.ErrorIs(t, err, erp.ErrInvalidDocument)
	require.Equal(t, []string{"stream stream.unknown", "limit limit.range", "after cursor.size"}, codes(err))
	_, err = c.ListIDs(t.Context(), erp.Orders, nil, 1)
	require.ErrorIs(t, err, erp.ErrUnsupported, "what is not pulled is not listed")
	require.Zero(t, a.lists)
	require.True(t, c.Supports(erp.OpListIDs), "other streams are")
	a.fault = erp.Lost(erp.OpListIDs, nil)
	_, err = erp.NewClient(a, &erp.Options{Sleep: func(ctx, duration) error { return nil }}).ListIDs(t.Context(), erp.Payments, nil, 1)
	require.NoError(t, err)
	require.Equal(t, 2, a.lists, "it is a read")
	_, err = erp.NewClient(&teller{}, nil).ListIDs(t.Context(), erp.Payments, nil, 1)
	require.ErrorIs(t, err, erp.ErrUnsupported)
	_, err = erp.NewClient(memerp.New(nil).Adapter(), nil).ListIDs(t.Context(), erp.Stocks, nil, erp.PullMax)
	require.NoError(t, err)
}
