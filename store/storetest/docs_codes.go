package storetest

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/comptoir-go/comptoir/access"
	"github.com/comptoir-go/comptoir/partner"
	"github.com/comptoir-go/comptoir/pricing"
	"github.com/comptoir-go/comptoir/store"
	"github.com/comptoir-go/comptoir/uow"
)

// codeKinds are the kinds of documents around discount codes.
func codeKinds() []kind {
	campaigns := kindOf(pricing.CampaignDocKind, typed[pricing.Campaign]{
		sample: sampleCampaign,
		head:   func(c *pricing.Campaign) (*string, *int64) { return (*string)(&c.ID), &c.Version },
		edit:   func(c *pricing.Campaign, n int) { c.Name = fmt.Sprint("name ", n) },
		twin:   func(*pricing.Campaign) {},
		get: func(ctx context.Context, tx store.Tx, id string) (pricing.Campaign, error) {
			return tx.Campaigns().Get(ctx, pricing.CampaignID(id))
		},
		save: func(ctx context.Context, tx store.Tx, c pricing.Campaign) (pricing.Campaign, error) {
			return tx.Campaigns().Save(ctx, c)
		},
		notFound: pricing.ErrNoCampaign, exists: pricing.ErrCampaignExists,
	})
	codes := kindOf(pricing.CodeDocKind, typed[pricing.Code]{
		sample: sampleCode,
		head:   func(c *pricing.Code) (*string, *int64) { return (*string)(&c.ID), &c.Version },
		edit:   func(c *pricing.Code, n int) { c.Text = fmt.Sprint("TEXT", n) },
		get: func(ctx context.Context, tx store.Tx, id string) (pricing.Code, error) {
			return tx.Codes().Get(ctx, pricing.CodeID(id))
		},
		save: func(ctx context.Context, tx store.Tx, c pricing.Code) (pricing.Code, error) {
			return tx.Codes().Save(ctx, c)
		},
		notFound: pricing.ErrCodeNotFound, exists: pricing.ErrCodeExists,
	})
	redemptions := kindOf(pricing.RedemptionDocKind, typed[pricing.Redemption]{
		sample: sampleRedemption,
		head:   func(r *pricing.Redemption) (*string, *int64) { return (*string)(&r.ID), &r.Version },
		edit:   func(r *pricing.Redemption, n int) { r.By.ID = access.ActorID(fmt.Sprint("m", n)) },
		twin:   func(*pricing.Redemption) {},
		get: func(ctx context.Context, tx store.Tx, id string) (pricing.Redemption, error) {
			return tx.Redemptions().Get(ctx, pricing.RedemptionID(id))
		},
		save: func(ctx context.Context, tx store.Tx, r pricing.Redemption) (pricing.Redemption, error) {
			return tx.Redemptions().Save(ctx, r)
		},
		notFound: pricing.ErrNoRedemption, exists: pricing.ErrRedemptionExists,
	})
	tallies := kindOf(pricing.TallyDocKind, typed[pricing.Tally]{
		sample: sampleTally,
		head:   func(t *pricing.Tally) (*string, *int64) { return (*string)(&t.ID), &t.Version },
		edit:   func(t *pricing.Tally, n int) { t.Used = int64(n) },
		get: func(ctx context.Context, tx store.Tx, id string) (pricing.Tally, error) {
			return tx.Tallies().Get(ctx, pricing.TallyID(id))
		},
		save: func(ctx context.Context, tx store.Tx, t pricing.Tally) (pricing.Tally, error) {
			return tx.Tallies().Save(ctx, t)
		},
		notFound: pricing.ErrNoTally, exists: pricing.ErrTallyExists,
	})
	return []kind{campaigns, codes, redemptions, tallies}
}

// The places of the kinds in kinds.
const (
	atCampaigns   = 11
	atCodes       = 12
	atRedemptions = 13
)

func sampleCampaign(n int) pricing.Campaign {
	return pricing.Campaign{
		ID: pricing.CampaignID(fmt.Sprintf("k%04d", n)), Name: "Rentrée", Prefix: samplePrefix(n), From: dawn, Until: dawn.AddDate(0, 1, n),
		Limits: pricing.Limits{Total: 10, PerCart: 1, Period: pricing.PeriodLimit{Kind: pricing.EachMonth, Uses: 3}},
		Groups: []string{"studios"}, Hold: time.Hour, OnCancel: pricing.ReturnUse, Active: true,
		CreatedBy: access.Stamp{ID: "s1"}, CreatedAt: dawn.Add(time.Duration(n) * time.Minute), UpdatedAt: dawn,
	}
}

