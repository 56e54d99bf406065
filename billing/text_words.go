package billing

import "strings"

// labels are the words on a document.
type labels struct {
	invoice, credit, issued, due, supplied, seller, buyer, customer, shipTo, order, corrects, void string
	article, quantity, price, vat, net, on, lines, gross, prepaid, rounding, payable, owed         string
	paid, setOff, left, incl                                                                       string
}

var english = labels{
	invoice: "Invoice", credit: "Credit note", issued: "Issued", due: "Due", supplied: "Delivered", seller: "Seller", buyer: "Buyer",
	customer: "Customer", shipTo: "Ship to", order: "Order", corrects: "Corrects", void: "Cancelled",
	article: "Article", quantity: "Quantity", price: "Price", vat: "VAT", net: "Net", on: "on", lines: "Lines", gross: "Total with VAT",
	prepaid: "Prepaid", rounding: "Rounding", payable: "To pay", owed: "To your credit", paid: "Paid", setOff: "Set off", left: "Left", incl: "gross",
}

var french = labels{
	invoice: "Facture", credit: "Avoir", issued: "Date", due: "Échéance", supplied: "Livraison", seller: "Vendeur", buyer: "Acheteur",
	customer: "Client", shipTo: "Livré à", order: "Commande", corrects: "Rectifie", void: "Annulé",
	article: "Article", quantity: "Quantité", price: "Prix", vat: "TVA", net: "Total HT", on: "sur", lines: "Lignes", gross: "Total TTC",
	prepaid: "Déjà payé", rounding: "Arrondi", payable: "À payer", owed: "À votre crédit", paid: "Payé", setOff: "Compensé", left: "Reste", incl: "TTC",
}

// words picks the labels of a language.
func words(lang string) labels {
	if base, _, _ := strings.Cut(strings.ToLower(lang), "-"); base == "fr" {
		return french
	}
	return english
}
