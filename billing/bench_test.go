package billing_test

import (
	"crypto/sha256"
	"testing"

	"github.com/comptoir-go/comptoir/billing"
)

// BenchmarkFreeze numbers and chains an invoice of ten lines and three rates:
// the canonical record and its hash. "hash" is the SHA-256 of the same bytes.
func BenchmarkFreeze(b *testing.B) {
	s := newShop(b, settings{})
	o := s.sold(buyer, "2 OVEN", "3 GASKET", "3 THIRD", "9 BOLT", "1 BOOK", "4 STAMP", "1 FEE", "2 SPARE", "1 FAULT", "2 LAMP")
	s.ship(o.ID)
	d := s.issued(o.ID)
	series := s.bills.Series(acme.ID)[0]
	head := billing.Head{ID: billing.HeadOf(acme.ID, series.ID), Position: 41, Counter: 41, Issued: d.Issued, Hash: d.Chain.Hash}
	b.Run("comptoir", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if _, err := head.Append(&d, series); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("hash", func(b *testing.B) {
		record := billing.Canonical(d)
		b.ReportAllocs()
		b.SetBytes(int64(len(record)))
		for b.Loop() {
			_ = sha256.Sum256(record)
		}
	})
}
