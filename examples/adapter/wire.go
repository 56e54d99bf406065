package main

// What the ERP's JSON looks like. Every ERP has a form of its own; this is the
// only file that knows it, with the maps between its words and ours in map.go.
// Numbers travel as text: a float would not keep 0.1.

type wireOrder struct {
	ID       string     `json:"id,omitempty"`
	Ref      string     `json:"ref"` // our key, unique
	Number   string     `json:"number,omitempty"`
	State    string     `json:"state,omitempty"` // draft, open, closed, void
	Revision int        `json:"revision"`
	Customer string     `json:"customer"`
	PO       string     `json:"po,omitempty"`
	Currency string     `json:"currency"`
	Day      string     `json:"day"`
	Lines    []wireLine `json:"lines"`
	Reason   string     `json:"reason,omitempty"`
	Change   int64      `json:"change,omitempty"` // the ERP's counter of writes
}

// wireLine is a line of goods, or without an SKU an allowance or charge.
type wireLine struct {
	Ref   string `json:"ref"`
	SKU   string `json:"sku,omitempty"`
	Text  string `json:"text,omitempty"`
	Qty   string `json:"qty"`
	Price string `json:"price"`
	Per   string `json:"per"`
	Net   string `json:"net"`
	VAT   string `json:"vat"`
}

type wireDelivery struct {
	ID     string     `json:"id"`
	Number string     `json:"number"`
	Order  string     `json:"order"`
	Day    string     `json:"day"`
	Lines  []wireLine `json:"lines"`
	Change int64      `json:"change"`
}

type wireInvoice struct {
	ID       string     `json:"id"`
	Number   string     `json:"number"`
	Order    string     `json:"order"`
	Customer string     `json:"customer"`
	Currency string     `json:"currency"`
	Day      string     `json:"day"`
	Lines    []wireLine `json:"lines"`
	VAT      []wireVAT  `json:"vat"`
	Net      string     `json:"net"`
	Tax      string     `json:"tax"`
	Gross    string     `json:"gross"`
	Open     string     `json:"open"` // left to pay
	Change   int64      `json:"change"`
}

type wireVAT struct {
	Rate string `json:"rate"`
	Base string `json:"base"`
	Tax  string `json:"tax"`
}

type wirePayment struct {
	ID       string     `json:"id,omitempty"`
	Ref      string     `json:"ref"`
	Customer string     `json:"customer"`
	Currency string     `json:"currency"`
	Day      string     `json:"day"`
	Amount   string     `json:"amount"`
	Text     string     `json:"text,omitempty"`
	Pays     []wirePart `json:"pays,omitempty"`
}

type wirePart struct {
	Invoice string `json:"invoice"`
	Amount  string `json:"amount"`
}

// wirePage is a page of changes behind a change number.
type wirePage[R any] struct {
	Rows []R   `json:"rows"`
	Last int64 `json:"last"` // the change of the last row
	More bool  `json:"more"`
}

// wireError comes with every status from 400 on.
type wireError struct {
	Code string `json:"code"` // taken, state, rule, …
	Text string `json:"text"`
}
