package mapping

import (
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
	c := newCache(100)
	c.keep(products, "used", []byte("u"), "U")
	for i := range 10_000 {
		id := fmt.Sprint(i)
		c.keep(products, id, []byte(id), id)
		require.Equal(t, "U", c.get(products, "used", []byte("u")))
		require.LessOrEqual(t, len(c.young)+len(c.old), 200)
	}
	require.Nil(t, c.get(products, "0", []byte("0")))
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
