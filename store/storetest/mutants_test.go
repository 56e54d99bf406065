package storetest_test

import (
	"strings"
	"testing"

	"github.com/comptoir-go/comptoir/store/storetest"
)

// TestMutants runs cases on stores that break one promise each. The named case
// must fail on the broken store and pass on a sound one wrapped in the same way.
func TestMutants(t *testing.T) {
	for _, m := range []struct {
		name, caught string
		harness      func() storetest.Harness
	}{
		{"commits what the closure refused", "atomic/rollback", flawed(lostRollback)},
		{"commits what a panic left", "atomic/panic", flawed(commitOnPanic)},
		{"gives out what it keeps", "alias/documents", flawed(sharedValues)},
		{"gives out what it keeps, in lists of reads", "alias/lists", flawed(sharedValues)},
		{"saves whatever the version", "version/stale", flawed(noCompare)},
		{"hides the version found", "version/stale", flawed(mute)},
		{"lets the last of many savers win", "version/race", flawed(noCompare)},
		{"keeps all tenants in one place", "tenant/isolation", flawed(oneTenant)},
		{"lists tenants in no order", "tenant/list", flawed(unsorted)},
		{"emits events of a rolled-back transaction", "outbox/atomic", flawed(earlyEvents)},
		{"lets a View write", "view/read_only", flawed(writableView)},
		{"reads in a View what is committed meanwhile", "view/snapshot", flawed(movingView)},
		{"checks only what a transaction writes", "serial/write_skew", flawed(skew)},
		{"keeps what a first run did", "rerun/every_point", flawed(doubled)},
		{"does not run again", "rerun/every_point", stubborn},
		{"forgets everything at Close", "durable/reopen", forgetful},
		{"takes any token", "lease/fencing", flawed(noFence)},
		{"leases for longer than asked", "lease/expiry", flawed(longLease)},
		{"hands out a subject's events together", "queue/subject_order", flawed(noSubjects)},
		{"hands out a subject's events together, revived ones", "queue/sibling", flawed(noSubjects)},
		{"retries at once whatever was asked", "queue/turn", flawed(impatient)},
		{"counts dead letters among what waits", "queue/oldest", flawed(deadWaits)},
		{"loses numbers with rollbacks", "counter/gapless", flawed(looseNumbers)},
		{"works on after the closure", "done/every_method", flawed(looseNumbers)},
		{"takes any input for the first", "key/first_result", flawed(anyInput)},
		{"loses the last row of a page", "page/sizes", flawed(shortPages)},
		{"does not look at some filters", "query/orders", flawed(blind)},
		{"does not look at some filters, in random lists", "random/commands", flawed(blind)},
		{"does not look whether an invoice is open", "query/invoices", flawed(openOrNot)},
		{"reads a chain from its beginning", "query/lookups", flawed(wholeChain)},
		{"says that no order names a file", "query/lookups", flawed(sweeping)},
		{"lets two invoices stand at one place", "unique/missing", flawed(twoOfOnePlace)},
		{"lets a cart reserve a code twice", "unique/open_use", flawed(twoOpenUses)},
		{"sweeps what has not lapsed", "query/code_lookups", flawed(earlySweep)},
		{"moves a cursor whatever its version", "inbox/cursor", flawed(anyCursor)},
		{"lists cursors of other streams", "inbox/cursors", flawed(longCursors)},
		{"lets many readers apply one page", "inbox/race", flawed(anyCursor)},
		{"moves the cursor ahead of its page", "inbox/atomic", flawed(earlyCursor)},
		{"lets an earlier change take the place of a later one", "inbox/sequence", flawed(lateComer)},
		{"forgets a change that is later than the one applied", "inbox/sequence", flawed(forgetfulInbox)},
		{"brings parked changes into a form of its own", "inbox/parked", flawed(tidyInbox)},
		{"forgets a field", "roundtrip/fields", flawed(forgottenField)},
		{"takes any text", "text/refused", flawed(anyText)},
		{"does not know that a transaction is open", "nested/marked", flawed(unmarked)},
		{"goes on after Close", "close/later_calls", flawed(neverClosed)},
	} {
		t.Run(m.caught+"/"+strings.ReplaceAll(m.name, " ", "_"), func(t *testing.T) {
			if failed, said := verdict(t, m.caught, harness(flaw{})); failed && m.caught != "durable/reopen" {
				t.Fatalf("the sound store fails as well:\n%s", said)
			}
			failed, said := verdict(t, m.caught, m.harness())
			if !failed {
				t.Fatalf("%s does not notice a store that %s:\n%s", m.caught, m.name, said)
			}
			t.Logf("a store that %s:\n%.600s", m.name, said)
		})
	}
}

func flawed(make func() flaw) func() storetest.Harness {
	return func() storetest.Harness { return harness(make()) }
}
