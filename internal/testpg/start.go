package testpg

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
)

// EnvBin names the variable that holds the folder of the server's programs,
// of initdb and postgres; run.sh sets it.
const EnvBin = "COMPTOIR_TEST_PGBIN"

// patience bounds a start, recovery after a kill included.
const patience = time.Minute

// Instance is a server of one test, which may be killed: its own data, and a
// unix socket only. TESTPG_OPTIONS holds further options, as for run.sh; what is
// committed outlives a kill with fsync=off too, as the machine goes on. Its
// methods are for one goroutine at a time.
type Instance struct {
	// DSN is the connection string of a database of its own, as a role that
	// row-level security binds. It outlives a restart.
	DSN string

	dir, bin string
	cmd      *exec.Cmd
	exited   chan struct{} // closed when the process is gone, nil when none runs
}

// Start starts a server for one test, or skips the test where Server does, and
// where the server's programs are not at hand. It is gone when the test ends;
// when the test failed, its log is the test's. A start takes about two seconds.
func Start(t testing.TB) *Instance {
	t.Helper()
	in := &Instance{bin: os.Getenv(EnvBin)}
	if in.bin == "" {
		if os.Getenv("CI") == "true" {
			t.Fatalf("%s is not set; in continuous integration the tests need the programs of PostgreSQL (run them with `make test`)", EnvBin)
		}
		t.Skipf("SKIPPED, NOT TESTED: needs the programs of PostgreSQL; run `make test`, or set %s to their folder", EnvBin)
	}
	var err error
	// The path of a unix socket is short, so it is not t.TempDir.
	if in.dir, err = os.MkdirTemp("/tmp", "testpg."); err != nil {
		t.Fatalf("testpg: %v", err)
	}
	in.DSN = "host=" + in.dir + " user=comptoir dbname=comptoir"
	t.Cleanup(func() {
		in.quit()
		if t.Failed() {
			t.Logf("the log of the server in %s:\n%s", in.dir, in.log())
		}
		if err := os.RemoveAll(in.dir); err != nil {
			t.Errorf("testpg: %v", err)
		}
	})
	if err := in.create(); err != nil {
		t.Fatalf("testpg: %v", err)
	}
	return in
}

// create makes the cluster, its role and its database, and starts it.
func (in *Instance) create() error {
	if id, err := servant(); err != nil {
		return err
	} else if id != nil {
		if err := os.Chown(in.dir, id.uid, id.gid); err != nil {
			return err
		}
	}
	cmd, err := in.program("initdb", "-D", in.data(), "-U", "comptoir_admin", "-A", "trust", "--no-sync", "-E", "UTF8", "--locale=C")
	if err != nil {
		return err
	}
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("initdb: %w\n%s", err, out)
	}
	if err := in.Restart(); err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	conn, err := pgx.Connect(ctx, in.admin())
	if err != nil {
		return err
	}
	defer func() { _ = conn.Close(ctx) }()
	for _, sql := range []string{"create role comptoir login nosuperuser nobypassrls nocreaterole createdb", "create database comptoir owner comptoir"} {
		if _, err := conn.Exec(ctx, sql); err != nil {
			return err
		}
	}
	return nil
}

// quit ends the server at once, but so that it gives back the machine's shared
// memory.
func (in *Instance) quit() {
	if in.exited != nil && in.cmd.Process.Signal(syscall.SIGQUIT) == nil {
		select {
		case <-in.exited:
		case <-time.After(patience):
		}
	}
	in.Kill()
}

// Kill kills the server where it stands with all its processes, and returns
// when they are gone. What it had committed is on its disk.
func (in *Instance) Kill() {
	if in.exited == nil {
		return
	}
	_ = in.cmd.Process.Kill()
	<-in.exited
	in.exited = nil
	// Its processes work in its folder and nobody else's do. Where they cannot
	// be seen they end by themselves, having lost their parent.
	for left := in.processes(); len(left) > 0; left = in.processes() {
		for _, p := range left {
			_ = p.Kill()
		}
		time.Sleep(time.Millisecond)
	}
}

