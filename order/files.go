package order

import (
	"context"
	"slices"
	"strconv"

	"github.com/comptoir-go/comptoir/access"
	"github.com/comptoir-go/comptoir/blob"
	"github.com/comptoir-go/comptoir/event"
	"github.com/comptoir-go/comptoir/fault"
	"github.com/comptoir-go/comptoir/internal/check"
	"github.com/comptoir-go/comptoir/uow"
)

// MaxFiles is how many files one order may have.
const MaxFiles = 100

// NewFile is a file to attach; its content has been put into the blob store
// before.
type NewFile struct {
	blob.File
	// Line ties it to a line, "" to the whole order.
	Line LineID `json:"line,omitempty"`
	// Internal files are for the seller's side only.
	Internal bool `json:"internal,omitempty"`
	// Note has at most 2000 characters.
	Note string `json:"note,omitempty"`
}

// AttachInput attaches files.
type AttachInput struct {
	Key     string    `json:"key,omitempty"`
	Order   ID        `json:"order"`
	Version int64     `json:"version,omitempty"` // 0 expects any
	Files   []NewFile `json:"files"`
}

// Attach attaches files to an order, all of them or none. Files that the buyer
// sees are taken until the order is over, internal ones at any time.
//
// Where Options.Blobs is set, every content that the order does not name yet
// is read once, before the transaction: it has to be there, whole and of the
// size told. A hash names content whoever put it: hand in only what the same
// person has put.
//
// Errors, in order of the checks: ErrNotFound; uow.ErrKeyReused;
// uow.ErrVersion; access.ErrForbidden without order.files, and for an internal
// file without message.internal; ErrInvalid with every issue, blob.not_found
// and size.differs among them; ErrPhase for an order that is over; ErrFull
// beyond MaxFiles; what the blob store answers otherwise.
func (s *Service) Attach(ctx context.Context, a access.Actor, in AttachInput) (Order, error) {
	if s.blobs != nil {
		if err := s.verifyNew(ctx, a, in); err != nil {
			return Order{}, err
		}
	}
	return uow.Do(ctx, s.run, func(ctx context.Context, tx Tx) (Order, error) { return s.AttachTx(ctx, tx, a, in) })
}

// AttachTx is Attach inside a transaction of the caller's; the blob store is
// not asked. An error means that the transaction has to be abandoned.
func (s *Service) AttachTx(ctx context.Context, tx Tx, a access.Actor, in AttachInput) (Order, error) {
	t := target{"attach", in.Key, in.Order, in.Version, in, nil, access.OrderFiles}
	return s.change(ctx, tx, a, t, func(o *Order) ([]event.Payload, error) {
		if err := s.mayAttach(a, *o, in); err != nil {
			return nil, err
		}
		var is fault.Issues
		if in.check(&is, *o); len(is) > 0 {
			return nil, is.Err(ErrInvalid)
		}
		if shared := slices.ContainsFunc(in.Files, func(f NewFile) bool { return !f.Internal }); shared && !slices.Contains(alive, o.State) {
			return nil, ErrPhase.With("%s is %s", o.Ref, o.State)
		}
		if len(o.Files)+len(in.Files) > MaxFiles {
			return nil, ErrFull.With("an order has at most %d files", MaxFiles)
		}
		by, at := a.Stamp(), s.now()
		refs := make([]FileRef, len(in.Files))
		for i, n := range in.Files {
			f := File{ID: FileID(s.newID()), File: n.File, Line: n.Line, Internal: n.Internal, Seller: ofSeller(a, *o), Note: n.Note, By: by, At: at}
			o.Files = append(o.Files, f)
			refs[i] = f.ref()
		}
		return []event.Payload{Attached{About: about(*o, a), Files: refs}}, nil
	})
}

func (f File) ref() FileRef {
	return FileRef{File: f.ID, Name: f.Name, Line: f.Line, Internal: f.Internal}
}

func (s *Service) mayAttach(a access.Actor, o Order, in AttachInput) error {
	if !s.policy.May(a, access.OrderFiles, owner(o)) {
		return access.Denied(access.OrderFiles)
	}
	if !s.insider(a, o) && slices.ContainsFunc(in.Files, func(f NewFile) bool { return f.Internal }) {
		return access.Denied(access.MessageInternal)
	}
	return nil
}

func (in AttachInput) check(is *fault.Issues, o Order) {
	if len(in.Files) == 0 {
		is.Add("files", "required", "name a file")
	}
	for i, f := range in.Files {
		path := "files[" + strconv.Itoa(i) + "]"
		f.Check(is, path)
		check.Note(is, path+".note", f.Note, maxNote)
		if f.Line != "" && o.line(f.Line) == nil {
			is.Add(path+".line", "unknown", "the order has no line %s", f.Line)
		}
	}
}

// verifyNew checks an input against the blob store, between transactions. It
// asks nothing for an actor that may not attach.
func (s *Service) verifyNew(ctx context.Context, a access.Actor, in AttachInput) error {
	o, err := uow.Ask(ctx, s.run, func(ctx context.Context, tx Tx) (Order, error) { return s.see(ctx, tx, a, in.Order) })
	if err != nil {
		return err
	}
	if err := s.mayAttach(a, o, in); err != nil {
		return err
	}
	var is fault.Issues
	in.check(&is, o)
	if len(in.Files) > MaxFiles {
		return is.Err(ErrInvalid) // they do not fit, as the command says; the store need not be asked
	}
	known := make(map[blob.Hash]bool, len(o.Files))
	for _, f := range o.Files {
		known[f.Hash] = true
	}
	files := make([]blob.File, len(in.Files))
	for i, f := range in.Files {
		files[i] = f.File
	}
	if err := s.verify(ctx, &is, files, known); err != nil {
		return err
	}
	return is.Err(ErrInvalid)
}
