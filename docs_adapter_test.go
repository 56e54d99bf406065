package comptoir_test

import (
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// The page for integrators quotes the example word for word, in numbered steps,
// and every name of the packages that it speaks of is there.
func TestDocsWritingAnAdapter(t *testing.T) {
	text, err := os.ReadFile("docs/writing-an-adapter.md")
	require.NoError(t, err)
	page := string(text)

	quotes := regexp.MustCompile("(?ms)^`(examples/adapter/\\w+\\.go)`\n\n```go\n(.*?)^```$").FindAllStringSubmatch(page, -1)
	require.Len(t, quotes, strings.Count(page, "```go\n"), "a block of Go says which file it is from")
	from := map[string]bool{}
	for _, q := range quotes {
		from[q[1]] = true
		source, err := os.ReadFile(q[1])
		require.NoError(t, err)
		require.Contains(t, string(source), q[2], "%s has no such lines", q[1])
	}
	for _, file := range []string{"adapter.go", "http.go", "map.go", "adapter_test.go"} {
		require.True(t, from["examples/adapter/"+file], "nothing of %s is shown", file)
	}

	steps := regexp.MustCompile(`(?m)^## Step (\d+): `).FindAllStringSubmatch(page, -1)
	var numbers []string
	for _, s := range steps {
		numbers = append(numbers, s[1])
	}
	require.Equal(t, strings.Fields("1 2 3 4 5 6 7 8 9 10 11 12"), numbers)

	api, err := os.ReadFile("docs/api.txt")
	require.NoError(t, err)
	declared := declaredIn(string(api))
	for _, name := range regexp.MustCompile("`(erp|erptest|erpsync)\\.([A-Z]\\w*(?:\\.[A-Z]\\w*)?)").FindAllStringSubmatch(page, -1) {
		require.Contains(t, declared[name[1]], name[2], "%s.%s", name[1], name[2])
	}
	for _, link := range regexp.MustCompile(`\]\(([^)#]+)\)`).FindAllStringSubmatch(page, -1) {
		_, err := os.Stat("docs/" + link[1])
		require.NoError(t, err)
	}
	for _, from := range []string{"README.md", "docs/design.md", "docs/erp/README.md"} {
		text, err := os.ReadFile(from)
		require.NoError(t, err)
		require.Contains(t, string(text), "writing-an-adapter.md", "%s does not lead there", from)
	}
}

// declaredIn are the names of the API by the last word of their package's path.
func declaredIn(api string) map[string][]string {
	out := map[string][]string{}
	pkg := ""
	for line := range strings.Lines(api) {
		words := strings.Fields(line)
		if len(words) < 2 {
			continue
		}
		if words[0] == "package" {
			pkg = words[1][strings.LastIndex(words[1], "/")+1:]
			continue
		}
		name := words[1]
		if i := strings.IndexAny(name, "([ "); i >= 0 {
			name = name[:i]
		}
		if !slices.Contains(out[pkg], name) {
			out[pkg] = append(out[pkg], name)
		}
	}
	return out
}
