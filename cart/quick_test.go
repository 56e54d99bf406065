package cart_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/comptoir-go/comptoir/cart"
	"github.com/comptoir-go/comptoir/fault"
)

func TestParseQuick(t *testing.T) {
	for text, want := range map[string]string{
		"A;2":                      "1 A 2",
		"A,2":                      "1 A 2",
		"A\t2":                     "1 A 2",
		"A 2":                      "1 A 2",
		"A   \t 2":                 "1 A 2",
		"A":                        "1 A 1",
		"A;":                       "1 A 1",
		"A;;;":                     "1 A 1",
		"A;1,5":                    "1 A 1.5",
		"A 1,5":                    "1 A 1.5",
		"A,1,5":                    "1 A 1.5",
		"A, 5":                     "1 A 5",
		"A , 5":                    "1 A 5",
		"A;0.125":                  "1 A 0.125",
		"A;1.2500":                 "1 A 1.25",
		"0065612405;2":             "1 0065612405 2",
		"INOX SP;2":                "1 INOX SP 2",
		"\"A\";\"2\"":              "1 A 2",
		"\ufeffA;1\r\nB;2\rC;3\n":  "1 A 1|2 B 2|3 C 3",
		"# parts\n\n// more\nA;1":  "4 A 1",
		" ; ; \nA":                 "2 A 1",
		"":                         "",
		"A;x":                      "1!quantity_syntax",
		"A;1e3":                    "1!quantity_syntax",
		"A;1,2,3":                  "1!quantity_syntax",
		"A 2 3":                    "1!quantity_syntax",
		"A;0":                      "1!quantity_positive",
		"A;-2":                     "1!quantity_positive",
		"A;1.000":                  "1!quantity_ambiguous",
		"A;2,500":                  "1!quantity_ambiguous",
		"A;1.23456":                "1!quantity_syntax",
		"A;99999999999999999999":   "1!quantity_syntax",
		"A;1;tray":                 "1!too_many_fields",
		";2":                       "1!code_missing",
		",2":                       "1!code_missing",
		"A\x00;1":                  "1!encoding",
		"\xff;1":                   "1!encoding",
		"A;x\nB;2\nC;y":            "2 B 2|1!quantity_syntax|3!quantity_syntax",
		strings.Repeat("A", 65):    "1!code_too_long",
		strings.Repeat("\n", 5000): "0!too_many_lines",
		strings.Repeat("A", cart.MaxQuickBytes+1): "0!too_long",
	} {
		lines, faults := cart.ParseQuick(text)
		var got []string
		for _, l := range lines {
			got = append(got, fmt.Sprintf("%d %s %s", l.Number, l.SKU, l.Quantity))
		}
		for _, f := range faults {
			got = append(got, fmt.Sprintf("%d!%s", f.Number, f.Code))
		}
		require.Equal(t, want, strings.Join(got, "|"), "%.40q", text)
	}
}

