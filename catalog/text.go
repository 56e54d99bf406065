package catalog

import (
	"fmt"
)

// The bounds of texts.
const (
	maxSKU  = 64  // bytes
	maxText = 255 // characters
)

func indexed(path string, i int) string { return fmt.Sprintf("%s[%d]", path, i) }
