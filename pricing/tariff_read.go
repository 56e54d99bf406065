package pricing

import (
	"bytes"
	"encoding"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"reflect"
	"slices"
	"strings"
	"time"

	"github.com/comptoir-go/comptoir/fault"
)

// mostJSONIssues bounds what is told of one file.
const mostJSONIssues = 1000

// ReadTariff reads a tariff from JSON: strictly, at most MaxTariffBytes, and
// nothing behind it. Unknown fields, fields that are there twice, wrong types,
// names of no currency and numbers that do not fit are ErrTariff (Invalid, pricing.tariff) with an issue
// each at its path, at most 1000; what the fields say is checked by Compile, and
// here too where some are unknown and all others can be read, so that it is told
// at once.
func ReadTariff(r io.Reader) (Tariff, error) {
	var is fault.Issues
	data, err := io.ReadAll(io.LimitReader(r, MaxTariffBytes+1))
	if err == nil && len(data) > MaxTariffBytes {
		err = errors.New("the tariff is too long")
	}
	if err != nil {
		is.Add("", issueJSON, "%v", err)
		return Tariff{}, is.Err(ErrTariff)
	}
	var t Tariff
	dec := json.NewDecoder(bytes.NewReader(data))
	dec.DisallowUnknownFields()
	if err := dec.Decode(&t); err != nil {
		if json.Valid(data) {
			jsonIssues(&is, "", data, reflect.TypeFor[Tariff]())
			jsonTwice(&is, data)
		}
		unknown := func(i fault.Issue) bool { return i.Code != issueUnknown }
		switch {
		case len(is) == 0:
			is.Add("", issueJSON, "%s", jsonBroken(data, err))
		case !slices.ContainsFunc(is, unknown):
			var known Tariff
			if json.Unmarshal(data, &known) == nil {
				is.AddUnder("", known.Check())
			}
		}
		return Tariff{}, is.Err(ErrTariff)
	}
	if _, err := dec.Token(); !errors.Is(err, io.EOF) {
		is.Add("", issueJSON, "there is something behind the tariff, in line %d", lineAt(data, dec.InputOffset()))
		return Tariff{}, is.Err(ErrTariff)
	}
	if jsonTwice(&is, data); len(is) > 0 {
		return Tariff{}, is.Err(ErrTariff)
	}
	return t, nil
}

// jsonBroken says where JSON breaks off, or is none.
func jsonBroken(data []byte, err error) string {
	var syntax *json.SyntaxError
	switch {
	case errors.Is(err, io.EOF):
		return "there is nothing"
	case errors.Is(err, io.ErrUnexpectedEOF):
		return "it ends before the tariff does"
	case errors.As(err, &syntax):
		return fmt.Sprintf("line %d: %v", lineAt(data, syntax.Offset), err)
	}
	return err.Error()
}

// lineAt is the line of a place, from 1 on.
func lineAt(data []byte, offset int64) int {
	return 1 + bytes.Count(data[:min(offset, int64(len(data)))], []byte("\n"))
}

// jsonMisfit says why a value does not fit a type, without naming types of Go.
func jsonMisfit(t reflect.Type, err error) string {
	if t == reflect.TypeFor[time.Time]() {
		return `is no instant, such as "2026-03-01T00:00:00+01:00"`
	}
	var typed *json.UnmarshalTypeError
	if !errors.As(err, &typed) {
		return err.Error()
	}
	was, _, _ := strings.Cut(typed.Value, " ")
	want := "something else"
	_, texts := reflect.New(t).Interface().(encoding.TextUnmarshaler)
	switch kind := t.Kind(); {
	case texts || kind == reflect.String:
		want = "a text in quotes"
	case kind == reflect.Bool:
		want = "true or false"
	case kind == reflect.Int:
		want = "a whole number"
	}
	if form := strings.TrimSuffix(strings.TrimSuffix(err.Error(), typed.Error()), ": "); form != "" {
		return form + ", and this is of type " + was
	}
	return "is of type " + was + ", and " + want + " belongs here"
}

// jsonIssues finds where JSON does not fit a type: what the decoder says of the
// first place only, for every place.
func jsonIssues(is *fault.Issues, path string, raw json.RawMessage, t reflect.Type) {
	if len(*is) >= mostJSONIssues || string(raw) == "null" {
		return
	}
	if t.Kind() == reflect.Pointer {
		jsonIssues(is, path, raw, t.Elem())
		return
	}
	_, reads := reflect.New(t).Interface().(json.Unmarshaler)
	_, texts := reflect.New(t).Interface().(encoding.TextUnmarshaler)
	switch kind := t.Kind(); {
	case !reads && !texts && kind == reflect.Struct:
		var fields map[string]json.RawMessage
		if json.Unmarshal(raw, &fields) != nil {
			is.Add(path, issueJSON, "is no object")
			return
		}
		for _, name := range slices.Sorted(maps.Keys(fields)) {
			at := fault.Join(path, name)
			if f, ok := jsonField(t, name); ok {
				jsonIssues(is, at, fields[name], f)
			} else {
				is.Add(at, issueUnknown, "there is no such field")
			}
		}
	case !reads && !texts && kind == reflect.Slice:
		var items []json.RawMessage
		if json.Unmarshal(raw, &items) != nil {
			is.Add(path, issueJSON, "is no list")
			return
		}
		for i := range items {
			jsonIssues(is, indexedPath(path, i), items[i], t.Elem())
		}
	default:
		if err := json.Unmarshal(raw, reflect.New(t).Interface()); err != nil {
			is.Add(path, issueJSON, "%s", jsonMisfit(t, err))
		}
	}
}

// jsonField is the type of the field that a name stands for, as the decoder
// finds it.
func jsonField(t reflect.Type, name string) (reflect.Type, bool) {
	for i := range t.NumField() {
		f := t.Field(i)
		tag, _, _ := strings.Cut(f.Tag.Get("json"), ",")
		switch {
		case f.Anonymous && tag == "":
			if inner, ok := jsonField(f.Type, name); ok {
				return inner, true
			}
		case strings.EqualFold(tag, name):
			return f.Type, true
		}
	}
	return nil, false
}
