package pricing_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/comptoir-go/comptoir/pricing"
)

const codeAlphabet = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"

func TestCodeText(t *testing.T) {
	for typed, want := range map[string]string{
		"WELCOME10": "WELCOME10", " welcome-10 ": "WELCOME10", "Wel.come_10": "WELCOME10", "ｗｅｌｃｏｍｅ１０": "WELCOME10",
		"WЕLСОМЕ10": "WELCOME10", "wel\u00adcome\u200b10": "WELCOME10", "w e l – 1": "WEL1", "ABC": "ABC",
		strings.Repeat("A", 40): strings.Repeat("A", 40),
	} {
		got, err := pricing.CodeText(typed)
		require.NoError(t, err, typed)
		require.Equal(t, want, got)
	}
	for _, bad := range []string{"", "AB", "A-B", "WELCOME 10%", "ÉTÉ2026", "漢字漢字", "A\x00BC", "\xffABC", strings.Repeat("A", 41),
		"ABC" + strings.Repeat(" ", 400)} {
		_, err := pricing.CodeText(bad)
		require.ErrorIs(t, err, pricing.ErrCodeText, "%q", bad)
	}
	require.Equal(t, pricing.KeyOf("WELC0ME1O"), pricing.KeyOf("WE1COMEI0"))
	require.EqualValues(t, "WE1C0ME10", pricing.KeyOf("WELCOME10"))
}

// A check character by hand: ISO 7064's sum over the alphabet, radix 3.
func TestCheckCharacterByHand(t *testing.T) {
	// "2" is 0, "3" is 1: 0·27 + 1·9 + 0·3 = 9, and 9 + 23 = 32 = 1 mod 31.
	c, err := pricing.CheckCharacter("232")
	require.NoError(t, err)
	require.Equal(t, codeAlphabet[23], c)
	require.True(t, pricing.Checked("232"+string(c)))
	for _, bad := range []string{"", "2", "23O", "23é", "2322"} {
		require.False(t, pricing.Checked(bad), bad)
	}
	_, err = pricing.CheckCharacter("A0B")
	require.ErrorIs(t, err, pricing.ErrCodeText)
}

// Every single wrong character and every swap of two unlike ones is detected,
// in every body.
func TestCheckCharacterDetects(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		body := rapid.StringOfN(rapid.SampledFrom([]rune(codeAlphabet)), 1, 24, -1).Draw(t, "body")
		last, err := pricing.CheckCharacter(body)
		if err != nil {
			t.Fatal(err)
		}
		whole := body + string(last)
		if !pricing.Checked(whole) {
			t.Fatalf("%s is not its own", whole)
		}
		for i := range len(whole) {
			for _, c := range []byte(codeAlphabet) {
				wrong := whole[:i] + string(c) + whole[i+1:]
				if wrong != whole && pricing.Checked(wrong) {
					t.Fatalf("%s passes for %s", wrong, whole)
				}
			}
			for j := i + 1; j < len(whole); j++ {
				b := []byte(whole)
				b[i], b[j] = b[j], b[i]
				if string(b) != whole && pricing.Checked(string(b)) {
					t.Fatalf("%s passes for %s", b, whole)
				}
			}
		}
	})
}

// The normal form is its own, made of what codes are made of, whatever is
// typed; a completed body passes however it is written.
func FuzzCodeText(f *testing.F) {
	for _, s := range []string{"WELCOME10", "spring-7k4m 2q9p", "ｗｅｌ１０", "WЕLСОМЕ10", "", "A\x00B", "ſıK"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, typed string) {
		text, err := pricing.CodeText(typed)
		if err != nil {
			require.ErrorIs(t, err, pricing.ErrCodeText)
			require.Empty(t, text)
			return
		}
		require.GreaterOrEqual(t, len(text), pricing.MinCode)
		require.LessOrEqual(t, len(text), pricing.MaxCode)
		require.Equal(t, "", strings.Trim(text, "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"))
		again, err := pricing.CodeText(text)
		require.NoError(t, err)
		require.Equal(t, text, again)
		key := string(pricing.KeyOf(text))
		require.Equal(t, pricing.KeyOf(text), pricing.KeyOf(key))
		require.NotContains(t, key, "O")
		lower, err := pricing.CodeText(strings.ToLower(text[:1]) + " - " + text[1:])
		require.NoError(t, err)
		require.Equal(t, text, lower)
		last, err := pricing.CheckCharacter(text)
		if err != nil {
			require.True(t, strings.ContainsAny(text, "01ILO"))
			return
		}
		require.True(t, pricing.Checked(text+string(last)))
	})
}
