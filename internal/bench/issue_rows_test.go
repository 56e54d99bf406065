package bench

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/comptoir-go/comptoir/billing"
)

// values turns what a raw peer writes into what its driver takes, and back.
type values[V any] struct {
	text    func(string) V
	number  func(int64) V
	truth   func(bool) V
	instant func(time.Time) V
	said    func(V) string
}

// issuePlan is what issuing one invoice sends, in its order: the rows that the
// sample wrote, again under other keys.
type issuePlan[V any] struct {
	v                               values[V]
	doc                             billing.Document
	key, invoice, order, head       row[V]
	terms, found, events            []row[V]
	askText, bookText, forwardText  string
	keyText, invoiceText, eventText string
	termText, foundText             string
}

// newIssuePlan invoices a sample through the service and takes the rows that
// this wrote from the tables. The raw peer's sellers get series of their own.
func newIssuePlan[V any](b testing.TB, bed *bed, v values[V], mark func(int) string, lock string, read reader[V], exec func(text string, args ...any)) *issuePlan[V] {
	b.Helper()
	in := issueInput(bed.deliveries(1)[0].order, sellerID(0))
	d, err := bed.bills.Issue(bed.ctx, operator, in)
	require.NoError(b, err)
	one := func(table, where string, args ...any) row[V] {
		rows := read(b, table, where, args...)
		require.Len(b, rows, 1, table)
		return rows[0]
	}
	id, of := string(d.ID), string(d.Orders[0].Order)
	p := &issuePlan[V]{v: v, doc: d,
		key:     one("comptoir_keys", "key = $1", in.Key),
		invoice: one("invoices", "id = $1", id),
		order:   one("orders", "id = $1", of),
		head:    one("series", "id = $1", string(billing.HeadOf(sellerID(0), billing.InvoiceSeries))),
		terms:   read(b, "invoices_terms", "id = $1", id),
		found:   read(b, "orders_terms", "id = $1 and kind = 'invoice'", of),
		events:  read(b, "comptoir_outbox", "subject in ($1, $2)", "invoice/"+id, "order/"+of),
	}
	require.NotEmpty(b, p.terms)
	require.NotEmpty(b, p.found)
	require.Len(b, p.events, 4, "the fact, two of the order and the work for the ERP")
	p.askText = "select place, doc->>'hash' from series where tenant = " + mark(1) + " and id = " + mark(2) + lock
	p.forwardText = fmt.Sprintf("update series set version = version + 1, place = %s, counter = %s, doc = %s where tenant = %s and id = %s", mark(1), mark(2), mark(3), mark(4), mark(5))
	p.bookText, p.invoiceText = p.order.update(mark), p.invoice.insert(mark)
	p.keyText, p.eventText = p.key.insert(mark), p.events[0].insert(mark)
	p.termText, p.foundText = inserts(p.terms, mark), inserts(p.found, mark)
	for i := range sellers {
		head := p.head.with("id", v.text(rawHead(i))).with("place", v.number(0)).with("counter", v.number(0))
		exec(head.insert(mark), anys(head)...)
	}
	return p
}

func rawHead(series int) string { return fmt.Sprintf("raw%d/invoices", series) }

func (p *issuePlan[V]) texts() []string {
	return []string{p.askText, p.keyText, p.invoiceText, p.termText, p.bookText, p.foundText, p.eventText, p.forwardText}
}

func (p *issuePlan[V]) tenant() any { return p.key.value("tenant") }

// each hands out the statements of one invoice behind the record at a place,
// whose hash is previous.
func (p *issuePlan[V]) each(g goods, series int, place int64, previous string, send func(text string, args []any) error) error {
	var err error
	do := func(text string, args []any) {
		if err == nil {
			err = send(text, args)
		}
	}
	v := p.v
	place++
	id, number := "raw "+string(g.order.ID), fmt.Sprintf("INV-2026-%06d", place)
	doc := p.v.said(p.invoice.value("doc"))
	sum := sha256.New()
	sum.Write([]byte(previous))
	sum.Write([]byte(doc))
	hash := "1:" + hex.EncodeToString(sum.Sum(nil))
	doc = strings.Replace(doc, p.doc.Chain.Hash, hash, 1)
	do(p.keyText, with(p.key, "key", id))
	invoice := set(with(p.invoice, "id", id), p.invoice, "number", number)
	set(invoice, p.invoice, "seller", fmt.Sprintf("raw%d", series))
	set(invoice, p.invoice, "head", rawHead(series))
	set(invoice, p.invoice, "place", v.number(place))
	do(p.invoiceText, set(invoice, p.invoice, "doc", doc))
	do(p.termText, p.termsOf(p.terms, id))
	order := set(with(p.order, "id", string(g.order.ID)), p.order, "ref", string(g.order.Ref))
	do(p.bookText, append(order, p.tenant(), string(g.order.ID)))
	do(p.foundText, p.termsOf(p.found, string(g.order.ID)))
	for i, e := range p.events {
		do(p.eventText, set(with(e, "id", id+string(rune('a'+i))), e, "subject", fmt.Sprintf("%d/%s", i%2, id)))
	}
	head := strings.Replace(v.said(p.head.value("doc")), p.doc.Chain.Hash, hash, 1)
	do(p.forwardText, []any{v.number(place), v.number(place), head, p.tenant(), rawHead(series)})
	return err
}

func (p *issuePlan[V]) termsOf(rows []row[V], id string) []any {
	var args []any
	for _, t := range rows {
		args = append(args, with(t, "id", id)...)
	}
	return args
}
