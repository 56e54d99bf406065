package partner_test

import (
	"context"
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/comptoir-go/comptoir/access"
	"github.com/comptoir-go/comptoir/fault"
	"github.com/comptoir-go/comptoir/partner"
	"github.com/comptoir-go/comptoir/uow"
)

var ctx = context.Background()

func registered(t testing.TB) (*fake, *partner.Service, partner.Partner) {
	t.Helper()
	f := newFake()
	s := partner.NewService(f, options())
	p, err := s.Register(ctx, admin, partner.RegisterInput{Partner: vasseur()})
	require.NoError(t, err)
	return f, s, p
}

func TestRegisterCreatesAndReplaces(t *testing.T) {
	f, s, p := registered(t)
	require.EqualValues(t, 1, p.Version)
	require.Equal(t, day, p.CreatedAt)
	require.Equal(t, "partner.registered", f.events[0].Type)
	require.Equal(t, "partner/p1", f.events[0].Subject)
	require.JSONEq(t, `{"id":"p1","number":"FR10002527","by":"adele"}`, string(f.events[0].Data))

	p.Name = "Vasseur & filles"
	again, err := s.Register(ctx, admin, partner.RegisterInput{Partner: p})
	require.NoError(t, err)
	require.EqualValues(t, 2, again.Version)
	require.Equal(t, "partner.changed", f.events[1].Type)
	require.EqualValues(t, 2, f.events[1].Version)

	_, err = s.Register(ctx, admin, partner.RegisterInput{Partner: p}) // version 1 is stale
	require.ErrorIs(t, err, uow.ErrVersion)
	require.Len(t, f.events, 2)

	other := vasseur()
	other.ID = "p9"
	_, err = s.Register(ctx, admin, partner.RegisterInput{Partner: other}) // the number is taken
	require.ErrorIs(t, err, partner.ErrExists)
}

func TestRegisterNormalisesWithoutTouchingTheInput(t *testing.T) {
	s := partner.NewService(newFake(), options())
	in := vasseur()
	in.ID = ""
	in.Counterparties[0].VATID = "fr 40 303 265 045"
	in.Counterparties[0].Siren = ""
	in.Counterparties[0].Siret = "303 265 045 00015"
	in.Counterparties[0].Country = "FRA"
	in.Counterparties[0].Default = false
	_, err := s.Register(ctx, admin, partner.RegisterInput{Partner: in, Key: "k"})
	require.Equal(t, []string{"counterparties[0].siret"}, paths(err)) // its check digit
	in.Counterparties[0].Siret = siret("30326504500")
	p, err := s.Register(ctx, admin, partner.RegisterInput{Partner: in, Key: "k"})
	require.NoError(t, err)
	require.Equal(t, partner.ID("id2"), p.ID) // the refused attempt had id1
	c := p.Counterparties[0]
	require.Equal(t, "FR40303265045", c.VATID)
	require.Equal(t, "303265045", c.Siren)
	require.Equal(t, partner.Country("FR"), c.Country)
	require.True(t, c.Default)
	require.Equal(t, "fr 40 303 265 045", in.Counterparties[0].VATID)
}

// siret completes twelve or fewer leading digits to a SIRET.
func siret(head string) string {
	for len(head) < 13 {
		head += "1"
	}
	for d := '0'; d <= '9'; d++ {
		if s, err := partner.ParseSiret(head + string(d)); err == nil {
			return s
		}
	}
	return ""
}

