package locale_test

import (
	"flag"
	"os"
	"testing"
)

// TestMain raises the number of cases per law to 20 000 when COMPTOIR_SOAK is
// set; -rapid.checks on the command line overrides both.
func TestMain(m *testing.M) {
	if os.Getenv("COMPTOIR_SOAK") != "" {
		if err := flag.Set("rapid.checks", "20000"); err != nil {
			panic(err)
		}
	}
	flag.Parse()
	os.Exit(m.Run())
}
