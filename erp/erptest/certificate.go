package erptest

import (
	"bytes"
	"cmp"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/comptoir-go/comptoir/erp"
)

// Certificate is the report as a page of Markdown: what the ERP is and
// declares, and for each operation whether it is certified, by which cases, and
// what was not shown. Equal reports give equal bytes; there is no date in it.
//
//	yes        every case that speaks for the operation and applies to this ERP held
//	partly     some held; others failed, are excepted, or were not tried
//	not shown  the adapter has it, and no case held
//	no         the adapter does not have it
//
// The cases of the wire count where a Proxy stood before the ERP.
func (r Report) Certificate() []byte {
	var b bytes.Buffer
	fmt.Fprintf(&b, "# %s\n\n", cmp.Or(r.About.Name, "An ERP without a name"))
	b.WriteString("What package `erptest` found out about this adapter, written by the adapter's own test. What each case claims is told by `erptest.Claims`.\n\n")
	r.facts(&b)
	b.WriteString("\n## Operations\n\n| Operation | Certified | Shown by | Not shown |\n|---|---|---|---|\n")
	for _, op := range erp.Ops() {
		var held, short []string
		if r.has(op) { // a claim about several operations may have held by others
			held, short = r.of(op)
		}
		fmt.Fprintf(&b, "| %s | %s | %s | %s |\n", op, r.certified(op), strings.Join(held, ", "), strings.Join(short, ", "))
	}
	held, short := r.of("")
	fmt.Fprintf(&b, "| all of them | %s | %s | %s |\n", verdict(held, short), strings.Join(held, ", "), strings.Join(short, ", "))
	if len(r.Failed) > 0 {
		fmt.Fprintf(&b, "\n## Failed\n\n- %s\n", strings.Join(r.Failed, "\n- "))
	}
	section(&b, "Exceptions", r.Excepted)
	section(&b, "Not tried", r.Untried)
	section(&b, "Does not apply", r.notApplying())
	return b.Bytes()
}

func (r Report) facts(b *bytes.Buffer) {
	no := func(n int) string {
		if n == 0 {
			return "no limit"
		}
		return fmt.Sprint(n)
	}
	overlap := fmt.Sprint(r.Overlap)
	if r.Overlap < 0 {
		overlap = "any"
	}
	proxied := "no"
	if r.Proxied {
		proxied = "yes"
	}
	b.WriteString("| | |\n|---|---|\n")
	for _, row := range [][2]string{
		{"ERP and version", cmp.Or(r.Version, "not said")},
		{"How two attempts stay one document", r.About.Keys.String()},
		{"Decimals of a price", fmt.Sprint(r.About.PriceDigits)},
		{"Decimals of a quantity", fmt.Sprint(r.About.QuantityDigits)},
		{"Lines and discounts of an order", no(r.About.MaxLines)},
		{"Changes told again before a cursor", overlap},
		{"Through a proxy with faults", proxied},
		{"Claims", fmt.Sprintf("%d held, %d failed, %d excepted, %d not tried, %d do not apply",
			len(r.Held), len(r.Failed), len(r.Excepted), len(r.Untried), len(r.notApplying()))},
	} {
		fmt.Fprintf(b, "| %s | %s |\n", row[0], cell(row[1]))
	}
}

// of are the cases that speak for the operation, or with "" for all: those that
// held, and those that show nothing although they apply.
func (r Report) of(op erp.Op) (held, short []string) {
	named := func(skips []Skip, name string) bool {
		return slices.ContainsFunc(skips, func(s Skip) bool { return s.Case == name })
	}
	for _, c := range cases() {
		if op != "" && !slices.Contains(c.ops, op) || op == "" && len(c.ops) > 0 {
			continue
		}
		switch {
		case slices.Contains(r.Held, c.name):
			held = append(held, c.name)
		case slices.Contains(r.Failed, c.name):
			short = append(short, c.name+" (failed)")
		case named(r.Excepted, c.name):
			short = append(short, c.name+" (excepted)")
		case named(r.Untried, c.name):
			short = append(short, c.name+" (not tried)")
		}
	}
	return held, short
}

func (r Report) certified(op erp.Op) string {
	if !r.has(op) {
		return "no"
	}
	return verdict(r.of(op))
}

func verdict(held, short []string) string {
	switch {
	case len(held) == 0:
		return "not shown"
	case len(short) > 0:
		return "partly"
	}
	return "yes"
}

// notApplying are the skipped that are neither excepted nor untried.
func (r Report) notApplying() []Skip {
	return slices.DeleteFunc(slices.Clone(r.Skipped), func(s Skip) bool {
		return slices.Contains(r.Excepted, s) || slices.Contains(r.Untried, s)
	})
}

func section(b *bytes.Buffer, title string, skips []Skip) {
	if len(skips) == 0 {
		return
	}
	fmt.Fprintf(b, "\n## %s\n\n| Case | Why |\n|---|---|\n", title)
	for _, s := range skips {
		fmt.Fprintf(b, "| %s | %s |\n", s.Case, cell(s.Reason))
	}
}

// cell keeps foreign words within a cell of a table.
func cell(text string) string {
	return strings.Join(strings.Fields(strings.ReplaceAll(text, "|", `\|`)), " ")
}

// WriteCertificate compares the report's Certificate with the file at path and
// fails the test when they differ, so that the page in the repository is what
// the suite finds out today. In a test binary with a flag -update that is set,
// it writes the file instead. A report with failures, or of a part of the
// suite, certifies nothing and is neither compared nor written.
func WriteCertificate(t testing.TB, r Report, path string) {
	t.Helper()
	if len(r.Failed) > 0 || len(r.Held)+len(r.Skipped) < len(cases()) {
		t.Errorf("erptest: no certificate: %d claims failed, %d of %d were looked at", len(r.Failed), len(r.Held)+len(r.Skipped), len(cases()))
		return
	}
	if slices.ContainsFunc(r.Untried, func(s Skip) bool { return s.Reason == notAsked }) {
		t.Logf("erptest: no certificate: only a part of the suite was asked for")
		return
	}
	page := r.Certificate()
	if f := flag.Lookup("update"); f != nil && f.Value.String() == "true" {
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, page, 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatalf("%v (run the test with -update to write it)", err)
	}
	if !bytes.Equal(want, page) {
		t.Errorf("%s is out of date; run the test with -update and read the difference.\ngot:\n%s", path, page)
	}
}
