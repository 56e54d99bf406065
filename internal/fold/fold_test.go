package fold_test

import (
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/comptoir-go/comptoir/internal/fold"
)

func TestText(t *testing.T) {
	for in, want := range map[string]string{
		"":                       "",
		"  Cuisine   Martin ":    "cuisine martin",
		"Dépannage SUD":          "depannage sud",
		"STRASSE":                "strasse",
		"Straße":                 "strasse",
		"Ünïcödé":                "unicode",
		"Кухня":                  "кухня",
		"Œuvre":                  "œuvre",
		"full\u00a0width ＡＢＣ１２３": "full width abc123",
	} {
		require.Equal(t, want, fold.Text(in), in)
	}
}

func TestWords(t *testing.T) {
	require.Equal(t, []string{"atelier", "ines", "2"}, fold.Words("Atelier-Inès, ATELIER 2!"))
	require.Empty(t, fold.Words(" -- "))
}

func TestFoldingTwiceChangesNothing(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		once := fold.Text(rapid.String().Draw(t, "text"))
		require.Equal(t, once, fold.Text(once))
	})
}
