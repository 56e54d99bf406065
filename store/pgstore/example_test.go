package pgstore_test

import (
	"context"
	"fmt"
	"os"

	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/comptoir-go/comptoir/store/pgstore"
)

func ExampleOpen() {
	// DATABASE_URL would be "postgres://shop@db/shop".
	s, err := pgstore.Open(context.Background(), os.Getenv("DATABASE_URL")+" host=/no/such/server", &pgstore.Options{MaxConns: 8})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(s.Close())
	// Output: pgstore.connection: the connection to PostgreSQL was lost or could not be made
}

// A program that has a pool of its own shares it.
func ExampleNew() {
	ctx := context.Background()
	pool, err := pgxpool.New(ctx, "host=/no/such/server")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer pool.Close()
	s, err := pgstore.New(ctx, pool, nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(s.Close())
	// Output: pgstore.connection: the connection to PostgreSQL was lost or could not be made
}