// samplePrefix is a prefix that none of the others begins with.
func samplePrefix(n int) string { return fmt.Sprintf("R%04d", n) }

func sampleCode(n int) pricing.Code {
	return pricing.Code{ID: pricing.CodeID(fmt.Sprintf("C0DE%04d", n)), Text: fmt.Sprintf("CODE%04d", n), Campaign: "k0001",
		CreatedBy: access.Stamp{ID: "s1"}, CreatedAt: dawn.Add(time.Duration(n) * time.Minute)}
}

func sampleRedemption(n int) pricing.Redemption {
	return pricing.Redemption{
		ID: pricing.RedemptionID(fmt.Sprintf("u%04d", n)), Code: "C0DE0001", Text: "CODE0001", Campaign: "k0001", Partner: "p0001",
		Cart: pricing.CartID(fmt.Sprintf("c%04d", n)), Order: "o0001", State: pricing.CodeReserved,
		ReservedAt: dawn.Add(time.Duration(n) * time.Minute), Until: dawn.Add(time.Duration(60-n) * time.Minute), By: access.Stamp{ID: "m1"},
	}
}

func sampleTally(n int) pricing.Tally {
	return pricing.Tally{ID: pricing.TallyID(fmt.Sprintf("k0001/0/partner/p%04d", n)), Campaign: "k0001", Limit: pricing.LimitPartner,
		Of: fmt.Sprintf("p%04d", n), Used: int64(n), Held: []pricing.Held{{Until: dawn, Uses: 2}}}
}

// dumpCodes prints the campaigns, codes, their uses and the sample counts.
func dumpCodes(ctx context.Context, tx store.Tx, b *strings.Builder) error {
	campaigns, err := all(func(p uow.PageRequest) (uow.Page[pricing.Campaign], error) {
		return tx.Campaigns().Find(ctx, pricing.CampaignQuery{Page: p})
	})
	if err != nil {
		return err
	}
	codes, err := all(func(p uow.PageRequest) (uow.Page[pricing.Code], error) {
		return tx.Codes().Find(ctx, pricing.CodeQuery{Page: p})
	})
	if err != nil {
		return err
	}
	uses, err := all(func(p uow.PageRequest) (uow.Page[pricing.Redemption], error) {
		return tx.Redemptions().Find(ctx, pricing.RedemptionQuery{Page: p})
	})
	if err != nil {
		return err
	}
	ids := make([]pricing.TallyID, 20)
	for n := range ids {
		ids[n] = sampleTally(n).ID
	}
	tallies, err := tx.Tallies().GetMany(ctx, ids)
	if err != nil {
		return err
	}
	var out []any
	for _, v := range campaigns {
		out = append(out, v)
	}
	for _, v := range codes {
		out = append(out, v)
	}
	for _, v := range uses {
		out = append(out, v)
	}
	for _, id := range ids {
		if v, ok := tallies[id]; ok {
			out = append(out, v)
		}
	}
	for _, v := range out {
		if err := line(b, v, nil); err != nil {
			return err
		}
	}
	return nil
}

