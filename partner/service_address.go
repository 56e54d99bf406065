package partner

import (
	"context"

	"github.com/comptoir-go/comptoir/access"
)

// SaveAddressInput asks for an address to be saved in the partner's book.
type SaveAddressInput struct {
	// Key makes repeats safe; optional.
	Key     string `json:"key,omitempty"`
	Partner ID     `json:"partner"`
	// Version is the partner's expected version, 0 for any.
	Version int64 `json:"version,omitempty"`
	// Address with an empty ID is added, else it replaces the one of its ID.
	Address Address `json:"address"`
}

// SaveAddress saves an address and returns the partner.
//
// It needs access.PartnerAddress. Errors: ErrInvalid with all issues,
// ErrNotFound, uow.ErrVersion, uow.ErrKeyReused, access.ErrForbidden.
func (s *Service) SaveAddress(ctx context.Context, actor access.Actor, in SaveAddressInput) (Partner, error) {
	return update(ctx, s, actor, in, s.SaveAddressTx)
}

// SaveAddressTx is SaveAddress in the caller's transaction.
func (s *Service) SaveAddressTx(ctx context.Context, tx Tx, actor access.Actor, in SaveAddressInput) (Partner, error) {
	in.Address = in.Address.Normal()
	return s.changeTx(ctx, tx, actor, change{
		command: "save_address", action: access.PartnerAddress, what: PartAddress,
		partner: in.Partner, key: in.Key, version: in.Version, input: in,
		apply: func(p Partner) (Partner, string, error) {
			a := in.Address
			a.ID = orNew(s, a.ID)
			p, err := p.PutAddress(a)
			return p, string(a.ID), err
		},
	})
}

// RemoveAddressInput asks for an address to be taken out of the partner's book.
type RemoveAddressInput struct {
	// Key makes repeats safe; optional.
	Key     string `json:"key,omitempty"`
	Partner ID     `json:"partner"`
	// Version is the partner's expected version, 0 for any.
	Version int64     `json:"version,omitempty"`
	Address AddressID `json:"address"`
}

// RemoveAddress removes a saved address and returns the partner; orders that
// went there keep their own copy.
//
// It needs access.PartnerAddress. Errors: ErrNoAddress, ErrNotFound,
// uow.ErrVersion, uow.ErrKeyReused, access.ErrForbidden.
func (s *Service) RemoveAddress(ctx context.Context, actor access.Actor, in RemoveAddressInput) (Partner, error) {
	return update(ctx, s, actor, in, s.RemoveAddressTx)
}

// RemoveAddressTx is RemoveAddress in the caller's transaction.
func (s *Service) RemoveAddressTx(ctx context.Context, tx Tx, actor access.Actor, in RemoveAddressInput) (Partner, error) {
	return s.changeTx(ctx, tx, actor, change{
		command: "remove_address", action: access.PartnerAddress, what: PartAddressRemoved,
		partner: in.Partner, key: in.Key, version: in.Version, input: in,
		apply: func(p Partner) (Partner, string, error) {
			p, err := p.RemoveAddress(in.Address)
			return p, string(in.Address), err
		},
	})
}
