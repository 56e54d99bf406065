package main

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

const said = `{"Action":"run","Test":"TestLaw"}
{"Action":"output","Test":"TestLaw","Output":"    law_test.go:8: [rapid] OK, passed 20000 tests (1.5s)\n"}
{"Action":"pass","Test":"TestLaw","Elapsed":1.5}
{"Action":"run","Test":"TestConformance"}
{"Action":"run","Test":"TestConformance/key/race"}
{"Action":"output","Test":"TestConformance/key/race","Output":"    harness.go:87: claim: one | of many gets the key\n"}
{"Action":"fail","Test":"TestConformance/key/race","Elapsed":0.25}
{"Action":"output","Test":"TestConformance/durable/kill","Output":"    harness.go:104: EXCEPTION: a kill loses nothing; not promised by memory: it ends with the process\n"}
{"Action":"skip","Test":"TestConformance/durable/kill","Elapsed":0}
{"Action":"fail","Test":"TestConformance","Elapsed":0.3}
{"Action":"output","Test":"TestServer","Output":"    testpg.go:9: SKIPPED, NOT TESTED: needs PostgreSQL\n"}
{"Action":"output","Test":"TestServer","Output":"--- SKIP: TestServer (0.00s)\n"}
{"Action":"skip","Test":"TestServer","Elapsed":0}
{"Action":"run","Test":"TestPlain"}
{"Action":"pass","Test":"TestPlain","Elapsed":0.1}
{"Action":"run","Test":"TestHangs"}
{"Action":"output","Output":"FAIL\n"}
`

func TestRowsOfAPackage(t *testing.T) {
	r := newResults("store/memory")
	r.read(strings.NewReader(said))
	require.Equal(t, 1500*time.Millisecond, r.inProperties())
	rows := r.rows(errFailed{}, 3*time.Second)
	require.Equal(t, []row{
		{"law", "store/memory", "TestLaw", "20000", passed, 1500 * time.Millisecond, ""},
		{"conformance", "store/memory", "TestConformance", "", failed, 300 * time.Millisecond, ""},
		{"one | of many gets the key", "store/memory", "TestConformance/key/race", "", failed, 250 * time.Millisecond, ""},
		{"a kill loses nothing", "store/memory", "TestConformance/durable/kill", "", exception, 0, "it ends with the process"},
		{"server", "store/memory", "TestServer", "", left, 0, "testpg.go:9: SKIPPED, NOT TESTED: needs PostgreSQL"},
		{"hangs", "store/memory", "TestHangs", "", failed, 0, "did not end"},
		{"all other tests", "store/memory", "", "1", failed, 3 * time.Second, ""},
	}, rows)
}

type errFailed struct{}

func (errFailed) Error() string { return "exit status 1" }

func TestAPackageThatDoesNotBuildSaysWhy(t *testing.T) {
	r := newResults("cart")
	r.read(strings.NewReader("cart/cart.go:3: syntax error\n"))
	rows := r.rows(errFailed{}, time.Second)
	require.Len(t, rows, 1)
	require.Equal(t, failed, rows[0].result)
	require.Equal(t, "cart/cart.go:3: syntax error", rows[0].note)
}

func TestWrite(t *testing.T) {
	r := newResults("store/memory")
	r.read(strings.NewReader(said))
	var doc strings.Builder
	write(&doc, r.rows(errFailed{}, 3*time.Second), header{command: "make soak", took: time.Minute, fuzz: time.Second, machine: "a machine"})
	for _, want := range []string{
		"Written by `make soak` in 1m0s on a machine.",
		"1 passed, 1 exceptions, 4 failed, 1 not run.",
		"## Not shown\n",
		"| one \\| of many gets the key | `TestConformance/key/race` |  | FAILED | 250ms |",
		"| a kill loses nothing | `TestConformance/durable/kill` |  | exception: it ends with the process | 0s |",
		"| law | `TestLaw` | 20000 | passed | 1.5s |",
	} {
		require.Contains(t, doc.String(), want)
	}
}

func TestClaimsFromComments(t *testing.T) {
	for _, c := range []struct{ name, doc, want string }{
		{"FuzzParse", "FuzzParse: what is read prints again. More.\n", "what is read prints again"},
		{"FuzzParse", "FuzzParse reads\nanything.\n", "reads anything"},
		{"FuzzParseVATID", "", "parse VATID"},
		{"TestLawEqualToDecimal", "", "law equal to decimal"},
		{"TestJSONRoundTrip", "", "JSON round trip"},
	} {
		require.Equal(t, c.want, sentence(c.name, c.doc))
	}
}

func TestChecksFitTheBound(t *testing.T) {
	require.Equal(t, 20_000, checks(20_000, 50, time.Minute, time.Millisecond))
	require.Equal(t, 3000, checks(20_000, 50, time.Minute, time.Second))
	require.Equal(t, 50, checks(20_000, 50, time.Minute, time.Hour))
	require.Equal(t, 20_000, checks(20_000, 50, time.Minute, 0))
}

func TestListFindsFuzzTargets(t *testing.T) {
	t.Chdir("../..")
	pkgs, err := list(t.Context())
	require.NoError(t, err)
	for _, p := range pkgs {
		if p.path != "money" {
			continue
		}
		require.True(t, p.rapid)
		var names []string
		for _, f := range p.fuzz {
			require.NotEmpty(t, f.claim)
			names = append(names, f.name)
		}
		require.Contains(t, names, "FuzzParseAmount")
		return
	}
	t.Fatal("the package money was not listed")
}
