package event_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/comptoir-go/comptoir/event"
	"github.com/comptoir-go/comptoir/fault"
)

type shipped struct {
	Order string `json:"order"`
	Parts int    `json:"parts"`
}

func (shipped) EventType() (string, int) { return "order.shipped", 2 }

type broken struct{ C chan int }

func (broken) EventType() (string, int) { return "order.broken", 1 }

func counter() func() string {
	n := 0
	return func() string { n++; return fmt.Sprint("e", n) }
}

func TestCheckNamesAllThatIsMissing(t *testing.T) {
	err := event.Event{}.Check()
	require.ErrorIs(t, err, event.ErrIncomplete)
	require.Len(t, fault.IssuesOf(err), 4)
	require.NoError(t, event.Event{ID: "1", Type: "a.b", Subject: "a/1", Schema: 1}.Check())
}

func TestBatchNumbersItsEvents(t *testing.T) {
	at := time.Date(2026, 11, 22, 10, 0, 0, 123456789, time.FixedZone("", 3600))
	b := event.NewBatch("order/1", 7, at, counter())
	require.NoError(t, b.Add(shipped{"1", 2}))
	require.NoError(t, b.Add(shipped{"1", 3}))
	require.Error(t, b.Add(broken{}))
	got := b.Events()
	require.Len(t, got, 2, "what cannot be written is not there in part")
	for i, e := range got {
		require.NoError(t, e.Check())
		require.Equal(t, i, e.Index)
		require.Equal(t, int64(7), e.Version)
		require.Equal(t, time.Date(2026, 11, 22, 9, 0, 0, 123456000, time.UTC), e.Time)
	}
	require.NotEqual(t, got[0].ID, got[1].ID)
}

func ExampleNewBatch() {
	b := event.NewBatch("order/42", 3, time.Date(2026, 11, 22, 10, 0, 0, 0, time.UTC), counter())
	if err := b.Add(shipped{Order: "42", Parts: 2}); err != nil {
		fmt.Println(err)
	}
	e := b.Events()[0]
	fmt.Println(e.ID, e.Type, e.Schema, e.Subject, e.Version, e.Index, string(e.Data))
	// Output: e1 order.shipped 2 order/42 3 0 {"order":"42","parts":2}
}
