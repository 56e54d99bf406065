package comptoir_test

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

const module = "github.com/comptoir-go/comptoir"

// Third-party modules by the short name used in the table.
const (
	decimalPkg = "github.com/shopspring/decimal"
	xtext      = "golang.org/x/text/..."
	xrate      = "golang.org/x/time/rate"
	btree      = "github.com/tidwall/btree"
	sqlite     = "modernc.org/sqlite/..."
	pgx        = "github.com/jackc/pgx/v5/..."
	resty      = "github.com/go-resty/resty/v2"
	// testing marks packages that are test suites for others, or helpers of
	// our own tests.
	testingPkg = "testing"
)

// layers holds, for every package, all it may import beside the standard
// library: our own packages by path within the module, others by import path.
// A new package needs its row.
var layers = map[string][]string{
	// L0: values
	"fault":         {},
	"money":         {"fault", decimalPkg},
	"money/locale":  {"fault", "money", decimalPkg, xtext},
	"fsm":           {"fault"},
	"fsm/fsmtest":   {"fault", "fsm", testingPkg},
	"event":         {"fault"},
	"uow":           {"fault"},
	"access":        {"fault"},
	"blob":          {"fault", "access", "internal/check"},
	"blob/fileblob": {"fault", "access", "blob", "internal/clock"},
	"blob/blobtest": {"fault", "access", "blob", testingPkg},

	// L1: domain
	"partner": {l0},
	"catalog": {l0},
	"pricing": {l0, "partner", "catalog"},
	"cart":    {l0, "partner", "catalog", "pricing"},
	"thread":  {l0},
	"order":   {l0, "partner", "catalog", "pricing", "cart", "thread"},
	"billing": {l0, "partner", "catalog", "pricing", "cart", "thread", "order"},

	// L2: ports
	"store": {l0, l1},
	"erp":   {l0, xrate},

	// L3: adapters
	"store/internal/engine":        {l0, l1, "store"},
	"store/internal/mapping":       {l0, l1, "store", "store/internal/engine"},
	"store/internal/sqlgen":        {l0, l1, "store", "store/internal/engine"},
	"store/internal/sqlgen/sample": {l0, l1, "store", "store/internal/engine"},
	"store/memstore":               {l0, l1, "store", "store/internal/engine", "store/internal/mapping", btree},
	"store/sqlitestore":            {l0, l1, "store", "store/internal/engine", "store/internal/mapping", "store/internal/sqlgen", sqlite},
	"store/pgstore":                {l0, l1, "store", "store/internal/engine", "store/internal/mapping", "store/internal/sqlgen", pgx},
	"store/storetest":              {l0, l1, "store", "store/internal/engine", "internal/golden", testingPkg},
	"erp/memerp":                   {l0, "erp"},
	"erp/erptest":                  {l0, "erp", testingPkg},
	"erp/erpsync":                  {l0, l1, "erp", "store"},
	"erp/trytonerp":                {l0, "erp", resty},

	// L4
	"":                    {l0, l1, "store", "erp", "erp/erpsync"},
	"examples/quickstart": {everything},
	"examples/adapter":    {l0, "erp"},
	"examples/pricelist":  {l0, "partner", "catalog", "pricing"},

	// Helpers
	"internal/check":      {"fault"},
	"internal/clock":      {},
	"internal/ids":        {"internal/clock"},
	"internal/fold":       {xtext},
	"internal/golden":     {testingPkg},
	"internal/lint":       {},
	"internal/memsubject": {l0, "erp", "erp/memerp", "erp/erptest"},
	"internal/bench":      {everything},
	"internal/chapters":   {},
	"internal/benchdoc":   {"internal/chapters"},
	"internal/proofs":     {"internal/chapters"},
	"internal/testpg":     {pgx, testingPkg},
	"internal/testtryton": {testingPkg},
}

// Names for groups of rows.
const (
	l0         = "(values)"
	l1         = "(domain)"
	everything = "(everything)"
)

var groups = map[string][]string{
	l0: {"fault", "money", "fsm", "event", "uow", "access", "blob", "internal/check", "internal/clock", "internal/ids", "internal/fold", decimalPkg},
	l1: {"partner", "catalog", "pricing", "cart", "thread", "order", "billing"},
}

