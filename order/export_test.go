package order_test

import (
	"bytes"
	"context"
	"encoding/csv"
	"errors"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/comptoir-go/comptoir/access"
	"github.com/comptoir-go/comptoir/order"
	"github.com/comptoir-go/comptoir/store"
)

const csvHead = "customer_id,consumer,customer_type,number,date,state,lines,gross,currency,inserted_by,tickets,direct,erp_number,delivered,invoiced,paid,progress,title,source,time,language,invoice,payment\r\n"

func (s *shop) export(a access.Actor, q order.Query, opts *order.CSV) string {
	s.t.Helper()
	var b bytes.Buffer
	require.NoError(s.t, s.orders.ExportCSV(s.ctx, a, q, &b, opts))
	return b.String()
}

// called saves a copy of an order under a customer's name.
func (s *shop) called(name string) order.Order {
	s.t.Helper()
	o := s.placed(buyer)
	o.Customer.Name = name
	require.NoError(s.t, s.store.Update(s.ctx, func(ctx context.Context, tx store.Tx) (err error) {
		o, err = tx.Orders().Save(ctx, o)
		return err
	}))
	return o
}

func TestExportCSV(t *testing.T) {
	s := newShop(t, nil)
	s.called(`Nord "and" Sons, Ltd`)
	row := `FR10002527,"Nord ""and"" Sons, Ltd",studio,FR10002527260001,2026-11-22,awaiting_validation,2,790.68,EUR,bruno,false,false,,not_delivered,not_invoiced,nothing,,,,10:00,,,` + "\r\n"
	require.Equal(t, csvHead+row, s.export(operator, order.Query{}, nil))
	require.Equal(t, csvHead+row, s.export(buyer, order.Query{}, &order.CSV{}))
	require.Equal(t, "\ufeff"+csvHead+strings.Replace(row, "790.68", `"790,68"`, 1), s.export(buyer, order.Query{}, &order.CSV{BOM: true, DecimalComma: true}))
	require.Equal(t, strings.ReplaceAll(csvHead, ",", ";")+
		`FR10002527;"Nord ""and"" Sons, Ltd";studio;FR10002527260001;2026-11-22;awaiting_validation;2;790,68;EUR;bruno;false;false;;not_delivered;not_invoiced;nothing;;;;10:00;;;`+"\r\n",
		s.export(buyer, order.Query{}, &order.CSV{Semicolon: true, DecimalComma: true}))
	require.Equal(t, csvHead, s.export(operator, order.Query{Partner: "sud"}, nil), "nothing found is a header alone")
}

// Whatever a spreadsheet could take for a formula begins with an apostrophe;
// all else comes back as it was.
func TestExportNeutralisesFormulas(t *testing.T) {
	s := newShop(t, nil)
	for _, bad := range []string{"=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", `=HYPERLINK("http://x","y")`, "=cmd|' /C calc'!A0",
		"＝1+1", "＋1", "－1", "＠x", "=", "-"} {
		o := s.called(bad)
		got := parse(t, s.export(operator, order.Query{Ref: o.Ref}, nil))
		require.Len(t, got, 2)
		require.Equal(t, byte('\''), got[1][1][0], "%q", bad)
	}
	for _, fine := range []string{"Nord", "a=b", "12-3", " Nord", "Nörd; \"x\", y", "'quoted'", "l1\nl2"} {
		o := s.called(fine)
		got := parse(t, s.export(operator, order.Query{Ref: o.Ref}, nil))
		require.Equal(t, fine, got[1][1])
	}
}

func parse(t *testing.T, text string) [][]string {
	t.Helper()
	rows, err := csv.NewReader(strings.NewReader(text)).ReadAll()
	require.NoError(t, err)
	return rows
}

func TestExportDatesAreInTheTenantsZone(t *testing.T) {
	s := newShop(t, &order.Options{Zone: time.FixedZone("UTC+2", 2*3600)})
	s.pass(12*time.Hour + 30*time.Minute) // 22:30 UTC
	s.placed(buyer)
	require.Equal(t, "2026-11-23", parse(t, s.export(operator, order.Query{}, nil))[1][4])
}

func TestExportReadsEveryPageAndOnlyWhatOneSees(t *testing.T) {
	s := newShop(t, nil)
	var numbers []string
	for range 3 {
		numbers = append(numbers, string(s.placed(buyer).Ref))
	}
	s.placed(stranger)
	seed := s.get(s.placed(buyer).ID)
	numbers = append(numbers, string(seed.Ref))
	const more = 600 // beyond one page
	require.NoError(t, s.store.Update(s.ctx, func(ctx context.Context, tx store.Tx) error {
		for range more {
			o := seed
			o.ID, o.Version, o.Ref = order.ID(s.newID()), 0, order.Ref("X"+s.newID())
			numbers = append(numbers, string(o.Ref))
			if _, err := tx.Orders().Save(ctx, o); err != nil {
				return err
			}
		}
		return nil
	}))
	rows := parse(t, s.export(buyer, order.Query{Sort: order.ByRef}, nil))[1:]
	var got []string
	for _, r := range rows {
		got = append(got, r[3])
	}
	require.Equal(t, numbers, got)
}

func TestExportPermissions(t *testing.T) {
	s := newShop(t, nil)
	s.placed(buyer)
	for _, a := range []access.Actor{buyer, operator, admin, actorOf(access.Accountant), actorOf(access.PartnerAdmin)} {
		require.Len(t, parse(t, s.export(a, order.Query{}, nil)), 2, a.ID)
	}
	for _, a := range []access.Actor{designer, machine, {}, {ID: "x", Roles: []access.Role{access.Purchaser}}} {
		require.ErrorIs(t, s.orders.ExportCSV(s.ctx, a, order.Query{}, io.Discard, nil), access.ErrForbidden, a.ID)
	}
	require.ErrorIs(t, s.orders.ExportCSV(s.ctx, operator, order.Query{Sort: "odd"}, io.Discard, nil), order.ErrInvalid)
}

// brokenWriter takes so many bytes and then fails.
type brokenWriter struct{ left int }

var errDisk = errors.New("the disk is full")

func (w *brokenWriter) Write(p []byte) (int, error) {
	if len(p) > w.left {
		n := w.left
		w.left = 0
		return n, errDisk
	}
	w.left -= len(p)
	return len(p), nil
}

func TestExportTellsWhatTheWriterAnswers(t *testing.T) {
	s := newShop(t, nil)
	s.placed(buyer)
	whole := len(s.export(buyer, order.Query{}, &order.CSV{BOM: true}))
	for _, left := range []int{0, 1, 3, 50, whole - 1} {
		require.ErrorIs(t, s.orders.ExportCSV(s.ctx, buyer, order.Query{}, &brokenWriter{left}, &order.CSV{BOM: true}), errDisk, left)
	}
	require.NoError(t, s.orders.ExportCSV(s.ctx, buyer, order.Query{}, &brokenWriter{whole}, &order.CSV{BOM: true}))
}
