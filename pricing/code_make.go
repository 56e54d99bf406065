package pricing

import (
	"context"

	"github.com/comptoir-go/comptoir/access"
	"github.com/comptoir-go/comptoir/fault"
	"github.com/comptoir-go/comptoir/uow"
)

// The bounds of Generate.
const (
	MaxGenerate   = 1000
	minLength     = 6
	maxLength     = 24
	defaultLength = 8
	// maxDraws is how often a series draws again for codes that are taken.
	maxDraws = 20
)

// GenerateInput asks for a series of codes.
type GenerateInput struct {
	Key      string     `json:"key,omitempty"`
	Campaign CampaignID `json:"campaign"`
	// Codes is how many, 1 to MaxGenerate.
	Codes int `json:"codes"`
	// Length is the number of random characters between the campaign's Prefix and
	// the check character, 6 to 24; 0 means 8, of which there are 8.5 × 10¹¹.
	Length int `json:"length,omitempty"`
}

// Generate makes random codes that nobody can guess: the campaign's Prefix,
// Length characters that are not taken for one another, and a check character
// (see CheckCharacter). They are new, whatever codes there are. Repeated with
// its Key it gives the same codes.
//
// Errors, in the order of the checks: ErrNoCampaign; access.ErrForbidden;
// uow.ErrKeyReused; ErrCodeInput with every issue; ErrCrowded.
func (s *Codes) Generate(ctx context.Context, a access.Actor, in GenerateInput) ([]string, error) {
	return uow.Do(ctx, s.run, func(ctx context.Context, tx CodeTx) ([]string, error) { return s.GenerateTx(ctx, tx, a, in) })
}

// GenerateTx is Generate inside a transaction of the caller's. An error means
// that the transaction has to be abandoned.
func (s *Codes) GenerateTx(ctx context.Context, tx CodeTx, a access.Actor, in GenerateInput) ([]string, error) {
	if err := s.mayManage(a); err != nil {
		return nil, err
	}
	return uow.Once(ctx, tx.Keys(), codeScope("generate", a), in.Key, in, func() ([]string, error) {
		c, err := tx.Campaigns().Get(ctx, in.Campaign)
		if err != nil {
			return nil, err
		}
		if in.Length == 0 {
			in.Length = defaultLength
		}
		if err := in.check(c); err != nil {
			return nil, err
		}
		out, err := s.draw(ctx, tx, a, c, in)
		if err != nil {
			return nil, err
		}
		return out, s.tell(ctx, tx, CampaignDocKind+"/"+string(c.ID), c.Version, CodesGenerated{Campaign: c.ID, Codes: len(out), By: a.ID})
	})
}

func (in GenerateInput) check(c Campaign) error {
	var is fault.Issues
	if in.Codes < 1 || in.Codes > MaxGenerate {
		is.Add("codes", "pricing.count", "is 1 to %d", MaxGenerate)
	}
	if in.Length < minLength || in.Length > maxLength {
		is.Add("length", "pricing.length", "is %d to %d", minLength, maxLength)
	}
	if c.Prefix == "" {
		is.Add("campaign", "pricing.prefix", "the campaign has no prefix for generated codes")
	}
	return is.Err(ErrCodeInput)
}

// draw makes and saves the codes of a series.
func (s *Codes) draw(ctx context.Context, tx CodeTx, a access.Actor, c Campaign, in GenerateInput) ([]string, error) {
	out := make([]string, 0, in.Codes)
	drawn := make(map[CodeID]bool, in.Codes)
	for range maxDraws {
		var texts []string
		var keys []CodeID
		for range in.Codes - len(out) {
			text := c.Prefix + s.body(in.Length)
			if key := KeyOf(text); !drawn[key] {
				drawn[key] = true
				texts, keys = append(texts, text), append(keys, key)
			}
		}
		taken, err := tx.Codes().GetMany(ctx, keys)
		if err != nil {
			return nil, err
		}
		for i, text := range texts {
			if _, ok := taken[keys[i]]; ok {
				continue
			}
			if _, err := tx.Codes().Save(ctx, Code{ID: keys[i], Text: text, Campaign: c.ID, Generated: true,
				CreatedBy: a.Stamp(), CreatedAt: s.now()}); err != nil {
				return nil, err
			}
			out = append(out, text)
		}
		if len(out) == in.Codes {
			return out, nil
		}
	}
	return nil, ErrCrowded
}

// body draws characters evenly and completes them.
func (s *Codes) body(n int) string {
	const even = 256 / len(codeAlphabet) * len(codeAlphabet) // bytes below are as likely for each character
	out := make([]byte, 0, n+1)
	p := make([]byte, n)
	for len(out) < n {
		s.random(p)
		for _, b := range p {
			if int(b) < even && len(out) < n {
				out = append(out, codeAlphabet[int(b)%len(codeAlphabet)])
			}
		}
	}
	last, _ := CheckCharacter(string(out)) // of the alphabet by construction
	return string(append(out, last))
}

// AddCodeInput adds a code that somebody chose.
type AddCodeInput struct {
	Key      string     `json:"key,omitempty"`
	Campaign CampaignID `json:"campaign"`
	// Code is read as CodeText reads it: "WELCOME10".
	Code string `json:"code"`
}

// AddCode adds a code that somebody chose. It can be guessed: bound its uses.
//
// Errors, in the order of the checks: ErrNoCampaign; access.ErrForbidden;
// uow.ErrKeyReused; ErrCodeText; ErrCodeExists when a code differs from it in
// nothing but look-alikes, as 0 and O.
func (s *Codes) AddCode(ctx context.Context, a access.Actor, in AddCodeInput) (Code, error) {
	return uow.Do(ctx, s.run, func(ctx context.Context, tx CodeTx) (Code, error) { return s.AddCodeTx(ctx, tx, a, in) })
}

// AddCodeTx is AddCode inside a transaction of the caller's. An error means
// that the transaction has to be abandoned.
func (s *Codes) AddCodeTx(ctx context.Context, tx CodeTx, a access.Actor, in AddCodeInput) (Code, error) {
	if err := s.mayManage(a); err != nil {
		return Code{}, err
	}
	return uow.Once(ctx, tx.Keys(), codeScope("add", a), in.Key, in, func() (Code, error) {
		c, err := tx.Campaigns().Get(ctx, in.Campaign)
		if err != nil {
			return Code{}, err
		}
		text, err := CodeText(in.Code)
		if err != nil {
			return Code{}, err
		}
		id := KeyOf(text)
		taken, err := tx.Codes().GetMany(ctx, []CodeID{id})
		if err != nil {
			return Code{}, err
		}
		if _, ok := taken[id]; ok {
			return Code{}, ErrCodeExists
		}
		saved, err := tx.Codes().Save(ctx, Code{ID: id, Text: text, Campaign: c.ID, CreatedBy: a.Stamp(), CreatedAt: s.now()})
		if err != nil {
			return Code{}, err
		}
		return saved, s.tell(ctx, tx, CodeDocKind+"/"+string(saved.ID), saved.Version, CodeAdded{Campaign: c.ID, Code: text, By: a.ID})
	})
}