type pkg struct {
	ImportPath string
	Imports    []string
}

func list(t *testing.T, args ...string) []pkg {
	t.Helper()
	cmd := exec.Command("go", append([]string{"list", "-json=ImportPath,Imports"}, args...)...)
	cmd.Stderr = os.Stderr
	out, err := cmd.Output()
	require.NoError(t, err)
	var all []pkg
	for dec := json.NewDecoder(strings.NewReader(string(out))); dec.More(); {
		var p pkg
		require.NoError(t, dec.Decode(&p))
		all = append(all, p)
	}
	return all
}

func allowed(row []string) []string {
	var out []string
	for _, r := range row {
		if g, ok := groups[r]; ok {
			out = append(out, g...)
			continue
		}
		out = append(out, r)
	}
	return out
}

func TestLayers(t *testing.T) {
	for _, p := range list(t, "./...") {
		name := strings.TrimPrefix(strings.TrimPrefix(p.ImportPath, module), "/")
		row, ok := layers[name]
		if !ok {
			t.Errorf("package %q has no row in the table of layers", name)
			continue
		}
		if slices.Contains(row, everything) {
			continue
		}
		may := allowed(row)
		for _, imp := range p.Imports {
			own, ours := strings.CutPrefix(imp, module+"/")
			switch {
			case ours && slices.Contains(may, own):
			case !ours && imp == testingPkg && !slices.Contains(may, testingPkg):
				t.Errorf("%s imports testing, which only test suites may", name)
			case !ours && !strings.Contains(strings.SplitN(imp, "/", 2)[0], "."):
			case !ours && matches(may, imp):
			default:
				t.Errorf("%s must not import %s", name, imp)
			}
		}
	}
}

func matches(may []string, imp string) bool {
	for _, m := range may {
		if prefix, tree := strings.CutSuffix(m, "/..."); imp == m || tree && (imp == prefix || strings.HasPrefix(imp, prefix+"/")) {
			return true
		}
	}
	return false
}

// Who takes pricing and money alone takes decimal alone with them.
func TestPricingPullsInDecimalOnly(t *testing.T) {
	out, err := exec.Command("go", "list", "-deps", "-f", "{{if not .Standard}}{{.ImportPath}}{{end}}", "./pricing", "./money").Output()
	require.NoError(t, err)
	for _, imp := range strings.Fields(string(out)) {
		if imp != decimalPkg && !strings.HasPrefix(imp, module+"/") {
			t.Errorf("pricing pulls in %s", imp)
		}
	}
}

// A module that imports pricing gains decimal and nothing else in its go.mod.
func TestConsumerOfPricingGainsDecimalOnly(t *testing.T) {
	root, err := os.Getwd()
	require.NoError(t, err)
	dir := t.TempDir()
	write := func(name, text string) {
		require.NoError(t, os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644))
	}
	mod, err := os.ReadFile("go.mod")
	require.NoError(t, err)
	goLine := ""
	for _, l := range strings.Split(string(mod), "\n") {
		if strings.HasPrefix(l, "go ") {
			goLine = l
		}
	}
	write("go.mod", "module example.org/consumer\n\n"+goLine+"\n\nrequire "+module+" v0.0.0\n\nreplace "+module+" => "+root+"\n")
	write("main.go", "package main\n\nimport _ \""+module+"/pricing\"\n\nfunc main() {}\n")
	sum, err := os.ReadFile("go.sum")
	require.NoError(t, err)
	write("go.sum", string(sum))
	cmd := exec.Command("go", "mod", "tidy")
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "GOFLAGS=-mod=mod")
	text, err := cmd.CombinedOutput()
	require.NoError(t, err, string(text))
	got, err := os.ReadFile(filepath.Join(dir, "go.mod"))
	require.NoError(t, err)
	for _, l := range strings.Split(string(got), "\n") {
		l = strings.TrimSpace(strings.TrimPrefix(strings.TrimSpace(l), "require "))
		if strings.HasSuffix(l, "// indirect") && !strings.HasPrefix(l, decimalPkg+" ") {
			t.Errorf("a consumer of pricing gains %s", l)
		}
	}
}
