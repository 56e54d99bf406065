package sqlitestore

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/comptoir-go/comptoir/store/internal/engine"
	"github.com/comptoir-go/comptoir/store/internal/mapping"
	"github.com/comptoir-go/comptoir/store/internal/sqlgen"
	"github.com/comptoir-go/comptoir/store/internal/sqlgen/sample"
)

// A filter that few rows pass is looked up in its own index, whatever the
// order asked for; any other list goes along the index of its order, from the
// place of the page before.
func TestPlans(t *testing.T) {
	d := openTest(t, Options{})
	var orders *engine.Table
	for _, table := range mapping.Tables() {
		if table.Name == "orders" {
			orders = table
		}
	}
	newest := engine.Sort{Columns: []string{"placed_at"}, Desc: true}
	byRef := engine.Sort{Columns: []string{"ref"}}
	at := []any{int64(1), "id"}
	eq := func(column, value string) engine.Pred {
		return engine.Pred{Op: engine.Eq, Column: column, Values: []any{value}}
	}
	term := engine.Pred{Op: engine.HasTerm, Kind: "sku", Values: []any{"065000001"}}
	start := engine.Pred{Op: engine.TermPrefix, Kind: "customer", Values: []any{"lem"}}
	for _, c := range []struct {
		name  string
		sel   engine.Select
		index string
		sorts bool
	}{
		{"all", engine.Select{Sort: newest}, "orders_placed_at_idx", false},
		{"all, later", engine.Select{Sort: newest, After: at}, "orders_placed_at_idx", false},
		{"partner", engine.Select{Sort: newest, Where: []engine.Pred{eq("partner", "p")}}, "orders_partner_placed_at_idx", false},
		{"state", engine.Select{Sort: byRef, Where: []engine.Pred{eq("state", "s")}}, "orders_state_ref_idx", false},
		{"erp number", engine.Select{Sort: newest, Where: []engine.Pred{eq("erp_number", "4711")}}, "orders_erp_number_idx", true},
		{"erp number, later", engine.Select{Sort: newest, After: at, Where: []engine.Pred{eq("erp_number", "4711")}}, "orders_erp_number_idx", true},
		{"ref", engine.Select{Sort: newest, Where: []engine.Pred{eq("ref", "r")}}, "orders_ref_key", false},
		{"term", engine.Select{Sort: newest, Where: []engine.Pred{term}}, "orders_terms", true},
		{"term, later", engine.Select{Sort: newest, After: at, Where: []engine.Pred{term}}, "orders_terms", true},
		{"term prefix by ref", engine.Select{Sort: byRef, Where: []engine.Pred{start}}, "orders_terms", true},
	} {
		t.Run(strings.ReplaceAll(c.name, " ", "_"), func(t *testing.T) {
			c.sel.Table, c.sel.Limit = orders, 50
			view, err := d.Begin(ctx, "fr", false)
			require.NoError(t, err)
			defer view.Rollback()
			q := sqlgen.SQLite.Find("fr", c.sel)
			few, err := view.(*tx).few(ctx, c.sel)
			require.NoError(t, err)
			if few {
				q = sqlgen.SQLite.FindFew("fr", c.sel)
			}
			plan := explain(t, view.(*tx).s, q)
			require.Contains(t, plan, c.index)
			require.NotContains(t, plan, "SCAN orders")
			require.Equal(t, c.sorts, strings.Contains(plan, "TEMP B-TREE"), plan)
			if strings.Contains(plan, "orders_terms") {
				require.Contains(t, plan, "(tenant=? AND id=?)", "the rows are fetched by the ids found")
			}
		})
	}
}

