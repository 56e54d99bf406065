package pgstore

import (
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/comptoir-go/comptoir/fault"
	"github.com/comptoir-go/comptoir/internal/testpg"
)

// A role that row-level security does not bind is refused, unless the caller
// says that one wall is enough.
func TestRoleThatBypassesRowSecurity(t *testing.T) {
	if os.Getenv("TESTPG_SERVER_PID") == "" {
		t.Skip("needs the superuser of a server that internal/testpg/run.sh has started")
	}
	dsn := testpg.Schema(t)
	super := strings.Replace(dsn, "user=comptoir ", "user=comptoir_admin ", 1)
	require.NotEqual(t, dsn, super)
	_, err := Open(ctx, super, nil)
	require.ErrorIs(t, err, ErrRole)
	require.Equal(t, fault.Precondition, fault.KindOf(err))
	require.ErrorContains(t, err, "comptoir_admin")
	require.ErrorContains(t, err, "AllowBypass")
	d := empty(t, dsn, Options{})
	require.Equal(t, []string{"f"}, query(t, d, "select (to_regclass('comptoir_migrations') is not null)::text::char"))
	_, err = New(ctx, empty(t, super, Options{}).pool, nil)
	require.ErrorIs(t, err, ErrRole)
	s, err := Open(ctx, super, &Options{AllowBypass: true})
	require.NoError(t, err)
	require.NoError(t, s.Close())
}
