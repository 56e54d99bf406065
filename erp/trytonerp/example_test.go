package trytonerp_test

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"

	"github.com/comptoir-go/comptoir/erp"
	"github.com/comptoir-go/comptoir/erp/trytonerp"
	"github.com/comptoir-go/comptoir/fault"
)

// A server stands in for Tryton here.
func ExampleNew() {
	answers := map[string]string{
		"common.db.login":                `[2,"15e901"]`,
		"model.res.user.get_preferences": `{"company":1,"language":"en"}`,
		"model.ir.date.today":            `{"__class__":"date","year":2026,"month":11,"day":22}`,
	}
	tryton := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var call struct {
			ID     int
			Method string
		}
		body, _ := io.ReadAll(r.Body)
		_ = json.Unmarshal(body, &call)
		fmt.Fprintf(w, `{"id":%d,"result":%s}`, call.ID, answers[call.Method])
	}))
	defer tryton.Close()

	o := trytonerp.Options{URL: tryton.URL, Database: "erp", User: "connector", Password: "s3cret", WebShop: "Connector",
		Taxes: map[string]string{"S 20": "VAT 20 %"}, PaymentMethods: map[string]string{"transfer": "Bank transfer"}}
	adapter, err := trytonerp.New(o)
	if err != nil {
		fmt.Println(err)
		return
	}
	defer adapter.Close()
	client := erp.NewClient(adapter, nil)
	fmt.Println(client.Describe().Name, client.Ping(context.Background()))

	_, err = trytonerp.New(trytonerp.Options{URL: "erp:8000"})
	for _, issue := range fault.IssuesOf(err) {
		fmt.Println(issue.Path)
	}
	// Output:
	// tryton <nil>
	// url
	// database
	// user
	// password
}
