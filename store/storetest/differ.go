package storetest

import (
	"fmt"
	"reflect"
	"time"
)

// difference names the first place where two values differ, "" when they are
// equal. Times are equal when they are the same instant in the same zone
// offset; nil and empty slices differ.
func difference(got, want any) string {
	return differ(reflect.ValueOf(got), reflect.ValueOf(want), "value", false)
}

// looseDifference takes nil and empty slices and maps for equal.
func looseDifference(got, want any) string {
	return differ(reflect.ValueOf(got), reflect.ValueOf(want), "value", true)
}

func differ(a, b reflect.Value, path string, loose bool) string {
	if !a.IsValid() || !b.IsValid() {
		if a.IsValid() == b.IsValid() {
			return ""
		}
		return fmt.Sprintf("%s: got %v, want %v", path, a, b)
	}
	if a.Type() != b.Type() {
		return fmt.Sprintf("%s: got a %s, want a %s", path, a.Type(), b.Type())
	}
	if ta, ok := a.Interface().(time.Time); ok {
		tb := b.Interface().(time.Time)
		_, oa := ta.Zone()
		_, ob := tb.Zone()
		if !ta.Equal(tb) || oa != ob {
			return fmt.Sprintf("%s: got %s, want %s", path, ta.Format(time.RFC3339Nano), tb.Format(time.RFC3339Nano))
		}
		return ""
	}
	switch a.Kind() {
	case reflect.Pointer, reflect.Interface:
		if a.IsNil() || b.IsNil() {
			if a.IsNil() == b.IsNil() {
				return ""
			}
			return fmt.Sprintf("%s: got %v, want %v", path, a, b)
		}
		return differ(a.Elem(), b.Elem(), path, loose)
	case reflect.Slice:
		return differSlices(a, b, path, loose)
	case reflect.Map:
		return differMaps(a, b, path, loose)
	case reflect.Struct:
		if exported(a.Type()) {
			for i := range a.NumField() {
				if d := differ(a.Field(i), b.Field(i), path+"."+a.Type().Field(i).Name, loose); d != "" {
					return d
				}
			}
			return ""
		}
	}
	if !reflect.DeepEqual(a.Interface(), b.Interface()) {
		return fmt.Sprintf("%s: got %v, want %v", path, a, b)
	}
	return ""
}

func differSlices(a, b reflect.Value, path string, loose bool) string {
	if !loose && a.IsNil() != b.IsNil() {
		return fmt.Sprintf("%s: got %#v, want %#v (nil and empty)", path, a, b)
	}
	if a.Len() != b.Len() {
		return fmt.Sprintf("%s: got %d elements, want %d: got %v, want %v", path, a.Len(), b.Len(), a, b)
	}
	for i := range a.Len() {
		if d := differ(a.Index(i), b.Index(i), fmt.Sprintf("%s[%d]", path, i), loose); d != "" {
			return d
		}
	}
	return ""
}

func differMaps(a, b reflect.Value, path string, loose bool) string {
	if !loose && a.IsNil() != b.IsNil() {
		return fmt.Sprintf("%s: got %#v, want %#v (nil and empty)", path, a, b)
	}
	if a.Len() != b.Len() {
		return fmt.Sprintf("%s: got %d entries, want %d: got %v, want %v", path, a.Len(), b.Len(), a, b)
	}
	for _, k := range b.MapKeys() {
		v := a.MapIndex(k)
		if !v.IsValid() {
			return fmt.Sprintf("%s: has no entry %v", path, k)
		}
		if d := differ(v, b.MapIndex(k), fmt.Sprintf("%s[%v]", path, k), loose); d != "" {
			return d
		}
	}
	return ""
}

func exported(t reflect.Type) bool {
	for i := range t.NumField() {
		if !t.Field(i).IsExported() {
			return false
		}
	}
	return true
}