// Who may do what, and what the others are told.
func TestPermissions(t *testing.T) {
	address := func(s *partner.Service, a access.Actor) error {
		_, err := s.SaveAddress(ctx, a, partner.SaveAddressInput{Partner: "p1", Address: works()})
		return err
	}
	member := func(s *partner.Service, a access.Actor) error {
		_, err := s.SaveMember(ctx, a, partner.SaveMemberInput{Partner: "p1",
			Member: partner.Member{ID: "m2", Name: "Nils Aubry", Roles: []access.Role{access.Designer}}})
		return err
	}
	contract := func(s *partner.Service, a access.Actor) error {
		_, err := s.SaveContract(ctx, a, partner.SaveContractInput{Partner: "p1",
			Contract: partner.Contract{Number: "2026/1", Counterparty: "main"}})
		return err
	}
	checked := func(s *partner.Service, a access.Actor) error {
		_, err := s.RecordVATCheck(ctx, a, partner.RecordVATCheckInput{Partner: "p1", Check: partner.VATCheck{VATID: "BE0403019261", Status: partner.VATValid}})
		return err
	}
	register := func(s *partner.Service, a access.Actor) error {
		p := vasseur()
		p.ID, p.Number = "pn", "N1"
		_, err := s.Register(ctx, a, partner.RegisterInput{Partner: p})
		return err
	}
	replace := func(s *partner.Service, a access.Actor) error {
		p := vasseur()
		p.Version = 1
		_, err := s.Register(ctx, a, partner.RegisterInput{Partner: p})
		return err
	}
	get := func(s *partner.Service, a access.Actor) error {
		_, err := s.Get(ctx, a, "p1")
		return err
	}
	forbidden, hidden := access.ErrForbidden, partner.ErrNotFound
	for _, c := range []struct {
		name  string
		actor access.Actor
		do    func(*partner.Service, access.Actor) error
		want  error
	}{
		{"admin address", admin, address, nil},
		{"operator address", operator, address, nil},
		{"purchaser address", purchaser, address, nil},
		{"designer address", designer, address, forbidden},
		{"stranger address", stranger, address, hidden},
		{"nobody address", access.Actor{}, address, hidden},
		{"chief member", chief, member, nil},
		{"purchaser member", purchaser, member, forbidden},
		{"operator member", operator, member, forbidden},
		{"stranger member", stranger, member, hidden},
		{"admin contract", admin, contract, nil},
		{"chief contract", chief, contract, forbidden},
		{"operator contract", operator, contract, forbidden},
		{"system VAT check", access.Machine("vies"), checked, nil},
		{"chief VAT check", chief, checked, forbidden},
		{"stranger VAT check", stranger, checked, hidden},
		{"system register", access.Machine("sync"), register, nil},
		{"operator register", operator, register, forbidden},
		{"chief register", chief, register, hidden},
		{"chief replace", chief, replace, forbidden},
		{"stranger replace", stranger, replace, hidden},
		{"designer get", designer, get, nil},
		{"stranger get", stranger, get, hidden},
		{"nobody get", access.Actor{}, get, hidden},
	} {
		t.Run(c.name, func(t *testing.T) {
			f, s, _ := registered(t)
			err := c.do(s, c.actor)
			if c.want == nil {
				require.NoError(t, err)
				return
			}
			require.ErrorIs(t, err, c.want)
			require.Equal(t, 1, f.saves)
			require.Len(t, f.events, 1)
		})
	}
}

func TestIdempotencyKey(t *testing.T) {
	f, s, _ := registered(t)
	in := partner.SaveAddressInput{Key: "k1", Partner: "p1", Version: 1, Address: works()}
	first, err := s.SaveAddress(ctx, purchaser, in)
	require.NoError(t, err)
	// The repeat gets the first result although the version has moved on.
	second, err := s.SaveAddress(ctx, purchaser, in)
	require.NoError(t, err)
	require.Equal(t, asJSON(t, first), asJSON(t, second))
	require.Len(t, f.partners["p1"].Addresses, 1)
	require.Len(t, f.events, 2)

	other := in
	other.Address.City = "Lens"
	_, err = s.SaveAddress(ctx, purchaser, other)
	require.ErrorIs(t, err, uow.ErrKeyReused)

	// The key of one actor says nothing to another, nor to another command.
	_, err = s.SaveAddress(ctx, chief, in)
	require.ErrorIs(t, err, uow.ErrVersion)
	_, err = s.RemoveAddress(ctx, purchaser, partner.RemoveAddressInput{Key: "k1", Partner: "p1", Address: "none"})
	require.ErrorIs(t, err, partner.ErrNoAddress)
	// A failed attempt leaves its key unused.
	_, err = s.RemoveAddress(ctx, purchaser, partner.RemoveAddressInput{Key: "k1", Partner: "p1",
		Address: first.Addresses[0].ID})
	require.NoError(t, err)
	require.Empty(t, f.partners["p1"].Addresses)
}

func asJSON(t testing.TB, v any) string {
	b, err := json.Marshal(v)
	require.NoError(t, err)
	return string(b)
}

