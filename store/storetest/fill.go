package storetest

import (
	"encoding/json"
	"fmt"
	"reflect"
	"strings"
	"time"

	"github.com/comptoir-go/comptoir/money"
	"github.com/comptoir-go/comptoir/partner"
)

// filler gives every field of a value something that is not its zero value
// and not what another field got. Types with a form of their own are made by
// makers; a new one of those stops the suite until it has a maker.
type filler struct {
	n int
	// each is the length of every slice and map.
	each int
}

var currencies = []string{"EUR", "JPY", "KWD", "CLF", "USD"}

func (f *filler) currency() money.Currency {
	return money.MustCurrency(currencies[f.n%len(currencies)])
}

// made are the types that fields cannot be set in from outside.
func (f *filler) made(t reflect.Type) (any, bool) {
	n := int64(f.n)
	switch t {
	case reflect.TypeFor[time.Time]():
		// Another zone and nanoseconds, which stores bring to UTC and
		// microseconds.
		zone := time.FixedZone("elsewhere", 5400)
		return time.Date(2020, 2, 29, 23, 59, 59, 999_999_999, zone).Add(time.Duration(n) * 86_399_123_456_789), true
	case reflect.TypeFor[money.Currency]():
		return f.currency(), true
	case reflect.TypeFor[money.Amount]():
		return money.FromMinor(1+n*1_000_003, f.currency()), true
	case reflect.TypeFor[money.Quantity]():
		q, err := money.QuantityFromUnits(1 + n*10_007)
		return q, err == nil
	case reflect.TypeFor[money.Rate]():
		r, err := money.RateFromUnits(1 + n*1_009)
		return r, err == nil
	case reflect.TypeFor[money.Price]():
		p, err := money.PriceFromMicros(1+n*1_000_003, f.currency())
		if err != nil {
			return nil, false
		}
		p, err = p.PerBase(money.QuantityOf(1 + n%7))
		return p, err == nil
	case reflect.TypeFor[partner.Date]():
		return partner.MustDate("2026-01-01").AddDays(f.n), true
	case reflect.TypeFor[partner.Country]():
		all := partner.Countries()
		return all[f.n%len(all)], true
	case reflect.TypeFor[json.RawMessage]():
		return json.RawMessage(fmt.Sprintf(`{"n": %d, "<&>": "é\u20ac"}`, n)), true
	}
	return nil, false
}

func (f *filler) fill(v reflect.Value, path string) error {
	f.n++
	if x, ok := f.made(v.Type()); ok {
		v.Set(reflect.ValueOf(x))
		return nil
	}
	switch v.Kind() {
	case reflect.String:
		v.SetString(fmt.Sprintf("%s %d <é漢😀 & \\u0000 'x' \"y\" %%_>", path[strings.LastIndex(path, ".")+1:], f.n))
	case reflect.Bool:
		v.SetBool(true)
	case reflect.Int, reflect.Int64, reflect.Int32:
		v.SetInt(int64(f.n))
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		return f.fill(v.Elem(), path)
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), f.each, f.each))
		for i := range f.each {
			if err := f.fill(v.Index(i), fmt.Sprintf("%s[%d]", path, i)); err != nil {
				return err
			}
		}
	case reflect.Map:
		v.Set(reflect.MakeMap(v.Type()))
		for range f.each {
			key, val := reflect.New(v.Type().Key()).Elem(), reflect.New(v.Type().Elem()).Elem()
			if err := f.fill(key, path+".key"); err != nil {
				return err
			}
			if err := f.fill(val, path+".value"); err != nil {
				return err
			}
			v.SetMapIndex(key, val)
		}
	case reflect.Struct:
		for i := range v.NumField() {
			field := v.Type().Field(i)
			if !field.IsExported() {
				return fmt.Errorf("%s: the suite has no maker for %s", path, v.Type())
			}
			if err := f.fill(v.Field(i), path+"."+field.Name); err != nil {
				return err
			}
		}
	default:
		return fmt.Errorf("%s: the suite cannot fill a %s", path, v.Type())
	}
	return nil
}

// filled returns a value with every field set, slices of the length given.
// The id fields are ordinary text, so that ids of any alphabet are tried too.
func filled[V any](e *env, salt, each int) V {
	e.Helper()
	var v V
	f := &filler{n: salt * 1000, each: each}
	e.must(f.fill(reflect.ValueOf(&v).Elem(), fmt.Sprintf("%T", v)))
	return v
}

// walk calls fn for every settable part of a value, outermost first; fn
// answers whether to go deeper.
func walk(v reflect.Value, fn func(reflect.Value) bool) {
	if !fn(v) {
		return
	}
	switch v.Kind() {
	case reflect.Pointer:
		if !v.IsNil() {
			walk(v.Elem(), fn)
		}
	case reflect.Slice:
		for i := range v.Len() {
			walk(v.Index(i), fn)
		}
	case reflect.Struct:
		for i := range v.NumField() {
			if v.Type().Field(i).IsExported() {
				walk(v.Field(i), fn)
			}
		}
	}
}

// settled returns the form in which a store keeps a value: times cut.
func settled[V any](v V) V {
	walk(reflect.ValueOf(&v).Elem(), func(x reflect.Value) bool {
		if t, ok := x.Interface().(time.Time); ok {
			x.Set(reflect.ValueOf(cut(t)))
			return false
		}
		return true
	})
	return v
}

// emptied makes every nil slice and map an empty one.
func emptied[V any](v V) V {
	walk(reflect.ValueOf(&v).Elem(), func(x reflect.Value) bool {
		switch {
		case x.Kind() == reflect.Slice && x.IsNil():
			x.Set(reflect.MakeSlice(x.Type(), 0, 0))
		case x.Kind() == reflect.Map && x.IsNil():
			x.Set(reflect.MakeMap(x.Type()))
		}
		return true
	})
	return v
}

// scramble overwrites everything that a copy of v shares with v: the elements
// of slices and maps and what pointers lead to. v itself is a copy already.
func scramble(v reflect.Value, shared bool) {
	switch v.Kind() {
	case reflect.Pointer:
		if !v.IsNil() {
			scramble(v.Elem(), true)
		}
	case reflect.Slice:
		for i := range v.Len() {
			scramble(v.Index(i), true)
		}
	case reflect.Map:
		for _, k := range v.MapKeys() {
			v.SetMapIndex(k, reflect.Zero(v.Type().Elem()))
		}
	case reflect.Struct:
		for i := range v.NumField() {
			if v.Type().Field(i).IsExported() {
				scramble(v.Field(i), shared)
			} else if shared {
				v.SetZero()
				return
			}
		}
	default:
		if shared && v.CanSet() {
			v.SetZero()
		}
	}
}
