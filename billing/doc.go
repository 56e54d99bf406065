// Package billing makes invoices, credit notes, payments and statements.
package billing
