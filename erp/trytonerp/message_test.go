package trytonerp

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/comptoir-go/comptoir/erp"
)

// What a note says is read as it was written, and one of somebody else's is all
// text.
func TestNotes(t *testing.T) {
	for _, m := range []erp.Message{
		{Head: erp.Head{Key: "m.1"}, Author: "Léonie", Text: "one\ntwo"},
		{Head: erp.Head{Key: "m.2"}, Text: "nobody's"},
		{Head: erp.Head{Key: "m.3"}, Author: "Jean", Text: "quiet", Internal: true},
		{Head: erp.Head{Key: "m.4"}, Text: "(internal)\nsaid aloud"},
		{Head: erp.Head{Key: "m.5"}, Text: "quiet", Internal: true},
	} {
		require.Equal(t, m, readNote(noteText(m)))
	}
	require.Equal(t, erp.Message{Text: "Léonie\ncalled"}, readNote("Léonie\ncalled"))
}

func TestReferences(t *testing.T) {
	var r struct{ A, B ref }
	require.NoError(t, json.Unmarshal([]byte(`{"A":"sale.line,12","B":null}`), &r))
	require.EqualValues(t, 12, recordRef(string(r.A), "sale.line"))
	require.Zero(t, recordRef(string(r.A), "sale.sale"))
	require.Zero(t, recordRef(string(r.B), "sale.line"))
}

func TestDocumentsOfMessages(t *testing.T) {
	for _, c := range []struct {
		kind, id, model string
		number          int64
	}{
		{"order", "7", "sale.sale", 7},
		{"invoice", "8", "account.invoice", 8},
		{"delivery", "stock.shipment.out,9", "stock.shipment.out", 9},
		{"delivery", "stock.shipment.out.return,9", "stock.shipment.out.return", 9},
		{"delivery", "stock.shipment.out,9/7", "stock.shipment.out", 9},
	} {
		model, id, err := document(erp.OpPushMessage, erp.Message{Kind: c.kind, Document: c.id})
		require.NoError(t, err)
		require.Equal(t, []any{c.model, c.number}, []any{model, id})
	}
	for _, m := range []erp.Message{{Kind: "order", Document: "x"}, {Kind: "delivery", Document: "7"}, {Kind: "delivery", Document: "sale.sale,7"}} {
		_, _, err := document(erp.OpPushMessage, m)
		require.Equal(t, erp.NotFound, erp.ClassOf(err), m)
	}
}
