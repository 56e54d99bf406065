package chapters

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestSplit(t *testing.T) {
	all := Split("# All\n\nabout\n\n## One\n\ntext ## no title\n### nor this\n\n## Two\n## Three\n\nend\n")
	require.Equal(t, []Chapter{{"One", "text ## no title\n### nor this\n"}, {"Two", "\n"}, {"Three", "end\n"}}, all)
	require.Equal(t, "end\n", Find(all, "Three"))
	require.Empty(t, Find(all, "Four"))
	require.Empty(t, Split("no chapters"))
	require.Equal(t, []Chapter{{"First", "x\n"}}, Split("## First\nx"))
}
