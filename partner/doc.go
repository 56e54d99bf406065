// Package partner holds the companies that buy: who they are, who works
// there, which legal entities order and are invoiced, where goods go, and
// what was agreed with them.
//
// A Partner is one document. It changes through its methods, which return the
// changed value and leave the receiver as it was:
//
//	p, err := p.PutAddress(partner.Address{ID: "works", Company: "Menuiserie Vasseur", …})
//	p, err = p.PutContract(partner.Contract{ID: "c1", Number: "2026/17", Counterparty: "main"})
//
// Everything wrong with an input is reported at once, as the issues of one
// ErrInvalid. Numbers are verified when they are there: VAT ids (ParseVATID),
// SIREN and SIRET, the SIRET against the SIREN and the French VAT id against
// it. What may still be missing when a partner is saved, above all a country
// or a VAT id, is asked for before an order by Address.Check and
// Counterparty.Check.
//
// Countries are stored by alpha-2 and read by alpha-2 or alpha-3; days
// (Date) have no zone, and validities (Validity) include both ends.
//
// Service is the use cases over any store: each command comes as a pair, in a
// transaction of its own or in one of the caller's. The actor's permissions
// are checked inside; a partner that an actor may not see is ErrNotFound.
package partner
