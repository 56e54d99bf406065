package access

// Action is something a use case asks permission for, "area.verb".
type Action string

// The actions. A read action also decides what exists for an actor.
const (
	PartnerRead    Action = "partner.read"
	PartnerEdit    Action = "partner.edit"    // legal entities, contracts, agreements
	PartnerAddress Action = "partner.address" // the address book
	PartnerMembers Action = "partner.members"

	CatalogRead Action = "catalog.read"
	CatalogEdit Action = "catalog.edit"

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

	ERPLetters Action = "erp.letters" // list, retry and drop dead letters
)

// Actions lists every action in rendered order.
func Actions() []Action {
	return []Action{PartnerRead, PartnerEdit, PartnerAddress, PartnerMembers, CatalogRead, CatalogEdit,
		CartRead, CartEdit, CartHandOver,
		OrderRead, OrderPlace, OrderEdit, OrderCancel, OrderExport, OrderValidate, OrderAdvance, OrderReport, ERPLetters}
}

// Default is the library's own permission table.
//
// The designer fills carts and hands them over, the purchaser orders, the
// accountant reads, a partner's admin does all of it and keeps the members; a
// service center orders parts for itself; operators work on every partner's
// things but do not change legal data; admins do.
func Default() *Policy {
	own, all := []Scope{Own}, []Scope{Own, Others}
	read := []Action{PartnerRead, CatalogRead, CartRead, OrderRead}
	fill := []Action{CartEdit, CartHandOver}
	buy := []Action{OrderPlace, OrderEdit, OrderCancel, OrderExport, PartnerAddress}
	operate := []Action{CartEdit, CartHandOver, OrderPlace, OrderEdit, OrderCancel, OrderExport, OrderValidate, OrderAdvance, PartnerAddress}
	return NewPolicy(
		Grant{Designer, own, read}, Grant{Designer, own, fill},
		Grant{Purchaser, own, read}, Grant{Purchaser, own, fill}, Grant{Purchaser, own, buy},
		Grant{Accountant, own, read}, Grant{Accountant, own, []Action{OrderExport}},
		Grant{PartnerAdmin, own, read}, Grant{PartnerAdmin, own, fill}, Grant{PartnerAdmin, own, buy},
		Grant{PartnerAdmin, own, []Action{PartnerMembers}},
		Grant{Center, own, read}, Grant{Center, own, fill}, Grant{Center, own, buy},
		Grant{Operator, all, read}, Grant{Operator, all, operate},
		Grant{Admin, all, read}, Grant{Admin, all, operate},
		Grant{Admin, all, []Action{PartnerEdit, PartnerMembers, CatalogEdit, ERPLetters}},
		Grant{System, all, read},
		Grant{System, all, []Action{PartnerEdit, PartnerMembers, CatalogEdit, OrderAdvance, OrderReport, OrderCancel}},
		Grant{Designer, []Scope{Others}, []Action{CatalogRead}},
		Grant{Purchaser, []Scope{Others}, []Action{CatalogRead}},
		Grant{Accountant, []Scope{Others}, []Action{CatalogRead}},
		Grant{PartnerAdmin, []Scope{Others}, []Action{CatalogRead}},
		Grant{Center, []Scope{Others}, []Action{CatalogRead}},
	)
}
