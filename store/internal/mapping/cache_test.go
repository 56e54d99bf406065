package mapping

import (
	"bytes"
	"fmt"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestCacheAnswersForTheSameBytesOnly(t *testing.T) {
	c := newCache(10)
	require.Nil(t, c.get(products, "p", []byte("a")))
	c.keep(products, "p", []byte("a"), "A")
	require.Equal(t, "A", c.get(products, "p", []byte("a")))
	require.Nil(t, c.get(products, "p", []byte("b")), "a changed document is another one")
	require.Nil(t, c.get(partners, "p", []byte("a")))
	var none *cache
	none.keep(products, "p", nil, "A")
	require.Nil(t, none.get(products, "p", nil))
}

func TestCacheIsBoundedAndKeepsWhatIsUsed(t *testing.T) {
	const bound = 20_000
	c := newCache(bound)
	held := func(m map[cacheKey]decoded) (n int) {
		for _, d := range m {
			n += len(d.doc)
		}
		return n
	}
	c.keep(products, "used", []byte("u"), "U")
	for i := range 2000 {
		id := fmt.Sprint(i)
		doc := bytes.Repeat([]byte("x"), 1+i%100*10)
		c.keep(products, id, doc, id)
		c.keep(products, id, doc[:len(doc)/2], id) // replaced, not added
		require.Equal(t, "U", c.get(products, "used", []byte("u")))
		require.Equal(t, held(c.young), c.filled)
		require.Less(t, held(c.young)+held(c.old), 2*(bound+1000))
	}
	require.Nil(t, c.get(products, "0", []byte("x")))
	large := bytes.Repeat([]byte("x"), cacheLargest+1)
	c.keep(products, "large", large, "L")
	require.Nil(t, c.get(products, "large", large), "one large document takes the place of many")
	c.keep(products, "large", large[1:], "L")
	require.Equal(t, "L", c.get(products, "large", large[1:]))
}

func TestCacheIsSharedSafely(t *testing.T) {
	c := newCache(8)
	var wg sync.WaitGroup
	for g := range 8 {
		wg.Go(func() {
			for i := range 2000 {
				id := fmt.Sprint((i + g) % 20)
				if v := c.get(products, id, []byte(id)); v != nil && v != id {
					t.Errorf("got %v for %s", v, id)
				}
				c.keep(products, id, []byte(id), id)
			}
		})
	}
	wg.Wait()
}
