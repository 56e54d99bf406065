package trytonerp

import (
	"cmp"
	"encoding/json"
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/shopspring/decimal"

	"github.com/comptoir-go/comptoir/fault"
)

// ErrOptions carries every option of New that cannot be used (fault.IssuesOf).
var ErrOptions = fault.Define(fault.Invalid, "erp.tryton_options", "the options of the Tryton adapter cannot be used")

// Options say where Tryton is and by which names it knows what ours are. URL,
// Database, User and Password are required. What is left out is read from
// Tryton where that is unambiguous.
type Options struct {
	// URL is where trytond answers, "https://erp.example.com" or with a path
	// that a proxy has before it; no login, query or fragment in it.
	URL      string
	Database string
	// User is a user of Tryton with the groups Sale and Account.
	User, Password string
	// WebShop is the name of the web shop that our orders belong to; "" is
	// the only one there is.
	WebShop string
	// Taxes are the names of Tryton's taxes by ours: the category of EN 16931
	// and the rate in percent, "S 20", "E 0". For a rate that is not named the
	// only sales tax of that rate is used, and none for the rate zero.
	Taxes map[string]string
	// Units are the names of Tryton's units by ours, {"C62": "Unit"}. Units
	// that are not named go by the symbols of Units of UN/ECE Recommendation
	// 20 (C62 and H87 are u, MTR is m, KGM is kg), and a line without one is
	// in the product's unit of sale.
	Units map[string]string
	// PaymentMethods are the names of Tryton's payment methods of invoices by
	// ours, {"transfer": "Bank transfer"}; "" is the only one there is.
	PaymentMethods map[string]string
	// PriceLists are the names of Tryton's price lists whose prices are told;
	// none by default, because Tryton computes each price anew.
	PriceLists []string
	// Accept are the kinds of Tryton's warnings that are confirmed without
	// asking anybody: the end of a warning's name behind its last full stop,
	// "effective_date_future". Any other is NeedsConfirmation.
	Accept []string
	// QuantityDigits is how many decimals a quantity may have; those of
	// Tryton's units are at most that many. Default 2, at most 6.
	QuantityDigits *int
	// Timeout bounds one request. Default 60 s, 1 ms to 10 minutes.
	Timeout time.Duration
	// CacheFor is how long codes of customers, products, units and taxes stay
	// known by Tryton's ids. Default 5 minutes, 0 to 1 day by a pointer.
	CacheFor *time.Duration
}

// Bounds and defaults of Options.
const (
	digitsDefault  = 2
	digitsMax      = 6
	timeoutDefault = time.Minute
	timeoutMin     = time.Millisecond
	timeoutMax     = 10 * time.Minute
	cacheDefault   = 5 * time.Minute
	cacheMax       = 24 * time.Hour
)

// String leaves the password out.
func (o Options) String() string {
	return fmt.Sprintf("Tryton at %s, database %s, user %s", withoutLogin(o.URL), o.Database, o.User)
}

// MarshalJSON writes String: a log in JSON shows the password neither. They are
// read from JSON field by field.
func (o Options) MarshalJSON() ([]byte, error) { return json.Marshal(o.String()) }

// GoString is String: %#v does not show the password either.
func (o Options) GoString() string { return o.String() }

// withoutLogin is an address as it may be shown.
func withoutLogin(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return "an address that is none"
	}
	u.User, u.RawQuery, u.Fragment = nil, "", ""
	return u.String()
}

