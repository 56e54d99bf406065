package partner

import (
	"context"
	"slices"

	"github.com/comptoir-go/comptoir/access"
	"github.com/comptoir-go/comptoir/fault"
)

// SaveMemberInput asks for a person to be saved.
type SaveMemberInput struct {
	// Key makes repeats safe; optional.
	Key     string `json:"key,omitempty"`
	Partner ID     `json:"partner"`
	// Version is the partner's expected version, 0 for any.
	Version int64 `json:"version,omitempty"`
	// Member is added, or replaces the one of its ID. The ID is that by which
	// the caller will name the actor; it is never made up.
	Member Member `json:"member"`
}

// SaveMember saves a person who works for the partner and returns the
// partner. Persons leave by Active false, so that histories keep their names.
//
// It needs access.PartnerMembers. Errors: ErrInvalid with all issues, a role
// that Options.MemberRoles does not list among them, ErrNotFound,
// uow.ErrVersion, uow.ErrKeyReused, access.ErrForbidden.
func (s *Service) SaveMember(ctx context.Context, actor access.Actor, in SaveMemberInput) (Partner, error) {
	return update(ctx, s, actor, in, s.SaveMemberTx)
}

// SaveMemberTx is SaveMember in the caller's transaction.
func (s *Service) SaveMemberTx(ctx context.Context, tx Tx, actor access.Actor, in SaveMemberInput) (Partner, error) {
	return s.changeTx(ctx, tx, actor, change{
		command: "save_member", action: access.PartnerMembers, what: PartMember,
		partner: in.Partner, key: in.Key, version: in.Version, input: in,
		apply: func(p Partner) (Partner, string, error) {
			next, err := p.PutMember(in.Member)
			var is fault.Issues
			is.AddUnder("", err)
			s.checkRoles(&is, "", in.Member)
			return next, string(in.Member.ID), is.Err(ErrInvalid)
		},
	})
}

// checkRoles notes roles that members may not be given; those that nobody may
// have at a partner are named by Member's own check already.
func (s *Service) checkRoles(is *fault.Issues, path string, m Member) {
	for i, r := range m.Roles {
		seller := r == access.Operator || r == access.Admin || r == access.System
		if r != "" && !seller && !slices.Contains(s.roles, r) {
			is.Add(indexed(fault.Join(path, "roles"), i), "role.unknown", "%q may not be given to members", r)
		}
	}
}
