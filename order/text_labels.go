package order

import "strings"

// labels answers the labels of a language; what it does not have stays English.
func labels(lang string) func(string) string {
	base, _, _ := strings.Cut(strings.ToLower(lang), "-")
	table := translations[base]
	return func(english string) string {
		if t, ok := table[english]; ok {
			return t
		}
		return english
	}
}

var translations = map[string]map[string]string{
	"fr": {
		"Order": "Commande", "Date": "Date", "State": "État", "Title": "Titre", "Your number": "Votre numéro", "Our number": "Notre numéro",
		"Ordered by": "Saisie par", "Released": "Remise à la logistique", "Customer": "Client", "Delivery to": "Livraison à",
		"Article": "Article", "Name": "Désignation", "Ordered": "Commandé", "Reserved": "Réservé", "Shipped": "Expédié",
		"Cancelled": "Annulé", "Returned": "Retourné", "Price": "Prix", "with VAT": "TTC", "internal": "interne", "Net": "HT", "VAT %": "TVA %", "VAT": "TVA", "Total": "Total TTC",
		"Ticket": "Dossier", "warranty in": "sous garantie", "warranty out": "hors garantie", "On hold": "En attente", "Note": "Remarque",
		"Invoices": "Factures", "Invoice": "Facture", "Credit note": "Avoir", "Paid": "Réglé", "Progress": "Avancement",
		"draft": "brouillon", "awaiting validation": "à valider", "validated": "validée", "confirmed": "confirmée",
		"rejected": "refusée", "cancelled": "annulée", "closed": "terminée", "in preparation": "en préparation", "shipped": "expédiée",
	},
	"it": {
		"Order": "Ordine", "Date": "Data", "State": "Stato", "Title": "Titolo", "Your number": "Vostro numero", "Our number": "Nostro numero",
		"Ordered by": "Inserito da", "Released": "Passato alla logistica", "Customer": "Cliente", "Delivery to": "Consegna a",
		"Article": "Articolo", "Name": "Descrizione", "Ordered": "Ordinato", "Reserved": "Riservato", "Shipped": "Spedito",
		"Cancelled": "Annullato", "Returned": "Reso", "Price": "Prezzo", "with VAT": "IVA incl.", "internal": "interno", "Net": "Imponibile", "VAT %": "IVA %", "VAT": "IVA", "Total": "Totale",
		"Ticket": "Intervento", "warranty in": "in garanzia", "warranty out": "fuori garanzia", "On hold": "In sospeso", "Note": "Nota",
		"Invoices": "Fatture", "Invoice": "Fattura", "Credit note": "Nota di credito", "Paid": "Pagato", "Progress": "Avanzamento",
		"draft": "bozza", "awaiting validation": "da convalidare", "validated": "convalidato", "confirmed": "confermato",
		"rejected": "rifiutato", "cancelled": "annullato", "closed": "chiuso", "in preparation": "in preparazione", "shipped": "spedito",
	},
}
