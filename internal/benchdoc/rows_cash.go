package main

import (
	"fmt"
	"strings"
)

const (
	invoiced = "invoices/s"
	rows     = "rows/s"
)

func adjusting() section {
	s := section{title: "Allowances and charges on the whole", about: "An allowance and a charge shared over the lines of a quote, its taxes made anew, explained and sealed, " +
		"beside the quote itself. And of a placed order's line or tax row the money of a part, as every delivery, invoice and credit note cuts it."}
	for _, n := range []int{1, 10, 100, 1000} {
		s.rows = append(s.rows, row{work: fmt.Sprintf("Adjust, %d lines", n), ours: figure{fmt.Sprintf("Adjust/%d", n), "lines/s"},
			limit: figure{fmt.Sprintf("ListPricer/why/%d", n), "lines/s"}, beside: []string{allocs}})
	}
	s.rows = append(s.rows,
		row{work: "Order.NextSlice", ours: figure{"Slice/line", ns}, beside: []string{allocs}},
		row{work: "Order.NextTax", ours: figure{"Slice/tax", ns}, beside: []string{allocs}})
	return s
}

func freezing() section {
	return section{"Freezing an invoice of ten lines", "Number, canonical record and place in the chain, without a store. Limit: the SHA-256 of the same bytes alone.", []row{
		{work: "in memory", ours: figure{"Freeze/comptoir", ns}, limit: figure{"Freeze/hash", ns}, beside: []string{allocs}}}}
}

func issuing(engine string) section {
	limit := "the same rows by hand through database/sql, same file, same pragmas, one writer; the head of the series read, the document hashed behind its hash"
	if engine == "postgres" {
		limit = "the same rows by hand, a statement each, in one SERIALIZABLE transaction that reads the head of the series for update and hashes the document behind its hash. " +
			"\"committed\" does so in READ COMMITTED, which is no isolation for the ledger of the order"
	}
	s := section{title: "Issuing an invoice of ten lines: " + engine, about: "A delivered order is invoiced in one durable transaction: idempotency key, number, chain, invoice, the order's ledger, four events. Limit: " + limit + "."}
	for _, series := range []int{1, 8} {
		for _, clients := range []int{1, 4, 16} {
			base := fmt.Sprintf("Issue/%s/series=%d/clients=%d/", engine, series, clients)
			s.rows = append(s.rows, row{work: fmt.Sprintf("%d clients, %d series", clients, series), ours: figure{base + "comptoir", invoiced}, limit: figure{base + "raw", invoiced},
				beside: []string{"roundtrips/op", "retries/op", "busy/op"}})
			if engine == "postgres" {
				s.rows = append(s.rows, row{work: "— by hand: committed", ours: figure{base + "committed", invoiced}, limit: figure{base + "raw", invoiced}, beside: []string{"retries/op"}})
			}
		}
	}
	return s
}

func verifying() section {
	s := section{title: "Verifying a chain of invoices", about: "Every record read, made canonical, hashed and compared, 200 of ten lines; and what issuing costs in memory."}
	for _, engine := range engines {
		s.rows = append(s.rows, row{work: "verify: " + engine, ours: figure{"Verify/" + engine, invoiced}})
	}
	for _, clients := range []int{1, 4, 16} {
		s.rows = append(s.rows, row{work: fmt.Sprintf("issue: memory, %d clients", clients), ours: figure{fmt.Sprintf("Issue/memory/series=1/clients=%d/comptoir", clients), invoiced}, beside: []string{allocs}})
	}
	return s
}

func confirming() section {
	s := section{title: "Confirming a payment on one invoice", about: "Payment, invoice, the order's ledger and the events in one durable transaction."}
	for _, engine := range engines {
		for _, clients := range []int{1, 4, 16} {
			s.rows = append(s.rows, row{work: fmt.Sprintf("%s, %d clients", engine, clients), ours: figure{fmt.Sprintf("Confirm/%s/clients=%d", engine, clients), "payments/s"},
				beside: []string{"roundtrips/op", "retries/op", "busy/op"}})
		}
	}
	return s
}

func readingInvoices() section {
	return byID("Reading an invoice of ten lines by its id", "Cash")
}

// The lists of invoices, payments and deliveries that are measured.
var listCash = []string{
	"invoices/all/newest", "invoices/all/oldest", "invoices/partner/newest", "invoices/partner/oldest", "invoices/open/due",
	"invoices/payment/newest", "invoices/order/newest", "invoices/number/newest",
	"payments/all/newest", "payments/partner/newest", "payments/state/newest", "payments/document/newest",
	"deliveries/all/newest", "deliveries/partner/newest", "deliveries/order/newest", "deliveries/tracking/newest",
}

func cashLists(engine string) section {
	s := section{title: "A page of fifty invoices, payments or deliveries: " + engine, about: "Anywhere in the list, among as many of each as there are orders, at most 100 000. Limit, where there is one: " +
		"slim rows by keyset through a prepared statement; payments with their documents, since their list has them."}
	for _, l := range listCash {
		s.rows = append(s.rows, paged(strings.ReplaceAll(l, "/", ", "), fmt.Sprintf("Cash/%s/%s/", engine, l)))
	}
	return s
}

func statements() section {
	s := section{title: "The statement of an account", about: "500 invoices and 500 payments on them, matched, with the balance after each row and the ageing."}
	for _, engine := range engines {
		s.rows = append(s.rows, row{work: engine, ours: figure{"Statement/" + engine, p50}, beside: []string{p99, rows, "roundtrips/op"}})
	}
	return s
}

func pulling() section {
	s := section{title: "Applying what the ERP tells", about: "Pages of 200 deliveries of ten lines, each of an order of its own, in one transaction with the cursor."}
	for _, engine := range engines {
		s.rows = append(s.rows, row{work: engine, ours: figure{"Pull/" + engine + "/deliveries", rows}, beside: []string{"roundtrips/op", allocs}})
	}
	return s
}
