package testtryton

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"math/big"
	"slices"
)

// goods is a row of a document about goods, as a move or a line. Code is empty
// where it names no product; returns have negative quantities.
type goods struct {
	ID       int         `json:"id"`
	Quantity json.Number `json:"quantity"`
	Product  struct {
		Code string `json:"code"`
	} `json:"product."`
}

// goods reads such rows in the order of the document.
func (c *Client) goods(ctx context.Context, model string, ids []int) ([]goods, error) {
	var rows []goods
	if len(ids) == 0 {
		return nil, nil
	}
	if err := c.Read(ctx, &rows, model, ids, "quantity", "product.code"); err != nil {
		return nil, err
	}
	slices.SortFunc(rows, func(a, b goods) int { return a.ID - b.ID })
	return rows, nil
}

// share deals the items out over the rows, in their order, and says how much is
// taken of each, with the row's sign. More than there is is an error.
func share(rows []goods, items []Item) ([]json.Number, error) {
	want := map[string]*big.Rat{}
	for _, item := range items {
		q, ok := new(big.Rat).SetString(item.Quantity)
		if !ok || q.Sign() < 0 {
			return nil, fmt.Errorf("testtryton: %q of %s is not a quantity", item.Quantity, item.Code)
		}
		if sum := want[item.Code]; sum != nil {
			q.Add(q, sum)
		}
		want[item.Code] = q
	}
	taken := make([]json.Number, len(rows))
	for i, r := range rows {
		has, ok := new(big.Rat).SetString(cmp.Or(string(r.Quantity), "0"))
		if !ok {
			return nil, fmt.Errorf("testtryton: Tryton has %q of %s", r.Quantity, r.Product.Code)
		}
		sign := big.NewRat(int64(has.Sign()), 1)
		take := has.Abs(has)
		rest := want[r.Product.Code]
		if rest == nil {
			rest = new(big.Rat)
		}
		if rest.Cmp(take) < 0 {
			take.Set(rest)
		}
		rest.Sub(rest, take)
		taken[i] = json.Number(decimal(take.Mul(take, sign)))
	}
	for code, rest := range want {
		if rest.Sign() > 0 {
			return nil, fmt.Errorf("testtryton: there is %s too little of %s", decimal(rest), code)
		}
	}
	return taken, nil
}

// decimal writes a quantity; Tryton's units have at most five decimals here.
func decimal(q *big.Rat) string {
	if q.IsInt() {
		return q.RatString()
	}
	return q.FloatString(5)
}
