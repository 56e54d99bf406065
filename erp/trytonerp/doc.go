// Package trytonerp connects to Tryton 6.0 by JSON-RPC.
//
//	a, err := trytonerp.New(trytonerp.Options{URL: "https://erp.example.com", Database: "erp",
//		User: "connector", Password: password, WebShop: "Connector"})
//	client := erp.NewClient(a, nil)
//
// # What Tryton needs
//
// Series 6.0 with the modules sale, account_invoice_stock and web_shop; a user
// with the groups Sale and Account, and its company; the server's clock in UTC.
//
// # The wire
//
// One POST per call, with a session that is renewed once when Tryton refuses
// it. There are no redirects, no proxy of the environment, no request without a
// bound in time and size, and no retry: erp.Client repeats what may be repeated.
// A refused password is answered by erp.Auth and not tried again by those who
// waited for it, because Tryton makes each try slower. What Tryton answers:
//
//	UserError                        Rejected, in its words
//	UserWarning                      NeedsConfirmation, or confirmed (Options.Accept)
//	ConcurrencyException             Conflict
//	LoginException, 401              Auth
//	a database that is busy          Retryable
//	429, 503                         Retryable, with Retry-After
//	408, other 5xx, no answer        OutcomeUnknown of a write, else Retryable
//	an answer that cannot be read    OutcomeUnknown of a write, else Contract
//	403, 404, any other error        Contract
//
// A record that is gone and one that the user may not see get one answer from
// Tryton; both are NotFound.
package trytonerp
