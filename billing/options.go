package billing

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/comptoir-go/comptoir/access"
	"github.com/comptoir-go/comptoir/fault"
	"github.com/comptoir-go/comptoir/internal/check"
	"github.com/comptoir-go/comptoir/order"
	"github.com/comptoir-go/comptoir/pricing"
)

// Options tune a Service. The zero value mirrors what the ERP invoices, for
// one seller.
type Options struct {
	// Policy decides who may do what. Default: access.Default().
	Policy *access.Policy
	// Now is the clock. Default: the machine's.
	Now func() time.Time
	// NewID makes ids. Default: UUIDv7.
	NewID func() string
	// Zone is the tenant's time zone, for issue dates and days of payment.
	// Default: UTC.
	Zone *time.Location
	// Sellers are the legal entities that sell; the first is the default.
	// Default: one, MainSeller, which has no name and so cannot issue here.
	Sellers []Seller
	// SellerOf says who sold an order. nil, and an answer of "", mean the
	// default seller.
	SellerOf func(order.Order) SellerID
	// Issuers say who makes which documents; of the rules that fit, the one
	// that names the seller goes before the one that names the kind only.
	// Default: ByERP for all.
	Issuers []IssuerRule
	// Series are the series of numbers. A seller and kind that are issued Here
	// and have none get DefaultInvoices or DefaultCredits. The first of a
	// seller and kind is used unless a command names another. No document of a
	// seller has the number of another: whoever issues here what the ERP issued
	// before needs a pattern that the ERP did not use, or Issue is ErrExists.
	Series []Series
	// Tax says how the VAT of one of several documents is rounded. Default:
	// TaxCumulative.
	Tax TaxMode
	// Turnover says which documents make turnover. Default:
	// pricing.TurnoverInvoiced, the documents of this package; with
	// pricing.TurnoverDelivered package order records its deliveries instead,
	// see order.Options.Turnover.
	Turnover pricing.TurnoverBasis
	// DueDays is how many days after its issue an invoice is due, at most
	// 3650. 0 means 30; below zero it is due on the day of issue.
	DueDays int
	// PaymentPattern makes the numbers of payments, as Series.Pattern does;
	// their counter starts again with each year or month that it names, and
	// passes over numbers that the ERP has given to payments of its own.
	// Default: "P-{year}-{seq:6}".
	PaymentPattern string
}

// IssuerRule says who makes the documents of a seller and kind.
type IssuerRule struct {
	Seller SellerID // "" all
	Kind   Kind     // "" all
	Issuer Issuer
}

// The defaults of Options.
const (
	// MainSeller is the seller of a tenant that names none.
	MainSeller SellerID = "main"
	// InvoiceSeries and CreditSeries are the ids of the series that a seller
	// gets who names none.
	InvoiceSeries SeriesID = "invoices"
	CreditSeries  SeriesID = "credits"
	// DefaultInvoices and DefaultCredits are their patterns; both count anew
	// each year.
	DefaultInvoices = "INV-{year}-{seq:6}"
	DefaultCredits  = "CN-{year}-{seq:6}"

	defaultPayments = "P-{year}-{seq:6}"
	defaultDueDays  = 30
	maxDueDays      = 3650
)

// ErrSettings lists what is wrong with the Options of a Service.
var ErrSettings = fault.Define(fault.Invalid, "billing.settings", "the settings of billing are not valid")

// filled returns the options with the defaults filled in, or ErrSettings.
func (o Options) filled() (Options, error) {
	if o.Policy == nil {
		o.Policy = access.Default()
	}
	if o.Zone == nil {
		o.Zone = time.UTC
	}
	if len(o.Sellers) == 0 {
		o.Sellers = []Seller{{ID: MainSeller}}
	}
	if o.Tax == "" {
		o.Tax = TaxCumulative
	}
	if o.Turnover == "" {
		o.Turnover = pricing.TurnoverInvoiced
	}
	if o.DueDays == 0 {
		o.DueDays = defaultDueDays
	}
	if o.PaymentPattern == "" {
		o.PaymentPattern = defaultPayments
	}
	o.Sellers, o.Issuers = slices.Clone(o.Sellers), slices.Clone(o.Issuers)
	o.Series = slices.Clone(o.Series)
	for _, s := range o.Sellers {
		o.Series = append(o.Series, o.missingSeries(s.ID)...)
	}
	var is fault.Issues
	o.checkSellers(&is)
	o.checkIssuers(&is)
	o.checkSeries(&is)
	if o.Tax != TaxCumulative && o.Tax != TaxPerDocument {
		is.Add("tax", "unknown", "%q is no tax mode", o.Tax)
	}
	o.checkTurnover(&is)
	if o.DueDays > maxDueDays {
		is.Add("due_days", "range", "at most %d days, not %d", maxDueDays, o.DueDays)
	}
	o.paymentSeries().check(&is, "payments")
	return o, is.Err(ErrSettings)
}

