package testtryton

import (
	"context"
	"encoding/json"
	"fmt"
)

// Decimal is an exact number as Tryton has money, in its own digits: "12.50".
// Null reads as "".
type Decimal string

// MarshalJSON writes it in the form that Tryton reads without a float.
func (d Decimal) MarshalJSON() ([]byte, error) {
	if d == "" {
		return []byte("null"), nil
	}
	return json.Marshal(map[string]string{"__class__": "Decimal", "decimal": string(d)})
}

// UnmarshalJSON reads that form and no other.
func (d *Decimal) UnmarshalJSON(text []byte) error {
	if string(text) == "null" {
		*d = ""
		return nil
	}
	var v struct {
		Class   string `json:"__class__"`
		Decimal string `json:"decimal"`
	}
	if err := json.Unmarshal(text, &v); err != nil {
		return err
	}
	if v.Class != "Decimal" {
		return fmt.Errorf("tryton: %s is not a Decimal", text)
	}
	*d = Decimal(v.Decimal)
	return nil
}

// today is the server's date, in the form that it reads.
func (c *Client) today(ctx context.Context) (json.RawMessage, error) {
	var date json.RawMessage
	return date, c.call(ctx, nil, &date, "model.ir.date.today")
}
