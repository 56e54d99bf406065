package pricing

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"hash"

	"github.com/comptoir-go/comptoir/money"
)

// The versions open the sealed bytes; another layout gets another version.
// What has no adjustments is sealed as ever.
const (
	sealVersion    = "comptoir quote v1"
	sealAdjustment = "comptoir quote v2"
)

// ComputeSeal returns the SHA-256, in hex, of what the quote offers: everything
// but Seal itself, Why, and what is told beside the figures (Known, Reasons, Payable,
// Codes, Conflicts, Basis). Lines count in the order given. Equal quotes have
// equal seals; a quote read back from JSON or a store has the seal it had.
//
// The seal shows that a kept quote was altered. It is no signature: whoever
// can write the quote can write a seal.
//
// Layout v1: a text is its length and its bytes, an integer a zigzag varint
// (lengths and counts unsigned), an instant its microseconds since 1970. A
// currency inside is 0 for the quote's own, else 1 and its code. An amount is
// currency and minor units; a price currency, millionths and base quantity;
// quantities and rates their ten-thousandths. In order: version, partner,
// currency, rules, at, until; the number of lines and for each id, product,
// sku, quantity, list, price, stated, discount, net, tax, gross, category,
// rate; the number of taxes and for each category, rate, base, tax; net, tax,
// gross.
//
// Layout v2, of a quote with adjustments, has that version and goes on: the
// number of adjustments and for each code, text, amount; then for each line
// the number of its shares and these.
func (q Quote) ComputeSeal() string {
	var s sealer
	return s.of(&q)
}

// Verify returns ErrSeal (Conflict, pricing.seal) unless the seal is that of
// the quote.
func (q Quote) Verify() error {
	if q.ComputeSeal() != q.Seal {
		return ErrSeal
	}
	return nil
}

// sealFlush is how many bytes gather before they are hashed.
const sealFlush = 4096

// sealer can be used again; it keeps its buffers.
type sealer struct {
	h   hash.Hash
	buf []byte
	cur money.Currency
}

func (s *sealer) of(q *Quote) string {
	if s.h == nil {
		s.h = sha256.New()
		s.buf = make([]byte, 0, sealFlush+512)
	}
	s.h.Reset()
	s.cur = q.Currency
	b := s.buf[:0]
	adjusted := q.adjusted()
	if adjusted {
		b = text(b, sealAdjustment)
	} else {
		b = text(b, sealVersion)
	}
	b = text(b, string(q.Partner))
	b = text(b, q.Currency.Code())
	b = text(b, q.Rules)
	b = varint(b, q.At.UnixMicro())
	b = varint(b, q.Until.UnixMicro())
	b = uvarint(b, uint64(len(q.Lines)))
	for i := range q.Lines {
		b = s.line(s.flush(b), &q.Lines[i])
	}
	b = uvarint(b, uint64(len(q.Taxes)))
	for i := range q.Taxes {
		t := &q.Taxes[i]
		b = text(s.flush(b), string(t.Category))
		b = varint(b, t.Rate.Units())
		b = s.amount(b, t.Base)
		b = s.amount(b, t.Tax)
	}
	b = s.amount(b, q.Net)
	b = s.amount(b, q.Tax)
	b = s.amount(b, q.Gross)
	if adjusted {
		b = s.adjustments(b, q)
	}
	s.h.Write(b)
	var sum [sha256.Size]byte
	var out [2 * sha256.Size]byte
	b = s.h.Sum(b[:0])
	copy(sum[:], b)
	s.buf = b[:0]
	hex.Encode(out[:], sum[:])
	return string(out[:])
}

// adjusted reports whether there is anything that layout v1 has no place for.
func (q *Quote) adjusted() bool {
	if len(q.Adjustments) > 0 {
		return true
	}
	for i := range q.Lines {
		if len(q.Lines[i].Shares) > 0 {
			return true
		}
	}
	return false
}

func (s *sealer) adjustments(b []byte, q *Quote) []byte {
	b = uvarint(b, uint64(len(q.Adjustments)))
	for i := range q.Adjustments {
		a := &q.Adjustments[i]
		b = text(s.flush(b), a.Code)
		b = text(b, a.Text)
		b = s.amount(b, a.Amount)
	}
	for i := range q.Lines {
		b = uvarint(s.flush(b), uint64(len(q.Lines[i].Shares)))
		for _, share := range q.Lines[i].Shares {
			b = s.amount(s.flush(b), share)
		}
	}
	return b
}

func (s *sealer) flush(b []byte) []byte {
	if len(b) < sealFlush {
		return b
	}
	s.h.Write(b)
	return b[:0]
}

func (s *sealer) line(b []byte, l *QuotedLine) []byte {
	b = text(b, string(l.ID))
	b = text(b, string(l.Product))
	b = text(b, string(l.SKU))
	b = varint(b, l.Quantity.Units())
	b = s.price(b, l.List)
	b = s.price(b, l.Price)
	b = text(b, string(l.Stated))
	b = s.amount(b, l.Discount)
	b = s.amount(b, l.Net)
	b = s.amount(b, l.Tax)
	b = s.amount(b, l.Gross)
	b = text(b, string(l.Category))
	return varint(b, l.Rate.Units())
}

func (s *sealer) currency(b []byte, c money.Currency) []byte {
	if c == s.cur {
		return append(b, 0)
	}
	return text(append(b, 1), c.Code())
}

func (s *sealer) amount(b []byte, a money.Amount) []byte {
	return varint(s.currency(b, a.Currency()), a.Minor())
}

func (s *sealer) price(b []byte, p money.Price) []byte {
	b = varint(s.currency(b, p.Currency()), p.Micros())
	return varint(b, p.Base().Units())
}

func text(b []byte, s string) []byte {
	return append(uvarint(b, uint64(len(s))), s...)
}

// varint is binary.AppendVarint, and uvarint binary.AppendUvarint; the short
// numbers that figures are made of go in at once.
func varint(b []byte, v int64) []byte { return uvarint(b, uint64(v)<<1^uint64(v>>63)) }

func uvarint(b []byte, v uint64) []byte {
	switch {
	case v < 1<<7:
		return append(b, byte(v))
	case v < 1<<14:
		return append(b, byte(v)|0x80, byte(v>>7))
	case v < 1<<21:
		return append(b, byte(v)|0x80, byte(v>>7)|0x80, byte(v>>14))
	}
	return binary.AppendUvarint(b, v)
}
