package bench

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"
)

// pgbench has the tool of that name send the statements of "raw" from a script.
func (r *rawPostgres) pgbench(b *testing.B, clients int, hot bool) {
	tool, err := findTool("pgbench")
	if err != nil {
		b.Skip("SKIPPED: pgbench is not installed (Debian: apt-get install postgresql)")
	}
	each := max(1, b.N/clients)
	// A transaction that is tried again takes the next number.
	spare := 1
	if hot {
		spare = 8
	}
	run := int(r.n.Add(int64(b.N))) - b.N
	r.carts(b, fmt.Sprintf("'pgbench-%09d-' || lpad(c::text, 3, '0') || '-' || lpad((g + 1)::text, 12, '0')", run), each*spare, clients)
	r.exec(b, "analyze")
	script := filepath.Join(b.TempDir(), "place.sql")
	require.NoError(b, os.WriteFile(script, []byte(r.script(run, hot)), 0o600))

	cfg, err := pgx.ParseConfig(r.dsn)
	require.NoError(b, err)
	cmd := exec.Command(tool, "-n", "-M", "prepared", "-c", strconv.Itoa(clients), "-j", strconv.Itoa(min(clients, 2)),
		"-t", strconv.Itoa(each), "--max-tries=1000", "-D", "n=0", "-f", script)
	cmd.Env = append(os.Environ(), "PGHOST="+cfg.Host, "PGPORT="+strconv.Itoa(int(cfg.Port)), "PGUSER="+cfg.User, "PGDATABASE="+cfg.Database,
		"PGPASSWORD="+cfg.Password, fmt.Sprintf("PGOPTIONS=-c search_path=%s -c comptoir.tenant=%s", cfg.RuntimeParams["search_path"], tenant))
	b.ResetTimer()
	out, err := cmd.CombinedOutput()
	b.StopTimer()
	require.NoError(b, err, string(out))
	tps := number(out, `tps = ([0-9.]+)`)
	require.Positive(b, tps, string(out))
	b.ReportMetric(tps, "orders/s")
	b.ReportMetric(1e9/tps, "ns/op")
	b.ReportMetric(number(out, `total number of retries: ([0-9]+)`)/float64(each*clients), "retries/op")
}

// script is one placing in pgbench's language.
func (r *rawPostgres) script(run int, hot bool) string {
	id := fmt.Sprintf("('pgbench-%09d-' || lpad(:client_id::text, 3, '0') || '-' || lpad(:n::text, 12, '0'))", run)
	counter := "'hot'"
	if !hot {
		counter = fmt.Sprintf("('FR' || lpad(((:n::int * 16 + :client_id::int) %% %d)::text, 8, '0') || '26')", partners)
	}
	var sb strings.Builder
	sb.WriteString("\\set n :n + 1\nbegin isolation level serializable;\n")
	p := r.plan
	put := func(text string, args []any) {
		// From the last, so that $1 does not match the beginning of $10.
		for i := range slices.Backward(args) {
			text = strings.ReplaceAll(text, r.mark(i+1), literal(args[i], id, counter))
		}
		sb.WriteString(text + ";\n")
	}
	_ = p.each(idMark, seriesMark, false, func(text string, args []any) error {
		put(text, args)
		return nil
	})
	sb.WriteString("commit;\n")
	return sb.String()
}

// The places of the script's own values in literals.
const (
	idMark     = "\x01"
	seriesMark = "\x02"
)

// literal writes a value without colons, which pgbench would read as the
// beginning of a variable.
func literal(v any, id, series string) string {
	var text string
	switch v := v.(type) {
	case string:
		text = v
	case *string:
		if v == nil {
			return "null"
		}
		text = *v
	}
	if text == seriesMark {
		return series
	}
	if before, after, ok := strings.Cut(text, idMark); ok {
		if before == "" && after == "" {
			return id
		}
		return "('" + before + "' || " + id + " || '" + after + "')"
	}
	return "E'" + strings.NewReplacer(`\`, `\\`, `'`, `''`, `:`, `\x3a`, `$`, `\x24`).Replace(text) + "'"
}

func number(out []byte, pattern string) float64 {
	m := regexp.MustCompile(pattern).FindSubmatch(out)
	if m == nil {
		return 0
	}
	f, _ := strconv.ParseFloat(string(m[1]), 64)
	return f
}

// findTool looks for one of PostgreSQL's programs in the path and where
// Debian keeps them.
func findTool(name string) (string, error) {
	if found, err := exec.LookPath(name); err == nil {
		return found, nil
	}
	found, err := filepath.Glob("/usr/lib/postgresql/*/bin/" + name)
	if err == nil && len(found) == 0 {
		err = exec.ErrNotFound
	}
	if err != nil {
		return "", err
	}
	return found[len(found)-1], nil
}
