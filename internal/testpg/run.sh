#!/bin/sh
# Runs a command beside a PostgreSQL server of its own:
#
#	internal/testpg/run.sh go test ./...
#
# The server lives in a temporary directory, listens on a unix socket in that
# directory only, and goes away with it however the command ends. The command
# finds it through COMPTOIR_TEST_DSN. When COMPTOIR_TEST_DSN is set already,
# the command runs against that server and nothing is started.
#
# COMPTOIR_TEST_PGBIN tells the command where the server's programs are, for
# tests that kill a server of their own.
#
# TESTPG_OPTIONS holds further server options, for example "-c fsync=off".
set -eu

minimum=15

if [ $# -eq 0 ]; then
	echo "usage: $0 command [argument...]" >&2
	exit 2
fi
say() { echo "testpg: $*" >&2; }

# newest prints the bin directory of the newest server that is new enough.
newest() {
	for dir in $(ls -d /usr/lib/postgresql/*/bin /usr/local/pgsql/bin /opt/homebrew/opt/postgresql@*/bin 2>/dev/null |
		sort -t/ -k5 -rn) "$(dirname "$(command -v postgres 2>/dev/null || echo /nowhere/postgres)")"; do
		[ -x "$dir/initdb" ] && [ -x "$dir/postgres" ] && [ -x "$dir/psql" ] || continue
		major=$("$dir/postgres" --version | sed 's/^[^0-9]*\([0-9]*\).*/\1/')
		if [ "$major" -ge "$minimum" ]; then
			echo "$dir"
			return
		fi
	done
}

bin=${COMPTOIR_TEST_PGBIN:-$(newest)}
if [ -n "${COMPTOIR_TEST_DSN:-}" ]; then
	[ -z "$bin" ] || export COMPTOIR_TEST_PGBIN="$bin"
	exec "$@"
fi
if [ -z "$bin" ]; then
	if [ "$(id -u)" -ne 0 ] || ! command -v apt-get >/dev/null; then
		say "no PostgreSQL >= $minimum found; install it (Debian: apt-get install postgresql) or set COMPTOIR_TEST_DSN"
		exit 1
	fi
	say "installing the package postgresql"
	# No server of the package's own: only the private one of this script.
	if [ ! -e /etc/postgresql-common/createcluster.conf ]; then
		mkdir -p /etc/postgresql-common
		echo "create_main_cluster = false" >/etc/postgresql-common/createcluster.conf
	fi
	apt-get update -q >&2
	DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends postgresql >&2
	bin=$(newest)
	[ -n "$bin" ] || { say "the package postgresql is older than $minimum"; exit 1; }
fi

# The path of a unix socket is short, so the directory is made under /tmp even
# where TMPDIR is deep.
base=${TMPDIR:-/tmp}
[ ${#base} -le 40 ] || base=/tmp
dir=$(mktemp -d "$base/testpg.XXXXXX")
server=""
child=""

finish() {
	code=$?
	trap - EXIT
	trap '' HUP INT TERM
	if [ -n "$child" ]; then
		kill -TERM "$child" 2>/dev/null || true
		wait "$child" 2>/dev/null || true
	fi
	if [ -n "$server" ]; then
		# Immediate: the data is thrown away, nothing needs a checkpoint.
		kill -QUIT "$server" 2>/dev/null || true
		wait "$server" 2>/dev/null || true
	fi
	rm -rf "$dir"
	exit $code
}
trap finish EXIT
trap 'exit 129' HUP
trap 'exit 130' INT
trap 'exit 143' TERM

# PostgreSQL refuses to run as root.
as=""
if [ "$(id -u)" -eq 0 ]; then
	user=postgres
	id "$user" >/dev/null 2>&1 || user=nobody
	chown "$user" "$dir"
	as="setpriv --reuid=$user --regid=$(id -g "$user") --clear-groups"
fi
cd "$dir"

$as "$bin/initdb" -D "$dir/data" -U comptoir_admin -A trust --no-sync -E UTF8 --locale=C >"$dir/initdb.log" 2>&1 ||
	{ cat "$dir/initdb.log" >&2; exit 1; }

token="testpg-$(od -An -N8 -tx1 /dev/urandom | tr -d ' \n')"
# shellcheck disable=SC2086 # the options are words
$as "$bin/postgres" -D "$dir/data" -k "$dir" -c listen_addresses= -c cluster_name="$token" \
	-c max_connections=200 -c logging_collector=off ${TESTPG_OPTIONS:-} >"$dir/server.log" 2>&1 &
server=$!

ask() { "$bin/psql" -X -q -A -t -v ON_ERROR_STOP=1 -h "$dir" -U comptoir_admin -d postgres "$@"; }
tries=0
until ask -c 'select 1' >/dev/null 2>&1; do
	tries=$((tries + 1))
	if [ $tries -gt 300 ] || ! kill -0 "$server" 2>/dev/null; then
		say "the server did not start"
		cat "$dir/server.log" >&2
		exit 1
	fi
	sleep 0.1
done

# Nothing is created before it is certain that this is the server started here.
if [ "$(ask -c 'show cluster_name')" != "$token" ] || [ "$(ask -c 'show data_directory')" != "$dir/data" ]; then
	say "another server answers on $dir"
	exit 1
fi

# The tests' role is neither superuser nor exempt from row-level security, so
# that the policies are really in force.
ask -c 'create role comptoir login nosuperuser nobypassrls nocreaterole createdb' \
	-c 'create database comptoir owner comptoir'

COMPTOIR_TEST_DSN="host=$dir user=comptoir dbname=comptoir"
export COMPTOIR_TEST_DSN
TESTPG_SERVER_PID=$server
COMPTOIR_TEST_PGBIN=$bin
export TESTPG_SERVER_PID COMPTOIR_TEST_PGBIN

cd "$OLDPWD"
"$@" &
child=$!
code=0
wait "$child" || code=$?
child=""
exit $code
