// Quickstart: a dealer's named cart becomes an order here and a draft in an
// ERP, on a durable embedded store; it is confirmed there, delivered in two
// parts, invoiced and paid, a piece comes back, and the account is drawn up.
//
//	go run ./examples/quickstart                          # SQLite file in a temporary directory
//	go run ./examples/quickstart -store sqlite:shop.db    # run it twice: the numbers go on
//	go run ./examples/quickstart -store memory -json
//	go run ./examples/quickstart -store postgres://user@host/db
//
// With -erp the ERP is a real one: a Tryton 6.0 that knows the articles and the
// customer of examples/testdata/tryton, as that of the tests does. The user does
// the work of the warehouse and of the bookkeeper there too; the password stands
// in the URL or in COMPTOIR_ERP_PASSWORD.
//
//	go run ./examples/quickstart -erp tryton://user@127.0.0.1:PORT/erp
//	internal/testtryton/run.sh sh -c 'go run ./examples/quickstart -erp "$COMPTOIR_TEST_TRYTON_ADMIN"'
package main

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
)

func main() {
	storeURL := flag.String("store", "", "sqlite:FILE, memory, or postgres://…; default: a SQLite file in a temporary directory")
	erpURL := flag.String("erp", "", "tryton://USER@HOST:PORT/DATABASE; default: an ERP in memory")
	data := flag.String("data", "", "directory of catalog.json, partners.json and story.json; default: examples/testdata, with -erp examples/testdata/tryton")
	asJSON := flag.Bool("json", false, "print the final state as one JSON object")
	charts := flag.Bool("charts", false, "print the life cycles as Mermaid charts, too")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx, os.Stdout, choice{store: *storeURL, erp: *erpURL, data: *data, asJSON: *asJSON, charts: *charts}); err != nil {
		fmt.Fprintln(os.Stderr, "quickstart:", err)
		os.Exit(1)
	}
}

// choice is what the flags say.
type choice struct {
	store, erp, data string
	asJSON, charts   bool
}

func run(ctx context.Context, out io.Writer, c choice) error {
	if c.data == "" {
		c.data = "examples/testdata"
		if c.erp != "" {
			c.data += "/tryton"
		}
	}
	st, where, err := openStore(ctx, c.store)
	if err != nil {
		return err
	}
	defer st.Close()
	var say io.Writer = out
	if c.asJSON {
		say = io.Discard
	}
	fmt.Fprintf(say, "Store: %s\n", where)
	state, err := scenario(ctx, st, c, say)
	if err != nil {
		return err
	}
	state.Store = where
	if c.charts {
		fmt.Fprint(say, state.charts)
	}
	if c.asJSON {
		enc := json.NewEncoder(out)
		enc.SetIndent("", "  ")
		return enc.Encode(state)
	}
	return nil
}