func TestQuickOrderIsAllOrNothing(t *testing.T) {
	k := newKit(nil, &cart.Options{Limits: cart.Limits{Lines: 2}})
	c := k.cart(lind, "A", put(tray, "1"))
	text := "065612405;2\nnope;1\nINOX-SP;4\nOLD-1;1\n065612405;x\nINOX-SP;8\n065612405\nCABLE;1,5\nCUST-1"
	_, err := k.QuickOrder(bg, lind, cart.QuickInput{Cart: c.ID, Text: text})
	require.ErrorIs(t, err, cart.ErrQuick)
	require.Equal(t, []string{"line[2] catalog.not_found", "line[4] catalog.not_found", "line[5] quantity_syntax",
		"line[8] cart.limit", "line[9] catalog.not_found"}, issues(err), "4 + 8 handles are a dozen")
	var e *fault.Error
	require.ErrorAs(t, err, &e)
	require.Len(t, e.Data(), 5)
	require.Equal(t, c, get(k.Get(bg, lind, c.ID)))

	in := cart.QuickInput{Cart: c.ID, Text: text, TakeGood: true, Key: "k"}
	out := get(k.QuickOrder(bg, lind, in))
	require.Equal(t, []string{"065612405 4", "INOX-SP 12"}, quantities(out.Cart))
	require.Len(t, out.Taken, 4)
	require.Equal(t, []int{1, 3, 6, 7}, []int{out.Taken[0].Number, out.Taken[1].Number, out.Taken[2].Number, out.Taken[3].Number})
	require.Len(t, out.Faults, 5)
	require.Equal(t, out, get(k.QuickOrder(bg, lind, in)))

	none := get(k.QuickOrder(bg, lind, cart.QuickInput{Cart: c.ID, Text: "nope", TakeGood: true}))
	require.Equal(t, out.Cart.Version, none.Cart.Version, "nothing taken, nothing saved")
	_, err = k.QuickOrder(bg, merle, cart.QuickInput{Cart: c.ID, Text: "065612405"})
	require.ErrorIs(t, err, cart.ErrNotHolder)
	_, err = k.QuickOrder(bg, lind, cart.QuickInput{Cart: c.ID, Text: strings.Repeat("x", cart.MaxQuickBytes+1)})
	require.Equal(t, []string{"text too_long"}, issues(err))
}

func TestQuickOrderListsARuleOnEveryLineOfTheCode(t *testing.T) {
	k := newKit(nil, nil)
	c := k.cart(lind, "A")
	_, err := k.QuickOrder(bg, lind, cart.QuickInput{Cart: c.ID, Text: "INOX-SP;6\nINOX-SP;2"})
	require.Equal(t, []string{"line[1] quantity.step", "line[2] quantity.step"}, issues(err))
}

func FuzzParseQuick(f *testing.F) {
	for _, s := range []string{"A;2\r\nB,1,5\n#x\n\"C\"\t0.125", "\ufeffA 1\nB\n;;\n1.000", "A;1.000\nB;\xff\nC\x00"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		lines, faults := cart.ParseQuick(text)
		last, seen := 0, map[int]bool{}
		for _, l := range lines {
			if l.Number <= last || l.Quantity.Sign() <= 0 || l.SKU == "" || len(l.SKU) > 64 ||
				strings.TrimSpace(string(l.SKU)) != string(l.SKU) {
				t.Fatalf("%+v after line %d", l, last)
			}
			last = l.Number
			seen[last] = true
		}
		last = -1
		for _, e := range faults {
			if e.Number <= last || e.Code == "" || e.Message == "" || seen[e.Number] {
				t.Fatalf("%+v after line %d", e, last)
			}
			last = e.Number
		}
		if rows := strings.Count(text, "\n") + strings.Count(text, "\r") + 1; len(lines)+len(faults) > rows {
			t.Fatalf("%d answers to %d lines", len(lines)+len(faults), rows)
		}
		// What was read, written again, reads the same.
		var again strings.Builder
		for _, l := range lines {
			fmt.Fprintf(&again, "%s;%s\n", l.SKU, l.Quantity.Decimal().StringFixed(4))
		}
		back, wrong := cart.ParseQuick(again.String())
		if again.Len() > cart.MaxQuickBytes || len(lines) >= cart.MaxQuickLines {
			return
		}
		for _, l := range lines { // what looks like a comment or holds a separator cannot be written plainly
			if strings.ContainsAny(string(l.SKU), ";\"\t") || strings.HasPrefix(string(l.SKU), "#") || strings.HasPrefix(string(l.SKU), "//") || strings.HasPrefix(string(l.SKU), "\ufeff") {
				return
			}
		}
		if len(wrong) > 0 || len(back) != len(lines) {
			t.Fatalf("%q: %v %v", again.String(), back, wrong)
		}
		for i := range back {
			if back[i].SKU != lines[i].SKU || back[i].Quantity != lines[i].Quantity {
				t.Fatalf("%+v is not %+v", back[i], lines[i])
			}
		}
	})
}
