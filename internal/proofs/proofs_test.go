package main

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/comptoir-go/comptoir/internal/chapters"
)

const said = `{"Action":"run","Test":"TestLaw"}
{"Action":"output","Test":"TestLaw","Output":"    law_test.go:8: [rapid] OK, passed 20000 tests (1.5s)\n"}
{"Action":"pass","Test":"TestLaw","Elapsed":1.5}
{"Action":"run","Test":"TestBrokenLaw"}
{"Action":"output","Test":"TestBrokenLaw","Output":"    law_test.go:30: [rapid] failed after 3 tests: 1 is not 2\n"}
{"Action":"output","Test":"TestBrokenLaw","Output":"        To reproduce, specify -run=\"TestBrokenLaw\" -rapid.seed=77\n"}
{"Action":"fail","Test":"TestBrokenLaw","Elapsed":0.5}
{"Action":"run","Test":"TestConformance"}
{"Action":"run","Test":"TestConformance/key/race"}
{"Action":"output","Test":"TestConformance/key/race","Output":"    harness.go:87: claim: one | of many gets the key\n"}
{"Action":"output","Test":"TestConformance/key/race","Output":"    harness.go:170: seed 5; repeat it with COMPTOIR_SEED=5\n"}
{"Action":"output","Test":"TestConformance/key/race","Output":"        \tError:      \tnot | one\n"}
{"Action":"fail","Test":"TestConformance/key/race","Elapsed":0.25}
{"Action":"output","Test":"TestConformance/durable/kill","Output":"    harness.go:104: EXCEPTION: a kill loses nothing; not promised by memory: it ends with the process\n"}
{"Action":"skip","Test":"TestConformance/durable/kill","Elapsed":0}
{"Action":"fail","Test":"TestConformance","Elapsed":0.3}
{"Action":"output","Test":"TestBlobs/lists","Output":"    harness.go:61: excepted: it has no listing\n"}
{"Action":"output","Test":"TestAdapter/gone","Output":"    scene.go:55: claim: what is gone is found\n"}
{"Action":"output","Test":"TestAdapter/gone","Output":"    scene.go:62: the adapter has no list_ids\n"}
{"Action":"skip","Test":"TestAdapter/gone","Elapsed":0}
{"Action":"output","Test":"TestBlobs/lists","Output":"        \tthe claim: a list is whole\n"}
{"Action":"skip","Test":"TestBlobs/lists","Elapsed":0}
{"Action":"output","Test":"TestServer","Output":"    testpg.go:9: SKIPPED, NOT TESTED: needs PostgreSQL\n"}
{"Action":"output","Test":"TestServer","Output":"--- SKIP: TestServer (0.00s)\n"}
{"Action":"skip","Test":"TestServer","Elapsed":0}
{"Action":"output","Test":"TestWriteUntilKilled","Output":"    kill_test.go:9: runs as a process of its own, started by TestConformance\n"}
{"Action":"skip","Test":"TestWriteUntilKilled","Elapsed":0}
{"Action":"run","Test":"TestPlain"}
{"Action":"pass","Test":"TestPlain","Elapsed":0.1}
{"Action":"run","Test":"TestCommented"}
{"Action":"pass","Test":"TestCommented","Elapsed":0.2}
{"Action":"run","Test":"TestHangs"}
{"Action":"output","Output":"FAIL\n"}
`

func read() *results {
	r := newResults(pkg{path: "store/memory", claims: map[string]string{"TestCommented": "what the comment says"}})
	r.args = []string{"./store/memory", "-rapid.checks=9", "-skip=^(TestSlow)$"}
	r.read(strings.NewReader(said))
	return r
}

func TestRowsOfAPackage(t *testing.T) {
	rows := read().rows(errFailed{}, 3*time.Second)
	const run = "COMPTOIR_SOAK=1 go test -count=1 ./store/memory -rapid.checks=9 "
	want := []row{
		{claim: "law", test: "TestLaw", count: "20000", result: passed, took: 1500 * time.Millisecond},
		{claim: "broken law", test: "TestBrokenLaw", result: failed, took: 500 * time.Millisecond,
			note: "law_test.go:30: [rapid] failed after 3 tests: 1 is not 2", command: run + "'-run=^TestBrokenLaw$' -rapid.seed=77"},
		{claim: "conformance", test: "TestConformance", result: failed, took: 300 * time.Millisecond, command: run + "'-run=^TestConformance$'"},
		{claim: "one | of many gets the key", test: "TestConformance/key/race", result: failed, took: 250 * time.Millisecond,
			note: "not | one", command: "COMPTOIR_SEED=5 " + run + "'-run=^TestConformance$/^key$/^race$'"},
		{claim: "a kill loses nothing", test: "TestConformance/durable/kill", result: exception, note: "it ends with the process"},
		{claim: "a list is whole", test: "TestBlobs/lists", result: exception, note: "it has no listing"},
		{claim: "what is gone is found", test: "TestAdapter/gone", result: exception, note: "the adapter has no list_ids"},
		{claim: "server", test: "TestServer", result: left, note: "testpg.go:9: SKIPPED, NOT TESTED: needs PostgreSQL"},
		{claim: "what the comment says", test: "TestCommented", result: passed, took: 200 * time.Millisecond},
		{claim: "hangs", test: "TestHangs", result: failed, note: "did not end", command: run + "'-run=^TestHangs$'"},
		{claim: "all other tests", count: "1", result: failed, took: 3 * time.Second},
	}
	for i := range want {
		want[i].pkg = "store/memory"
	}
	require.Equal(t, want, rows)
}

