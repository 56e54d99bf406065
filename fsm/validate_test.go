package fsm_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/comptoir-go/comptoir/fault"
	"github.com/comptoir-go/comptoir/fsm"
)

func TestNewNamesTheMistake(t *testing.T) {
	row := func(from dState, on dTrigger, to dState, guards ...string) dRow {
		return dRow{From: from, On: on, To: to, Who: []dRole{"porter"}, Guards: guards}
	}
	for name, c := range map[string]struct {
		spoil func(d *dDef)
		want  []string // "path code"
	}{
		"no name":            {func(d *dDef) { d.Name = "" }, []string{"name name.invalid"}},
		"spaced name":        {func(d *dDef) { d.Name = "a door" }, []string{"name name.invalid"}},
		"long name":          {func(d *dDef) { d.Name = strings.Repeat("x", 65) }, []string{"name name.invalid"}},
		"bad state":          {func(d *dDef) { d.States = append(d.States, "a:b") }, []string{"states[4] name.invalid", "states[4] state.dead_end", "states[4] state.unreachable"}},
		"state twice":        {func(d *dDef) { d.States = append(d.States, "open") }, []string{"states[4] name.twice"}},
		"keyword":            {func(d *dDef) { d.States[3], d.Final[0], d.Rows[4].To = "Default", "Default", "Default" }, []string{"states[3] name.keyword"}},
		"no role":            {func(d *dDef) { d.Rows[0].Who = nil }, []string{"rows[0].who row.no_role"}},
		"role unknown":       {func(d *dDef) { d.Rows[0].Who = []dRole{"ghost"} }, []string{"rows[0].who[0] role.unknown"}},
		"role twice in row":  {func(d *dDef) { d.Rows[0].Who = []dRole{"guest", "guest"} }, []string{"rows[0].who[1] name.twice"}},
		"role twice":         {func(d *dDef) { d.Roles = append(d.Roles, fsm.Role[dRole]{Name: "guest"}) }, []string{"roles[2] name.twice"}},
		"mark twice":         {func(d *dDef) { d.Roles[1].Mark = "G" }, []string{"roles[1].mark name.twice"}},
		"bad mark":           {func(d *dDef) { d.Roles[1].Mark = "(" }, []string{"roles[1].mark name.invalid"}},
		"guard without body": {func(d *dDef) { d.Guards[0].Check = nil }, []string{"guards[0] guard.no_check"}},
		"guard unused":       {func(d *dDef) { d.Rows[2].Guards = []string{"has key"} }, []string{"guards[0] guard.unused"}},
		"guard unknown":      {func(d *dDef) { d.Rows[0].Guards = []string{"sunny"} }, []string{"rows[0].guards[0] guard.unknown"}},
		"guard twice":        {func(d *dDef) { d.Guards = append(d.Guards, hasKey()) }, []string{"guards[2] name.twice"}},
		"guard name":         {func(d *dDef) { d.Guards[1].Name = "a]"; d.Rows[2].Guards[1] = "a]"; d.Rows[3].Guards[0] = "a]" }, []string{"guards[1] name.invalid"}},
		"guard twice in row": {func(d *dDef) { d.Rows[3].Guards = []string{"has key", "has key"} }, []string{"rows[3].guards[1] name.twice"}},
		"initial":            {func(d *dDef) { d.Initial, d.Open = "nowhere", nil }, []string{"initial state.unknown", "states[0] state.unreachable", "states[1] state.unreachable", "states[2] state.unreachable", "states[3] state.unreachable"}},
		"final unknown":      {func(d *dDef) { d.Final = append(d.Final, "nowhere") }, []string{"final[1] state.unknown"}},
		"final twice":        {func(d *dDef) { d.Final = append(d.Final, "walled") }, []string{"final[1] name.twice"}},
		"from unknown":       {func(d *dDef) { d.Rows = append(d.Rows, row("ajar", "shut", "shut")) }, []string{"rows[5].from state.unknown"}},
		"to unknown":         {func(d *dDef) { d.Rows = append(d.Rows, row("open", "paint", "red")) }, []string{"rows[5].to state.unknown"}},
		"no trigger":         {func(d *dDef) { d.Rows = append(d.Rows, row("open", "", "shut")) }, []string{"rows[5].on name.invalid"}},
		"bad event":          {func(d *dDef) { d.Rows[0].Emits = []string{"door shut"} }, []string{"rows[0].emits[0] name.invalid"}},
		"event twice":        {func(d *dDef) { d.Rows[0].Emits = []string{"a.b", "a.b"} }, []string{"rows[0].emits[1] name.twice"}},
		"opening from":       {func(d *dDef) { d.Open[0].From = "open" }, []string{"open[0].from row.from_given"}},
		"opening elsewhere":  {func(d *dDef) { d.Open[0].To = "shut" }, []string{"open open.not_initial"}},
		"opening overlap":    {func(d *dDef) { d.Open = append(d.Open, row("", "hang", "shut")) }, []string{"open[1] row.overlap"}},
		"same pair":          {func(d *dDef) { d.Rows = append(d.Rows, row("open", "shut", "locked")) }, []string{"rows[5] row.overlap"}},
		"subset of guards":   {func(d *dDef) { d.Rows = append(d.Rows, row("shut", "lock", "open", "has key")) }, []string{"rows[5] row.overlap"}},
		"superset of guards": {func(d *dDef) {
			d.Rows = append(d.Rows, row("locked", "unlock", "open", "room empty", "has key"))
		}, []string{"rows[5] row.overlap"}},
		"final left":  {func(d *dDef) { d.Rows = append(d.Rows, row("walled", "blast", "open")) }, []string{"states[3] state.final_left"}},
		"dead end":    {func(d *dDef) { d.Final = nil }, []string{"states[3] state.dead_end"}},
		"unreachable": {func(d *dDef) { d.Rows[4].To = "shut" }, []string{"states[3] state.unreachable"}},
		"nothing at all": {func(d *dDef) { *d = dDef{} },
			[]string{"name name.invalid", "states states.count", "roles roles.count", "initial state.unknown"}},
		"too many": {func(d *dDef) {
			for i := range 63 {
				d.Roles = append(d.Roles, fsm.Role[dRole]{Name: dRole("r" + strings.Repeat("x", i))})
			}
		}, []string{"roles roles.count"}},
	} {
		t.Run(name, func(t *testing.T) {
			def := doorDefinition()
			c.spoil(&def)
			table, err := fsm.New(def)
			require.Nil(t, table)
			require.ErrorIs(t, err, fsm.ErrDefinition)
			require.Equal(t, fault.Invalid, fault.KindOf(err))
			var got []string
			for _, i := range fault.IssuesOf(err) {
				got = append(got, i.Path+" "+i.Code)
			}
			require.Equal(t, c.want, got)
			require.Panics(t, func() { fsm.MustNew(def) })
		})
	}
}

