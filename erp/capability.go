package erp

// Partial is an adapter that has fewer operations than methods: what it can do
// is decided by its options or by the ERP's installation (a module that is
// missing, a right not given). Has is constant over the adapter's life and asks
// nobody; an adapter that learns it only from a refusal answers NotSupported.
type Partial interface {
	Has(op Op) bool
}

// Has reports whether the adapter has the operation: it implements the
// interface, and Partial, where implemented, agrees.
func Has(a Adapter, op Op) bool {
	for _, c := range capabilities {
		if c.op == op {
			p, partial := a.(Partial)
			return c.of(a) && (!partial || p.Has(op))
		}
	}
	return false
}

// Ops lists the operations of the port.
func Ops() []Op {
	all := make([]Op, len(capabilities))
	for i, c := range capabilities {
		all[i] = c.op
	}
	return all
}

// PullOf is the operation that reads the stream, "" for one that is none.
func PullOf(s Stream) Op {
	return map[Stream]Op{
		Orders: OpPullOrders, Deliveries: OpPullDeliveries, Invoices: OpPullInvoices, Payments: OpPullPayments,
		Messages: OpPullMessages, Parties: OpPullParties, Products: OpPullProducts, Prices: OpPullPrices, Stocks: OpPullStock,
	}[s]
}

// capability ties an operation to its interface.
type capability struct {
	op    Op
	reads bool
	of    func(Adapter) bool
}

var capabilities = []capability{
	{OpPing, true, implements[Pinger]},
	{OpPush, false, implements[OrderPusher]},
	{OpFind, true, implements[OrderFinder]},
	{OpRevise, false, implements[OrderReviser]},
	{OpCancel, false, implements[OrderCanceller]},
	{OpCancelRest, false, implements[RestCanceller]},
	{OpAdvance, false, implements[OrderAdvancer]},
	{OpPushPayment, false, implements[PaymentPusher]},
	{OpFindPayment, true, implements[PaymentFinder]},
	{OpPushInvoice, false, implements[InvoicePusher]},
	{OpFindInvoice, true, implements[InvoiceFinder]},
	{OpPushMessage, false, implements[MessagePusher]},
	{OpFindMessage, true, implements[MessageFinder]},
	{OpPullOrders, true, implements[OrderPuller]},
	{OpPullDeliveries, true, implements[DeliveryPuller]},
	{OpPullInvoices, true, implements[InvoicePuller]},
	{OpPullPayments, true, implements[PaymentPuller]},
	{OpPullMessages, true, implements[MessagePuller]},
	{OpPullParties, true, implements[PartyPuller]},
	{OpPullProducts, true, implements[ProductPuller]},
	{OpPullPrices, true, implements[PricePuller]},
	{OpPullStock, true, implements[StockPuller]},
	{OpListIDs, true, implements[Lister]},
}

func implements[C any](a Adapter) bool {
	_, ok := a.(C)
	return ok
}

// writes reports whether the operation may change the ERP. Only operations
// that do not are repeated after they may have left; one that is not known
// counts as a write.
func (o Op) writes() bool {
	for _, c := range capabilities {
		if c.op == o {
			return !c.reads
		}
	}
	return true
}
