// Package cart keeps the named selections of a partner: several carts side by
// side, each filled, priced and ordered apart.
//
// # Commands
//
// A Service is made over a store and a pricer. Every command comes as a pair:
// Put runs in a transaction of its own, PutTx in the caller's. Each carries an
// optional idempotency Key (the same actor, key and input give the first
// result) and an optional Version (what the caller has seen; a stale one is
// uow.ErrVersion).
// Checks come in this order: the context; whether the actor sees the cart
// (ErrNotFound); the key; the version; permission and baton; limits and rules.
//
// # The baton
//
// A cart has one holder, at first whoever made it. Only the holder changes and
// orders it: the designer fills a cart and hands it over to the purchaser
// (HandOver), who orders it. A person is an id and a side, a partner's or the
// seller's, so that people of two sides who share an id stay two. A baton may
// lie with a role; whoever of the role takes it up (TakeUp), changes the cart
// or orders it first is the holder from then on, by the same transaction, and
// the others of the role are not. Who keeps the partner's members and the
// seller's staff take a cart back by HandOver, and never change it past its
// holder. The history of the baton stays with the cart.
//
// # Prices
//
// Preview shows what a cart costs now. Recalculate keeps that quote in the
// cart: it has a validity and a seal. Any change of lines, their notes and
// tickets included, removes it. An order is placed by the seal of the quote
// that the buyer saw; when a figure moved in between the answer is
// *pricing.Moved, never another price.
//
// # Ordering
//
// Package order makes the order: it calls OrderTx, which answers a Ready cart
// or the reason why not, and EmptyTx in the same transaction. Whoever orders
// the same quote second gets *AlreadyOrdered with the reference of the order.
// A cart stays in place when it was ordered, empty, with its holder.
//
// # Lines between carts
//
// Move, Split and Merge carry lines or parts of them between carts of one
// partner. A line joins one of the same product, ticket and note. Everything
// that stands against it is listed in one *MergeConflict.
//
// # Quick order
//
// QuickOrder takes pasted text, an article number and a quantity a line
// (ParseQuick says what is read). All faults are listed with their lines;
// nothing is put unless everything can be, or TakeGood is set.
//
// # Events
//
// cart.created, cart.changed, cart.handed_over, cart.ordered and cart.deleted
// go to the topic event.Facts, with the subject "cart/" and the id.
package cart
