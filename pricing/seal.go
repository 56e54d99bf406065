package pricing

import (
	"crypto/sha256"
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

// sealFlush is how many bytes gather before they are hashed, sealFigures more than
// what is beside the texts of a line, a row or an adjustment may take.
const (
	sealFlush   = 4096
	sealFigures = 256
)

// sealer can be used again; it keeps its buffer. What is sealed is written at a
// place of the buffer that room was made for, and the place behind it returned.
type sealer struct {
	h   hash.Hash
	buf []byte
	cur money.Currency
}

func (s *sealer) of(q *Quote) string {
	if s.h == nil {
		s.h = sha256.New()
		s.buf = make([]byte, sealFlush+2*sealFigures)
	}
	s.h.Reset()
	s.cur = q.Currency
	adjusted := q.adjusted()
	version := sealVersion
	if adjusted {
		version = sealAdjustment
	}
	at := s.room(0, len(version)+len(q.Partner)+len(q.Rules))
	at = text(s.buf, at, version)
	at = text(s.buf, at, string(q.Partner))
	at = text(s.buf, at, q.Currency.Code())
	at = text(s.buf, at, q.Rules)
	at = varint(s.buf, at, q.At.UnixMicro())
	at = varint(s.buf, at, q.Until.UnixMicro())
	at = uvarint(s.buf, at, uint64(len(q.Lines)))
	for i := range q.Lines {
		at = s.line(at, &q.Lines[i])
	}
	at = uvarint(s.buf, s.room(at, 0), uint64(len(q.Taxes)))
	for i := range q.Taxes {
		t := &q.Taxes[i]
		at = s.room(at, len(t.Category))
		at = text(s.buf, at, string(t.Category))
		at = varint(s.buf, at, t.Rate.Units())
		at = s.amount(s.buf, at, t.Base)
		at = s.amount(s.buf, at, t.Tax)
	}
	at = s.room(at, 0)
	at = s.amount(s.buf, at, q.Net)
	at = s.amount(s.buf, at, q.Tax)
	at = s.amount(s.buf, at, q.Gross)
	if adjusted {
		at = s.adjustments(at, q)
	}
	s.h.Write(s.buf[:at])
	var out [2 * sha256.Size]byte
	hex.Encode(out[:], s.h.Sum(s.buf[:0]))
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

func (s *sealer) adjustments(at int, q *Quote) int {
	at = uvarint(s.buf, s.room(at, 0), uint64(len(q.Adjustments)))
	for i := range q.Adjustments {
		a := &q.Adjustments[i]
		at = s.room(at, len(a.Code)+len(a.Text))
		at = text(s.buf, at, a.Code)
		at = text(s.buf, at, a.Text)
		at = s.amount(s.buf, at, a.Amount)
	}
	for i := range q.Lines {
		shares := q.Lines[i].Shares
		at = uvarint(s.buf, s.room(at, 0), uint64(len(shares)))
		for _, share := range shares {
			at = s.amount(s.buf, s.room(at, 0), share)
		}
	}
	return at
}

// room makes room for figures and so many bytes of texts behind a place, and
// returns where they may be written.
func (s *sealer) room(at, texts int) int {
	if at >= sealFlush {
		s.h.Write(s.buf[:at])
		at = 0
	}
	if lack := at + sealFigures + texts - len(s.buf); lack > 0 {
		s.buf = append(s.buf, make([]byte, lack)...)
	}
	return at
}

func (s *sealer) line(at int, l *QuotedLine) int {
	at = s.room(at, len(l.ID)+len(l.Product)+len(l.SKU)+len(l.Stated)+len(l.Category))
	b := s.buf
	at = text(b, at, string(l.ID))
	at = text(b, at, string(l.Product))
	at = text(b, at, string(l.SKU))
	at = varint(b, at, l.Quantity.Units())
	at = s.price(b, at, l.List)
	at = s.price(b, at, l.Price)
	at = text(b, at, string(l.Stated))
	at = s.amount(b, at, l.Discount)
	at = s.amount(b, at, l.Net)
	at = s.amount(b, at, l.Tax)
	at = s.amount(b, at, l.Gross)
	at = text(b, at, string(l.Category))
	return varint(b, at, l.Rate.Units())
}

func (s *sealer) currency(b []byte, at int, c money.Currency) int {
	if c == s.cur {
		b[at] = 0
		return at + 1
	}
	b[at] = 1
	return text(b, at+1, c.Code())
}

func (s *sealer) amount(b []byte, at int, a money.Amount) int {
	return varint(b, s.currency(b, at, a.Currency()), a.Minor())
}

func (s *sealer) price(b []byte, at int, p money.Price) int {
	at = varint(b, s.currency(b, at, p.Currency()), p.Micros())
	return varint(b, at, p.Base().Units())
}

func text(b []byte, at int, s string) int {
	at = uvarint(b, at, uint64(len(s)))
	return at + copy(b[at:], s)
}

// varint is binary.PutVarint, and uvarint binary.PutUvarint, at a place: by these a
// seal, with a dozen figures a line, takes a tenth longer.
func varint(b []byte, at int, v int64) int { return uvarint(b, at, uint64(v)<<1^uint64(v>>63)) }

func uvarint(b []byte, at int, v uint64) int {
	for v >= 1<<7 {
		b[at] = byte(v) | 1<<7
		v >>= 7
		at++
	}
	b[at] = byte(v)
	return at + 1
}