func TestOrderOfChecks(t *testing.T) {
	_, s, _ := registered(t)
	bad := partner.SaveAddressInput{Partner: "p1", Version: 7}
	_, err := s.SaveAddress(ctx, stranger, bad)
	require.ErrorIs(t, err, partner.ErrNotFound)
	_, err = s.SaveAddress(ctx, purchaser, bad)
	require.ErrorIs(t, err, uow.ErrVersion)
	_, err = s.SaveAddress(ctx, designer, bad)
	require.ErrorIs(t, err, uow.ErrVersion, "the version comes before the permission")
	stale := vasseur()
	stale.Version = 7
	_, err = s.Register(ctx, designer, partner.RegisterInput{Partner: stale})
	require.ErrorIs(t, err, uow.ErrVersion)
	_, err = s.Register(ctx, stranger, partner.RegisterInput{Partner: stale})
	require.ErrorIs(t, err, partner.ErrNotFound)
	bad.Version = 1
	_, err = s.SaveAddress(ctx, designer, bad)
	require.ErrorIs(t, err, access.ErrForbidden)
	_, err = s.SaveAddress(ctx, purchaser, bad)
	require.ErrorIs(t, err, partner.ErrInvalid)
	require.Len(t, fault.IssuesOf(err), 4)

	done, cancel := context.WithCancel(ctx)
	cancel()
	_, err = s.SaveAddress(done, stranger, bad)
	require.ErrorIs(t, err, context.Canceled)
	_, err = s.Get(done, stranger, "p1")
	require.ErrorIs(t, err, context.Canceled)
	_, err = s.Find(done, stranger, partner.Query{})
	require.ErrorIs(t, err, context.Canceled)
}

func TestMembersCannotRise(t *testing.T) {
	_, s, _ := registered(t)
	for _, role := range []access.Role{access.Operator, access.Admin, access.System, "regional_admin", ""} {
		_, err := s.SaveMember(ctx, chief, partner.SaveMemberInput{Partner: "p1",
			Member: partner.Member{ID: "clara", Name: "Clara Lindt", Roles: []access.Role{access.PartnerAdmin, role}}})
		require.ErrorIs(t, err, partner.ErrInvalid, role)
		require.Len(t, fault.IssuesOf(err), 1)
		require.Equal(t, "roles[1]", fault.IssuesOf(err)[0].Path)

		p := vasseur()
		p.ID, p.Number = "p3", "X3"
		p.Members[0].Roles = []access.Role{role}
		_, err = s.Register(ctx, admin, partner.RegisterInput{Partner: p})
		require.ErrorIs(t, err, partner.ErrInvalid, role)
		require.Equal(t, "members[0].roles[0]", fault.IssuesOf(err)[0].Path)
	}
	opts := options()
	opts.MemberRoles = append(partner.MemberRoles(), "planner", access.Admin)
	s = partner.NewService(newFake(), opts)
	p := vasseur()
	p.Members[0].Roles = []access.Role{"planner"}
	_, err := s.Register(ctx, admin, partner.RegisterInput{Partner: p})
	require.NoError(t, err)
	_, err = s.SaveMember(ctx, admin, partner.SaveMemberInput{Partner: "p1",
		Member: partner.Member{ID: "x", Name: "X", Roles: []access.Role{access.Admin}}})
	require.ErrorIs(t, err, partner.ErrInvalid)
}

func TestLegalCommands(t *testing.T) {
	f, s, _ := registered(t)
	p, err := s.SaveCounterparty(ctx, admin, partner.SaveCounterpartyInput{Partner: "p1",
		Counterparty: partner.Counterparty{Name: "Vasseur Belgique", Country: "BE", VATID: "BE 403019261", Default: true}})
	require.NoError(t, err)
	be, ok := p.Counterparty("")
	require.True(t, ok)
	require.Equal(t, "BE0403019261", be.VATID)

	p, err = s.SaveContract(ctx, admin, partner.SaveContractInput{Partner: "p1", Version: p.Version,
		Contract: partner.Contract{ID: "c1", Number: "2026/17", Counterparty: be.ID}})
	require.NoError(t, err)
	_, err = s.SaveContract(ctx, admin, partner.SaveContractInput{Partner: "p1",
		Contract: partner.Contract{Counterparty: "nobody"}})
	require.Equal(t, []string{"number", "counterparty"}, paths(err))

	_, err = s.SaveAgreement(ctx, admin, partner.SaveAgreementInput{Partner: "p1",
		Agreement: partner.Agreement{ID: "a1", Name: "Spring", Contract: "c1"}})
	require.NoError(t, err)
	_, err = s.SaveAgreement(ctx, admin, partner.SaveAgreementInput{Partner: "p1",
		Agreement: partner.Agreement{Contract: "c2"}})
	require.Equal(t, []string{"name", "contract"}, paths(err))

	_, err = s.RecordVATCheck(ctx, admin, partner.RecordVATCheckInput{Partner: "p1", Check: partner.VATCheck{VATID: "BE 403019261", Status: partner.VATValid}})
	require.NoError(t, err)
	_, err = s.RecordVATCheck(ctx, admin, partner.RecordVATCheckInput{Partner: "p1", Check: partner.VATCheck{VATID: "BE1", Status: "perhaps"}})
	require.Equal(t, []string{"vat_id", "status"}, paths(err))

	var what []string
	for _, e := range f.events[1:] {
		what = append(what, string(e.Data))
	}
	require.Equal(t, []string{
		`{"id":"p1","what":"counterparty","ref":"` + string(be.ID) + `","by":"adele"}`,
		`{"id":"p1","what":"contract","ref":"c1","by":"adele"}`,
		`{"id":"p1","what":"agreement","ref":"a1","by":"adele"}`,
		`{"id":"p1","what":"vat_check","ref":"BE0403019261","by":"adele"}`,
	}, what)
}

