package adapter

import "github.com/comptoir-go/comptoir/erp"

// What the ERP's JSON looks like. Every ERP has a form of its own; this is the
// only file that knows it, with the maps between its words and ours in map.go.
// Numbers travel as text: a float would not keep 0.1.

// wireHead is what every document of the ERP begins with.
type wireHead struct {
	ID     string `json:"id,omitempty"`
	Ref    string `json:"ref,omitempty"` // our key, unique
	Number string `json:"number,omitempty"`
	State  string `json:"state,omitempty"`
	Change int64  `json:"change,omitempty"` // the ERP's counter of writes
}

type wireOrder struct {
	wireHead
	Revision int         `json:"revision"`
	Customer string      `json:"customer"`
	PO       string      `json:"po,omitempty"`
	Currency string      `json:"currency"`
	Day      string      `json:"day"`
	ShipTo   erp.Address `json:"ship_to"` // as luck has it, just like ours
	Lines    []wireLine  `json:"lines"`
	Note     string      `json:"note,omitempty"`
	Sums     *wireSums   `json:"sums,omitempty"` // the ERP's own
}

// wireLine is a line of goods, or without an SKU an allowance or charge. The
// lines of an order tell what is set aside and what was given up.
type wireLine struct {
	Ref      string `json:"ref"`
	SKU      string `json:"sku,omitempty"`
	Text     string `json:"text,omitempty"`
	Qty      string `json:"qty,omitempty"`
	Unit     string `json:"unit,omitempty"`
	Price    string `json:"price,omitempty"`
	Per      string `json:"per,omitempty"`
	Net      string `json:"net,omitempty"`
	Cat      string `json:"cat,omitempty"` // of tax
	VAT      string `json:"vat,omitempty"`
	Reserved string `json:"reserved,omitempty"`
	Dropped  string `json:"dropped,omitempty"`
}

type wireSums struct {
	Net   string `json:"net"`
	Tax   string `json:"tax"`
	Gross string `json:"gross"`
}

type wireDelivery struct {
	wireHead
	Order    string     `json:"order"`
	Back     bool       `json:"back"` // goods that come back
	Day      string     `json:"day,omitempty"`
	Carrier  string     `json:"carrier,omitempty"`
	Tracking string     `json:"tracking,omitempty"`
	RestOf   string     `json:"rest_of,omitempty"`
	Reason   string     `json:"reason,omitempty"`
	Lines    []wireLine `json:"lines"`
}

type wireInvoice struct {
	wireHead
	Credit   bool       `json:"credit"`
	Corrects string     `json:"corrects,omitempty"`
	Reason   string     `json:"reason,omitempty"`
	Order    string     `json:"order"`
	Customer string     `json:"customer"`
	Currency string     `json:"currency"`
	Day      string     `json:"day"`
	Due      string     `json:"due,omitempty"`
	Lines    []wireLine `json:"lines"`
	VAT      []wireVAT  `json:"vat"`
	Sums     wireSums   `json:"sums"`
	Open     string     `json:"open"` // left to pay
}

type wireVAT struct {
	Cat  string `json:"cat,omitempty"`
	Rate string `json:"rate"`
	Base string `json:"base"`
	Tax  string `json:"tax"`
}

type wirePayment struct {
	wireHead
	Out      bool       `json:"out"` // money paid back
	Customer string     `json:"customer"`
	Currency string     `json:"currency"`
	Day      string     `json:"day"`
	Amount   string     `json:"amount"`
	Method   string     `json:"method,omitempty"`
	Cheque   string     `json:"cheque,omitempty"`
	Text     string     `json:"text,omitempty"`
	Pays     []wirePart `json:"pays,omitempty"`
}

type wirePart struct {
	Invoice string `json:"invoice,omitempty"`
	Number  string `json:"number,omitempty"`
	Amount  string `json:"amount"`
}

// wirePage is a page of changes; Next is the place behind its last row.
type wirePage[R any] struct {
	Rows []R    `json:"rows"`
	Next string `json:"next"`
	More bool   `json:"more"`
}

// wireError comes with every status from 400 on.
type wireError struct {
	Code string `json:"code"` // taken, state, rule, absent, …
	Text string `json:"text"`
}
