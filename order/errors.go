package order

import "github.com/comptoir-go/comptoir/fault"

// The errors of the commands.
var (
	// ErrLocked: from validation on, and once it ended, an order is frozen.
	ErrLocked = fault.Define(fault.Precondition, "order.locked", "the order can no longer be changed")
	// ErrInvalid lists what is wrong with a command's input.
	ErrInvalid = fault.Define(fault.Invalid, "order.invalid", "the order is not valid")
	// ErrOverDelivery, ErrOverReturn and ErrOverCancel have one issue for every
	// line of which there is not so much.
	ErrOverDelivery = fault.Define(fault.Precondition, "order.over_delivery", "more would be delivered than is to be delivered")
	ErrOverReturn   = fault.Define(fault.Precondition, "order.over_return", "more would come back than the customer has")
	ErrOverCancel   = fault.Define(fault.Precondition, "order.over_cancel", "more would be cancelled than is still to be delivered")
	// ErrNothingLeft: a command for all that is left found nothing.
	ErrNothingLeft = fault.Define(fault.Precondition, "order.nothing_left", "there is nothing left")
)
