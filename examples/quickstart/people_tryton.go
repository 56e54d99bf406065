package main

import (
	"context"
	"fmt"
	"net/url"
	"os"
	"strconv"
	"strings"

	"github.com/shopspring/decimal"

	"github.com/comptoir-go/comptoir/billing"
	"github.com/comptoir-go/comptoir/catalog"
	"github.com/comptoir-go/comptoir/erp/trytonerp"
	"github.com/comptoir-go/comptoir/internal/testtryton"
)

// passwordEnv holds the password of -erp where the URL has none.
const passwordEnv = "COMPTOIR_ERP_PASSWORD"

// openTryton makes the adapter of tryton://USER[:PASSWORD]@HOST:PORT/DATABASE,
// and those who work there, as the same user. Errors show no password.
func openTryton(address string) (*trytonerp.Adapter, *trytonPeople, error) {
	u, err := url.Parse(address)
	if err != nil || u.Scheme != "tryton" || u.User == nil || strings.Trim(u.Path, "/") == "" {
		return nil, nil, fmt.Errorf("-erp: use tryton://USER@HOST:PORT/DATABASE, and the password in %s", passwordEnv)
	}
	password, ok := u.User.Password()
	if !ok {
		password = os.Getenv(passwordEnv)
	}
	adapter, err := trytonerp.New(trytonerp.Options{URL: "http://" + u.Host, Database: strings.Trim(u.Path, "/"), User: u.User.Username(), Password: password})
	if err != nil {
		return nil, nil, err
	}
	u.User = url.UserPassword(u.User.Username(), password)
	client, err := testtryton.NewClient(u.String())
	return adapter, &trytonPeople{client: client}, err
}

// trytonPeople work in Tryton, through calls of their own.
type trytonPeople struct {
	client *testtryton.Client
	// backs are the sales by which Tryton takes goods back.
	backs []int
}

// count does nothing: that Tryton has a warehouse of its own.
func (p *trytonPeople) count(context.Context, catalog.SKU, int64) error { return nil }

func (p *trytonPeople) answer(ctx context.Context, order, text string) error {
	_, err := p.client.Create(ctx, "ir.note", map[string]any{"resource": "sale.sale," + order, "message": text})
	return err
}

func items(goods []goods) []testtryton.Item {
	out := make([]testtryton.Item, len(goods))
	for i, g := range goods {
		out[i] = testtryton.Item{Code: string(g.SKU), Quantity: g.Quantity.StringFixed(max(0, -g.Quantity.Exponent()))}
	}
	return out
}

// ship says nothing of the carrier, for which Tryton needs a module.
func (p *trytonPeople) ship(ctx context.Context, order string, goods []goods, _, _ string) error {
	sale, err := strconv.Atoi(order)
	if err != nil {
		return err
	}
	if _, err := p.client.Deliver(ctx, sale, items(goods)...); err != nil {
		return err
	}
	_, err = p.client.PostInvoices(ctx, sale)
	return err
}

func (p *trytonPeople) pay(ctx context.Context, inv billing.Document, cheque string) error {
	id, err := strconv.Atoi(inv.ERP.ID)
	if err != nil {
		return err
	}
	return p.client.Pay(ctx, id, testtryton.Decimal(inv.Totals.Payable.Text()), "cheque "+cheque)
}

func (p *trytonPeople) takeBack(ctx context.Context, order string, goods []goods, _ string) error {
	sale, err := strconv.Atoi(order)
	if err != nil {
		return err
	}
	back, err := p.client.Return(ctx, sale, items(goods)...)
	if err != nil {
		return err
	}
	p.backs = append(p.backs, back)
	_, err = p.client.PostInvoices(ctx, back)
	return err
}

func (p *trytonPeople) sums(ctx context.Context, order string) (sums, error) {
	sale, err := strconv.Atoi(order)
	if err != nil {
		return sums{}, err
	}
	var out sums
	for i, id := range append([]int{sale}, p.backs...) {
		s, err := p.client.Sale(ctx, id)
		if err != nil {
			return sums{}, err
		}
		if i == 0 {
			if out.ordered, err = decimal.NewFromString(string(s.Total)); err != nil {
				return sums{}, err
			}
		}
		for _, id := range s.Invoices {
			inv, err := p.client.Invoice(ctx, id)
			if err != nil {
				return sums{}, err
			}
			total, err1 := decimal.NewFromString(string(inv.Total))
			due, err2 := decimal.NewFromString(string(inv.Due))
			if err1 != nil || err2 != nil {
				return sums{}, fmt.Errorf("the invoice %s has the total %q and %q due", inv.Number, inv.Total, inv.Due)
			}
			out.invoiced, out.left = out.invoiced.Add(total), out.left.Add(due)
		}
	}
	return out, nil
}
