package order

import (
	"context"
	"encoding/csv"
	"io"
	"strconv"
	"strings"
	"time"

	"github.com/comptoir-go/comptoir/access"
	"github.com/comptoir-go/comptoir/uow"
)

// CSV tunes an export. The zero value is RFC 4180 in UTF-8 with commas and
// decimal points.
type CSV struct {
	// Semicolon separates by ';' instead of ','.
	Semicolon bool
	// DecimalComma writes amounts as "49,96".
	DecimalComma bool
	// BOM writes a byte order mark first, as some spreadsheets expect.
	BOM bool
}

var exportHeader = []string{"customer_id", "consumer", "customer_type", "number", "date", "state", "lines", "gross", "currency",
	"inserted_by", "tickets", "direct", "erp_number", "delivered", "invoiced", "paid", "progress", "title", "source",
	"time", "language", "invoice", "payment"}

// ExportCSV writes every order that the query selects, in its order, as
// comma-separated values with a header row (RFC 4180, CRLF). Cells that a
// spreadsheet would take for a formula get a leading apostrophe. Dates are in
// the tenant's zone. The list is read page by page: orders placed meanwhile may
// be missing, none comes twice.
//
// Errors: access.ErrForbidden without order.export; those of Find; what w
// answers. What was written before an error stays written.
func (s *Service) ExportCSV(ctx context.Context, a access.Actor, q Query, w io.Writer, opts *CSV) error {
	if opts == nil {
		opts = &CSV{}
	}
	if !s.policy.May(a, access.OrderExport, access.Owner{Partner: a.Partner}) {
		return access.Denied(access.OrderExport)
	}
	if !s.policy.Everywhere(a, access.OrderExport) {
		q.Partner = a.Partner
	}
	if opts.BOM {
		if _, err := io.WriteString(w, "\ufeff"); err != nil {
			return err
		}
	}
	cw := csv.NewWriter(w)
	cw.UseCRLF = true
	if opts.Semicolon {
		cw.Comma = ';'
	}
	if err := cw.Write(exportHeader); err != nil {
		return err
	}
	q.Page = uow.PageRequest{Limit: uow.MaxPage}
	for {
		page, err := s.Find(ctx, a, q)
		if err != nil {
			return err
		}
		for _, h := range page.Rows {
			if err := cw.Write(h.cells(opts, s.zone)); err != nil {
				return err
			}
		}
		cw.Flush()
		if err := cw.Error(); err != nil {
			return err
		}
		if page.Next == "" {
			return nil
		}
		q.Page.After = page.Next
	}
}

func (h Header) cells(opts *CSV, zone *time.Location) []string {
	gross := h.Gross.Text()
	if opts.DecimalComma {
		gross = strings.Replace(gross, ".", ",", 1)
	}
	return []string{plain(h.Customer), plain(h.CustomerName), plain(string(h.CustomerType)), plain(string(h.Ref)),
		h.PlacedAt.In(zone).Format(time.DateOnly), plain(string(h.State)), strconv.Itoa(h.Lines), gross, h.Gross.Currency().Code(),
		plain(string(h.InsertedBy)), strconv.FormatBool(h.Tickets), strconv.FormatBool(h.Direct), plain(h.ERPNumber),
		plain(string(h.Delivered)), plain(string(h.Invoiced)), plain(string(h.Paid)), plain(string(h.Progress)), plain(h.Title), plain(h.Source),
		h.PlacedAt.In(zone).Format("15:04"), plain(h.Language), plain(h.Invoice), plain(string(h.Payment))}
}

// plain keeps a spreadsheet from running text as a formula.
func plain(cell string) string {
	if cell != "" && strings.ContainsRune("=+-@\t\r\n＝＋－＠", []rune(cell)[0]) {
		return "'" + cell
	}
	return cell
}
