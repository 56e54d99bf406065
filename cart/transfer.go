package cart

import (
	"context"
	"strings"

	"github.com/comptoir-go/comptoir/access"
	"github.com/comptoir-go/comptoir/fault"
	"github.com/comptoir-go/comptoir/uow"
)

// MoveInput asks to move lines from one cart of a partner to another.
type MoveInput struct {
	Cart      ID     `json:"cart"`
	Version   int64  `json:"version,omitempty"`
	To        ID     `json:"to"`
	ToVersion int64  `json:"to_version,omitempty"`
	Key       string `json:"key,omitempty"`
	// Lines are what moves, at least one.
	Lines []Portion `json:"lines"`
	// Apart keeps the moved lines apart from lines of the same product, ticket
	// and note.
	Apart bool `json:"apart,omitempty"`
}

// SplitInput asks to move lines into a new cart.
type SplitInput struct {
	Cart    ID        `json:"cart"`
	Version int64     `json:"version,omitempty"`
	Key     string    `json:"key,omitempty"`
	Name    string    `json:"name"`
	Lines   []Portion `json:"lines"`
}

// MergeInput asks to move every line of a cart into another one.
type MergeInput struct {
	Cart      ID     `json:"cart"`
	Version   int64  `json:"version,omitempty"`
	To        ID     `json:"to"`
	ToVersion int64  `json:"to_version,omitempty"`
	Key       string `json:"key,omitempty"`
	// Apart is as in MoveInput.
	Apart bool `json:"apart,omitempty"`
	// Delete removes the emptied cart; a mark of the default cart goes on to
	// the other.
	Delete bool `json:"delete,omitempty"`
}

// Transfer is what became of two carts.
type Transfer struct {
	// From is the cart the lines came from; after a Merge that deletes it, the
	// cart as it was last.
	From Cart `json:"from"`
	To   Cart `json:"to"`
}

// Move takes whole lines, or parts of their quantity, to another cart of the
// same partner. The actor holds both. A line joins one of the same product,
// ticket and note; it keeps its id otherwise, a part gets a new one. The sum
// of quantities of a product over both carts stays as it was.
//
// Errors: those of every command of the holder, for each cart; ErrInvalid;
// *MergeConflict with everything that clashes: currencies, broken quantity
// rules on either side, different warranty marks of one ticket, too many
// lines.
func (s *Service) Move(ctx context.Context, a access.Actor, in MoveInput) (Transfer, error) {
	return uow.Do(ctx, s.run, func(ctx context.Context, tx Tx) (Transfer, error) { return s.MoveTx(ctx, tx, a, in) })
}

// MoveTx is Move within the caller's transaction.
func (s *Service) MoveTx(ctx context.Context, tx Tx, a access.Actor, in MoveInput) (Transfer, error) {
	from, to, err := s.seeBoth(ctx, tx, a, in.Cart, in.To)
	if err != nil {
		return Transfer{}, err
	}
	return uow.Once(ctx, tx.Keys(), scope("move", a), in.Key, in, func() (Transfer, error) {
		if err := s.mayEditBoth(a, from, in.Version, to, in.ToVersion); err != nil {
			return Transfer{}, err
		}
		if err := s.transfer(ctx, tx, &from, &to, in.Lines, in.Apart); err != nil {
			return Transfer{}, err
		}
		return s.saveBoth(ctx, tx, a, from, to)
	})
}

// Split moves lines, or parts of them, into a new cart held by the actor.
//
// Errors: as Move, and ErrExists, ErrLimit for the new cart.
func (s *Service) Split(ctx context.Context, a access.Actor, in SplitInput) (Transfer, error) {
	return uow.Do(ctx, s.run, func(ctx context.Context, tx Tx) (Transfer, error) { return s.SplitTx(ctx, tx, a, in) })
}

// SplitTx is Split within the caller's transaction.
func (s *Service) SplitTx(ctx context.Context, tx Tx, a access.Actor, in SplitInput) (Transfer, error) {
	from, err := s.see(ctx, tx, a, in.Cart)
	if err != nil {
		return Transfer{}, err
	}
	return uow.Once(ctx, tx.Keys(), scope("split", a), in.Key, in, func() (Transfer, error) {
		if err := s.mayEdit(a, from, in.Version); err != nil {
			return Transfer{}, err
		}
		to := Cart{Partner: from.Partner, Name: strings.TrimSpace(in.Name), Currency: from.Currency}
		if err := s.transfer(ctx, tx, &from, &to, in.Lines, false); err != nil {
			return Transfer{}, err
		}
		to, err := s.insert(ctx, tx, a, to)
		if err != nil {
			return Transfer{}, err
		}
		from, err := s.saveHeld(ctx, tx, a, from, Filled)
		return Transfer{From: from, To: to}, err
	})
}

