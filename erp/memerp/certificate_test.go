package memerp_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/comptoir-go/comptoir/erp/erptest"
	_ "github.com/comptoir-go/comptoir/internal/golden" // -update
	"github.com/comptoir-go/comptoir/internal/memsubject"
)

// The certificate in the repository is what the suite finds out today.
func TestCertificate(t *testing.T) {
	rep := erptest.Run(t, erptest.Harness{
		Version:   "memerp of this repository",
		Patience:  15 * time.Millisecond,
		NoWire:    true,
		NoSecrets: true,
		New: func(*testing.T) erptest.Subject {
			_, s := memsubject.Open(nil)
			return s
		},
	})
	require.Empty(t, rep.Failed)
	require.Empty(t, rep.Untried)
	erptest.WriteCertificate(t, rep, "../../docs/erp/memerp.md")
}
