// Quickstart: a dealer's named cart becomes an order here and a draft in an
// ERP, on a durable embedded store; it is confirmed there, delivered in two
// parts, invoiced and paid, a piece comes back, and the account is drawn up.
//
//	go run ./examples/quickstart                          # SQLite file in a temporary directory
//	go run ./examples/quickstart -store sqlite:shop.db    # run it twice: the numbers go on
//	go run ./examples/quickstart -store memory -json
//	go run ./examples/quickstart -store postgres://user@host/db
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
	data := flag.String("data", "examples/testdata", "directory of catalog.json and partners.json")
	asJSON := flag.Bool("json", false, "print the final state as one JSON object")
	charts := flag.Bool("charts", false, "print the life cycles as Mermaid charts, too")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx, os.Stdout, *storeURL, *data, *asJSON, *charts); err != nil {
		fmt.Fprintln(os.Stderr, "quickstart:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, out io.Writer, storeURL, data string, asJSON, charts bool) error {
	st, where, err := openStore(ctx, storeURL)
	if err != nil {
		return err
	}
	defer st.Close()
	var say io.Writer = out
	if asJSON {
		say = io.Discard
	}
	fmt.Fprintf(say, "Store: %s\n", where)
	state, err := scenario(ctx, st, data, say)
	if err != nil {
		return err
	}
	state.Store = where
	if charts {
		fmt.Fprint(say, state.charts)
	}
	if asJSON {
		enc := json.NewEncoder(out)
		enc.SetIndent("", "  ")
		return enc.Encode(state)
	}
	return nil
}
