package main

// gaps explain, by section and work ("Section: work", or the section alone for
// all its rows), why a target was missed. They are printed only where it was.
var gaps = map[string]string{
	"One state transition": "19 to 33 ns for one decision over a day on this machine, whose speed drifts by half; a pair with two rows asks the guards of both. Names are found by hashing text, so that states stay plain strings: that is most of it.",
	"Placing an order of ten lines: postgres": "with one client the ratio holds. With more, client and server share two processors, and ours has work that pgbench has not: " +
		"it decodes and prices the cart (half of a placing's time here is JSON), searches terms and seals. Against a hot counter it is the other way round: whoever waits in line does not burn transactions.",
	"Placing 100 orders in one transaction": "the memory engine shows the ceiling of the Go side, about 0.3 ms an order, most of it JSON of carts and orders; " +
		"PostgreSQL adds a round trip for each number and key, which could be taken in blocks.",
	"Reading an order of ten lines by its id": "the limit does not decode. The document has 8.5 kB, the explanation of every price included, and encoding/json takes 0.1 to 0.15 ms for it; on PostgreSQL the round trip hides most of that.",
	"A page of fifty headers, anywhere in the list: sqlite": "the raw statement itself takes 0.15 to 0.25 ms here. Ours scans wider headers through database/sql, which converts every column. " +
		"Filters on many values (article, consumer) have no index that also sorts: what they match is read and sorted, and two words of which one is shared by all orders (\"atelier 77\") are looked up together by walking the frequent one, 0.2 to 0.5 s among 100 000: the sort key belongs into the side table, and the rarest word has to lead. Running orders have none of their own, so that the states between are skipped over.",
	"A page of fifty headers, anywhere in the list: postgres": "the raw statement itself takes 0.2 ms here, a round trip included; ours is one round trip, too, and scans wider headers. " +
		"Filters on many values (article, consumer) have no index that also sorts, and running orders none of their own.",
	"Reading an invoice of ten lines by its id": "the limit does not decode. encoding/json takes most of the time on SQLite; on PostgreSQL a read is two exchanges on the wire, " +
		"of which one is waited for, with the tenant's setting in it, where the limit has one statement.",
	"A page of fifty invoices, payments or deliveries: sqlite": "the raw statement itself takes 0.15 to 0.3 ms for fifty wide rows, through database/sql. Payments are listed whole, so that fifty documents are decoded. " +
		"The state of the last payment has no index on invoices: a page walks the list until it is full.",
	"A page of fifty invoices, payments or deliveries: postgres": "the raw statement itself takes 0.2 ms, for payments with their documents above 1 ms, since each is fetched from where PostgreSQL keeps long values. " +
		"Payments are listed whole, so that fifty documents are decoded. The state of the last payment has no index on invoices: a page walks the list until it is full.",
	"Pricing a cart by tariff": "a line of a large cart takes about 0.35 µs of a processor: a third for the seal, of which more than half is SHA-256 at the speed of the processor's own instructions for it, a sixth each for the choice of its price, " +
		"for the discounts and for settling the figures, and a fifth for memory, as the 270 bytes that a line of a quote has are cleared and collected. A cart of one line bears the 2 µs of a quote. " +
		"The cost does not grow with prices and rules that do not match, but among 1 000 000 prices a line waits 0.2 µs for memory that no cache holds. Explained quotes write some 300 bytes of text a line. " +
		"The calculation alone keeps list price, unit price, discounts and shares of each line for whoever reads the quote, half of it for a unit price by division and the rows of tax.",
}
