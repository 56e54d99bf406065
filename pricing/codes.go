package pricing

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/comptoir-go/comptoir/access"
	"github.com/comptoir-go/comptoir/event"
	"github.com/comptoir-go/comptoir/internal/clock"
	"github.com/comptoir-go/comptoir/internal/ids"
	"github.com/comptoir-go/comptoir/partner"
	"github.com/comptoir-go/comptoir/uow"
)

// CodeOptions tune Codes. The zero value is ready to use.
type CodeOptions struct {
	// Policy decides who may do what. Default: access.Default().
	Policy *access.Policy
	// Now is the clock. Default: the machine's.
	Now func() time.Time
	// NewID makes ids of campaigns, redemptions and events. Default: UUIDv7.
	NewID func() string
	// Zone is the tenant's time zone, for limits by period. Default: UTC.
	Zone *time.Location
	// Random fills bytes that nobody can guess, for generated codes. Default:
	// crypto/rand.
	Random func([]byte)
}

// Codes is the use cases of discount codes: campaigns and their codes, and the
// uses that carts reserve and orders confirm. It is safe for concurrent use.
//
// Uses are exact: of all who race for a last one exactly one has it, and no
// limit is exceeded, on every engine. A reservation that is not ordered in time
// is free again for others from that instant on, swept or not.
type Codes struct {
	run    uow.Runner[CodeTx]
	policy *access.Policy
	now    func() time.Time
	newID  func() string
	zone   *time.Location
	random func([]byte)
}

// NewCodes makes the use cases over a store's transactions. A nil opts is the
// default.
func NewCodes(run uow.Runner[CodeTx], opts *CodeOptions) *Codes {
	var o CodeOptions
	if opts != nil {
		o = *opts
	}
	s := &Codes{run: run, policy: o.Policy, now: clock.Or(o.Now), newID: ids.Or(o.NewID, o.Now), zone: o.Zone, random: o.Random}
	if s.policy == nil {
		s.policy = access.Default()
	}
	if s.zone == nil {
		s.zone = time.UTC
	}
	if s.random == nil {
		s.random = func(p []byte) { _, _ = rand.Read(p) } // never fails since Go 1.24
	}
	return s
}

// mayManage is the permission of every command on campaigns.
func (s *Codes) mayManage(a access.Actor) error {
	return s.policy.Check(a, access.CodeManage, access.CodeRead, access.Owner{}, ErrNoCampaign)
}

func codeScope(verb string, a access.Actor) string {
	return fmt.Sprintf("code.%s/%q/%q", verb, a.Partner, a.ID)
}

// tell appends the events of one version of a document.
func (s *Codes) tell(ctx context.Context, tx CodeTx, subject string, version int64, facts ...event.Payload) error {
	b := event.NewBatch(subject, version, s.now(), s.newID)
	for _, f := range facts {
		if err := b.Add(f); err != nil {
			return err
		}
	}
	return tx.Outbox().Append(ctx, event.Facts, b.Events()...)
}

// found is a code with its campaign.
type found struct {
	code     Code
	campaign Campaign
}

// resolve finds what a person typed. What is no code, or is none any more, is a
// refusal and no error.
func (s *Codes) resolve(ctx context.Context, tx CodeTx, typed string) (found, *CodeRefused, error) {
	text, err := CodeText(typed)
	if err != nil {
		return found{}, &CodeRefused{Code: shown(typed), Reason: CodeUnknown}, nil
	}
	c, err := tx.Codes().Get(ctx, KeyOf(text))
	if errors.Is(err, ErrCodeNotFound) {
		no, err := s.unknown(ctx, tx, text)
		return found{}, no, err
	}
	if err != nil {
		return found{}, nil, err
	}
	camp, err := tx.Campaigns().Get(ctx, c.Campaign)
	return found{c, camp}, nil, err
}

// unknown tells a mistyped code from one that never was: it begins as the
// generated codes of a campaign do and does not end with its check character.
func (s *Codes) unknown(ctx context.Context, tx CodeTx, text string) (*CodeRefused, error) {
	no := &CodeRefused{Code: text, Reason: CodeUnknown}
	c, err := tx.Campaigns().ByPrefix(ctx, text)
	if errors.Is(err, ErrNoCampaign) {
		return no, nil
	}
	if err == nil && !Checked(text[len(c.Prefix):]) {
		no.Reason = CodeMistyped
	}
	return no, err
}

// shown bounds what a refusal repeats of a text that cannot be a code.
func shown(typed string) string {
	rs := []rune(typed)
	return string(rs[:min(len(rs), MaxCode)])
}

// applies says why a code does not apply to a partner now, the uses aside.
func (s *Codes) applies(ctx context.Context, tx CodeTx, f found, p partner.ID, now time.Time) (*CodeRefused, error) {
	c := &f.campaign
	no := func(r CodeReason) *CodeRefused {
		return &CodeRefused{Code: f.code.Text, Campaign: c.ID, Reason: r, From: c.From, Until: c.Until}
	}
	switch {
	case !c.Active:
		return no(CodeInactive), nil
	case now.Before(c.From):
		return no(CodeNotYet), nil
	case !c.Until.IsZero() && !now.Before(c.Until):
		return no(CodeExpired), nil
	case len(c.Partners)+len(c.Groups) == 0 || slices.Contains(c.Partners, p):
		return nil, nil
	}
	if len(c.Groups) > 0 {
		who, err := tx.Partners().Get(ctx, p)
		if err != nil && !errors.Is(err, partner.ErrNotFound) {
			return nil, err
		}
		if slices.ContainsFunc(who.Groups, func(g string) bool { return slices.Contains(c.Groups, g) }) {
			return nil, nil
		}
	}
	return no(NotForYou), nil
}
