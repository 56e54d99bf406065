package storetest

import (
	"reflect"
	"strings"
	"testing"
	"time"
)

// zeros lists the parts of a value that are still zero.
func zeros(v reflect.Value, path string) (out []string) {
	if v.IsZero() {
		return []string{path}
	}
	switch v.Kind() {
	case reflect.Pointer:
		return zeros(v.Elem(), path)
	case reflect.Slice:
		for i := range v.Len() {
			out = append(out, zeros(v.Index(i), path+"[]")...)
		}
	case reflect.Map:
		for _, k := range v.MapKeys() {
			out = append(out, zeros(v.MapIndex(k), path+"{}")...)
		}
	case reflect.Struct:
		if !exported(v.Type()) {
			return nil
		}
		for i := range v.NumField() {
			out = append(out, zeros(v.Field(i), path+"."+v.Type().Field(i).Name)...)
		}
	}
	return out
}

// The round trip proves nothing about a field that was never set.
func TestFullLeavesNothingZero(t *testing.T) {
	e := &env{TB: t}
	for _, k := range kinds() {
		for each := 1; each <= 3; each++ {
			v := k.at(k.full(e, 1, each), 1)
			if left := zeros(reflect.ValueOf(v), k.name); len(left) > 0 {
				t.Errorf("not filled: %v", left)
			}
		}
	}
}

// The aliasing cases prove nothing when spoiling a copy leaves the shared
// parts as they were.
func TestSpoilReachesWhatIsShared(t *testing.T) {
	e := &env{TB: t}
	for _, k := range kinds() {
		v, fresh := k.full(e, 1, 2), k.full(e, 1, 2)
		shares := false
		walk(addressable(v), func(x reflect.Value) bool {
			shares = shares || x.Kind() == reflect.Slice || x.Kind() == reflect.Map || x.Kind() == reflect.Pointer
			return true
		})
		if difference(v, fresh) != "" {
			t.Errorf("%s is not filled the same way twice", k.name)
		}
		spoil(v)
		if spoiled := difference(v, fresh) != ""; spoiled != shares {
			t.Errorf("%s shares parts: %v; spoiling changed it: %v", k.name, shares, spoiled)
		}
	}
}

func addressable(v any) reflect.Value {
	x := reflect.New(reflect.TypeOf(v)).Elem()
	x.Set(reflect.ValueOf(v))
	return x
}

func TestDifference(t *testing.T) {
	utc := time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC)
	type pair struct {
		A any
		B []string
	}
	for _, c := range []struct {
		name    string
		a, b    any
		differ  bool
		loosely bool
		where   string
	}{
		{"equal", pair{1, []string{"x"}}, pair{1, []string{"x"}}, false, false, ""},
		{"element", pair{1, []string{"x"}}, pair{1, []string{"y"}}, true, true, "value.B[0]"},
		{"length", pair{1, nil}, pair{1, []string{"y"}}, true, true, "value.B"},
		{"nil and empty", pair{1, nil}, pair{1, []string{}}, true, false, "value.B"},
		{"type", pair{1, nil}, pair{"1", nil}, true, true, "value.A"},
		{"instant", utc, utc.Add(1), true, true, "value"},
		{"zone", utc, utc.In(time.FixedZone("x", 3600)), true, true, "value"},
		{"same instant", utc, utc.In(time.FixedZone("x", 0)), false, false, ""},
		{"map", map[string]int{"a": 1}, map[string]int{"a": 2}, true, true, "value[a]"},
		{"map keys", map[string]int{"a": 1}, map[string]int{"b": 1}, true, true, "b"},
		{"nil", nil, nil, false, false, ""},
		{"nil and not", nil, 1, true, true, "value"},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := difference(c.a, c.b)
			if (got != "") != c.differ || (looseDifference(c.a, c.b) != "") != c.loosely {
				t.Errorf("difference %q, loosely %q", got, looseDifference(c.a, c.b))
			}
			if !strings.Contains(got, c.where) {
				t.Errorf("difference %q does not name %q", got, c.where)
			}
		})
	}
}