// missingSeries are the default series of what a seller issues here.
func (o Options) missingSeries(id SellerID) []Series {
	var out []Series
	for _, d := range []Series{
		{ID: InvoiceSeries, Seller: id, Kind: Invoice, Pattern: DefaultInvoices, Reset: YearlyReset},
		{ID: CreditSeries, Seller: id, Kind: CreditNote, Pattern: DefaultCredits, Reset: YearlyReset},
	} {
		has := slices.ContainsFunc(o.Series, func(s Series) bool { return s.Seller == id && s.Kind == d.Kind })
		if !has && o.issuer(id, d.Kind) == Here {
			out = append(out, d)
		}
	}
	return out
}

// issuer is who makes the documents of a seller and kind.
func (o Options) issuer(id SellerID, k Kind) Issuer {
	best, found := -1, ByERP
	for _, r := range o.Issuers {
		if r.Seller != "" && r.Seller != id || r.Kind != "" && r.Kind != k {
			continue
		}
		if n := r.weight(); n > best {
			best, found = n, r.Issuer
		}
	}
	return found
}

// weight ranks rules: what names the seller and the kind goes first.
func (r IssuerRule) weight() int {
	n := 0
	if r.Seller != "" {
		n += 2
	}
	if r.Kind != "" {
		n++
	}
	return n
}

func (o Options) seller(id SellerID) (Seller, bool) {
	for _, s := range o.Sellers {
		if s.ID == id {
			return s, true
		}
	}
	return Seller{}, false
}

func (o Options) checkSellers(is *fault.Issues) {
	seen := map[SellerID]bool{}
	for i, s := range o.Sellers {
		path := fmt.Sprintf("sellers[%d]", i)
		checkID(is, path+".id", string(s.ID))
		if seen[s.ID] {
			is.Add(path+".id", "repeated", "seller %q is there twice", s.ID)
		}
		seen[s.ID] = true
		if o.issuer(s.ID, Invoice) == Here || o.issuer(s.ID, CreditNote) == Here {
			check.Need(is, path+".name", s.Name, 200)
		} else {
			check.Line(is, path+".name", s.Name, 200)
		}
		check.Line(is, path+".vat_id", s.VATID, 20)
		check.Line(is, path+".registration", s.Registration, 40)
		s.Address.CheckText(is, path+".address")
	}
}

func (o Options) checkIssuers(is *fault.Issues) {
	for i, r := range o.Issuers {
		path := fmt.Sprintf("issuers[%d]", i)
		if _, ok := o.seller(r.Seller); !ok && r.Seller != "" {
			is.Add(path+".seller", "unknown", "there is no seller %q", r.Seller)
		}
		if r.Kind != "" && !r.Kind.valid() {
			is.Add(path+".kind", "unknown", "%q is no kind of document", r.Kind)
		}
		if r.Issuer != ByERP && r.Issuer != Here {
			is.Add(path+".issuer", "unknown", "%q is no issuer", r.Issuer)
		}
		if slices.ContainsFunc(o.Issuers[:i], func(b IssuerRule) bool { return b.Seller == r.Seller && b.Kind == r.Kind }) {
			is.Add(path, "repeated", "seller %q and kind %q have exactly one issuer", r.Seller, r.Kind)
		}
	}
}

func (o Options) checkSeries(is *fault.Issues) {
	for i, s := range o.Series {
		path := fmt.Sprintf("series[%d]", i)
		checkID(is, path+".id", string(s.ID))
		if _, ok := o.seller(s.Seller); !ok {
			is.Add(path+".seller", "unknown", "there is no seller %q", s.Seller)
		}
		if !s.Kind.valid() {
			is.Add(path+".kind", "unknown", "%q is no kind of document", s.Kind)
		}
		s.check(is, path)
		for _, b := range o.Series[:i] {
			if b.Seller != s.Seller {
				continue
			}
			if b.ID == s.ID {
				is.Add(path+".id", "repeated", "seller %q has two series %q", s.Seller, s.ID)
			}
			if b.clashes(s) {
				is.Add(path+".pattern", "repeated", "series %q makes the same numbers", b.ID)
			}
		}
	}
}

// checkID notes what cannot name a seller or a series: 1 to 40 of a-z, A-Z,
// 0-9, "-", "_" and ".", so that "seller/series" can be read in one way.
func checkID(is *fault.Issues, path, id string) {
	const letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_."
	if id == "" || len(id) > 40 || strings.Trim(id, letters) != "" {
		is.Add(path, "id.shape", "%q is not 1 to 40 of letters, digits, - _ and .", id)
	}
}

func (k Kind) valid() bool { return k == Invoice || k == CreditNote }

// paymentSeries is the numbering of payments in the shape of a series.
func (o Options) paymentSeries() Series {
	s := Series{ID: "payments", Pattern: o.PaymentPattern}
	switch {
	case strings.Contains(s.Pattern, "{month}"):
		s.Reset = MonthlyReset
	case strings.Contains(s.Pattern, "{year}"), strings.Contains(s.Pattern, "{yy}"):
		s.Reset = YearlyReset
	}
	return s
}
