package mapping

import (
	"fmt"
	"math/rand/v2"
	"reflect"
	"time"

	"github.com/comptoir-go/comptoir/money"
	"github.com/comptoir-go/comptoir/partner"
)

// filler makes random values of any type a document holds.
type filler struct{ rng *rand.Rand }

func newFiller(seed uint64) filler { return filler{rand.New(rand.NewPCG(seed, 7))} }

// filled returns a random value whose fields are all set, slices with one to
// three elements.
func filled[V any](seed uint64) V {
	var v V
	newFiller(seed).fill(reflect.ValueOf(&v).Elem())
	return v
}

var texts = []string{"Müller & Söhne <SARL>", "日本 �", `a\u0000b "quoted"`, "l'Étoile\n", "x"}

func (f filler) fill(v reflect.Value) {
	if x := f.known(v.Type()); x != nil {
		v.Set(reflect.ValueOf(x))
		return
	}
	switch v.Kind() {
	case reflect.String:
		v.SetString(fmt.Sprintf("%s %d", texts[f.rng.IntN(len(texts))], f.rng.IntN(1000)))
	case reflect.Bool:
		v.SetBool(f.rng.IntN(2) == 0)
	case reflect.Uint8:
		v.SetUint(uint64(f.rng.IntN(256)))
	case reflect.Int, reflect.Int64:
		v.SetInt(1 + f.rng.Int64N(1_000_000))
	case reflect.Struct:
		for i := range v.NumField() {
			f.fill(v.Field(i))
		}
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 1+f.rng.IntN(3), 4))
		for i := range v.Len() {
			f.fill(v.Index(i))
		}
	case reflect.Map:
		v.Set(reflect.MakeMap(v.Type()))
		for range 1 + f.rng.IntN(3) {
			k, x := reflect.New(v.Type().Key()).Elem(), reflect.New(v.Type().Elem()).Elem()
			f.fill(k)
			f.fill(x)
			v.SetMapIndex(k, x)
		}
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		f.fill(v.Elem())
	default:
		panic("fill: " + v.Type().String())
	}
}

// known makes the values of types with rules of their own, nil for others.
func (f filler) known(t reflect.Type) any {
	n := 1 + f.rng.Int64N(1_000_000_000)
	cur := []money.Currency{money.EUR, money.JPY, money.BHD, money.CLF}[f.rng.IntN(4)]
	switch reflect.Zero(t).Interface().(type) {
	case time.Time:
		return time.UnixMicro(1_700_000_000_000_000 + n).UTC()
	case money.Currency:
		return cur
	case money.Amount:
		return money.FromMinor(n, cur)
	case money.Quantity:
		return must(money.QuantityFromUnits(n))
	case money.Price:
		return must(money.PriceFromMicros(n, cur))
	case money.Rate:
		return must(money.RateFromUnits(n % 1_000_000))
	case partner.Date:
		return must(partner.NewDate(2000+int(n%50), time.Month(1+n%12), 1+int(n%28)))
	case partner.Country:
		return []partner.Country{"FR", "DE", "PL"}[f.rng.IntN(3)]
	}
	return nil
}

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

// pointers collects the address of everything a value refers to.
func pointers(v reflect.Value, into map[uintptr]string, path string) {
	switch v.Kind() {
	case reflect.Struct:
		if _, isTime := v.Interface().(time.Time); isTime {
			return
		}
		for i := range v.NumField() {
			if v.Type().Field(i).IsExported() {
				pointers(v.Field(i), into, path+"."+v.Type().Field(i).Name)
			}
		}
	case reflect.Slice:
		if v.Len() > 0 {
			into[v.Pointer()] = path
		}
		for i := range v.Len() {
			pointers(v.Index(i), into, fmt.Sprintf("%s[%d]", path, i))
		}
	case reflect.Map, reflect.Pointer:
		if !v.IsNil() {
			into[v.Pointer()] = path
		}
		if v.Kind() == reflect.Pointer && !v.IsNil() {
			pointers(v.Elem(), into, path)
		}
	}
}

// eachText calls fn with every settable text of a value.
func eachText(v reflect.Value, fn func(reflect.Value)) {
	switch v.Kind() {
	case reflect.String:
		if _, own := v.Interface().(partner.Country); !own { // refuses other text itself
			fn(v)
		}
	case reflect.Struct:
		for i := range v.NumField() {
			if v.Type().Field(i).IsExported() {
				eachText(v.Field(i), fn)
			}
		}
	case reflect.Slice:
		for i := range v.Len() {
			eachText(v.Index(i), fn)
		}
	case reflect.Pointer:
		if !v.IsNil() {
			eachText(v.Elem(), fn)
		}
	}
}
