package pricing

import (
	"slices"

	"github.com/comptoir-go/comptoir/catalog"
)

// all reports whether every line is meant, but for exceptions.
func (g *Goods) all() bool {
	return len(g.Products) == 0 && len(g.Families) == 0 && len(g.Tags) == 0
}

// goodsSet is a compiled Goods.
type goodsSet struct {
	every    bool
	products map[catalog.ID]struct{}
	families []catalog.Family
	tags     []string
	except   *goodsSet
}

func compileGoods(g *Goods) *goodsSet {
	if g == nil {
		return nil
	}
	s := &goodsSet{every: g.all(), families: g.Families, tags: g.Tags, except: compileGoods(g.Except)}
	if len(g.Products) > 0 {
		s.products = make(map[catalog.ID]struct{}, len(g.Products))
		for _, p := range g.Products {
			s.products[p] = struct{}{}
		}
	}
	return s
}

// has reports whether a line is meant.
func (s *goodsSet) has(l *Line) bool {
	return s.named(l) && !s.excepts(l)
}

func (s *goodsSet) excepts(l *Line) bool { return s.except != nil && s.except.has(l) }

func (s *goodsSet) named(l *Line) bool {
	if s.every {
		return true
	}
	if _, ok := s.products[l.Product]; ok {
		return true
	}
	for i := range s.families {
		if l.Family.Within(s.families[i]) {
			return true
		}
	}
	for _, t := range s.tags {
		if slices.Contains(l.Tags, t) {
			return true
		}
	}
	return false
}
