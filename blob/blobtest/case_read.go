package blobtest

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/comptoir-go/comptoir/access"
	"github.com/comptoir-go/comptoir/blob"
)

func readCases() []Case {
	return []Case{
		{"not_found", "a blob that is not there, and a hash that is none, is ErrNotFound", notFound},
		{"close_early", "a blob may be closed before its end, and read again", closeEarly},
		{"damaged", "content that is no longer what was put is ErrDamaged at its end, and good again when it is put again", damaged},
		{"list", "a list has every blob once, with its size, in the order of the hashes, whatever the size of its pages", list},
		{"list_empty", "the list of a tenant that has put nothing is empty", listEmpty},
		{"tenants", "no tenant reads, lists or removes what another has put", tenants},
	}
}

func notFound(e *env) {
	h := e.put(own, "plan").Hash
	for _, bad := range []blob.Hash{blob.HashOf([]byte("never put")), "", "x", h[:63], h + "0", blob.Hash(strings.ToUpper(string(h))), "../" + h[3:], "." + h[1:], h[:2] + "/" + h[2:], h + "\x00"} {
		_, err := e.read(own, bad)
		e.answers(fmt.Sprintf("Open of %q", bad), err, blob.ErrNotFound)
	}
	e.holds(own, "plan", true)
}

func closeEarly(e *env) {
	content := strings.Repeat("a long plan", 40_000)
	h := e.put(own, content).Hash
	r, err := e.Store.Open(e.ctx, own, h)
	e.must("Open", err)
	first := make([]byte, 11)
	_, err = io.ReadFull(r, first)
	e.must("Read", err)
	if string(first) != "a long plan" {
		e.broken("it begins with %q", first)
	}
	e.must("Close", r.Close())
	e.holds(own, content, true)
}

func damaged(e *env) {
	e.need("Damage", e.Damage != nil)
	for _, content := range []string{"a", strings.Repeat("a long plan", 40_000)} {
		h := e.put(own, content).Hash
		e.must("the harness's Damage", e.Damage(own, h))
		_, err := e.read(own, h)
		e.answers("reading damaged content", err, blob.ErrDamaged)
		e.put(own, content)
		e.holds(own, content, true)
	}
}

func list(e *env) {
	var want []blob.Hash
	sizes := map[blob.Hash]int64{}
	for i := range 40 {
		s := e.put(own, strings.Repeat("x", i))
		want, sizes[s.Hash] = append(want, s.Hash), int64(i)
	}
	slices.Sort(want)
	for _, limit := range []int{1, 7, 40, 41} {
		var got []blob.Hash
		for _, s := range e.all(own, limit) {
			got = append(got, s.Hash)
			if s.Size != sizes[s.Hash] {
				e.broken("a blob of %d bytes is listed with %d", sizes[s.Hash], s.Size)
			}
		}
		if !slices.Equal(got, want) {
			e.broken("in pages of %d the list has %d blobs, not the %d in their order", limit, len(got), len(want))
		}
	}
	middle, err := e.Store.List(e.ctx, own, want[19]+"0", 1)
	e.must("List", err)
	if len(middle) != 1 || middle[0].Hash != want[20] {
		e.broken("behind a place between two blobs comes %v, not %s", middle, want[20])
	}
}

func listEmpty(e *env) {
	e.put(other, "plan")
	e.nothing()
}

func tenants(e *env) {
	// Some look like paths, some alike on file systems that ignore case.
	all := []access.Tenant{"fr", "FR", "Fr", ".", "..", "f", "fr.", "fr-", "fr_", "con", access.Tenant(strings.Repeat("a", 64))}
	for i, t := range all {
		e.put(t, fmt.Sprintf("plan %d", i))
		e.put(t, "shared")
	}
	for i, t := range all {
		for j := range all {
			e.holds(t, fmt.Sprintf("plan %d", j), i == j)
		}
		if n := len(e.all(t, 100)); n != 2 {
			e.broken("tenant %q lists %d blobs, and has put 2", t, n)
		}
	}
	gone, err := e.Store.Remove(e.ctx, "fr", blob.HashOf([]byte("shared")), time.Unix(1<<40, 0))
	e.must("Remove", err)
	if !gone {
		e.broken("a blob of its own was not removed")
	}
	for _, t := range all {
		e.holds(t, "shared", t != "fr")
	}
}
