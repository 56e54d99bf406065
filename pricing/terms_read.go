package pricing

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"reflect"
	"strings"
	"unicode/utf8"

	"github.com/comptoir-go/comptoir/fault"
)

// The bounds of a feed.
const (
	MaxTermsBytes = 64 << 20
	MaxTermsRows  = 500_000 // of all stages together
)

// ReadTerms reads a feed from JSON: strictly, at most MaxTermsBytes and
// MaxTermsRows, and nothing behind it. Every field that is unknown, there
// twice, of a wrong type or not UTF-8 is an issue with its path
// ("actions[3].from"); after text that is no JSON nothing more can be read.
// A stage that is left out is an issue too (pricing.required): a feed that was cut
// short must not pass for one that takes everything back. One without rows is
// an empty list. What the rows say is checked by PlanTerms.
//
// Errors: ErrTerms (Invalid, pricing.terms) with all issues; those of r as they
// are.
func ReadTerms(r io.Reader) (TermsFeed, error) {
	var feed TermsFeed
	text, err := io.ReadAll(io.LimitReader(r, MaxTermsBytes+1))
	if err != nil {
		return TermsFeed{}, err
	}
	var is fault.Issues
	switch {
	case len(text) > MaxTermsBytes:
		is.Add("", issueJSON, "the feed has more than %d bytes", MaxTermsBytes)
	case !json.Valid(text):
		is.Add("", issueJSON, "%s", notJSON(text))
	default:
		rows, given := 0, map[string]bool{}
		whole := readObject(&is, "", text, &feed, func(path string, raw json.RawMessage, field any) {
			given[path] = true
			readRows(&is, path, raw, field, &rows)
		})
		if whole {
			needStages(&is, given)
		}
	}
	if err := is.Err(ErrTerms); err != nil {
		return TermsFeed{}, err
	}
	return feed, nil
}

// needStages notes the stages that a feed leaves out.
func needStages(is *fault.Issues, given map[string]bool) {
	feed := reflect.TypeFor[TermsFeed]()
	for i := range feed.NumField() {
		if stage := feed.Field(i).Tag.Get("json"); !given[stage] {
			is.Add(stage, issueRequired, "the stage is left out; without rows it is an empty list")
		}
	}
}

// notJSON says where a text stops to be one JSON value.
func notJSON(text []byte) string {
	var any json.RawMessage
	var syntax *json.SyntaxError
	if err := json.Unmarshal(text, &any); errors.As(err, &syntax) {
		return fmt.Sprintf("at byte %d: %v", syntax.Offset, err)
	}
	return "is not one JSON value"
}

// readObject walks the fields of a JSON object into a struct, and hands each
// to read with its path. Names are compared exactly. It reports whether it came
// to the end.
func readObject(is *fault.Issues, path string, raw json.RawMessage, into any, read func(path string, raw json.RawMessage, field any)) bool {
	dec := json.NewDecoder(bytes.NewReader(raw))
	if t, err := dec.Token(); err != nil || t != json.Delim('{') {
		is.Add(path, issueJSON, "is not an object")
		return false
	}
	v := reflect.ValueOf(into).Elem()
	met := map[string]bool{}
	for dec.More() {
		key, err := dec.Token()
		name, _ := key.(string)
		var value json.RawMessage
		if err == nil {
			err = dec.Decode(&value)
		}
		at := fault.Join(path, name)
		if err != nil {
			is.Add(at, issueJSON, "%v", err)
			return false
		}
		field := fieldOf(v, name)
		switch {
		case met[name]:
			is.Add(at, issueTwice, "is there twice")
		case field == nil:
			is.Add(at, issueJSON, "is no field of the feed")
		default:
			read(at, value, field)
		}
		met[name] = true
	}
	return true
}

// fieldOf returns a pointer to the field of a JSON name, nil for none.
func fieldOf(v reflect.Value, name string) any {
	for i := range v.NumField() {
		if tag, _, _ := strings.Cut(v.Type().Field(i).Tag.Get("json"), ","); tag == name {
			return v.Field(i).Addr().Interface()
		}
	}
	return nil
}

// readRows reads a stage into a slice of rows; into points to it.
func readRows(is *fault.Issues, path string, raw json.RawMessage, into any, rows *int) {
	dec := json.NewDecoder(bytes.NewReader(raw))
	if t, err := dec.Token(); err != nil || t != json.Delim('[') {
		is.Add(path, issueJSON, "is not a list of rows")
		return
	}
	list := reflect.ValueOf(into).Elem()
	for i := 0; dec.More(); i++ {
		if *rows++; *rows > MaxTermsRows {
			is.Add(path, issueJSON, "the feed has more than %d rows", MaxTermsRows)
			return
		}
		var one json.RawMessage
		at := indexedPath(path, i)
		if err := dec.Decode(&one); err != nil {
			is.Add(at, issueJSON, "%v", err)
			return
		}
		row := reflect.New(list.Type().Elem())
		readObject(is, at, one, row.Interface(), func(path string, raw json.RawMessage, field any) { readField(is, path, raw, field) })
		list.Set(reflect.Append(list, row.Elem()))
	}
}

// readField reads one value. JSON would put a sign of its own in the place of
// bytes that are not UTF-8, and names would be equal that are not.
func readField(is *fault.Issues, path string, raw json.RawMessage, field any) {
	if !utf8.Valid(raw) {
		is.Add(path, issueJSON, "is not valid UTF-8")
		return
	}
	dec := json.NewDecoder(bytes.NewReader(raw))
	dec.DisallowUnknownFields()
	if err := dec.Decode(field); err != nil {
		is.Add(path, issueJSON, "%v", err)
		return
	}
	if text, ok := stringOf(field); ok && strings.ContainsRune(text, utf8.RuneError) {
		is.Add(path, issueJSON, "holds a character that was lost on the way (U+FFFD)")
	}
}

func stringOf(field any) (string, bool) {
	v := reflect.ValueOf(field).Elem()
	return v.String(), v.Kind() == reflect.String
}