// The lists and look-ups of what follows an order go along an index, too.
func TestPlansOfLaterTables(t *testing.T) {
	d := openTest(t, Options{})
	tables := map[string]*engine.Table{}
	for _, table := range mapping.Tables() {
		tables[table.Name] = table
	}
	eq := func(column string) engine.Pred { return engine.Pred{Op: engine.Eq, Column: column, Values: []any{"x"}} }
	by := func(desc bool, columns ...string) engine.Sort { return engine.Sort{Columns: columns, Desc: desc} }
	text := []engine.Pred{{Op: engine.TermPrefix, Kind: "text", Also: []string{"note", "customer"}, Values: []any{"lem"}}}
	blob := engine.Pred{Op: engine.HasTerm, Kind: "blob", Values: []any{"ab"}}
	for _, c := range []struct {
		table string
		sel   engine.Select
		index string
		sorts bool
	}{
		{"orders", engine.Select{Where: []engine.Pred{eq("erp_id")}}, "orders_erp_id_idx", true},
		{"orders", engine.Select{Sort: by(true, "placed_at"), Where: text}, "orders_terms", true},
		{"orders", engine.Select{Sort: by(false, "title_folded", "ref"), Where: []engine.Pred{eq("partner")}}, "orders_partner_", true},
		{"deliveries", engine.Select{Sort: by(false, "created_at"), Where: []engine.Pred{eq("order_id")}}, "deliveries_order_id_created_at_idx", false},
		{"deliveries", engine.Select{Sort: by(true, "created_at"), Where: []engine.Pred{eq("partner")}}, "deliveries_partner_created_at_idx", false},
		{"deliveries", engine.Select{Sort: by(true, "created_at"), Where: []engine.Pred{eq("tracking")}}, "deliveries_tracking_idx", true},
		{"deliveries", engine.Select{Where: []engine.Pred{eq("erp_id")}}, "deliveries_erp_id_key", false},
		{"threads", engine.Select{Sort: by(true, "shared_at"), Where: []engine.Pred{eq("partner"),
			{Op: engine.AtLeast, Column: "shared", Values: []any{int64(1)}}}}, "threads_partner_shared_at_idx", false},
		{"threads", engine.Select{Where: []engine.Pred{blob}}, "threads_terms", true},
		{"invoices", engine.Select{Sort: by(true, "issued", "created_at"), Where: []engine.Pred{eq("partner")}}, "invoices_partner_issued_created_at_idx", false},
		{"invoices", engine.Select{Sort: by(false, "issued", "created_at"), Where: []engine.Pred{eq("buyer")}}, "invoices_buyer_issued_created_at_idx", false},
		{"invoices", engine.Select{Sort: by(false, "due", "created_at"), Where: []engine.Pred{{Op: engine.Eq, Column: "open", Values: []any{true}}}},
			"invoices_open_due_created_at_idx", false},
		{"invoices", engine.Select{Sort: by(true, "issued", "created_at")}, "invoices_issued_created_at_idx", false},
		{"invoices", engine.Select{Where: []engine.Pred{eq("seller"), eq("number")}}, "invoices_seller_number_key", false},
		{"invoices", engine.Select{Sort: by(false, "place"), Where: []engine.Pred{eq("head"), {Op: engine.AtLeast, Column: "place", Values: []any{int64(5)}}}},
			"invoices_head_place_key", false},
		{"payments", engine.Select{Sort: by(true, "paid_on", "created_at"), Where: []engine.Pred{eq("buyer")}}, "payments_buyer_paid_on_created_at_idx", false},
		{"turnover", engine.Select{Sort: by(false, "day", "known"), Where: []engine.Pred{eq("partner"), eq("currency"),
			{Op: engine.AtLeast, Column: "day", Values: []any{"2026-01-01"}}}}, "turnover_partner_currency_day_known_idx", false},
		{"turnover", engine.Select{Sort: by(true, "day", "known"), Where: []engine.Pred{eq("partner"),
			{Op: engine.Below, Column: "day", Values: []any{"2026-01-01"}}}}, "turnover_partner_day_known_idx", false},
		{"turnover", engine.Select{Sort: by(false, "revision"), Where: []engine.Pred{eq("doc_kind"), eq("doc_id"),
			{Op: engine.AtLeast, Column: "revision", Values: []any{int64(2)}}}}, "turnover_doc_kind_doc_id_revision_key", false},
		{"inbox_parked", engine.Select{Sort: by(false, "since"), Where: []engine.Pred{eq("awaits")}}, "inbox_parked_awaits_since_idx", false},
	} {
		t.Run(c.table+"/"+c.index, func(t *testing.T) {
			c.sel.Table, c.sel.Limit = tables[c.table], 50
			view, err := d.Begin(ctx, "fr", false)
			require.NoError(t, err)
			defer view.Rollback()
			q := sqlgen.SQLite.Find("fr", c.sel)
			few, err := view.(*tx).few(ctx, c.sel)
			require.NoError(t, err)
			if few {
				q = sqlgen.SQLite.FindFew("fr", c.sel)
			}
			plan := explain(t, view.(*tx).s, q)
			require.Contains(t, plan, c.index)
			require.NotContains(t, plan, "SCAN "+c.table)
			require.Equal(t, c.sorts, strings.Contains(plan, "TEMP B-TREE"), plan)
		})
	}
}

// A term of many rows is no filter to begin with: most pages are full soon.
func TestTermsOfManyRows(t *testing.T) {
	d := openTest(t, Options{})
	table := mapping.Tables()[0]
	var ws []engine.Write
	for n := range sqlgen.FewRows {
		ws = append(ws, sample.Insert(table, n))
	}
	require.NoError(t, update(t, d, "fr", ws...))
	view, err := d.Begin(ctx, "fr", false)
	require.NoError(t, err)
	defer view.Rollback()
	all := engine.Pred{Op: engine.HasTerm, Kind: "k", Values: []any{"all"}}
	seventh := engine.Pred{Op: engine.HasTerm, Kind: "k", Values: []any{"v3"}}
	for _, c := range []struct {
		where []engine.Pred
		few   bool
	}{{nil, false}, {[]engine.Pred{all}, false}, {[]engine.Pred{seventh}, true}, {[]engine.Pred{all, seventh}, true}} {
		few, err := view.(*tx).few(ctx, engine.Select{Table: table, Where: c.where})
		require.NoError(t, err)
		require.Equal(t, c.few, few, "%v", c.where)
	}
}

// A claim walks the due events in their order and nothing that is not due.
func TestPlanOfClaim(t *testing.T) {
	d := openTest(t, Options{})
	view, err := d.Begin(ctx, "fr", false)
	require.NoError(t, err)
	defer view.Rollback()
	plan := explain(t, view.(*tx).s, sqlgen.Query{SQL: d.outbox.Ready, Args: []any{"fr", "facts", 1, 1, 1}})
	require.Contains(t, plan, "comptoir_outbox_queue_idx (tenant=? AND topic=? AND dead=? AND due<?)")
	require.Contains(t, plan, "comptoir_outbox_subject_idx")
	require.Contains(t, plan, "comptoir_outbox_leased_idx")
	require.NotContains(t, plan, "TEMP B-TREE")
}

func explain(t *testing.T, s *session, q sqlgen.Query) string {
	t.Helper()
	rows, err := s.query(ctx, "explain query plan "+q.SQL, q.Args...)
	require.NoError(t, err)
	defer func() { require.NoError(t, rows.Close()) }()
	var out []string
	for rows.Next() {
		var id, parent, unused int
		var detail string
		require.NoError(t, rows.Scan(&id, &parent, &unused, &detail))
		out = append(out, detail)
	}
	require.NoError(t, rows.Err())
	return strings.Join(out, "\n")
}