// Rows of one pair are fine when the roles differ or neither row's guards
// contain the other's.
func TestNewAcceptsSharedPairs(t *testing.T) {
	def := doorDefinition()
	def.Rows[2].Guards = []string{"room empty"}
	def.Rows = append(def.Rows,
		dRow{From: "shut", On: "lock", To: "open", Who: []dRole{"guest"}},
		dRow{From: "shut", On: "lock", To: "shut", Who: []dRole{"porter"}, Guards: []string{"has key"}})
	table, err := fsm.New(def)
	require.NoError(t, err)

	step, err := table.Next("shut", "lock", []dRole{"porter"}, dFacts{Key: true})
	require.NoError(t, err)
	require.Equal(t, fsm.Step[dState]{To: "shut", Row: 6}, step)

	_, err = table.Next("shut", "lock", []dRole{"guest", "porter"}, dFacts{Key: true, Empty: true})
	var both *fsm.Ambiguous
	require.ErrorAs(t, err, &both)
	require.Equal(t, &fsm.Ambiguous{From: "shut", On: "lock", To: []string{"locked", "open", "shut"}}, both)
	require.ErrorIs(t, err, fsm.ErrAmbiguous)
	require.Equal(t, fault.Precondition, fault.KindOf(err))
	require.Equal(t, "fsm.ambiguous: lock in shut could lead to locked or open or shut", err.Error())

	options := table.Allowed("shut", []dRole{"guest", "porter"}, dFacts{Key: true, Empty: true})
	require.Equal(t, []string{"fsm.ambiguous"}, codes(options[1].Why))
	require.False(t, options[1].Ready)
}
