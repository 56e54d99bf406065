package partner

// maxText bounds every free text of a partner, in characters.
const maxText = 255

// lettersAndDigits reports whether a text is made of ASCII letters and digits.
func lettersAndDigits(s string) bool {
	for i := 0; i < len(s); i++ {
		c := s[i] | 0x20
		if (c < 'a' || c > 'z') && (s[i] < '0' || s[i] > '9') {
			return false
		}
	}
	return true
}
