package erptest_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/comptoir-go/comptoir/erp"
	"github.com/comptoir-go/comptoir/erp/erptest"
	"github.com/comptoir-go/comptoir/internal/golden"
)

// whatHeld is a report in which every claim held but those named.
func whatHeld(failed, excepted, untried, skipped []string) erptest.Report {
	r := erptest.Report{About: erp.Description{Name: "some", Keys: erp.LookupByKey, PriceDigits: 4, QuantityDigits: 2, MaxLines: 99},
		Version: "Some 6.0 | sale", Overlap: erptest.AnyOverlap, Has: []erp.Op{erp.OpPing, erp.OpPush, erp.OpFind, erp.OpPullOrders, erp.OpListIDs}}
	in := func(all []string, name string) bool {
		return strings.Contains(" "+strings.Join(all, " ")+" ", " "+name+" ")
	}
	for _, c := range erptest.Claims() {
		s := erptest.Skip{Case: c.Case, Reason: "because | of\nthat"}
		switch {
		case in(failed, c.Case):
			r.Failed = append(r.Failed, c.Case)
			continue
		case in(excepted, c.Case):
			r.Excepted = append(r.Excepted, s)
		case in(untried, c.Case):
			r.Untried = append(r.Untried, s)
		case !in(skipped, c.Case):
			r.Held = append(r.Held, c.Case)
			continue
		}
		r.Skipped = append(r.Skipped, s)
	}
	return r
}

// row is the operation's line of the certificate.
func row(t *testing.T, r erptest.Report, op string) []string {
	for _, line := range strings.Split(string(r.Certificate()), "\n") {
		if cells := strings.Split(line, " | "); strings.TrimPrefix(cells[0], "| ") == op && len(cells) == 4 {
			return cells
		}
	}
	t.Fatalf("no row of %s", op)
	return nil
}

func TestCertificateOfOperations(t *testing.T) {
	orders := []string{}
	for _, c := range erptest.Claims() {
		if strings.HasPrefix(c.Case, "pull_orders_") || c.Case == "order_told" || c.Case == "order_lines" || c.Case == "order_cancelled" || strings.HasPrefix(c.Case, "cancel_rest") {
			orders = append(orders, c.Case)
		}
	}
	for _, c := range []struct {
		op, certified, short string
		r                    erptest.Report
	}{
		{"push_order", "yes", "", whatHeld(nil, nil, nil, nil)},
		{"push_order", "yes", "", whatHeld(nil, nil, nil, []string{"blind_park"})},
		{"push_order", "partly", "push_content (failed)", whatHeld([]string{"push_content"}, nil, nil, nil)},
		{"push_order", "partly", "push_content (excepted)", whatHeld(nil, []string{"push_content"}, nil, nil)},
		{"push_order", "partly", "push_content (not tried)", whatHeld(nil, nil, []string{"push_content"}, nil)},
		{"find_order", "yes", "", whatHeld([]string{"push_content"}, nil, nil, nil)},
		{"revise_order", "no", "", whatHeld(nil, nil, nil, nil)},
		{"pull_orders", "not shown", "", whatHeld(nil, nil, nil, orders)},
		{"all of them", "yes", "", whatHeld(nil, nil, nil, nil)},
		{"all of them", "partly", "secrets (failed)", whatHeld([]string{"secrets"}, nil, nil, nil)},
	} {
		got := row(t, c.r, c.op)
		require.Equal(t, []string{c.certified, c.short}, []string{got[1], strings.TrimSuffix(strings.TrimSuffix(got[3], "|"), " ")}, c.op)
	}
}

func TestCertificateIsAPage(t *testing.T) {
	golden.Check(t, "testdata/certificate.md", whatHeld([]string{"ping"}, []string{"push_totals"}, []string{"rival"}, []string{"blind_park"}).Certificate())
	require.Contains(t, string(erptest.Report{}.Certificate()), "# An ERP without a name")
}

// complaints is a test that fails without failing.
type complaints struct {
	testing.TB
	said string
}

func (c *complaints) Helper() {}
func (c *complaints) Errorf(format string, args ...any) {
	c.said += fmt.Sprintf(format, args...)
}

func (c *complaints) Fatalf(format string, args ...any) {
	c.Errorf(format, args...)
	panic(c)
}

func (c *complaints) Logf(format string, args ...any) {
	c.Fatalf(format, args...)
}

func certify(t *testing.T, r erptest.Report, path string) (said string) {
	c := &complaints{TB: t}
	defer func() {
		if p := recover(); p != nil && p != any(c) {
			panic(p)
		}
		said = c.said
	}()
	erptest.WriteCertificate(c, r, path)
	return ""
}

func TestWriteCertificate(t *testing.T) {
	if golden.Update() {
		t.Skip("it is about comparing")
	}
	path := filepath.Join(t.TempDir(), "some.md")
	r := whatHeld(nil, nil, nil, nil)
	require.Contains(t, certify(t, r, path), "no such file")
	require.NoError(t, os.WriteFile(path, r.Certificate(), 0o600))
	require.Empty(t, certify(t, r, path))
	r.Version = "Some 6.1"
	require.Contains(t, certify(t, r, path), "is out of date")
	require.Contains(t, certify(t, whatHeld([]string{"ping"}, nil, nil, nil), path), "no certificate: 1 claims failed")
	require.Contains(t, certify(t, erptest.Report{}, path), "no certificate")
	part := whatHeld(nil, nil, []string{"ping"}, nil)
	part.Skipped[0].Reason, part.Untried[0].Reason = "it was not asked for", "it was not asked for"
	require.Contains(t, certify(t, part, path), "only a part of the suite")
}
