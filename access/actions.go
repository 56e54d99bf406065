package access

// Action is something a use case asks permission for, "area.verb".
type Action string

// The actions. A read action also decides what exists for an actor.
const (
	PartnerRead    Action = "partner.read"
	PartnerEdit    Action = "partner.edit"    // legal entities, contracts, agreements, checks of VAT ids
	PartnerAddress Action = "partner.address" // the address book
	PartnerMembers Action = "partner.members"

	CatalogRead Action = "catalog.read"
	CatalogEdit Action = "catalog.edit"

	CodeRead   Action = "code.read"   // who used discount codes; of all partners, the campaigns and codes, too
	CodeUse    Action = "code.use"    // enter discount codes
	CodeManage Action = "code.manage" // campaigns, their codes, the sweep of expired reservations

	CartRead     Action = "cart.read"
	CartEdit     Action = "cart.edit"
	CartHandOver Action = "cart.hand_over"

	OrderRead     Action = "order.read"
	OrderPlace    Action = "order.place"
	OrderEdit     Action = "order.edit"
	OrderCancel   Action = "order.cancel"
	OrderExport   Action = "order.export"
	OrderValidate Action = "order.validate" // and reject
	OrderAdvance  Action = "order.advance"  // confirm and close
	OrderReport   Action = "order.report"   // record what the ERP says
	OrderShip     Action = "order.ship"     // deliveries, returns, progress, holds, release to logistics
	OrderFiles    Action = "order.files"    // attach files and take them off
	OrderCertify  Action = "order.certify"  // certify production files

	MessageRead     Action = "message.read"
	MessagePost     Action = "message.post"
	MessageInternal Action = "message.internal" // read and post what the partner does not see

	InvoiceRead   Action = "invoice.read"
	InvoiceIssue  Action = "invoice.issue"  // invoices and credit notes of our own
	InvoiceReport Action = "invoice.report" // record what the ERP invoiced

	PaymentRead   Action = "payment.read"
	PaymentRecord Action = "payment.record" // tell of a payment made
	PaymentSettle Action = "payment.settle" // confirm, refuse, allocate, refund
	PaymentReport Action = "payment.report" // record what the ERP booked

	ERPLetters Action = "erp.letters" // list, retry and drop dead letters
	ERPDrift   Action = "erp.drift"   // read where our books and the ERP's differ
)

// Actions lists every action in rendered order.
func Actions() []Action {
	return []Action{PartnerRead, PartnerEdit, PartnerAddress, PartnerMembers, CatalogRead, CatalogEdit,
		CodeRead, CodeUse, CodeManage, CartRead, CartEdit, CartHandOver,
		OrderRead, OrderPlace, OrderEdit, OrderCancel, OrderExport, OrderValidate, OrderAdvance, OrderReport,
		OrderShip, OrderFiles, OrderCertify, MessageRead, MessagePost, MessageInternal,
		InvoiceRead, InvoiceIssue, InvoiceReport, PaymentRead, PaymentRecord, PaymentSettle, PaymentReport, ERPLetters, ERPDrift}
}

// Default is the library's own permission table.
//
// The designer fills carts and hands them over, the purchaser orders, the
// accountant reads, a partner's admin does all of it and keeps the members; a
// service center orders parts for itself; operators work on every partner's
// things but do not change legal data; admins do.
func Default() *Policy {
	own, all := []Scope{Own}, []Scope{Own, Others}
	read := []Action{PartnerRead, CatalogRead, CodeRead, CartRead, OrderRead, MessageRead}
	books := []Action{InvoiceRead, PaymentRead}
	write := []Action{MessagePost, OrderFiles}
	fill := []Action{CartEdit, CartHandOver, CodeUse}
	buy := []Action{OrderPlace, OrderEdit, OrderCancel, OrderExport, PartnerAddress}
	operate := []Action{CartEdit, CartHandOver, CodeUse, OrderPlace, OrderEdit, OrderCancel, OrderExport, OrderValidate, OrderAdvance, PartnerAddress,
		OrderShip, OrderFiles, OrderCertify, MessagePost, MessageInternal, InvoiceIssue, PaymentRecord, PaymentSettle, ERPDrift}
	return NewPolicy(
		Grant{Designer, own, read}, Grant{Designer, own, fill}, Grant{Designer, own, write},
		Grant{Purchaser, own, read}, Grant{Purchaser, own, fill}, Grant{Purchaser, own, buy}, Grant{Purchaser, own, write}, Grant{Purchaser, own, books}, Grant{Purchaser, own, []Action{PaymentRecord}},
		Grant{Accountant, own, read}, Grant{Accountant, own, []Action{OrderExport, MessagePost, PaymentRecord}}, Grant{Accountant, own, books},
		Grant{PartnerAdmin, own, read}, Grant{PartnerAdmin, own, fill}, Grant{PartnerAdmin, own, buy},
		Grant{PartnerAdmin, own, []Action{PartnerMembers, PaymentRecord}}, Grant{PartnerAdmin, own, write}, Grant{PartnerAdmin, own, books},
		Grant{Center, own, read}, Grant{Center, own, fill}, Grant{Center, own, buy}, Grant{Center, own, write}, Grant{Center, own, books}, Grant{Center, own, []Action{PaymentRecord}},
		Grant{Operator, all, read}, Grant{Operator, all, books}, Grant{Operator, all, operate},
		Grant{Admin, all, read}, Grant{Admin, all, books}, Grant{Admin, all, operate},
		Grant{Admin, all, []Action{PartnerEdit, PartnerMembers, CatalogEdit, CodeManage, ERPLetters}},
		Grant{System, all, read}, Grant{System, all, books},
		Grant{System, all, []Action{PartnerEdit, PartnerMembers, CatalogEdit, CodeManage, OrderAdvance, OrderReport, OrderCancel,
			MessagePost, MessageInternal, InvoiceReport, PaymentReport}},
		Grant{Designer, []Scope{Others}, []Action{CatalogRead}},
		Grant{Purchaser, []Scope{Others}, []Action{CatalogRead}},
		Grant{Accountant, []Scope{Others}, []Action{CatalogRead}},
		Grant{PartnerAdmin, []Scope{Others}, []Action{CatalogRead}},
		Grant{Center, []Scope{Others}, []Action{CatalogRead}},
	)
}
