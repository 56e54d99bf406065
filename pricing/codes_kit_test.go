package pricing_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"sync"
	"time"

	"github.com/comptoir-go/comptoir/access"
	"github.com/comptoir-go/comptoir/partner"
	"github.com/comptoir-go/comptoir/pricing"
	"github.com/comptoir-go/comptoir/store"
	"github.com/comptoir-go/comptoir/store/memstore"
	"github.com/comptoir-go/comptoir/uow"
)

// Nina buys for the studio Nord, Sven for the dealer Sud; Ada runs campaigns.
var (
	ada  = access.Actor{ID: "ada", Roles: []access.Role{access.Admin}}
	nina = access.Actor{ID: "nina", Partner: "nord", Roles: []access.Role{access.Purchaser}}
	sven = access.Actor{ID: "sven", Partner: "sud", Roles: []access.Role{access.Purchaser}}
	ben  = access.Actor{ID: "ben", Partner: "nord", Roles: []access.Role{access.Accountant}}
)

var doors = time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC)

// desk is discount codes over a store in memory, with a clock and ids that
// count.
type desk struct {
	*pricing.Codes
	store store.Tenanted
	mu    sync.Mutex
	at    time.Time
	n     int
}

func newDesk() *desk {
	d := &desk{at: doors}
	d.store, _ = memstore.New(nil).For("fr")
	dice := rand.NewChaCha8([32]byte{1})
	d.Codes = pricing.NewCodes(uow.Narrow(d.store, func(tx store.Tx) pricing.CodeTx { return tx }), &pricing.CodeOptions{
		Now: d.now, NewID: d.newID, Zone: time.FixedZone("CET", 3600),
		Random: func(p []byte) { _, _ = dice.Read(p) }})
	return d
}

func (d *desk) now() time.Time {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.at
}

func (d *desk) later(by time.Duration) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.at = d.at.Add(by)
}

func (d *desk) newID() string {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.n++
	return fmt.Sprintf("id%05d", d.n)
}

// campaign saves a campaign that is on, with the code WELCOME10.
func (d *desk) campaign(c pricing.Campaign) pricing.Campaign {
	c.ID, c.Name, c.Active = "welcome", "Welcome", true
	saved, err := d.SaveCampaign(context.Background(), ada, pricing.SaveCampaignInput{Campaign: c})
	if err == nil {
		_, err = d.AddCode(context.Background(), ada, pricing.AddCodeInput{Campaign: c.ID, Code: "WELCOME10"})
	}
	if err != nil {
		panic(err)
	}
	return saved
}

func (d *desk) reserve(a access.Actor, cart string) (pricing.Redemption, error) {
	return d.Reserve(context.Background(), a, pricing.ReserveInput{Code: "Welcome-10", Partner: a.Partner, Cart: pricing.CartID(cart)})
}

func (d *desk) confirm(a access.Actor, cart, order string) ([]pricing.Redemption, error) {
	return uow.Do(context.Background(), d.store, func(ctx context.Context, tx store.Tx) ([]pricing.Redemption, error) {
		return d.ConfirmTx(ctx, tx, a.Stamp(), pricing.ConfirmInput{Partner: a.Partner, Cart: pricing.CartID(cart), Order: pricing.OrderID(order),
			Codes: []pricing.UsedCode{{Code: "WELCOME10", Campaign: "welcome"}}})
	})
}

func (d *desk) giveBack(order string) ([]pricing.Redemption, error) {
	return uow.Do(context.Background(), d.store, func(ctx context.Context, tx store.Tx) ([]pricing.Redemption, error) {
		return d.ReturnTx(ctx, tx, "ada", pricing.OrderID(order))
	})
}

// register makes a partner of some groups.
func (d *desk) register(id partner.ID, groups ...string) {
	err := d.store.Update(context.Background(), func(ctx context.Context, tx store.Tx) error {
		_, err := tx.Partners().Save(ctx, partner.Partner{ID: id, Number: string(id), Name: string(id), Groups: groups})
		return err
	})
	if err != nil {
		panic(err)
	}
}

// why is the reason of a refusal, "" for none.
func why(err error) pricing.CodeReason {
	var no *pricing.CodeRefused
	if errors.As(err, &no) {
		return no.Reason
	}
	if err != nil {
		return pricing.CodeReason(err.Error())
	}
	return ""
}
