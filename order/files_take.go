package order

import (
	"context"
	"fmt"
	"slices"

	"github.com/comptoir-go/comptoir/access"
	"github.com/comptoir-go/comptoir/event"
	"github.com/comptoir-go/comptoir/fault"
	"github.com/comptoir-go/comptoir/uow"
)

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
