package bench

import (
	"context"
	"fmt"
	"os"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/comptoir-go/comptoir/internal/testpg"
)

// TestMain adds the server's version and the number of orders to the
// configuration lines of the output.
func TestMain(m *testing.M) {
	if dsn := os.Getenv(testpg.Env); dsn != "" {
		ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
		if conn, err := pgx.Connect(ctx, dsn); err == nil {
			var version, fsync string
			if conn.QueryRow(ctx, "select current_setting('server_version'), current_setting('fsync')").Scan(&version, &fsync) == nil {
				fmt.Printf("postgres: %s, fsync %s\n", version, fsync)
			}
			_ = conn.Close(ctx)
		}
		cancel()
	}
	fmt.Printf("orders: %d\n", orderCount())
	os.Exit(m.Run())
}