// Merge moves all lines of a cart into another one of the same partner. With a
// Key it may be repeated after it deleted the cart, as long as the actor sees
// the other one.
//
// Errors: as Move.
func (s *Service) Merge(ctx context.Context, a access.Actor, in MergeInput) (Transfer, error) {
	return uow.Do(ctx, s.run, func(ctx context.Context, tx Tx) (Transfer, error) { return s.MergeTx(ctx, tx, a, in) })
}

// MergeTx is Merge within the caller's transaction.
func (s *Service) MergeTx(ctx context.Context, tx Tx, a access.Actor, in MergeInput) (Transfer, error) {
	from, to, gone, err := s.seeMerge(ctx, tx, a, in)
	if err != nil {
		return Transfer{}, err
	}
	return uow.Once(ctx, tx.Keys(), scope("merge", a), in.Key, in, func() (Transfer, error) {
		if gone != nil {
			return Transfer{}, gone
		}
		if err := s.mayEditBoth(a, from, in.Version, to, in.ToVersion); err != nil {
			return Transfer{}, err
		}
		all := make([]Portion, len(from.Lines))
		for i, l := range from.Lines {
			all[i].Line = l.ID
		}
		if len(all) > 0 {
			if err := s.transfer(ctx, tx, &from, &to, all, in.Apart); err != nil {
				return Transfer{}, err
			}
		}
		if in.Delete {
			return s.absorb(ctx, tx, a, from, to)
		}
		return s.saveBoth(ctx, tx, a, from, to)
	})
}

// absorb deletes the emptied cart of a merge.
func (s *Service) absorb(ctx context.Context, tx Tx, a access.Actor, from, to Cart) (Transfer, error) {
	to.Default = to.Default || from.Default
	from.Default = false // the mark has gone on
	if err := s.remove(ctx, tx, a, from); err != nil {
		return Transfer{}, err
	}
	to, err := s.saveHeld(ctx, tx, a, to, Filled)
	return Transfer{From: from, To: to}, err
}

// seeMerge reads the carts of a merge. The one it came from may have been
// deleted by the first call of the same key: then gone says so, for the key to
// decide. The other one, of the same partner, has to be there for the actor,
// so that a repeat tells nobody what it may not see any more.
func (s *Service) seeMerge(ctx context.Context, tx Tx, a access.Actor, in MergeInput) (from, to Cart, gone, err error) {
	if err := s.warm(ctx, tx, []ID{in.Cart, in.To}); err != nil {
		return Cart{}, Cart{}, nil, err
	}
	from, gone = s.see(ctx, tx, a, in.Cart)
	if gone != nil && !repeatable(in.Key, gone) {
		return Cart{}, Cart{}, nil, gone
	}
	to, err = s.see(ctx, tx, a, in.To)
	return from, to, gone, err
}

func (s *Service) seeBoth(ctx context.Context, tx Tx, a access.Actor, one, other ID) (Cart, Cart, error) {
	if err := s.warm(ctx, tx, []ID{one, other}); err != nil {
		return Cart{}, Cart{}, err
	}
	from, err := s.see(ctx, tx, a, one)
	if err != nil {
		return Cart{}, Cart{}, err
	}
	to, err := s.see(ctx, tx, a, other)
	return from, to, err
}

func (s *Service) mayEditBoth(a access.Actor, from Cart, fromVersion int64, to Cart, toVersion int64) error {
	if err := to.at(toVersion); err != nil {
		return err
	}
	if err := s.mayEdit(a, from, fromVersion); err != nil {
		return err
	}
	if err := s.mayEdit(a, to, toVersion); err != nil {
		return err
	}
	var is fault.Issues
	switch {
	case from.ID == to.ID:
		is.Add("to", "same", "is the cart itself")
	case from.Partner != to.Partner:
		is.Add("to", "partner", "is a cart of another partner")
	}
	return is.Err(ErrInvalid)
}

func (s *Service) saveBoth(ctx context.Context, tx Tx, a access.Actor, from, to Cart) (Transfer, error) {
	from, err := s.saveHeld(ctx, tx, a, from, Filled)
	if err != nil {
		return Transfer{}, err
	}
	to, err = s.saveHeld(ctx, tx, a, to, Filled)
	return Transfer{From: from, To: to}, err
}
