package order

import (
	"context"
	"fmt"
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
		if f.Line != "" && !slices.ContainsFunc(o.Lines, func(l Line) bool { return l.ID == f.Line }) {
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

// DetachInput takes files off.
type DetachInput struct {
	Key     string   `json:"key,omitempty"`
	Order   ID       `json:"order"`
	Version int64    `json:"version,omitempty"` // 0 expects any
	Files   []FileID `json:"files"`
}

// Detach takes files off an order. The seller's side may always; the buyer's
// side what its own side attached, until the order is validated, and nothing
// that was certified.
//
// Errors, in order of the checks: ErrNotFound; uow.ErrKeyReused;
// uow.ErrVersion; access.ErrForbidden without order.files; ErrInvalid with an
// issue for every file that the order does not have for the actor; for the
// buyer's side ErrLocked from validation on, and access.ErrForbidden for files
// of the seller's and certified ones.
func (s *Service) Detach(ctx context.Context, a access.Actor, in DetachInput) (Order, error) {
	return uow.Do(ctx, s.run, func(ctx context.Context, tx Tx) (Order, error) { return s.DetachTx(ctx, tx, a, in) })
}

// DetachTx is Detach inside a transaction of the caller's. An error means that
// the transaction has to be abandoned.
func (s *Service) DetachTx(ctx context.Context, tx Tx, a access.Actor, in DetachInput) (Order, error) {
	t := target{"detach", in.Key, in.Order, in.Version, in, nil, access.OrderFiles}
	return s.change(ctx, tx, a, t, func(o *Order) ([]event.Payload, error) {
		places, err := s.pickFiles(a, *o, in.Files)
		if err != nil {
			return nil, err
		}
		if !ofSeller(a, *o) {
			if !o.Editable() {
				return nil, ErrLocked
			}
			for _, i := range places {
				if f := o.Files[i]; f.Seller || f.Certified != nil {
					return nil, access.ErrForbidden.With("%s is the seller's to take off", f.Name)
				}
			}
		}
		refs := make([]FileRef, len(places))
		for n, i := range places {
			f := o.Files[i]
			refs[n] = f.ref()
			o.note(s.now(), a.Stamp(), "detached", o.State, f.Name)
			o.History[len(o.History)-1].Internal = f.Internal
		}
		o.Files = leaveOut(o.Files, func(f File) bool { return slices.Contains(in.Files, f.ID) })
		return []event.Payload{Detached{About: about(*o, a), Files: refs}}, nil
	})
}

// pickFiles finds the places of files that the actor sees.
func (s *Service) pickFiles(a access.Actor, o Order, ids []FileID) ([]int, error) {
	var is fault.Issues
	if len(ids) == 0 {
		is.Add("files", "required", "name a file")
	}
	out := make([]int, 0, len(ids))
	for n, id := range ids {
		i := slices.IndexFunc(o.Files, func(f File) bool { return f.ID == id && (!f.Internal || s.insider(a, o)) })
		switch path := fmt.Sprintf("files[%d]", n); {
		case i < 0:
			is.Add(path, "unknown", "the order has no file %s", id)
		case slices.Contains(out, i):
			is.Add(path, "repeated", "file %s is named twice", id)
		default:
			out = append(out, i)
		}
	}
	return out, is.Err(ErrInvalid)
}

// CertifyInput releases production files as good to make, or takes that back.
type CertifyInput struct {
	Key      string   `json:"key,omitempty"`
	Order    ID       `json:"order"`
	Version  int64    `json:"version,omitempty"` // 0 expects any
	Files    []FileID `json:"files"`
	Withdraw bool     `json:"withdraw,omitempty"`
}

// Certify notes on files of a running order that they are good to make; what
// is certified already keeps who did it, and when.
//
// Errors, in order of the checks: ErrNotFound; uow.ErrKeyReused;
// uow.ErrVersion; ErrPhase for an order that is over; access.ErrForbidden
// without order.certify; ErrInvalid with an issue for every unknown file.
func (s *Service) Certify(ctx context.Context, a access.Actor, in CertifyInput) (Order, error) {
	return uow.Do(ctx, s.run, func(ctx context.Context, tx Tx) (Order, error) { return s.CertifyTx(ctx, tx, a, in) })
}

// CertifyTx is Certify inside a transaction of the caller's. An error means
// that the transaction has to be abandoned.
func (s *Service) CertifyTx(ctx context.Context, tx Tx, a access.Actor, in CertifyInput) (Order, error) {
	t := target{"certify", in.Key, in.Order, in.Version, in, alive, access.OrderCertify}
	return s.change(ctx, tx, a, t, func(o *Order) ([]event.Payload, error) {
		places, err := s.pickFiles(a, *o, in.Files)
		if err != nil {
			return nil, err
		}
		var refs []FileRef
		what, mark := "certified", &Release{By: a.Stamp(), At: s.now()}
		if in.Withdraw {
			what, mark = "certificate withdrawn", nil
		}
		for _, i := range places {
			f := &o.Files[i]
			if (f.Certified == nil) == in.Withdraw {
				continue
			}
			f.Certified = mark
			refs = append(refs, f.ref())
			o.note(s.now(), a.Stamp(), what, o.State, f.Name)
			o.History[len(o.History)-1].Internal = f.Internal
		}
		if len(refs) == 0 {
			return nil, nil
		}
		return []event.Payload{Certified{About: about(*o, a), Files: refs, Withdrawn: in.Withdraw}}, nil
	})
}
