// Package pricing turns a basket into a quote: prices, taxes and totals of
// every line, explained, sealed and comparable with a later quote. It works on
// plain values and needs no store, so it can be used alone.
//
//	table, err := pricing.NewTaxTable(
//		pricing.TaxRow{Country: "FR", Class: "standard", Category: pricing.StandardRated, Rate: money.RateOf(20)})
//	pricer := pricing.NewListPricer(table, nil)
//	quote, err := pricer.Quote(ctx, basket)
//
// # The basket
//
// A Basket is resolved: every line carries its product's list prices and tax
// class, the basket names partner, currency, lists and the instant At. The
// first list that has a price wins; a price counts when it is of the basket's
// currency, valid at At, and has a break at or below the quantity. All that is
// wrong is reported at once: ErrBasket, ErrNoPrice, ErrNoTax carry an issue
// per line, and nothing is priced in part.
//
// # The figures
//
// By EN 16931. A line's amount is price × quantity / base quantity, rounded
// once; the unit price is never rounded (BT-131). Per category and rate the
// lines' nets are summed (BT-116) and the tax is that sum × rate, rounded
// (BT-117). The document's net, tax and gross are sums of the rows (BT-109,
// BT-110, BT-112). A line's own tax is informative: its rate's tax shared by
// the largest remainder. So net + tax = gross and the parts sum to the whole,
// exactly, for line, rate and document. Currencies have their own decimals:
// whole yen, thousandths of a Bahraini dinar.
//
// Where a list states prices gross, tax included, the line's gross is price ×
// quantity, rounded, and stays so: the grosses of a rate are summed, the sum
// is converted to net at one place, and the lines share that net. 10 × 38.23
// incl. 20 % is 382.30. What such a price contains is the seller's tax at home:
// where the goods leave the country free of it (K, G) the buyer pays the net,
// 100.00 of 120.00 incl. 20 %. A class that is no category S at home has no
// rate, and its gross is its net. A rate with both kinds of lines adds the tax of its
// nets and the tax contained in its grosses; the row's tax then differs from
// base × rate by at most 1.5 minor units at rates up to 100 %; rule BR-CO-17
// tolerates less than 1.00 of the currency.
//
// # Adjustments
//
// Adjust puts allowances and charges on the whole (BG-20, BG-21); a pricer
// made by WithAdjustments does it by a rule. Each is shared over the lines by
// their nets, the shares count in the base of the tax and not in a line's net
// (BT-131), and the document's net is the lines' nets and the adjustments
// (BT-109). An order keeps the shares, so that a part of it is invoiced and
// given back with exactly its part of every adjustment.
//
// # Tariffs
//
// A Tariff is all that decides prices, as data: price lists with audiences and
// fallbacks, the directory of discounts and the agreements that they were
// granted to, rules, floors, taxes, and the Policy. Compile checks it, with
// every issue at once, and makes an Engine; Live exchanges one for another while
// it is in use.
//
// A line's price comes from the lists in the order of Engine.Lists, by the
// strategy of the policy. Rules OnLine then lower the lines' own nets, rules
// OnOrder become allowances on the whole, shared over their goods. Rules go by
// priority; how several combine says Stacking, and Exclusive, Stop and Lane of
// each rule. Two rules of equal priority that fit one line, where their order
// decides, are ErrConflict or are reported. Nothing takes a line below its
// floor: what one line cannot bear the others do.
//
// Policy names where amounts are rounded, what a tax is computed of and how
// discounts are shared; presets give the totals of other systems. Discounts are
// taken as prices are stated: 10 % off 120.00 incl. tax is 12.00.
//
// Records carry a Span: when they hold, and from when to when they were known;
// so do rates and rules of tax, and policies. A correction is a new record beside
// the old one, so that Requote prices a stored quote again to its own figures
// after any later import.
//
// # Discount codes
//
// A Campaign says when its codes hold, for whom and how often they may be used;
// what they are worth is a rule of the tariff that names it. Codes are typed by
// people: CodeText reads them, and the check character of a generated code tells
// a mistyped one from one that never was.
//
// A use is a Redemption. A cart reserves it for a while, the order confirms it in
// its own transaction, and a cancelled order gives it back if the campaign says
// so. Each limit has one Tally that all who race for it write; a limit that is
// not set has none, so that a code for everybody is nobody's bottleneck. What has
// lapsed is free at that instant; Expire only tidies up.
//
// # Taxes
//
// A TaxTable is data: country, class, category, rate and window a row. Parties
// decides whether a sale is domestic, an intra-community supply (K) or an
// export (G).
//
// # Explanation
//
// QuotedLine.Why lists how the figures were made: list, break, round, tax, and
// the shares of adjustments; see Step. Options.Brief leaves it out.
//
// Engine.Explain gives the whole as a tree of Nodes: every line from its list to
// its tax, and of every rule and charge whether it applied, what beat or blocked
// it, or what is missing ("2 more and it gives 15 %"). It is a value for JSON,
// text and HTML, and holds all that is needed to compute the totals again.
//
// Engine.Offers lists what single products cost a buyer, at every quantity from
// which on it is something else: the price list of a partner, page by page.
//
// # Another tariff
//
// Simulate prices past quotes by the tariff that made them and by a changed one
// and sums what differs, by partner, family and rule: what a change of prices
// costs whom, before it is made.
//
// # Turnover and rebates
//
// Turnovers is the ledger of what partners bought: entries are only added, a
// document that changes adds the difference, and a sum can be taken as it was
// known at an instant. Facts carry the windows that rules ask for; see Asks. A
// Ladder says what a turnover earns, and Turnovers.Propose what a RebatePlan
// gives a partner, invoice by invoice, whatever the order in which the documents
// became known.
//
// # Offers
//
// A quote holds from At until Until and carries a Seal over all that is
// offered. Verify finds an altered quote, Expired an old one. Quoting again
// and asking Unmoved gives *Moved with every figure that changed. A pricer
// that is Pure reads the basket alone and may be asked inside a transaction;
// of any other only validity and seal can be checked there. Quote.Check says
// whether the figures of a quote made elsewhere agree among themselves.
package pricing
