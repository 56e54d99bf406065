package erpsync

// DriftFound is the fact that the books of both sides differ, told once of each
// difference; its subject is "drift/" and the document.
type DriftFound struct{ Difference }

// EventType implements event.Payload.
func (DriftFound) EventType() (string, int) { return "drift.found", 1 }

// DriftSettled is the fact that a difference that was told of is no more: the
// sides agree about it, or differ otherwise, which is told besides.
type DriftSettled struct{ Difference }

// EventType implements event.Payload.
func (DriftSettled) EventType() (string, int) { return "drift.settled", 1 }