func paths(err error) []string {
	var out []string
	for _, i := range fault.IssuesOf(err) {
		out = append(out, i.Path)
	}
	return out
}

func TestFind(t *testing.T) {
	_, s, _ := registered(t)
	other := vasseur()
	other.ID, other.Number, other.Name, other.Type = "p2", "FR9", "Studio Éclair", partner.Studio
	_, err := s.Register(ctx, admin, partner.RegisterInput{Partner: other})
	require.NoError(t, err)
	for _, c := range []struct {
		name  string
		actor access.Actor
		q     partner.Query
		want  []partner.ID
	}{
		{"operator sees all", operator, partner.Query{}, []partner.ID{"p1", "p2"}},
		{"own only", purchaser, partner.Query{}, []partner.ID{"p1"}},
		{"the other's own only", stranger, partner.Query{}, []partner.ID{"p2"}},
		{"words, accents ignored", stranger, partner.Query{Words: "ECL stud"}, []partner.ID{"p2"}},
		{"words begin", stranger, partner.Query{Words: "clair"}, nil},
		{"number word", stranger, partner.Query{Words: "fr9"}, []partner.ID{"p2"}},
		{"type", purchaser, partner.Query{Type: partner.Studio}, nil},
		{"number", purchaser, partner.Query{Number: "FR10002527"}, []partner.ID{"p1"}},
		{"after", purchaser, partner.Query{Page: uow.PageRequest{After: "Z"}}, nil},
		{"another's number", purchaser, partner.Query{Number: "FR9"}, nil},
		{"nobody", access.Actor{}, partner.Query{}, nil},
		{"no partner", access.Actor{ID: "x", Roles: []access.Role{access.Designer}}, partner.Query{}, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			page, err := s.Find(ctx, c.actor, c.q)
			require.NoError(t, err)
			var got []partner.ID
			for _, h := range page.Rows {
				got = append(got, h.ID)
			}
			require.Equal(t, c.want, got)
		})
	}
	page, err := s.Find(ctx, purchaser, partner.Query{Page: uow.PageRequest{Count: true, Limit: 1}})
	require.NoError(t, err)
	require.Equal(t, &uow.Total{N: 1}, page.Total)
	page, err = s.Find(ctx, purchaser, partner.Query{Number: "FR9", Page: uow.PageRequest{Count: true}})
	require.NoError(t, err)
	require.Equal(t, uow.Page[partner.Header]{Total: &uow.Total{}}, page)
	_, err = s.Find(ctx, purchaser, partner.Query{Page: uow.PageRequest{Limit: 501}})
	require.ErrorIs(t, err, uow.ErrPage)
}

// The first result of a key stays the answer to a repeat by who asked for it,
// also when the permission has gone since; whoever sees nothing gets nothing.
func TestTheKeyComesBeforeThePermission(t *testing.T) {
	_, s, _ := registered(t)
	in := partner.SaveAddressInput{Partner: "p1", Key: "k", Address: works()}
	first, err := s.SaveAddress(ctx, purchaser, in)
	require.NoError(t, err)
	reader := purchaser
	reader.Roles = []access.Role{access.Accountant}
	again, err := s.SaveAddress(ctx, reader, in)
	require.NoError(t, err)
	require.Equal(t, asJSON(t, first), asJSON(t, again))
	in.Key = "k2"
	_, err = s.SaveAddress(ctx, reader, in)
	require.ErrorIs(t, err, access.ErrForbidden)
	in.Key = "k"
	reader.Roles = nil
	_, err = s.SaveAddress(ctx, reader, in)
	require.ErrorIs(t, err, partner.ErrNotFound)
}
