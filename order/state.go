package order

// State is where the agreement between buyer and seller stands.
type State string

// The states.
const (
	Draft     State = "draft"               // being written, not yet submitted
	Awaiting  State = "awaiting_validation" // the seller has to validate it
	Validated State = "validated"           // frozen; the ERP has to confirm it
	Confirmed State = "confirmed"           // confirmed in the ERP
	Rejected  State = "rejected"            // refused by the seller
	Cancelled State = "cancelled"           // withdrawn
	Closed    State = "closed"              // nothing left to do
)

// Trigger is what somebody does to an order.
type Trigger string

// The triggers.
const (
	Submit   Trigger = "submit"
	Recall   Trigger = "recall" // take a submitted order back to draft
	Validate Trigger = "validate"
	Reject   Trigger = "reject"
	Cancel   Trigger = "cancel"
	Confirm  Trigger = "confirm"
	Close    Trigger = "close"
)
