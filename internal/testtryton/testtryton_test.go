package testtryton_test

import (
	"context"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/comptoir-go/comptoir/internal/testtryton"
)

// The server is there, is of the series, and is the one that was started for us.
func TestServer(t *testing.T) {
	address := testtryton.Server(t)
	ctx := context.Background()
	c, err := testtryton.NewClient(address)
	require.NoError(t, err)
	version, err := c.Version(ctx)
	require.NoError(t, err)
	require.True(t, strings.HasPrefix(version, testtryton.Series+"."), version)
	names, err := c.Databases(ctx)
	require.NoError(t, err)
	require.Contains(t, names, address[strings.LastIndexByte(address, '/')+1:])
}
