package pricing

import "github.com/comptoir-go/comptoir/money"

// A preset is a Policy under the name of the system whose totals it gives. It
// is plain data: print it, change it, save it with the tariff.

// EN16931 rounds lines, and taxes the sum of each category and rate.
func EN16931() Policy {
	return Policy{Preset: "EN16931"}.filled()
}

// Odoo taxes each line and rounds it ("round per line"); of several discounts
// each is taken of what is left.
func Odoo() Policy {
	return Policy{Preset: "Odoo", Tax: TaxPerLine}.filled()
}

// ERPNext adds percents up (20 and 10 make 30) and rounds half to even; its
// option to apply a discount on the rate is Lines.Mode Compounded (28).
func ERPNext() Policy {
	add := Stacking{Mode: Additive}
	return Policy{Preset: "ERPNext", Rounding: money.HalfEven, Lines: add, Orders: add}.filled()
}

// Oro merges price lists, taxes each line, and lets the last line take what
// is left of a shared discount.
func Oro() Policy {
	return Policy{Preset: "Oro", Tax: TaxPerLine, Lists: MergeLists, Apportionment: money.LastTakesRest}.filled()
}

// Sylius taxes each line, and corrects shared discounts from the first line on.
func Sylius() Policy {
	return Policy{Preset: "Sylius", Tax: TaxPerLine, Apportionment: money.HalfDownFirst}.filled()
}

// Solidus takes the best of several promotions, taxes each line, and lets the
// first line take what is left of a shared discount.
func Solidus() Policy {
	best := Stacking{Mode: BestFor}
	return Policy{Preset: "Solidus", Tax: TaxPerLine, Apportionment: money.FirstTakesRest, Lines: best, Orders: best}.filled()
}

// Vendure rounds what a percentage leaves, shares discounts by floor and
// largest error, and taxes the sum of each rate.
func Vendure() Policy {
	return Policy{Preset: "Vendure", Discounts: RoundLeft, Apportionment: money.FloorLargestError}.filled()
}

// Presets are all of them, in this order.
func Presets() []Policy {
	return []Policy{EN16931(), Odoo(), ERPNext(), Oro(), Sylius(), Solidus(), Vendure()}
}

// PresetNamed returns the preset of a name; false when there is none.
func PresetNamed(name string) (Policy, bool) {
	for _, p := range Presets() {
		if p.Preset == name {
			return p, true
		}
	}
	return Policy{}, false
}
