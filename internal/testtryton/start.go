package testtryton

import (
	"bufio"
	"context"
	"crypto/rand"
	_ "embed"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

//go:embed serve.py
var serve string

// Bounds of a start, and how often an answer is asked for.
const (
	patience = 2 * time.Minute
	interval = 50 * time.Millisecond
	attempts = 5
)

// Options are the choices of Start.
type Options struct {
	// Config is added to the server's configuration, as "[session]\nmax_attempt = 0".
	// It cannot set where the server listens and where its data lies.
	Config string
}

// Instance is a server of one test: its own port, its own data. Its Client is
// the administrator. Kill and Restart are for one goroutine at a time.
type Instance struct {
	*Client
	// Address is as COMPTOIR_TEST_TRYTON has it, AdminAddress that of the
	// administrator. They outlive a restart.
	Address, AdminAddress string

	dir, python, database string
	port                  int
	options               Options

	stdin  io.Closer
	kill   func() error
	exited chan struct{} // closed when the process is gone, nil when none runs
}

// Start starts a server on a copy of the seeded database, or skips the test. It
// is gone when the test ends; when the test failed, its log is the test's. A
// start takes about a second.
func Start(t testing.TB, o *Options) *Instance {
	t.Helper()
	seed := variable(t, envSeed)
	in := &Instance{dir: folder(t), python: variable(t, envPython), database: token(t)}
	if o != nil {
		in.options = *o
	}
	words, err := users(seed)
	if err == nil {
		err = copyFile(filepath.Join(in.dir, in.database+".sqlite"), filepath.Join(seed, "erp.sqlite"))
	}
	if err != nil {
		t.Fatalf("testtryton: %v", err)
	}
	t.Cleanup(func() {
		in.Kill()
		if t.Failed() {
			t.Logf("the log of the server %s:\n%s", in.database, in.log())
		}
	})
	for try := 1; ; try++ {
		if in.port, err = freePort(); err != nil {
			t.Fatalf("testtryton: %v", err)
		}
		if in.Client, err = NewClient(in.address("admin", words["admin"])); err != nil {
			t.Fatalf("testtryton: %v", err)
		}
		if err = in.Restart(); err == nil {
			break
		}
		// Another process may have taken the port in between.
		if try == attempts || !errors.Is(err, errPort) {
			t.Fatalf("%v", err)
		}
	}
	in.Address, in.AdminAddress = in.address("connector", words["connector"]), in.address("admin", words["admin"])
	return in
}

// Kill kills the server where it stands and returns when it is gone. What it had
// committed is on its disk.
func (in *Instance) Kill() {
	if in.exited == nil {
		return
	}
	_ = in.kill()
	<-in.exited
	_ = in.stdin.Close()
	in.exited = nil
}

// errPort is what a start fails with when the port is another's.
var errPort = errors.New("testtryton: the port is taken")

// Restart starts the server again on the same data and port, after killing it
// where it runs, and returns when it answers.
func (in *Instance) Restart() error {
	in.Kill()
	conf := fmt.Sprintf("[web]\nlisten = 127.0.0.1:%d\n[database]\nuri = sqlite://\npath = %s\n%s\n", in.port, in.dir, in.options.Config)
	if err := os.WriteFile(filepath.Join(in.dir, "conf"), []byte(conf), 0o600); err != nil {
		return err
	}
	log, err := os.OpenFile(filepath.Join(in.dir, "server.log"), os.O_CREATE|os.O_WRONLY|os.O_APPEND, 0o600)
	if err != nil {
		return err
	}
	defer func() { _ = log.Close() }()
	start, err := log.Seek(0, io.SeekEnd)
	if err != nil {
		return err
	}
	cmd := exec.Command(in.python, "-W", "ignore", "-c", serve, filepath.Join(filepath.Dir(in.python), "trytond"),
		"-c", filepath.Join(in.dir, "conf"), "-d", in.database)
	cmd.Env = append(os.Environ(), "TZ=UTC")
	cmd.Stdout, cmd.Stderr = log, log
	if in.stdin, err = cmd.StdinPipe(); err != nil {
		return err
	}
	if err := cmd.Start(); err != nil {
		return err
	}
	exited := make(chan struct{})
	go func() {
		_ = cmd.Wait()
		close(exited)
	}()
	in.kill, in.exited = cmd.Process.Kill, exited
	return in.await(start)
}

// await returns when the server that was started answers with our database,
// which no other has. Its part of the log begins at start.
func (in *Instance) await(start int64) error {
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	tick := time.NewTicker(interval)
	defer tick.Stop()
	for {
		if names, err := in.Databases(ctx); err == nil && slices.Contains(names, in.database) {
			return nil
		}
		select {
		case <-tick.C:
		case <-in.exited:
			in.Kill()
			text := in.log()
			text = text[min(int(start), len(text)):]
			if strings.Contains(text, "already in use") || strings.Contains(text, "is in use by another") {
				return errPort
			}
			return fmt.Errorf("testtryton: the server ended:\n%s", text)
		case <-ctx.Done():
			in.Kill()
			return fmt.Errorf("testtryton: the server did not answer within %s:\n%s", patience, in.log())
		}
	}
}

func (in *Instance) log() string {
	text, err := os.ReadFile(filepath.Join(in.dir, "server.log"))
	if err != nil {
		return err.Error()
	}
	return string(text)
}

func (in *Instance) address(user, password string) string {
	return fmt.Sprintf("tryton://%s:%s@127.0.0.1:%d/%s", user, password, in.port, in.database)
}

// folder is one of the test's own, beside the data of run.sh's server.
func folder(t testing.TB) string {
	t.Helper()
	top := os.Getenv(envDir)
	if top == "" {
		return t.TempDir()
	}
	dir, err := os.MkdirTemp(top, "")
	if err != nil {
		t.Fatalf("testtryton: %v", err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	return dir
}

// token is a name that no other database has.
func token(t testing.TB) string {
	var b [8]byte
	if _, err := rand.Read(b[:]); err != nil {
		t.Fatalf("testtryton: %v", err)
	}
	return "t" + hex.EncodeToString(b[:])
}

// freePort is a port of the loopback that nobody listens on just now.
func freePort() (int, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return 0, err
	}
	return l.Addr().(*net.TCPAddr).Port, l.Close()
}

// users reads the passwords beside a seeded database.
func users(seed string) (map[string]string, error) {
	f, err := os.Open(filepath.Join(seed, "users"))
	if err != nil {
		return nil, err
	}
	defer func() { _ = f.Close() }()
	words := map[string]string{}
	lines := bufio.NewScanner(f)
	for lines.Scan() {
		if login, word, ok := strings.Cut(lines.Text(), "="); ok {
			words[login] = word
		}
	}
	return words, lines.Err()
}

func copyFile(to, from string) error {
	data, err := os.ReadFile(from)
	if err != nil {
		return err
	}
	return os.WriteFile(to, data, 0o600)
}