type errFailed struct{}

func (errFailed) Error() string { return "exit status 1" }

func TestAPackageThatDoesNotBuildSaysWhy(t *testing.T) {
	r := newResults(pkg{path: "cart"})
	r.args = []string{"./cart"}
	r.read(strings.NewReader("cart/cart.go:3: syntax error\n"))
	rows := r.rows(errFailed{}, time.Second)
	require.Len(t, rows, 1)
	require.Equal(t, failed, rows[0].result)
	require.Equal(t, "cart/cart.go:3: syntax error", rows[0].note)
	require.Equal(t, "COMPTOIR_SOAK=1 go test -count=1 ./cart", rows[0].command)
}

func TestWrite(t *testing.T) {
	pkgs := []pkg{{path: "."}, {path: "store/memory"}, {path: "money"}}
	old := []chapters.Chapter{
		{Title: "comptoir", Text: "Revision old.\n\n| kept | `TestKept` | 1 | FAILED: x; `go test` | 1s |\n"},
		{Title: "store/memory", Text: "| replaced | `TestOld` |  | passed | 1s |\n"},
		{Title: "gone", Text: "| a package that is no more | `TestGone` |  | passed | 1s |\n"},
	}
	rows := read().rows(errFailed{}, 3*time.Second)
	rows = append(rows, row{claim: "reads anything", pkg: "money" + fuzzed, test: "FuzzParse", count: "7", result: passed, took: time.Minute})
	var doc strings.Builder
	write(&doc, pkgs, rows, header{"abc", "a machine"}, old)
	for _, want := range []string{
		"3 passed, 3 exceptions, 6 failed, 1 not run.\n\n## Not shown\n\n| claim |",
		"\n## store/memory\n\nRevision abc; a machine.\n\n| claim |",
		"| one \\| of many gets the key | `TestConformance/key/race` |  | FAILED: not \\| one; `COMPTOIR_SEED=5 COMPTOIR_SOAK=1 go test",
		"| a kill loses nothing | `TestConformance/durable/kill` |  | exception: it ends with the process | 0s |",
		"| law | `TestLaw` | 20000 | passed | 1.5s |",
		"\n## money: fuzz targets\n",
		"\n## comptoir\n\nRevision old.\n",
	} {
		require.Contains(t, doc.String(), want)
	}
	require.Equal(t, 2, strings.Count(doc.String(), "| kept | `TestKept` |"), "what was not shown stands first, too")
	require.NotContains(t, doc.String(), "TestOld")
	require.NotContains(t, doc.String(), "TestGone")
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

// What few cases take tells which laws run by themselves, with how many.
func TestSlowLawsRunAlone(t *testing.T) {
	r := newResults(pkg{path: "x"})
	r.read(strings.NewReader(`{"Action":"output","Test":"TestQuick","Output":"[rapid] OK, passed 50 tests"}
{"Action":"pass","Test":"TestQuick","Elapsed":0.05}
{"Action":"output","Test":"TestSlow/part","Output":"[rapid] OK, passed 50 tests"}
{"Action":"pass","Test":"TestSlow/part","Elapsed":1}
{"Action":"pass","Test":"TestSlow","Elapsed":2}
{"Action":"pass","Test":"TestLongWithoutCases","Elapsed":60}
{"Action":"output","Test":"TestOwnCount","Output":"    x_test.go:8: count: 60 faults, of the wire 40\n"}
{"Action":"pass","Test":"TestOwnCount","Elapsed":60}
`))
	s := settings{checks: 20_000, perLaw: time.Minute}
	require.Equal(t, map[string]int{"TestSlow": 1500}, s.slow(r, 50))
	own := r.tests["TestOwnCount"]
	require.Equal(t, "60", own.count)
	require.Equal(t, "faults, of the wire 40", own.note)
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
		require.NotEmpty(t, p.claims)
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
