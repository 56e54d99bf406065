package trytonerp

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/comptoir-go/comptoir/erp/erptest"
	"github.com/comptoir-go/comptoir/internal/testtryton"
)

// The adapter holds every claim of the suite, against a Tryton of its own.
func TestSuite(t *testing.T) {
	server := testtryton.Start(t, nil)
	h := hostAt(t, server.Address, server.Client)
	version, err := server.Version(t.Context())
	require.NoError(t, err)
	rep := erptest.Run(t, erptest.Harness{
		New:     h.subject,
		Order:   order,
		Prefix:  fmt.Sprintf("%06x", time.Now().UnixNano()&0xffffff),
		Version: "Tryton " + version,
		Overlap: erptest.AnyOverlap,
		Secrets: []string{h.o.Password},
	})
	require.Empty(t, rep.Failed)
}
