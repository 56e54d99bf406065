package pricing

import (
	"cmp"
	"context"
	"maps"
	"slices"

	"github.com/comptoir-go/comptoir/catalog"
	"github.com/comptoir-go/comptoir/money"
)

// target is what a document counts for by family, with the families of its
// articles.
func (l *ledger) target(ctx context.Context, tx TurnoverTx, in TurnoverInput) (map[string]money.Amount, []TurnoverArticle, error) {
	if err := l.look(ctx, tx, in.Lines); err != nil {
		return nil, nil, err
	}
	sums := map[string]money.Amount{}
	seen := map[catalog.SKU]string{}
	for _, line := range in.Lines {
		family := ""
		if line.SKU != "" {
			family = l.families[line.SKU]
			seen[line.SKU] = family
		}
		if err := addTo(sums, family, line.Net); err != nil {
			return nil, nil, err
		}
	}
	if err := shareRest(sums, in.Net); err != nil {
		return nil, nil, err
	}
	for f, x := range sums {
		switch {
		case x.IsZero():
			delete(sums, f)
		case in.Back:
			sums[f] = x.Neg()
		}
	}
	var articles []TurnoverArticle
	for sku, f := range seen {
		articles = append(articles, TurnoverArticle{SKU: sku, Family: f})
	}
	slices.SortFunc(articles, func(a, b TurnoverArticle) int { return cmp.Compare(a.SKU, b.SKU) })
	return sums, articles, nil
}

// look finds the families that are not known yet: of products by id, of other
// articles by number, each in one read.
func (l *ledger) look(ctx context.Context, tx TurnoverTx, lines []TurnoverLine) error {
	byID := map[catalog.ID][]catalog.SKU{}
	bySKU := map[catalog.SKU]bool{}
	for _, line := range lines {
		_, known := l.families[line.SKU]
		switch {
		case known || line.SKU == "":
		case line.Product != "":
			byID[line.Product] = append(byID[line.Product], line.SKU)
		default:
			bySKU[line.SKU] = true
		}
	}
	if len(byID) > 0 {
		found, err := tx.Products().GetMany(ctx, slices.Sorted(maps.Keys(byID)))
		if err != nil {
			return err
		}
		for id, skus := range byID {
			for _, sku := range skus {
				l.families[sku] = found[id].Family.String()
			}
		}
	}
	maps.DeleteFunc(bySKU, func(sku catalog.SKU, _ bool) bool { _, known := l.families[sku]; return known })
	if len(bySKU) == 0 {
		return nil
	}
	found, err := tx.Products().BySKU(ctx, slices.Sorted(maps.Keys(bySKU)))
	if err != nil {
		return err
	}
	for sku := range bySKU {
		l.families[sku] = found[sku].Family.String()
	}
	return nil
}

// shareRest brings the families to the document's net: what is missing is
// shared by what they have. A family that has nothing, or less, takes no part.
func shareRest(sums map[string]money.Amount, net money.Amount) error {
	rest := net
	var err error
	families := slices.Sorted(maps.Keys(sums))
	weights := make([]int64, len(families))
	some := false
	for i, f := range families {
		if rest, err = rest.Sub(sums[f]); err != nil {
			return err
		}
		weights[i] = max(sums[f].Minor(), 0)
		some = some || weights[i] > 0
	}
	if rest.IsZero() {
		return nil
	}
	if !some {
		return addTo(sums, "", rest)
	}
	shares, err := money.LargestRemainder.Split(rest, weights)
	if err != nil {
		return err
	}
	for i, f := range families {
		if err := addTo(sums, f, shares[i]); err != nil {
			return err
		}
	}
	return nil
}
