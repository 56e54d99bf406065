package access_test

import (
	"errors"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/comptoir-go/comptoir/access"
)

var (
	nord      = access.Owner{Partner: "nord"}
	errHidden = errors.New("not found")
)

func actor(p access.PartnerID, roles ...access.Role) access.Actor {
	return access.Actor{ID: "someone", Partner: p, Roles: roles}
}

func TestZeroActorMayDoNothing(t *testing.T) {
	p := access.Default()
	for _, act := range access.Actions() {
		require.False(t, p.May(access.Actor{}, act, nord), act)
		require.False(t, p.May(access.Actor{Roles: access.Roles()}, act, nord), "without an id nobody is anybody")
		require.False(t, p.May(actor("nord"), act, nord), "without a role nothing is allowed")
		require.False(t, p.May(actor("nord", "chief"), act, nord), "unknown roles give nothing")
	}
	for _, r := range access.Roles() {
		require.False(t, p.May(actor("nord", r), "cart.burn", nord), "unknown actions are denied")
	}
}

func TestPartnerSideReachesItsOwnOnly(t *testing.T) {
	p := access.Default()
	for _, r := range []access.Role{access.Designer, access.Purchaser, access.Accountant, access.PartnerAdmin, access.Center} {
		for _, act := range access.Actions() {
			if act == access.CatalogRead {
				continue
			}
			require.False(t, p.May(actor("sud", r), act, nord), "%s %s", r, act)
			require.False(t, p.Everywhere(actor("sud", r), act), "%s %s", r, act)
		}
	}
}

// An empty partner owns nothing, least of all what has no owner.
func TestEmptyOwnershipMatchesNothing(t *testing.T) {
	require.False(t, actor("", access.Purchaser).Owns(access.Owner{}))
	require.True(t, access.Actor{ID: "x", Center: "249050"}.Owns(access.Owner{Center: "249050"}))
}

func TestSeparationOfDuties(t *testing.T) {
	p := access.Default()
	require.True(t, p.May(actor("nord", access.Designer), access.CartEdit, nord))
	require.False(t, p.May(actor("nord", access.Designer), access.OrderPlace, nord))
	require.True(t, p.May(actor("nord", access.Purchaser), access.OrderPlace, nord))
	require.False(t, p.May(actor("nord", access.Purchaser), access.OrderValidate, nord))
	require.False(t, p.May(actor("nord", access.Accountant), access.CartEdit, nord))
	require.False(t, p.May(actor("", access.Operator), access.ERPLetters, nord))
	require.True(t, p.May(actor("", access.Admin), access.ERPLetters, nord))
	require.True(t, access.Machine("relay").Seller())
	require.False(t, p.May(access.Machine("relay"), access.OrderValidate, nord), "a machine validates nothing")
}

// Admin can do all an operator can.
func TestAdminIncludesOperator(t *testing.T) {
	p := access.Default()
	for _, act := range access.Actions() {
		if p.May(actor("", access.Operator), act, nord) {
			require.True(t, p.May(actor("", access.Admin), act, nord), act)
		}
	}
}

func TestCheckHidesBeforeItForbids(t *testing.T) {
	p := access.Default()
	check := func(a access.Actor, act access.Action) error {
		return p.Check(a, act, access.OrderRead, nord, errHidden)
	}
	require.NoError(t, check(actor("nord", access.Purchaser), access.OrderEdit))
	require.ErrorIs(t, check(actor("nord", access.Accountant), access.OrderEdit), access.ErrForbidden)
	require.ErrorIs(t, check(actor("sud", access.Purchaser), access.OrderEdit), errHidden)
}

func TestWithAddsAndLeavesTheOriginal(t *testing.T) {
	p := access.Default()
	more := p.With(access.Grant{Role: "intern", Scopes: []access.Scope{access.Own}, Actions: []access.Action{access.CartRead}})
	require.True(t, more.May(actor("nord", "intern"), access.CartRead, nord))
	require.False(t, p.May(actor("nord", "intern"), access.CartRead, nord))
	require.True(t, more.May(actor("nord", access.Purchaser), access.OrderPlace, nord))
}

func TestMatrixWords(t *testing.T) {
	p := access.NewPolicy(
		access.Grant{Role: "a", Scopes: []access.Scope{access.Own}, Actions: []access.Action{"x.y"}},
		access.Grant{Role: "b", Scopes: []access.Scope{access.Others}, Actions: []access.Action{"x.y"}},
		access.Grant{Role: "c", Scopes: []access.Scope{access.Own, access.Others}, Actions: []access.Action{"x.y"}},
	)
	require.Equal(t, "| action | a | b | c | d |\n|---|---|---|---|---|\n| x.y | own | others | all | · |\n",
		p.Matrix([]access.Role{"a", "b", "c", "d"}, []access.Action{"x.y"}))
	require.Equal(t, "own others scope(7)", access.Own.String()+" "+access.Others.String()+" "+access.Scope(7).String())
}

func TestStampKeepsWhoItWas(t *testing.T) {
	a := access.Actor{ID: "odile", Name: "Odile", Company: "Nord", Roles: []access.Role{access.Designer}}
	require.Equal(t, access.Stamp{ID: "odile", Name: "Odile", Company: "Nord"}, a.Stamp())
	require.True(t, a.Has(access.Designer))
	require.False(t, a.Seller())
}
