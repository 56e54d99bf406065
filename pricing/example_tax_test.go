package pricing_test

import (
	"fmt"
	"time"

	"github.com/comptoir-go/comptoir/pricing"
)

func ExampleNewRuledTaxes() {
	taxes, err := pricing.NewRuledTaxes(frenchTaxes(), pricing.EUTaxRules(&pricing.EUTaxOptions{
		OneStopShop:   true,
		ReverseCharge: []pricing.ReverseChargeOf{{Country: "FR", Class: "scrap"}},
	})...)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Print(taxes)
	d, err := taxes.DecideTax(pricing.TaxCase{Seller: "FR", Buyer: "DE", VATID: "DE136695976", Class: "standard",
		At: time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)})
	fmt.Println(d.Category, d.Exemption.Code, d.Exemption.Text, err)
	// Output:
	// rule                     sale      seller  buyer  class  at home  identified   kind      decision
	// exempt everywhere        ·         ·       ·      ·      E,O      ·            ·         home
	// reverse charge FR scrap  domestic  FR      ·      scrap  ·        home,abroad  business  AE VATEX-EU-AE
	// domestic                 domestic  ·       ·      ·      ·        ·            ·         home
	// export                   abroad    ·       ·      ·      ·        ·            ·         G VATEX-EU-G
	// intra-community          intra_eu  ·       ·      ·      ·        abroad       ·         K VATEX-EU-IC
	// one-stop shop            intra_eu  ·       ·      ·      ·        ·            consumer  destination
	// distance sale            ·         ·       ·      ·      ·        ·            ·         home
	// K VATEX-EU-IC Intra-Community supply <nil>
}
