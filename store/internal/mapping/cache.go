package mapping

import (
	"bytes"
	"sync"

	"github.com/comptoir-go/comptoir/store"
	"github.com/comptoir-go/comptoir/store/internal/engine"
)

// Cached is Bind with a memory of decoded documents over all transactions of
// a store: products and partners are read far more often than they change,
// and decoding is most of what reading them costs. It is only ever a shorter
// way from the same bytes to the same value: a document is looked up by its
// bytes as just read, so nothing stale can come out of it.
func Cached() func(*engine.Session) store.Tx {
	c := newCache(cacheBytes)
	return func(s *engine.Session) store.Tx { return tx{s: s, cache: c} }
}

// The bounds of the memory, in bytes of documents: of each of the two
// generations, and of one document. A decoded value takes up to three times
// the bytes of its document, which is kept beside it, so a store remembers no
// more than about 64 MB.
const (
	cacheBytes   = 8 << 20
	cacheLargest = 64 << 10
)

// cache keeps the documents used last, in two generations: when the young one
// is full it becomes the old one, and what nobody asks for meanwhile is
// forgotten with the next turn.
type cache struct {
	bytes      int
	mu         sync.Mutex
	young, old map[cacheKey]decoded
	filled     int // bytes in young
}

type cacheKey struct {
	table *engine.Table
	id    string
}

type decoded struct {
	doc   []byte
	value any
}

func newCache(bytes int) *cache { return &cache{bytes: bytes, young: map[cacheKey]decoded{}} }

// get returns what the bytes were decoded to, nil when that is not known.
func (c *cache) get(t *engine.Table, id string, doc []byte) any {
	if c == nil {
		return nil
	}
	k := cacheKey{t, id}
	c.mu.Lock()
	d, ok := c.young[k]
	if !ok {
		if d, ok = c.old[k]; ok {
			c.put(k, d)
		}
	}
	c.mu.Unlock()
	if !ok || !bytes.Equal(d.doc, doc) {
		return nil
	}
	return d.value
}

// keep remembers a value, which nobody may change afterwards.
func (c *cache) keep(t *engine.Table, id string, doc []byte, value any) {
	if c == nil || len(doc) > cacheLargest {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.put(cacheKey{t, id}, decoded{doc: doc, value: value})
}

func (c *cache) put(k cacheKey, d decoded) {
	if c.filled >= c.bytes {
		c.old, c.young, c.filled = c.young, map[cacheKey]decoded{}, 0
	}
	c.filled += len(d.doc) - len(c.young[k].doc)
	c.young[k] = d
}
