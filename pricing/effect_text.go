package pricing

import "fmt"

// text is what an effect gives, in few words: "15 %", "5.00 EUR off", "8.90 EUR",
// "1 of 3 free"; of a scale what its first step gives.
func (g *Effect) text() string {
	switch {
	case !g.Percent.IsZero():
		return g.Percent.String() + " %"
	case g.Amount != nil && g.Per == PerUnit:
		return g.Amount.String() + " off each"
	case g.Amount != nil && g.Per == PerLine:
		return g.Amount.String() + " off each line"
	case g.Amount != nil:
		return g.Amount.String() + " off"
	case g.Price != nil:
		return g.Price.String()
	case g.Cheapest != nil && !g.Cheapest.Percent.IsZero():
		return fmt.Sprintf("%d of %d at %s %% less", g.Cheapest.Free, g.Cheapest.Of, g.Cheapest.Percent)
	case g.Cheapest != nil:
		return fmt.Sprintf("%d of %d free", g.Cheapest.Free, g.Cheapest.Of)
	case g.Item != nil:
		return fmt.Sprintf("%s of %s free", g.Item.Quantity, g.Item.Product)
	case g.Tiers != nil && len(g.Tiers.Steps) > 0:
		return g.Tiers.Steps[0].text()
	}
	return ""
}

// gives is what a rule gives once there is what it lacks, where goods or turnover
// may be added to it.
func (l Lack) gives(g *Effect) string {
	switch l {
	case LackQuantity, LackAmount, LackBasket, LackComposition, LackTurnover:
		return g.text()
	}
	return ""
}
