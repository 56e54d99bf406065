package partner

import (
	"context"

	"github.com/comptoir-go/comptoir/access"
)

// RecordVATCheckInput tells what was answered about a VAT id.
type RecordVATCheckInput struct {
	// Key makes repeats safe; optional.
	Key     string `json:"key,omitempty"`
	Partner ID     `json:"partner"`
	// Version is the partner's expected version, 0 for any.
	Version int64 `json:"version,omitempty"`
	// Check takes the place of an earlier answer for its id, whatever its day. The
	// id need not be one of the partner's yet.
	Check VATCheck `json:"check"`
}

// RecordVATCheck keeps what VIES, or who else was asked, said of a VAT id, and
// returns the partner. From then on carts are calculated by it, orders that need a
// VAT id are not submitted or validated by one that is invalid, and revisions that
// price an order tax it so. A question that was not answered is not recorded.
//
// It needs access.PartnerEdit. Errors: ErrInvalid with all issues,
// ErrNotFound, uow.ErrVersion, uow.ErrKeyReused, access.ErrForbidden.
func (s *Service) RecordVATCheck(ctx context.Context, actor access.Actor, in RecordVATCheckInput) (Partner, error) {
	return update(ctx, s, actor, in, s.RecordVATCheckTx)
}

// RecordVATCheckTx is RecordVATCheck in the caller's transaction.
func (s *Service) RecordVATCheckTx(ctx context.Context, tx Tx, actor access.Actor, in RecordVATCheckInput) (Partner, error) {
	in.Check.VATID = normalVATID(in.Check.VATID)
	return s.changeTx(ctx, tx, actor, change{
		command: "record_vat_check", action: access.PartnerEdit, what: PartVATCheck,
		partner: in.Partner, key: in.Key, version: in.Version, input: in,
		apply: func(p Partner) (Partner, string, error) {
			p, err := p.PutVATCheck(in.Check)
			return p, in.Check.VATID, err
		},
	})
}
