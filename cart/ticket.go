package cart

import (
	"context"
	"strconv"

	"github.com/comptoir-go/comptoir/access"
	"github.com/comptoir-go/comptoir/fault"
	"github.com/comptoir-go/comptoir/internal/check"
	"github.com/comptoir-go/comptoir/uow"
)

// AttachTicketInput asks to tie a line to a service ticket.
type AttachTicketInput struct {
	Cart     ID       `json:"cart"`
	Version  int64    `json:"version,omitempty"`
	Key      string   `json:"key,omitempty"`
	Line     LineID   `json:"line"`
	Ticket   TicketID `json:"ticket"`
	Warranty Warranty `json:"warranty"`
}

// DetachTicketInput asks to untie a line from its ticket.
type DetachTicketInput struct {
	Cart    ID     `json:"cart"`
	Version int64  `json:"version,omitempty"`
	Key     string `json:"key,omitempty"`
	Line    LineID `json:"line"`
}

// AttachTicket ties a line to an open service ticket of the actor's center, in
// warranty or out of it; a line that has a ticket gets the new one.
//
// Errors: those of every command of the holder; ErrLine; ErrInvalid;
// ErrTickets without the port; the port's own errors.
func (s *Service) AttachTicket(ctx context.Context, a access.Actor, in AttachTicketInput) (Cart, error) {
	return uow.Do(ctx, s.run, func(ctx context.Context, tx Tx) (Cart, error) { return s.AttachTicketTx(ctx, tx, a, in) })
}

// AttachTicketTx is AttachTicket within the caller's transaction.
func (s *Service) AttachTicketTx(ctx context.Context, tx Tx, a access.Actor, in AttachTicketInput) (Cart, error) {
	return s.edit(ctx, tx, a, target{"attach_ticket", in.Cart, in.Version, in.Key, in}, func(c *Cart) (What, error) {
		l, err := c.line(in.Line)
		if err != nil {
			return "", err
		}
		var is fault.Issues
		s.checkMark(&is, in.Ticket, in.Warranty)
		if err := is.Err(ErrInvalid); err != nil {
			return "", err
		}
		if err := s.ticketOpen(ctx, tx, a, in.Ticket); err != nil {
			return "", err
		}
		l.Ticket, l.Warranty = in.Ticket, in.Warranty
		c.Quote = nil
		return Ticketed, nil
	})
}

// DetachTicket unties a line from its ticket; of a line without one nothing
// changes but the cart's version.
//
// Errors: those of every command of the holder; ErrLine.
func (s *Service) DetachTicket(ctx context.Context, a access.Actor, in DetachTicketInput) (Cart, error) {
	return uow.Do(ctx, s.run, func(ctx context.Context, tx Tx) (Cart, error) { return s.DetachTicketTx(ctx, tx, a, in) })
}

// DetachTicketTx is DetachTicket within the caller's transaction.
func (s *Service) DetachTicketTx(ctx context.Context, tx Tx, a access.Actor, in DetachTicketInput) (Cart, error) {
	return s.edit(ctx, tx, a, target{"detach_ticket", in.Cart, in.Version, in.Key, in}, func(c *Cart) (What, error) {
		l, err := c.line(in.Line)
		if err != nil {
			return "", err
		}
		l.Ticket, l.Warranty = "", ""
		c.Quote = nil
		return Ticketed, nil
	})
}

// maxTicket bounds the id of a ticket, in characters.
const maxTicket = 64

func (s *Service) checkMark(is *fault.Issues, t TicketID, w Warranty) {
	if t == "" {
		is.Add("ticket", "required", "is missing")
	}
	check.Line(is, "ticket", string(t), maxTicket)
	if w != InWarranty && w != OutOfWarranty {
		is.Add("warranty", "one_of", `is "in" or "out"`)
	}
}

// ticketOpen asks the port, within the transaction where it can.
func (s *Service) ticketOpen(ctx context.Context, tx Tx, a access.Actor, t TicketID) error {
	if s.tickets == nil {
		return ErrTickets
	}
	if within, ok := s.tickets.(TicketOpenTx); ok {
		return within.TicketOpenTx(ctx, tx, t, a)
	}
	return s.tickets.TicketOpen(ctx, t, a)
}

func index(path string, i int) string { return path + "[" + strconv.Itoa(i) + "]" }
