package order

import "github.com/comptoir-go/comptoir/fault"

// The errors of the commands.
var (
	// ErrLocked: from validation on, and once it ended, an order is frozen.
	ErrLocked = fault.Define(fault.Precondition, "order.locked", "the order can no longer be changed")
	// ErrInvalid lists what is wrong with a command's input.
	ErrInvalid = fault.Define(fault.Invalid, "order.invalid", "the order is not valid")
)
