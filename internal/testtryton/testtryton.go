// Package testtryton gives tests a real ERP: Tryton 6.0, with the books of a
// small manufacturer (seed.py says what is in them).
//
// `make test` starts a server through run.sh in this folder and names it by
// COMPTOIR_TEST_TRYTON; Server returns it, and Admin is its administrator, who
// does what the ERP's own people do. Start gives a test a server to itself,
// that it may kill and start again. Without Tryton a test skips and says how to
// run it, and in continuous integration (CI=true) it fails: nothing is skipped
// silently.
package testtryton

import (
	"os"
	"testing"
)

// Env names the variable that holds the server's address, as
// tryton://USER:PASSWORD@HOST:PORT/DATABASE. Its user is the one an adapter
// works as, without a right that it does not need.
const Env = "COMPTOIR_TEST_TRYTON"

// EnvAdmin names the variable that holds the same for the administrator.
const EnvAdmin = "COMPTOIR_TEST_TRYTON_ADMIN"

// Series is the series of Tryton that the tests are written against.
const Series = "6.0"

// What run.sh tells beside: where the seeded database lies, the Python that has
// Tryton, and the folder that it removes at the end.
const (
	envSeed   = "TESTTRYTON_SEED"
	envPython = "TESTTRYTON_PYTHON"
	envDir    = "TESTTRYTON_DIR"
)

// Server returns the address of the test server, or skips the test. All tests
// share it: they tell their documents by keys of their own.
func Server(t testing.TB) string {
	t.Helper()
	return variable(t, Env)
}

// Admin returns the administrator of the test server, or skips the test.
func Admin(t testing.TB) *Client {
	t.Helper()
	c, err := NewClient(variable(t, EnvAdmin))
	if err != nil {
		t.Fatalf("testtryton: %s: %v", EnvAdmin, err)
	}
	return c
}

func variable(t testing.TB, name string) string {
	t.Helper()
	value := os.Getenv(name)
	if value == "" {
		if os.Getenv("CI") == "true" {
			t.Fatalf("%s is not set; in continuous integration the tests need Tryton (run them with `make test`)", name)
		}
		t.Skipf("SKIPPED, NOT TESTED: needs Tryton; run `make test`, or set %s to a server of yours", name)
	}
	return value
}