// checked returns the options with defaults, copied, or ErrOptions.
func (o Options) checked() (Options, error) {
	var is fault.Issues
	o.checkPlace(&is)
	for _, field := range []struct{ path, value string }{{"database", o.Database}, {"user", o.User}, {"password", o.Password}} {
		if field.value == "" {
			is.Add(field.path, "tryton.missing", "it is required")
		}
	}
	if strings.ContainsAny(o.Database, "/?#%") {
		is.Add("database", "tryton.database", "it cannot stand in an address")
	}
	if strings.Contains(o.User, ":") {
		is.Add("user", "tryton.user", "a login with a colon cannot be told from its session")
	}
	checkNames(&is, "taxes", o.Taxes, taxShape)
	checkNames(&is, "units", o.Units, func(key string) string { return wanted(key != "", "a unit's code is missing") })
	checkNames(&is, "payment_methods", o.PaymentMethods, func(string) string { return "" })
	for i, kind := range o.Accept {
		if kind == "" || strings.Contains(kind, ".") {
			is.Add(fmt.Sprintf("accept[%d]", i), "tryton.warning", "the kind of a warning is what follows the last full stop of its name")
		}
	}
	for i, name := range o.PriceLists {
		if strings.TrimSpace(name) == "" || slices.Contains(o.PriceLists[:i], name) {
			is.Add(fmt.Sprintf("price_lists[%d]", i), "tryton.name", "Tryton's name is missing or stands twice")
		}
	}
	digits, keep := digitsDefault, cacheDefault
	if o.QuantityDigits != nil {
		digits = *o.QuantityDigits
	}
	if digits < 0 || digits > digitsMax {
		is.Add("quantity_digits", "tryton.range", "it is 0 to %d", digitsMax)
	}
	if o.CacheFor != nil {
		keep = *o.CacheFor
	}
	if keep < 0 || keep > cacheMax {
		is.Add("cache_for", "tryton.range", "it is 0 to %s", cacheMax)
	}
	o.Timeout = cmp.Or(o.Timeout, timeoutDefault)
	if o.Timeout < timeoutMin || o.Timeout > timeoutMax {
		is.Add("timeout", "tryton.range", "it is %s to %s", timeoutMin, timeoutMax)
	}
	o.QuantityDigits, o.CacheFor = &digits, &keep
	o.Taxes, o.Units, o.PaymentMethods = maps.Clone(o.Taxes), maps.Clone(o.Units), maps.Clone(o.PaymentMethods)
	o.Accept, o.PriceLists = slices.Clone(o.Accept), slices.Clone(o.PriceLists)
	return o, is.Err(ErrOptions)
}

// checkPlace never repeats the address, which may hold a login.
func (o Options) checkPlace(is *fault.Issues) {
	u, err := url.Parse(o.URL)
	switch {
	case o.URL == "":
		is.Add("url", "tryton.missing", "it is required")
	case err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "":
		is.Add("url", "tryton.url", "it is not http or https and a host")
	case u.User != nil || u.RawQuery != "" || u.Fragment != "":
		is.Add("url", "tryton.url", "it has a login, a query or a fragment")
	}
}

// checkNames checks a map from our words to Tryton's names, in a fixed order.
func checkNames(is *fault.Issues, path string, names map[string]string, wrong func(key string) string) {
	for _, key := range slices.Sorted(maps.Keys(names)) {
		at := fmt.Sprintf("%s[%s]", path, key)
		if text := wrong(key); text != "" {
			is.Add(at, "tryton.key", "%s", text)
		}
		if strings.TrimSpace(names[key]) == "" {
			is.Add(at, "tryton.name", "Tryton's name is missing")
		}
	}
}

func wanted(ok bool, text string) string {
	if ok {
		return ""
	}
	return text
}

func taxShape(key string) string {
	category, rate, ok := strings.Cut(key, " ")
	d, err := decimal.NewFromString(rate)
	return wanted(ok && category != "" && err == nil && taxKey(category, d) == key, `it is not like "S 20" or "S 5.5"`)
}

// taxKey is the key of Options.Taxes.
func taxKey(category string, rate decimal.Decimal) string {
	text := rate.StringFixed(max(0, -rate.Exponent()))
	if strings.Contains(text, ".") {
		text = strings.TrimSuffix(strings.TrimRight(text, "0"), ".")
	}
	return category + " " + text
}
