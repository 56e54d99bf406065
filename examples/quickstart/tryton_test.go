package main

import (
	"bytes"
	"net/url"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/comptoir-go/comptoir/internal/testtryton"
)

// The whole story on a Tryton server, and both sides come to the same sums.
func TestQuickstartOnTryton(t *testing.T) {
	server := testtryton.Start(t, nil)
	u, err := url.Parse(server.AdminAddress)
	require.NoError(t, err)
	password, _ := u.User.Password()
	t.Setenv(passwordEnv, password)
	u.User = url.User(u.User.Username())
	var out bytes.Buffer
	require.NoError(t, run(t.Context(), &out, choice{store: "memory", erp: u.String(), data: "../testdata/tryton"}), "%s", &out)
	for _, line := range []string{
		`"Kitchen Martin" costs 250.26 EUR net, 299.08 EUR with VAT`,
		"Bruno Keller wrote: When does the third kettle come?",
		"partly_delivered, partly_invoiced, unpaid",
		": delivered, invoiced, partly_paid",
		": delivered, invoiced, paid",
		"Here:       ordered 299.08, invoiced 203.18, left to pay -95.90\nIn the ERP: ordered 299.08, invoiced 203.18, left to pay -95.90\n",
		"In step with tryton: calls closed, well: true\n  outgoing   0 waiting\n  products   0 waiting, as of ",
		"The comparison of the books finds no difference about the order and its 8 documents\n",
	} {
		require.Contains(t, out.String(), line)
	}
	require.NotContains(t, out.String(), password)
}

// An address that is none is named, without the password in it.
func TestBadERPIsNamed(t *testing.T) {
	for _, address := range []string{"http://user:s3cret@127.0.0.1:8000/erp", "tryton://127.0.0.1:8000/erp", "tryton://user:s3cret@127.0.0.1:8000", "tryton://user:s3cret@%zz/erp"} {
		err := run(t.Context(), new(bytes.Buffer), choice{store: "memory", erp: address, data: "../testdata/tryton"})
		require.ErrorContains(t, err, "use tryton://USER@HOST:PORT/DATABASE")
		require.NotContains(t, err.Error(), "s3cret")
	}
	t.Setenv(passwordEnv, "")
	err := run(t.Context(), new(bytes.Buffer), choice{store: "memory", erp: "tryton://user@127.0.0.1:8000/erp", data: "../testdata/tryton"})
	require.ErrorContains(t, err, "password")
}
