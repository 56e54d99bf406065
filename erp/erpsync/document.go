package erpsync

import (
	"crypto/sha256"
	"encoding/base32"
	"strings"
	"time"

	"github.com/shopspring/decimal"

	"github.com/comptoir-go/comptoir/access"
	"github.com/comptoir-go/comptoir/catalog"
	"github.com/comptoir-go/comptoir/erp"
	"github.com/comptoir-go/comptoir/money"
	"github.com/comptoir-go/comptoir/order"
	"github.com/comptoir-go/comptoir/partner"
	"github.com/comptoir-go/comptoir/pricing"
)

// Key is the external key under which a document of ours stands in the ERP, an
// order, a line, a payment, an invoice, a message: its id without dashes where
// that fits, else a hash of tenant and id. It is the same for every revision
// and every attempt.
func Key[ID ~string](t access.Tenant, id ID) string {
	short := strings.ReplaceAll(string(id), "-", "")
	if len(short) == 32 && strings.Trim(short, "0123456789abcdef") == "" {
		return short
	}
	return hashed("K", string(t), string(id))
}

// unkey is the id that a key was made of, "" for a key that does not tell.
func unkey(key string) string {
	if len(key) != 32 || strings.Trim(key, "0123456789abcdef") != "" {
		return ""
	}
	return key[:8] + "-" + key[8:12] + "-" + key[12:16] + "-" + key[16:20] + "-" + key[20:]
}

// idsOf are the ids that a key may have been made of, none for a key that does
// not tell.
func idsOf[ID ~string](key string) []ID {
	if id := unkey(key); id != "" {
		return []ID{ID(id), ID(key)}
	}
	return nil
}

// hashedKey reports whether a key has the form of those that do not tell of
// what they were made.
func hashedKey(key string) bool { return isHash(key, 'K') }

// discountKey reports whether a key has the form of those of discounts.
func discountKey(key string) bool { return isHash(key, 'D') }

func isHash(key string, prefix byte) bool {
	return len(key) == 33 && key[0] == prefix && strings.Trim(key[1:], "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567") == ""
}

// ourKey reports whether a key has the form of ours.
func ourKey(key string) bool { return unkey(key) != "" || hashedKey(key) }

// Document makes the ERP's document of an order; zone gives its day, nil means
// UTC. Line keys are the order's line ids, shortened like the order's where
// they must be. Prices travel net, without trailing zeros. A price stated gross,
// or less a discount, travels as the net price of one base where four decimals hold it and give
// the line's amount, and else as the line's net amount for its quantity, so
// that the ERP comes to the same cent. Every allowance and charge on the whole
// travels as one discount for each category and rate that bears a part of it:
// the sum of those lines' shares. Its key follows from code, category and rate,
// so it is the same in every revision.
func Document(t access.Tenant, o order.Order, zone *time.Location) (erp.Order, error) {
	if zone == nil {
		zone = time.UTC
	}
	doc := erp.Order{
		Key: Key(t, o.ID), Revision: o.Revision, Reference: string(o.Ref), CustomerOrderNo: o.CustomerNo,
		Customer: o.Customer.Code, Currency: o.Currency.Code(), Date: o.PlacedAt.In(zone).Format(time.DateOnly),
		InvoiceTo: address(o.Customer.Counterparty.Invoice), ShipTo: address(o.ShipTo), Note: o.Note,
		Net: o.Quote.Net.Decimal(), Tax: o.Quote.Tax.Decimal(), Gross: o.Quote.Gross.Decimal(),
	}
	priced := make(map[order.LineID]pricing.QuotedLine, len(o.Quote.Lines))
	for _, l := range o.Quote.Lines {
		priced[l.ID] = l
	}
	for _, l := range o.Lines {
		q := priced[l.ID]
		price, base, err := netPrice(q)
		if err != nil {
			return erp.Order{}, err
		}
		doc.Lines = append(doc.Lines, erp.OrderLine{
			Key: Key(t, l.ID), SKU: string(l.SKU), Text: l.Name, Quantity: trim(l.Quantity.Decimal()), Unit: l.Unit,
			UnitPrice: trim(price), PriceBase: trim(base),
			TaxCategory: string(q.Category), TaxRate: trim(q.Rate.Decimal()), Net: q.Net.Decimal(),
			Note: l.Note, Ticket: string(l.Ticket), Warranty: erp.Warranty(l.Warranty),
		})
	}
	var err error
	if doc.Discounts, err = discounts(o.Quote); err != nil {
		return erp.Order{}, err
	}
	return doc, nil
}

// discounts are the parts of the adjustments, by rows of the breakdown; a row
// that bears nothing of one has none.
func discounts(q pricing.Quote) ([]erp.Discount, error) {
	var out []erp.Discount
	for k, a := range q.Adjustments {
		for _, row := range q.Taxes {
			sum := money.Zero(q.Currency)
			for i := range q.Lines {
				l := &q.Lines[i]
				if l.Category != row.Category || l.Rate != row.Rate || k >= len(l.Shares) {
					continue
				}
				var err error
				if sum, err = sum.Add(l.Shares[k]); err != nil {
					return nil, err
				}
			}
			if sum.IsZero() {
				continue
			}
			out = append(out, erp.Discount{
				Key: hashed("D", a.Code, string(row.Category), row.Rate.String()), Code: a.Code, Text: a.Text, Amount: sum.Decimal(),
				TaxCategory: string(row.Category), TaxRate: trim(row.Rate.Decimal()),
			})
		}
	}
	return out, nil
}

// hashed is a key of the parts, 33 characters long; the prefix keeps the keys
// of discounts apart from those of lines.
func hashed(prefix string, parts ...string) string {
	sum := sha256.Sum256([]byte(strings.Join(parts, "\x00")))
	return prefix + base32.StdEncoding.WithPadding(base32.NoPadding).EncodeToString(sum[:20])
}

// netPrice is the price of a line without tax, and the quantity it is for.
func netPrice(q pricing.QuotedLine) (price, base decimal.Decimal, err error) {
	net := q.Price
	switch {
	case q.Stated == catalog.Gross:
		if net, err = q.Price.Net(q.Rate); err != nil {
			return price, base, err
		}
	case q.Discount.Sign() <= 0:
		return net.Decimal(), net.Base().Decimal(), nil
	}
	if line, err := net.Mul(q.Quantity, money.HalfAwayFromZero); err == nil && line == q.Net && net.Micros()%100 == 0 {
		return net.Decimal(), net.Base().Decimal(), nil
	}
	return q.Net.Decimal(), q.Quantity.Decimal(), nil
}

// trim drops trailing zeros behind the point, so that 12.500000 fits an ERP
// that holds four decimals. It keeps the value.
func trim(d decimal.Decimal) decimal.Decimal {
	c, e := d.Coefficient(), d.Exponent()
	if !c.IsInt64() {
		return d
	}
	v := c.Int64()
	for e < 0 && v%10 == 0 {
		v /= 10
		e++
	}
	return decimal.New(v, e)
}

func address(a partner.Address) erp.Address {
	return erp.Address{Code: string(a.ID), Name: a.Company, Contact: a.Contact, Street: a.Street, Street2: a.Street2,
		PostCode: a.Postcode, City: a.City, Region: a.Province, Country: string(a.Country), Phone: a.Phone}
}

// amount reads a figure of the ERP in the order's currency; one that the
// currency cannot hold is none.
func amount(d decimal.Decimal, c money.Currency) money.Amount {
	a, err := money.AmountFromDecimal(d, c, money.HalfAwayFromZero)
	if err != nil {
		return money.Amount{}
	}
	return a
}
