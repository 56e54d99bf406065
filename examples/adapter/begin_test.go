package adapter

import (
	"fmt"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/comptoir-go/comptoir/erp/erptest"
	"github.com/comptoir-go/comptoir/erp/memerp"
)

// Where one begins: an adapter and no hooks, before an ERP that keeps its
// documents, so that each run needs keys of its own.
func TestBegin(t *testing.T) {
	server := httptest.NewServer(serve(memerp.New(nil)))
	t.Cleanup(server.Close)
	a := New(server.URL, token)
	t.Cleanup(a.http.CloseIdleConnections)
	rep := erptest.Run(t, erptest.Harness{
		New:    func(*testing.T) erptest.Subject { return erptest.Subject{Adapter: a} },
		Order:  erptest.SampleOrder, // yours: articles and a customer that the ERP has
		Prefix: fmt.Sprintf("%06x", time.Now().UnixNano()/1000&0xffffff),
	})
	require.Empty(t, rep.Failed)
	t.Logf("%d cases were not tried", len(rep.Untried))
}