var codeProbes = map[string]probe{
	"Campaigns.Get": func(ctx context.Context, tx store.Tx) error {
		_, err := tx.Campaigns().Get(ctx, sampleCampaign(1).ID)
		return wantErr(err, pricing.ErrNoCampaign)
	},
	"Campaigns.ByPrefix": func(ctx context.Context, tx store.Tx) error {
		_, err := tx.Campaigns().ByPrefix(ctx, samplePrefix(1)+"X")
		return wantErr(err, pricing.ErrNoCampaign)
	},
	"Campaigns.Find": func(ctx context.Context, tx store.Tx) error {
		for _, q := range []pricing.CampaignQuery{{}, {Active: new(true)}, {Prefix: samplePrefix(1)}} {
			q.Page.Count = true
			page, err := tx.Campaigns().Find(ctx, q)
			if err := wantNone(len(page.Rows), page.Total, err); err != nil {
				return err
			}
		}
		return nil
	},
	"Campaigns.Save": func(ctx context.Context, tx store.Tx) error {
		return saved(tx.Campaigns().Save(ctx, sampleCampaign(1)))
	},
	"Codes.Get": func(ctx context.Context, tx store.Tx) error {
		_, err := tx.Codes().Get(ctx, sampleCode(1).ID)
		return wantErr(err, pricing.ErrCodeNotFound)
	},
	"Codes.GetMany": func(ctx context.Context, tx store.Tx) error {
		m, err := tx.Codes().GetMany(ctx, []pricing.CodeID{sampleCode(1).ID, sampleCode(2).ID})
		return wantNone(len(m), nil, err)
	},
	"Codes.Find": func(ctx context.Context, tx store.Tx) error {
		for _, q := range []pricing.CodeQuery{{}, {Campaign: "k0001"}, {Generated: new(false)}} {
			q.Page.Count = true
			page, err := tx.Codes().Find(ctx, q)
			if err := wantNone(len(page.Rows), page.Total, err); err != nil {
				return err
			}
		}
		return nil
	},
	"Codes.Save": func(ctx context.Context, tx store.Tx) error { return saved(tx.Codes().Save(ctx, sampleCode(1))) },
	"Redemptions.Get": func(ctx context.Context, tx store.Tx) error {
		_, err := tx.Redemptions().Get(ctx, sampleRedemption(1).ID)
		return wantErr(err, pricing.ErrNoRedemption)
	},
	"Redemptions.OfCart": func(ctx context.Context, tx store.Tx) error {
		rs, err := tx.Redemptions().OfCart(ctx, sampleRedemption(1).Cart)
		return wantNone(len(rs), nil, err)
	},
	"Redemptions.OfOrder": func(ctx context.Context, tx store.Tx) error {
		rs, err := tx.Redemptions().OfOrder(ctx, sampleRedemption(1).Order)
		return wantNone(len(rs), nil, err)
	},
	"Redemptions.Lapsed": func(ctx context.Context, tx store.Tx) error {
		rs, err := tx.Redemptions().Lapsed(ctx, dawn.AddDate(1, 0, 0), 10)
		return wantNone(len(rs), nil, err)
	},
	"Redemptions.Find": func(ctx context.Context, tx store.Tx) error {
		for _, q := range []pricing.RedemptionQuery{{}, {Campaign: "k0001"}, {Code: "C0DE0001"}, {Partner: "p0001"},
			{Cart: sampleRedemption(1).Cart}, {Order: "o0001"}, {States: []pricing.RedemptionState{pricing.CodeReserved}}, {From: dawn}} {
			q.Page.Count = true
			page, err := tx.Redemptions().Find(ctx, q)
			if err := wantNone(len(page.Rows), page.Total, err); err != nil {
				return err
			}
		}
		return nil
	},
	"Redemptions.Save": func(ctx context.Context, tx store.Tx) error {
		return saved(tx.Redemptions().Save(ctx, sampleRedemption(1)))
	},
	"Tallies.Get": func(ctx context.Context, tx store.Tx) error {
		_, err := tx.Tallies().Get(ctx, sampleTally(1).ID)
		return wantErr(err, pricing.ErrNoTally)
	},
	"Tallies.GetMany": func(ctx context.Context, tx store.Tx) error {
		m, err := tx.Tallies().GetMany(ctx, []pricing.TallyID{sampleTally(1).ID, sampleTally(2).ID})
		return wantNone(len(m), nil, err)
	},
	"Tallies.Save": func(ctx context.Context, tx store.Tx) error { return saved(tx.Tallies().Save(ctx, sampleTally(1))) },
}

// codeSpread gives the indexed texts of these kinds.
var codeSpread = map[string]indexedTexts{
	pricing.CampaignDocKind: {[]string{"id", "prefix"}, func(text func(int) string) any {
		c := sampleCampaign(1)
		c.ID, c.Prefix = pricing.CampaignID(text(0)), text(1)
		return c
	}},
	pricing.CodeDocKind: {[]string{"id", "campaign"}, func(text func(int) string) any {
		c := sampleCode(1)
		c.ID, c.Campaign = pricing.CodeID(text(0)), pricing.CampaignID(text(1))
		return c
	}},
	pricing.RedemptionDocKind: {[]string{"id", "campaign", "code", "partner", "cart", "order", "state"}, func(text func(int) string) any {
		r := sampleRedemption(1)
		r.ID, r.Campaign, r.Code = pricing.RedemptionID(text(0)), pricing.CampaignID(text(1)), pricing.CodeID(text(2))
		r.Partner, r.Cart, r.Order = partner.ID(text(3)), pricing.CartID(text(4)), pricing.OrderID(text(5))
		r.State = pricing.RedemptionState(text(6))
		return r
	}},
	pricing.TallyDocKind: {[]string{"id"}, func(text func(int) string) any {
		t := sampleTally(1)
		t.ID = pricing.TallyID(text(0))
		return t
	}},
}