// processes are those that work in the folder of the data.
func (in *Instance) processes() (out []*os.Process) {
	links, _ := filepath.Glob("/proc/[0-9]*/cwd")
	for _, l := range links {
		if at, err := os.Readlink(l); err != nil || at != in.data() {
			continue
		}
		pid, err := strconv.Atoi(filepath.Base(filepath.Dir(l)))
		if err != nil {
			continue
		}
		if p, err := os.FindProcess(pid); err == nil {
			out = append(out, p)
		}
	}
	return out
}

// Restart starts the server again on the same data, after killing it where it
// runs, and returns when it has recovered and answers.
func (in *Instance) Restart() error {
	in.Kill()
	log, err := os.OpenFile(filepath.Join(in.dir, "server.log"), os.O_CREATE|os.O_WRONLY|os.O_APPEND, 0o600)
	if err != nil {
		return err
	}
	defer func() { _ = log.Close() }()
	args := []string{"-D", in.data(), "-k", in.dir, "-c", "listen_addresses=", "-c", "logging_collector=off",
		// What a killed server has mapped is left in its own folder.
		"-c", "dynamic_shared_memory_type=mmap"}
	cmd, err := in.program("postgres", append(args, strings.Fields(os.Getenv("TESTPG_OPTIONS"))...)...)
	if err != nil {
		return err
	}
	cmd.Stdout, cmd.Stderr = log, log
	if err := cmd.Start(); err != nil {
		return err
	}
	exited := make(chan struct{})
	go func() {
		_ = cmd.Wait()
		close(exited)
	}()
	in.cmd, in.exited = cmd, exited
	for deadline := time.Now().Add(patience); ; time.Sleep(20 * time.Millisecond) {
		ctx, cancel := context.WithTimeout(context.Background(), patience)
		conn, err := pgx.Connect(ctx, in.admin())
		if err == nil {
			err = conn.Close(ctx)
		}
		cancel()
		if err == nil {
			return nil
		}
		select {
		case <-exited:
			in.Kill()
			return fmt.Errorf("testpg: the server ended:\n%s", in.log())
		default:
		}
		if time.Now().After(deadline) {
			in.Kill()
			return fmt.Errorf("testpg: the server did not answer within %s:\n%s", patience, in.log())
		}
	}
}

func (in *Instance) data() string { return filepath.Join(in.dir, "data") }

func (in *Instance) admin() string { return "host=" + in.dir + " user=comptoir_admin dbname=postgres" }

func (in *Instance) log() string {
	text, err := os.ReadFile(filepath.Join(in.dir, "server.log"))
	if err != nil {
		return err.Error()
	}
	return string(text)
}

// program is one of the server's, which refuse to run as root.
func (in *Instance) program(name string, args ...string) (*exec.Cmd, error) {
	words := append([]string{filepath.Join(in.bin, name)}, args...)
	id, err := servant()
	if err != nil {
		return nil, err
	}
	if id != nil {
		words = append([]string{"setpriv", "--reuid=" + strconv.Itoa(id.uid), "--regid=" + strconv.Itoa(id.gid), "--clear-groups"}, words...)
	}
	cmd := exec.Command(words[0], words[1:]...)
	cmd.Dir = in.dir
	return cmd, nil
}

type identity struct{ uid, gid int }

// servant is whom root runs the server as, nil for all others.
func servant() (*identity, error) {
	if os.Getuid() != 0 {
		return nil, nil
	}
	u, err := user.Lookup("postgres")
	if err != nil {
		u, err = user.Lookup("nobody")
	}
	if err != nil {
		return nil, err
	}
	uid, err := strconv.Atoi(u.Uid)
	if err != nil {
		return nil, err
	}
	gid, err := strconv.Atoi(u.Gid)
	return &identity{uid, gid}, err
}
