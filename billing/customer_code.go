package billing

import (
	"context"

	"github.com/comptoir-go/comptoir/access"
	"github.com/comptoir-go/comptoir/partner"
	"github.com/comptoir-go/comptoir/uow"
)

// CustomerCode returns the code under which the ERP knows a legal entity of a
// partner; "" asks for the default one. Errors: partner.ErrNotFound, also for
// who may not read the partner's payments.
func (s *Service) CustomerCode(ctx context.Context, a access.Actor, id partner.ID, buyer partner.CounterpartyID) (string, error) {
	return uow.Ask(ctx, s.run, func(ctx context.Context, tx Tx) (string, error) { return s.CustomerCodeTx(ctx, tx, a, id, buyer) })
}

// CustomerCodeTx is CustomerCode inside a transaction of the caller's.
func (s *Service) CustomerCodeTx(ctx context.Context, tx Tx, a access.Actor, id partner.ID, buyer partner.CounterpartyID) (string, error) {
	if !s.policy.May(a, access.PaymentRead, access.Owner{Partner: id}) {
		return "", partner.ErrNotFound
	}
	p, err := tx.Partners().Get(ctx, id)
	if err != nil {
		return "", err
	}
	entity, _ := p.Counterparty(buyer)
	return p.CustomerCode(entity), nil
}
