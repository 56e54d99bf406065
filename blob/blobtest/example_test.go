package blobtest_test

import (
	"fmt"

	"github.com/comptoir-go/comptoir/blob/blobtest"
)

func ExampleCases() {
	c := blobtest.Cases()[0]
	fmt.Printf("%s: %s\n", c.Name, c.Claim)
	// Output: put_open: what was put is read back byte by byte, named by the SHA-256 of its content and with its size
}
