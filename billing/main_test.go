package billing_test

import (
	"flag"
	"os"
	"strconv"
	"testing"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"
)

// TestMain finds out first whether the command line says how many cases a law
// has.
func TestMain(m *testing.M) {
	flag.Parse()
	flag.Visit(func(f *flag.Flag) { counted = counted || f.Name == "rapid.checks" })
	goleak.VerifyTestMain(m)
}

var counted bool

// fewer divides the number of cases of a law that is slow, for the test that it
// is called in, unless COMPTOIR_SOAK is set or -rapid.checks says a number.
func fewer(t *testing.T, by int) {
	if counted || os.Getenv("COMPTOIR_SOAK") != "" {
		return
	}
	f := flag.Lookup("rapid.checks")
	was := f.Value.String()
	n, err := strconv.Atoi(was)
	require.NoError(t, err)
	require.NoError(t, f.Value.Set(strconv.Itoa(max(1, n/by))))
	t.Cleanup(func() { require.NoError(t, f.Value.Set(was)) })
}
