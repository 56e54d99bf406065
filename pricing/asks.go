package pricing

// Asks are the facts that the rules of a pricer ask for, so that whoever makes
// a basket reads no others.
type Asks struct {
	Windows []AskedWindow `json:"windows,omitempty"`
	// First and Attended say that the facts of these names are asked for.
	First    bool `json:"first,omitempty"`
	Attended bool `json:"attended,omitempty"`
}

// AskedWindow is a window of turnover, of all goods or of a family, as
// Family.String writes it.
type AskedWindow struct {
	Window Window `json:"window"`
	Family string `json:"family,omitempty"`
}
