#!/bin/sh
# Runs a command beside a Tryton 6.0 server of its own:
#
#	internal/testtryton/run.sh go test ./erp/...
#
# The server lives in a temporary directory (in memory where there is room, as
# Tryton waits for the disk at every call), listens on a free port of the
# loopback only, and goes away however the command ends. The command finds it
# through COMPTOIR_TEST_TRYTON, as tryton://connector:PASSWORD@127.0.0.1:PORT/DB;
# COMPTOIR_TEST_TRYTON_ADMIN is the same for the administrator, and
# TESTTRYTON_SEED the folder of the database that tests start servers of their
# own from. When COMPTOIR_TEST_TRYTON is set already, the command runs against
# that server and nothing is started.
#
# seed.py makes the database once; it is kept in the user's cache directory, by
# the hash of what it was made from. TESTTRYTON_PYTHON names another Python than
# /usr/bin/python3 that has Tryton.
#
# Where Tryton is not there and cannot be installed, the command runs without
# it after a loud warning; under CI=true that is a failure.
set -eu

packages="tryton-server tryton-proteus tryton-modules-party tryton-modules-product
tryton-modules-product-price-list tryton-modules-sale tryton-modules-sale-price-list
tryton-modules-sale-discount tryton-modules-stock tryton-modules-account
tryton-modules-account-invoice tryton-modules-account-product
tryton-modules-account-invoice-stock tryton-modules-account-payment
tryton-modules-web-shop"

if [ $# -eq 0 ]; then
	echo "usage: $0 command [argument...]" >&2
	exit 2
fi
if [ -n "${COMPTOIR_TEST_TRYTON:-}" ]; then
	exec "$@"
fi

say() { echo "testtryton: $*" >&2; }

here=$(cd "$(dirname "$0")" && pwd)
python=${TESTTRYTON_PYTHON:-/usr/bin/python3}
trytond=$(dirname "$python")/trytond

# without runs the command without a server, or refuses to.
without() {
	if [ "${CI:-}" = true ]; then
		say "$1"
		say "in continuous integration the tests need it"
		exit 1
	fi
	say "!!! NO TRYTON: what needs it is SKIPPED AND NOT TESTED"
	say "!!! $1"
	shift
	exec "$@"
}

# look prints what the database depends on, and nothing when Tryton is not there.
look() {
	[ -x "$python" ] && [ -e "$trytond" ] && TZ=UTC "$python" -W ignore "$here/seed.py" key 2>/dev/null || true
}

key=$(look)
if [ -z "$key" ]; then
	names=$(echo $packages)
	if [ "$(id -u)" -ne 0 ] || ! command -v apt-get >/dev/null; then
		without "no Tryton 6.0 found; install it (Debian 12: apt-get install --no-install-recommends $names) or set COMPTOIR_TEST_TRYTON" "$@"
	fi
	say "installing the packages $names"
	apt-get update -q >&2 || say "apt-get update failed; going on with the lists that are there"
	# shellcheck disable=SC2086 # the packages are words
	DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends $packages >&2 ||
		without "the packages could not be installed" "$@"
	key=$(look)
	[ -n "$key" ] || without "the packages are not those of Tryton 6.0" "$@"
fi

# room says whether half a gigabyte is free there, for the data of several servers.
room() { [ -w "$1" ] && [ "$(df -Pk "$1" | awk 'NR == 2 { print $4 }')" -gt 500000 ]; }

top=${TMPDIR:-/tmp}
if [ -z "${TMPDIR:-}" ] && room /dev/shm; then top=/dev/shm; fi
dir=$(mktemp -d "$top/testtryton.XXXXXX")
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
		# Hard: the data is thrown away.
		kill -KILL "$server" 2>/dev/null || true
		wait "$server" 2>/dev/null || true
	fi
	rm -rf "$dir"
	exit $code
}
trap finish EXIT
trap 'exit 129' HUP
trap 'exit 130' INT
trap 'exit 143' TERM

# await waits for the background job begun last, so that a signal ends it.
await() {
	child=$!
	code=0
	wait "$child" || code=$?
	child=""
	return $code
}

cache=${XDG_CACHE_HOME:-${HOME:+$HOME/.cache}}
cache=${cache:-${TMPDIR:-/tmp}}/comptoir
mkdir -p "$cache" 2>/dev/null && [ -w "$cache" ] || cache=$dir
seed=$cache/tryton-$key
if [ ! -e "$seed/users" ]; then
	say "making the database, once; this takes half a minute"
	TZ=UTC "$python" -W ignore "$here/seed.py" make "$dir/seed" "$seed" >"$dir/seed.log" 2>&1 &
	await || { say "the database could not be made"; cat "$dir/seed.log" >&2; exit 1; }
	rm -rf "$dir/seed"
fi
admin=$(sed -n 's/^admin=//p' "$seed/users")
connector=$(sed -n 's/^connector=//p' "$seed/users")

# The database's name is the token by which the server is known as ours.
db="t$(od -An -N8 -tx1 /dev/urandom | tr -d ' \n')"
cp "$seed/erp.sqlite" "$dir/$db.sqlite"

# serve starts a server on a port that was free just now.
serve() {
	port=$("$python" -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
	printf '[web]\nlisten = 127.0.0.1:%s\n[database]\nuri = sqlite://\npath = %s\n' "$port" "$dir" >"$dir/conf"
	# It counts in the zone of the machine, dates and times alike.
	TZ=UTC "$python" -W ignore "$trytond" -c "$dir/conf" -d "$db" >"$dir/server.log" 2>&1 &
	server=$!
}

# answers tells whether the server on the port is the one with our database.
answers() {
	"$python" -c '
import json, sys, urllib.request
ask = urllib.request.Request("http://127.0.0.1:%s/" % sys.argv[1], headers={"Content-Type": "application/json"},
    data=json.dumps({"id": 1, "method": "common.db.list", "params": []}).encode())
opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
sys.exit(sys.argv[2] not in json.load(opener.open(ask, timeout=10))["result"])
' "$port" "$db" 2>/dev/null
}

tries=0
starts=1
serve
until answers; do
	tries=$((tries + 1))
	if ! kill -0 "$server" 2>/dev/null; then
		# Another process took the port in between.
		if [ $starts -lt 5 ] && grep -q 'Address already in use\|is in use by another' "$dir/server.log"; then
			starts=$((starts + 1))
			serve
			continue
		fi
		tries=1000
	fi
	if [ $tries -gt 300 ]; then
		say "the server did not start"
		cat "$dir/server.log" >&2
		exit 1
	fi
	sleep 0.1
done

COMPTOIR_TEST_TRYTON="tryton://connector:$connector@127.0.0.1:$port/$db"
COMPTOIR_TEST_TRYTON_ADMIN="tryton://admin:$admin@127.0.0.1:$port/$db"
TESTTRYTON_SEED=$seed
TESTTRYTON_PYTHON=$python
TESTTRYTON_CONF=$dir/conf
TESTTRYTON_DIR=$dir
TESTTRYTON_SERVER_PID=$server
export COMPTOIR_TEST_TRYTON COMPTOIR_TEST_TRYTON_ADMIN TESTTRYTON_SEED TESTTRYTON_PYTHON TESTTRYTON_CONF TESTTRYTON_DIR TESTTRYTON_SERVER_PID

"$@" &
code=0
await || code=$?
exit $code
