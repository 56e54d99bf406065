package fsm

import "slices"

// Table is an immutable life cycle: S the states, T the triggers, R the roles,
// F the facts its guards read. It holds no current state; any number of
// goroutines may share one. The zero Table knows nothing and refuses all.
type Table[S, T, R ~string, F any] struct {
	def      Definition[S, T, R, F]
	triggers []T
	openings []T

	states, fires, opens, roles index

	// cells is dense: state × trigger; birth has one cell per opening trigger.
	cells []cell[S, F]
	birth []cell[S, F]
}

// cell holds the rows of one pair; nearly always none or one.
type cell[S ~string, F any] struct {
	rows []line[S, F]
}

// line is a row made ready for the decision.
type line[S ~string, F any] struct {
	who    uint64
	step   Step[S]
	guards []func(F) []Problem
}

// New makes a table, or says everything that is wrong with its definition:
// names that are empty, doubled, unknown or not fit for a chart; rows without
// roles; final states with rows and other states without; states that no row
// reaches; guards that no row names; and rows of one pair that must overlap
// because one asks for no guard beyond the other's. The definition is copied.
//
// Errors: ErrDefinition (kind Invalid) with one issue per mistake. What
// depends on the guards' answers is found by fsmtest.Exhaust.
func New[S, T, R ~string, F any](def Definition[S, T, R, F]) (*Table[S, T, R, F], error) {
	if err := validate(&def); err != nil {
		return nil, err
	}
	t := &Table[S, T, R, F]{def: cloneDefinition(def)}
	t.triggers, t.openings = triggersOf(t.def.Rows), triggersOf(t.def.Open)
	t.states, t.roles = newIndex(texts(t.def.States)), newIndex(texts(roleNames(t.def.Roles)))
	t.fires, t.opens = newIndex(texts(t.triggers)), newIndex(texts(t.openings))
	t.cells = make([]cell[S, F], len(t.def.States)*len(t.triggers))
	t.birth = make([]cell[S, F], len(t.openings))
	for i, r := range t.def.Rows {
		at := t.states.find(string(r.From))*len(t.triggers) + t.fires.find(string(r.On))
		t.cells[at].rows = append(t.cells[at].rows, t.line(i, r))
	}
	for i, r := range t.def.Open {
		at := t.opens.find(string(r.On))
		t.birth[at].rows = append(t.birth[at].rows, t.line(len(def.Rows)+i, r))
	}
	return t, nil
}

// MustNew is New for tables written in source: it panics on a mistake.
func MustNew[S, T, R ~string, F any](def Definition[S, T, R, F]) *Table[S, T, R, F] {
	t, err := New(def)
	if err != nil {
		panic(err)
	}
	return t
}

func (t *Table[S, T, R, F]) line(i int, r Row[S, T, R]) line[S, F] {
	l := line[S, F]{who: t.mask(r.Who), step: Step[S]{To: r.To, Row: i}}
	for _, name := range r.Guards {
		at := slices.IndexFunc(t.def.Guards, func(g Guard[F]) bool { return g.Name == name })
		l.guards = append(l.guards, t.def.Guards[at].Check)
	}
	return l
}

// Name returns the name of the life cycle.
func (t *Table[S, T, R, F]) Name() string { return t.def.Name }

// States returns every state in declared order. This slice and those of the
// other accessors are the caller's.
func (t *Table[S, T, R, F]) States() []S { return slices.Clone(t.def.States) }

// Initial returns the state in which life begins.
func (t *Table[S, T, R, F]) Initial() S { return t.def.Initial }

// Final returns the states that nothing leaves, in declared order.
func (t *Table[S, T, R, F]) Final() []S { return slices.Clone(t.def.Final) }

// IsFinal reports whether nothing leaves the state.
func (t *Table[S, T, R, F]) IsFinal(s S) bool { return slices.Contains(t.def.Final, s) }

// Has reports whether the table knows the state.
func (t *Table[S, T, R, F]) Has(s S) bool { return t.states.find(string(s)) >= 0 }

// Triggers returns every trigger of Rows in the order first named.
func (t *Table[S, T, R, F]) Triggers() []T { return slices.Clone(t.triggers) }

// Roles returns every role in declared order.
func (t *Table[S, T, R, F]) Roles() []Role[R] { return slices.Clone(t.def.Roles) }

// Guards returns every guard in declared order.
func (t *Table[S, T, R, F]) Guards() []Guard[F] { return slices.Clone(t.def.Guards) }

// Rows returns every row in declared order, without the opening rows.
func (t *Table[S, T, R, F]) Rows() []Row[S, T, R] { return cloneRows(t.def.Rows) }

// Openings returns the opening rows in declared order.
func (t *Table[S, T, R, F]) Openings() []Row[S, T, R] { return cloneRows(t.def.Open) }

// Emits returns the events of a step that Next or Open of this table decided,
// in declared order.
func (t *Table[S, T, R, F]) Emits(s Step[S]) []string {
	if n := len(t.def.Rows); s.Row >= n {
		return slices.Clone(t.def.Open[s.Row-n].Emits)
	}
	return slices.Clone(t.def.Rows[s.Row].Emits)
}

func triggersOf[S, T, R ~string](rows []Row[S, T, R]) []T {
	var out []T
	for _, r := range rows {
		if !slices.Contains(out, r.On) {
			out = append(out, r.On)
		}
	}
	return out
}

func texts[K ~string](in []K) []string {
	out := make([]string, len(in))
	for i, k := range in {
		out[i] = string(k)
	}
	return out
}

func roleNames[R ~string](in []Role[R]) []R {
	out := make([]R, len(in))
	for i, r := range in {
		out[i] = r.Name
	}
	return out
}

func cloneRows[S, T, R ~string](in []Row[S, T, R]) []Row[S, T, R] {
	out := slices.Clone(in)
	for i := range out {
		out[i].Who = slices.Clone(out[i].Who)
		out[i].Guards = slices.Clone(out[i].Guards)
		out[i].Emits = slices.Clone(out[i].Emits)
	}
	return out
}

func cloneDefinition[S, T, R ~string, F any](d Definition[S, T, R, F]) Definition[S, T, R, F] {
	d.States, d.Final = slices.Clone(d.States), slices.Clone(d.Final)
	d.Roles, d.Guards = slices.Clone(d.Roles), slices.Clone(d.Guards)
	d.Open, d.Rows = cloneRows(d.Open), cloneRows(d.Rows)
	return d
}
