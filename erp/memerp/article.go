package memerp

import (
	"github.com/comptoir-go/comptoir/erp"
)

// SaveParty enters a customer or changes the one of the code, and answers its
// id. One that is archived is saved as not active.
func (e *ERP) SaveParty(p erp.Party) string {
	e.mu.Lock()
	defer e.mu.Unlock()
	var doc *erp.Party
	for _, other := range e.parties {
		if other.Code == p.Code && !e.gone[erp.Parties][other.ID] {
			doc = other
		}
	}
	if doc == nil {
		doc = &erp.Party{Head: erp.Head{ID: e.id(len(e.parties))}}
		e.parties = append(e.parties, doc)
	}
	head := doc.Head
	*doc = p.Clone()
	doc.Head, doc.Number = head, p.Code
	e.stamp(&doc.Head)
	return doc.ID
}

// SaveProduct enters an article or changes the one of the SKU, and answers its id.
func (e *ERP) SaveProduct(p erp.Product) string {
	e.mu.Lock()
	defer e.mu.Unlock()
	doc := e.product(p.SKU)
	if doc == nil {
		doc = &erp.Product{Head: erp.Head{ID: e.id(len(e.products))}}
		e.products = append(e.products, doc)
	}
	head := doc.Head
	*doc = p.Clone()
	doc.Head = head
	e.stamp(&doc.Head)
	return doc.ID
}

// SetPrice sets all prices of an article on a list and answers their id. It
// moves the article too, as ERPs do that keep prices there.
func (e *ERP) SetPrice(p erp.Price) string {
	e.mu.Lock()
	defer e.mu.Unlock()
	if article := e.product(p.SKU); article != nil {
		e.stamp(&article.Head)
	}
	var doc *erp.Price
	for _, other := range e.prices {
		if other.SKU == p.SKU && other.List == p.List && !e.gone[erp.Prices][other.ID] {
			doc = other
		}
	}
	if doc == nil {
		doc = &erp.Price{Head: erp.Head{ID: e.id(len(e.prices))}}
		e.prices = append(e.prices, doc)
	}
	head := doc.Head
	*doc = p.Clone()
	doc.Head = head
	e.stamp(&doc.Head)
	return doc.ID
}

// Say writes a message on a document, which may be a draft, and answers its id; false when there is
// no such document. The head is not looked at, and the time is the ERP's.
func (e *ERP) Say(m erp.Message) (id string, ok bool) {
	e.mu.Lock()
	defer e.mu.Unlock()
	m.Head, m.At = erp.Head{}, ""
	if !e.exists(m) {
		return "", false
	}
	return e.write(m).ID, true
}

// Messages returns all messages in the order of their writing, as copies, with
// the keys they were pushed with.
func (e *ERP) Messages() []erp.Message {
	e.mu.Lock()
	defer e.mu.Unlock()
	return copies(e.messages, func(m erp.Message) erp.Message { return m })
}

// Below, the lock is held.

func (e *ERP) product(sku string) *erp.Product {
	for _, p := range e.products {
		if p.SKU == sku && !e.gone[erp.Products][p.ID] {
			return p
		}
	}
	return nil
}

// exists reports whether there is the document that the message is on.
func (e *ERP) exists(m erp.Message) bool {
	switch m.Kind {
	case "order":
		return e.byID(m.Document) != nil
	case "delivery":
		return at(e.o.Start, e.deliveries, m.Document) != nil && !e.gone[erp.Deliveries][m.Document]
	case "invoice":
		b := at(e.o.Start, e.bills, m.Document)
		return b != nil && !e.gone[erp.Invoices][m.Document]
	}
	return false
}

func (e *ERP) write(m erp.Message) *erp.Message {
	doc := &m
	doc.ID = e.id(len(e.messages))
	if doc.At == "" {
		doc.At = e.today().UTC().Format("2006-01-02T15:04:05Z07:00")
	}
	e.messages = append(e.messages, doc)
	e.stamp(&doc.Head)
	return doc
}
