package partner

import (
	"context"

	"github.com/comptoir-go/comptoir/access"
)

// SaveCounterpartyInput asks for a legal entity to be saved.
type SaveCounterpartyInput struct {
	// Key makes repeats safe; optional.
	Key     string `json:"key,omitempty"`
	Partner ID     `json:"partner"`
	// Version is the partner's expected version, 0 for any.
	Version int64 `json:"version,omitempty"`
	// Counterparty with an empty ID is added, else it replaces the one of its ID.
	Counterparty Counterparty `json:"counterparty"`
}

// SaveCounterparty saves a legal entity and returns the partner.
//
// It needs access.PartnerEdit. Errors: ErrInvalid with all issues,
// ErrNotFound, uow.ErrVersion, uow.ErrKeyReused, access.ErrForbidden.
func (s *Service) SaveCounterparty(ctx context.Context, actor access.Actor, in SaveCounterpartyInput) (Partner, error) {
	return update(ctx, s, actor, in, s.SaveCounterpartyTx)
}

// SaveCounterpartyTx is SaveCounterparty in the caller's transaction.
func (s *Service) SaveCounterpartyTx(ctx context.Context, tx Tx, actor access.Actor, in SaveCounterpartyInput) (Partner, error) {
	in.Counterparty = in.Counterparty.normal()
	return s.changeTx(ctx, tx, actor, change{
		command: "save_counterparty", action: access.PartnerEdit, what: PartCounterparty,
		partner: in.Partner, key: in.Key, version: in.Version, input: in,
		apply: func(p Partner) (Partner, string, error) {
			c := in.Counterparty
			c.ID = orNew(s, c.ID)
			p, err := p.PutCounterparty(c)
			return p, string(c.ID), err
		},
	})
}

// SaveContractInput asks for a contract to be saved.
type SaveContractInput struct {
	// Key makes repeats safe; optional.
	Key     string `json:"key,omitempty"`
	Partner ID     `json:"partner"`
	// Version is the partner's expected version, 0 for any.
	Version int64 `json:"version,omitempty"`
	// Contract with an empty ID is added, else it replaces the one of its ID.
	Contract Contract `json:"contract"`
}

// SaveContract saves a contract of one of the partner's counterparties and
// returns the partner. Contracts end by their validity.
//
// It needs access.PartnerEdit. Errors: ErrInvalid with all issues,
// ErrNotFound, uow.ErrVersion, uow.ErrKeyReused, access.ErrForbidden.
func (s *Service) SaveContract(ctx context.Context, actor access.Actor, in SaveContractInput) (Partner, error) {
	return update(ctx, s, actor, in, s.SaveContractTx)
}

// SaveContractTx is SaveContract in the caller's transaction.
func (s *Service) SaveContractTx(ctx context.Context, tx Tx, actor access.Actor, in SaveContractInput) (Partner, error) {
	return s.changeTx(ctx, tx, actor, change{
		command: "save_contract", action: access.PartnerEdit, what: PartContract,
		partner: in.Partner, key: in.Key, version: in.Version, input: in,
		apply: func(p Partner) (Partner, string, error) {
			c := in.Contract
			c.ID = orNew(s, c.ID)
			p, err := p.PutContract(c)
			return p, string(c.ID), err
		},
	})
}

// SaveAgreementInput asks for an agreement to be saved.
type SaveAgreementInput struct {
	// Key makes repeats safe; optional.
	Key     string `json:"key,omitempty"`
	Partner ID     `json:"partner"`
	// Version is the partner's expected version, 0 for any.
	Version int64 `json:"version,omitempty"`
	// Agreement with an empty ID is added, else it replaces the one of its ID.
	Agreement Agreement `json:"agreement"`
}

// SaveAgreement saves a commercial agreement and returns the partner; the
// contract it names must be one of the partner's.
//
// It needs access.PartnerEdit. Errors: ErrInvalid with all issues,
// ErrNotFound, uow.ErrVersion, uow.ErrKeyReused, access.ErrForbidden.
func (s *Service) SaveAgreement(ctx context.Context, actor access.Actor, in SaveAgreementInput) (Partner, error) {
	return update(ctx, s, actor, in, s.SaveAgreementTx)
}

// SaveAgreementTx is SaveAgreement in the caller's transaction.
func (s *Service) SaveAgreementTx(ctx context.Context, tx Tx, actor access.Actor, in SaveAgreementInput) (Partner, error) {
	return s.changeTx(ctx, tx, actor, change{
		command: "save_agreement", action: access.PartnerEdit, what: PartAgreement,
		partner: in.Partner, key: in.Key, version: in.Version, input: in,
		apply: func(p Partner) (Partner, string, error) {
			a := in.Agreement
			a.ID = orNew(s, a.ID)
			p, err := p.PutAgreement(a)
			return p, string(a.ID), err
		},
	})
}
