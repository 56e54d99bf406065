# check   format, vet and lint
# test    everything with -race, against a PostgreSQL and a Tryton of its own
# soak    the full counts; writes docs/proofs.md
# bench   the benchmarks; writes docs/benchmarks.md
# fuzz    every fuzz target for FUZZTIME each
# golden  rewrites goldens and generated documents

GO ?= go
FUZZTIME ?= 30s
STATICCHECK ?= honnef.co/go/tools/cmd/staticcheck@v0.8.2
PG = internal/testpg/run.sh
TRYTON = internal/testtryton/run.sh

.PHONY: check test soak bench fuzz golden

check:
	@test -z "$$(gofmt -l .)" || { echo "gofmt would change:"; gofmt -l .; exit 1; }
	$(GO) vet ./...
	$(GO) run $(STATICCHECK) ./...
	@$(GO) mod tidy -diff

test:
	TESTPG_OPTIONS="-c fsync=off" $(PG) $(TRYTON) $(GO) test -race -timeout 30m ./...

soak:
	$(PG) $(TRYTON) $(GO) run ./internal/proofs -out docs/proofs.md

bench:
	$(PG) $(TRYTON) $(GO) run ./internal/benchdoc -out docs/benchmarks.md

fuzz:
	$(GO) run ./internal/proofs -fuzz $(FUZZTIME)

golden:
	$(PG) $(TRYTON) $(GO) test $$(grep -rl 'internal/golden"' --include='*_test.go' . | xargs -n1 dirname | sort -u) ./examples/adapter -update
