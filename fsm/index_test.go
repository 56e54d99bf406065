package fsm

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// Names with equal hashes ("aXcYe", "aZcWe") are still told apart.
func TestIndexIsExact(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		name := rapid.StringMatching(`a[xyz]b[xyz]c|[abc]{1,3}`)
		names := rapid.SliceOfNDistinct(name, 0, 30, rapid.ID).Draw(t, "names")
		x := newIndex(names)
		for at, n := range names {
			require.Equal(t, at, x.find(n))
		}
		other := name.Draw(t, "other")
		require.Equal(t, slices.Index(names, other), x.find(other))
		require.Equal(t, -1, x.find(""))
	})
	require.Equal(t, hash("aXcYe"), hash("aZcWe"))
	var zero index
	require.Equal(t, -1, zero.find("a"))
}
