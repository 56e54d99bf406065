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

// suite runs lanes that take about as long as each other, each with a Tryton of
// its own. In those of streams each group of them has one, so that reading all of
// it does not take longer and longer.
type suite struct {
	t     *testing.T
	lanes map[string]*lane // each is its own lane's
}

// lane is what one lane has open: the Tryton of a group of claims.
type lane struct {
	group  string
	server *testtryton.Instance
	host   *erpHost
}

// groupOf is which claims share a Tryton.
func groupOf(name string) string {
	words := strings.Split(name, "_")
	switch {
	case words[0] == "list":
		return "lists"
	case words[0] != "pull":
		return "documents"
	case words[1] == "messages" || words[1] == "parties" || words[1] == "products" || words[1] == "prices" || words[1] == "stock":
		return "few" // of what there is few
	}
	return words[1]
}

func laneOf(name string) string {
	switch group := groupOf(name); group {
	case "documents":
		return group
	case "few", "lists":
		return "others"
	}
	return "trade"
}

func (s *suite) subject(t *testing.T) erptest.Subject {
	name := t.Name()[strings.LastIndex(t.Name(), "/")+1:]
	return s.at(name).host.subject(t)
}

// at is the lane of a claim, with the Tryton of its group.
func (s *suite) at(name string) *lane {
	l := s.lanes[laneOf(name)]
	if group := groupOf(name); group != l.group {
		if l.server != nil {
			l.server.Kill()
		}
		l.group, l.server = group, testtryton.Start(s.t, nil)
		l.host = hostAt(s.t, l.server.Address, l.server.Client)
	}
	return l
}

// The adapter holds every claim of the suite but those that Tryton's people
// cannot show, and its certificate is what the suite finds out today.
func TestSuite(t *testing.T) {
	s := &suite{t: t, lanes: map[string]*lane{"documents": {}, "trade": {}, "others": {}}}
	first := s.at("describe")
	version, err := first.server.Version(t.Context())
	require.NoError(t, err)
	rep := erptest.Run(t, erptest.Harness{
		New:     s.subject,
		Lane:    laneOf,
		Order:   order,
		Prefix:  fmt.Sprintf("%06x", time.Now().UnixNano()&0xffffff),
		Version: "Tryton " + version,
		Timeout: patience,
		Secrets: []string{first.host.o.Password},
		Except: map[string]string{
			"list_invoices_gone": "Tryton deletes no invoice that has a number",
			"list_payments_gone": "Tryton deletes no move that is posted",
			"list_stock_gone":    "Tryton deletes no article that was ever moved",
		},
	})
	require.Empty(t, rep.Failed)
	require.Empty(t, rep.Untried)
	erptest.WriteCertificate(t, rep, "../../docs/erp/trytonerp.md")
}
