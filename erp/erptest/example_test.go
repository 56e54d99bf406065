package erptest_test

import (
	"fmt"
	"testing"

	"github.com/comptoir-go/comptoir/erp/erptest"
	"github.com/comptoir-go/comptoir/erp/memerp"
)

// In the adapter's own tests; the adapter alone is enough to start.
func ExampleRun() {
	test := func(t *testing.T) {
		report := erptest.Run(t, erptest.Harness{
			New: func(*testing.T) erptest.Subject {
				return erptest.Subject{Adapter: memerp.New(nil).Adapter()}
			},
			Except: map[string]string{"push_totals": "this ERP rounds each line down"},
		})
		t.Log(report)
	}
	fmt.Printf("%T\n", test)
	// Output: func(*testing.T)
}

func ExampleClaims() {
	for _, c := range erptest.Claims()[:2] {
		fmt.Println(c.Case+":", c.Text)
	}
	// Output:
	// describe: an adapter names its ERP, always describes it alike, and has the look-up it declares
	// ping: an ERP that is up and accepts our credentials answers a ping
}

func ExampleSampleOrder() {
	o := erptest.SampleOrder("K-1", 1)
	fmt.Println(len(o.Lines), "lines,", o.Gross.StringFixed(2), o.Currency)
	// Output: 3 lines, 161.95 EUR
}

// In the adapter's own tests; with -update it writes the page.
func ExampleWriteCertificate() {
	test := func(t *testing.T) {
		report := erptest.Run(t, erptest.Harness{
			Version: "memerp",
			New: func(*testing.T) erptest.Subject {
				return erptest.Subject{Adapter: memerp.New(nil).Adapter()}
			},
		})
		erptest.WriteCertificate(t, report, "docs/erp/memerp.md")
	}
	fmt.Printf("%T\n", test)
	// Output: func(*testing.T)
}
