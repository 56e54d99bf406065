// Package catalog holds what can be ordered: products and spare parts, their
// names, prices, families and sale rules, and how many are in stock.
//
// A Product is one document. Validate reports everything wrong with it as the
// issues of one ErrInvalid; OrderableBy says whether a partner may order it
// and why not; QuantityRule bounds what one line, and the lines of a product
// together, may ask for; FindPrice chooses among list prices; Name falls back from language to language.
//
//	if err := p.OrderableBy("p1"); err != nil { … }       // offline, blocked, not_referenced
//	price, step, ok := catalog.FindPrice(p.Prices, lists, money.EUR, at, q)
//
// Serial is the one type of serial numbers: structured where a text follows
// the layout, otherwise kept as it is. ServiceIndex names the revision of a
// model. Availability is a figure with the time at which it was true.
//
// Service is the use cases over any store: each command comes as a pair, in a
// transaction of its own or in one of the caller's. What the partner side may
// not order is ErrNotFound for it, and it sees neither whom else a product is
// for nor the prices of named lists, its own included: those a pricer quotes,
// for a cart or a basket. SeesAll says, by the policy, who sees everything.
package catalog
