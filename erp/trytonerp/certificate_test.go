package trytonerp

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/comptoir-go/comptoir/erp/erptest"
	_ "github.com/comptoir-go/comptoir/internal/golden" // -update
	"github.com/comptoir-go/comptoir/internal/testtryton"
)

// suite gives each stream of the kit a Tryton of its own, so that reading all
// of it does not take longer and longer.
type suite struct {
	t      *testing.T
	group  string
	server *testtryton.Instance
	host   *erpHost
}

func (s *suite) subject(t *testing.T) erptest.Subject {
	words := strings.Split(t.Name()[strings.LastIndex(t.Name(), "/")+1:], "_")
	group := "documents"
	switch words[0] {
	case "pull":
		group = words[1]
	case "list":
		group = "lists"
	}
	if group != s.group {
		s.open(group)
	}
	return s.host.subject(t)
}

func (s *suite) open(group string) {
	if s.server != nil {
		s.server.Kill()
	}
	s.group, s.server = group, testtryton.Start(s.t, nil)
	s.host = hostAt(s.t, s.server.Address, s.server.Client)
}

// The adapter holds every claim of the suite but those that Tryton's people
// cannot show, and its certificate is what the suite finds out today.
func TestSuite(t *testing.T) {
	s := &suite{t: t}
	s.open("documents")
	version, err := s.server.Version(t.Context())
	require.NoError(t, err)
	rep := erptest.Run(t, erptest.Harness{
		New:     s.subject,
		Order:   order,
		Prefix:  fmt.Sprintf("%06x", time.Now().UnixNano()&0xffffff),
		Version: "Tryton " + version,
		Overlap: erptest.AnyOverlap,
		Timeout: patience,
		Secrets: []string{s.host.o.Password},
		Except: map[string]string{
			"pull_payments_again": "a posted move does not change in Tryton: another reverses it, which the adapter's own tests show",
			"list_invoices_gone":  "Tryton deletes no invoice that has a number",
			"list_payments_gone":  "Tryton deletes no move that is posted",
			"list_stock_gone":     "Tryton deletes no article that was ever moved",
		},
	})
	require.Empty(t, rep.Failed)
	require.Empty(t, rep.Untried)
	erptest.WriteCertificate(t, rep, "../../docs/erp/trytonerp.md")
}
