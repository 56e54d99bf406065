package thread_test

import (
	"context"
	"fmt"

	"github.com/comptoir-go/comptoir/access"
	"github.com/comptoir-go/comptoir/store"
	"github.com/comptoir-go/comptoir/store/memstore"
	"github.com/comptoir-go/comptoir/thread"
)

// A package whose documents have threads says whose a document is.
func ExampleNewBook() {
	st := memstore.New(nil)
	defer st.Close()
	shop, err := st.For("fr")
	if err != nil {
		fmt.Println(err)
		return
	}
	book := thread.NewBook(nil)
	doc, owner := thread.Doc{Kind: thread.OnOrder, ID: "o-1"}, access.Owner{Partner: "nord"}
	bruno := access.Actor{ID: "bruno", Name: "Bruno", Partner: "nord", Roles: []access.Role{access.Purchaser}}
	err = shop.Update(context.Background(), func(ctx context.Context, tx store.Tx) error {
		if _, err := book.PostTx(ctx, tx, bruno, owner, doc, thread.PostInput{Text: "Where is it?"}); err != nil {
			return err
		}
		t, err := book.ReadTx(ctx, tx, bruno, owner, doc)
		fmt.Println(t.ID, t.Messages[0].By.Name, t.Messages[0].Text)
		return err
	})
	fmt.Println(err)
	// Output:
	// order/o-1 Bruno Where is it?
	// <nil>
}
