package sqlgen

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// A text lies in [prefix, after) exactly when it starts with the prefix.
func TestAfterBoundsThePrefix(t *testing.T) {
	runes := rapid.SampledFrom([]rune{'a', 'b', 0xD7FF, 0xE000, 0x10FFFF, 0x7F, 'é', 1})
	rapid.Check(t, func(t *rapid.T) {
		prefix := string(rapid.SliceOfN(runes, 0, 3).Draw(t, "prefix"))
		text := string(rapid.SliceOfN(runes, 0, 5).Draw(t, "text"))
		end, bounded := after(prefix)
		in := text >= prefix && (!bounded || text < end)
		if in != strings.HasPrefix(text, prefix) {
			t.Fatalf("%q with prefix %q: in [%q, %q) is %v", text, prefix, prefix, end, in)
		}
	})
}

func TestAfter(t *testing.T) {
	for prefix, want := range map[string]string{"": "", "a": "b", "a\U0010FFFF": "b", "\U0010FFFF": "", "\uD7FF": "\uE000", "12": "13"} {
		end, ok := after(prefix)
		require.Equal(t, want, end)
		require.Equal(t, want != "", ok)
	}
}
