// Package comptoir wires the trade counter behind a manufacturer: partners
// and catalog, named carts, orders, and the way into the company's ERP, over
// one store.
//
//	st, err := sqlitestore.Open(ctx, "comptoir.db", nil)
//	c, err := comptoir.Open(ctx, st, &comptoir.Options{Settings: comptoir.Settings{Pricer: pricer, Currency: money.EUR}})
//	shop, err := c.For("fr")
//	kitchen, err := shop.Carts.Create(ctx, designer, cart.CreateInput{Name: "Kitchen Martin"})
//
// The package imports no engine and no ERP adapter: a program names those it
// uses. Every package below can be taken alone; the README says what each
// pulls in.
package comptoir
