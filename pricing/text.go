package pricing

import (
	"strconv"
	"strings"

	"github.com/comptoir-go/comptoir/money"
)

// textBlock cuts many short texts from few allocations: a strings.Builder
// hands out what it holds without copying, and what it has handed out stays
// valid as it grows or is replaced.
type textBlock struct{ b strings.Builder }

// The room a block is made with, in bytes: what a line usually takes, and
// what the texts of one line can take at most.
const (
	usualText = 64
	mostText  = 256
)

// reserve makes room for one line. The first block is made for the usual line,
// another, when that was too small, for longer ones.
func (t *textBlock) reserve(left int) {
	if t.b.Cap()-t.b.Len() >= mostText {
		return
	}
	room := usualText
	if t.b.Cap() > 0 {
		room = 3 * usualText
	}
	t.b.Reset()
	t.b.Grow(room*left + mostText)
}

func (t *textBlock) put(p []byte) string {
	from := t.b.Len()
	t.b.Write(p)
	return t.b.String()[from:]
}

// amount is "31.25 EUR", as money.Amount prints it.
func (t *textBlock) amount(a money.Amount) string {
	var buf [32]byte
	b := append(a.AppendNumber(buf[:0]), ' ')
	return t.put(append(b, a.Currency().Code()...))
}

// rate is "S 20", as rateText says it.
func (t *textBlock) rate(c Category, r money.Rate) string {
	var buf [32]byte
	b, _ := r.AppendText(append(append(buf[:0], c...), ' ')) // never fails
	return t.put(b)
}

// from is "from 10".
func (t *textBlock) from(q money.Quantity) string {
	var buf [32]byte
	b, _ := q.AppendText(append(buf[:0], "from "...)) // never fails
	return t.put(b)
}

// price is "12.50 EUR / 100", as money.Price prints it.
func (t *textBlock) price(p money.Price) string {
	var buf [64]byte
	b := append(appendMicros(buf[:0], p.Micros(), p.Currency().Digits()), ' ')
	b = append(b, p.Currency().Code()...)
	if base := p.Base(); base != money.QuantityOf(1) {
		b, _ = base.AppendText(append(b, " / "...)) // never fails
	}
	return t.put(b)
}

// appendMicros writes millionths with as many decimals as they need, at least
// digits. money.Price.Text says the same, in a string of its own.
func appendMicros(b []byte, micros int64, digits int) []byte {
	if micros < 0 {
		b, micros = append(b, '-'), -micros
	}
	b = append(strconv.AppendInt(b, micros/1_000_000, 10), '.')
	frac := micros % 1_000_000
	for unit := int64(100_000); unit > 0 && (frac > 0 || digits > 0); unit /= 10 {
		b = append(b, byte('0'+frac/unit))
		frac %= unit
		digits--
	}
	if b[len(b)-1] == '.' {
		b = b[:len(b)-1]
	}
	return b
}
