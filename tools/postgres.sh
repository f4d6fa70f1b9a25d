#!/usr/bin/env bash
# Runs a command with a throw-away PostgreSQL: `tools/postgres.sh COMMAND…`; DATABASE_URL names it, it is gone when the command ends.
set -euo pipefail
server=$(compgen -G '/usr/lib/postgresql/*/bin/initdb' | sort -V | tail -n 1 || true)
server=${LIANTU_PGBIN:-${server%/initdb}}
if [ -z "$server" ]; then
    echo "PostgreSQL is not on this machine: what needs it is skipped (Debian: apt-get install --no-install-recommends postgresql)." >&2
    [ -z "${CI:-}" ]
    exit
fi

here=$PWD
folder=$(mktemp -d -t liantu-postgres.XXXXXX)
as=()
if [ "$(id -u)" = 0 ]; then  # the server refuses to be root
    chown postgres:postgres "$folder"
    as=(setpriv --reuid=postgres --regid=postgres --init-groups)
fi
cd /  # which its own user may enter

stop() {
    "${as[@]}" "$server/pg_ctl" -D "$folder/data" -m immediate -w stop >/dev/null 2>&1 || true
    rm -rf "$folder"
}
trap stop EXIT

"${as[@]}" "$server/initdb" -D "$folder/data" -U liantu -A trust -E UTF8 --locale=C.UTF-8 --no-sync >"$folder.log" 2>&1 ||
    { cat "$folder.log" >&2; exit 1; }
rm -f "$folder.log"
# What a power cut would lose is of no use here: it need not be written twice.
"${as[@]}" "$server/pg_ctl" -D "$folder/data" -w -t 60 -l "$folder/server.log" start >/dev/null -o "-c listen_addresses= \
    -c unix_socket_directories=$folder -c fsync=off -c synchronous_commit=off -c full_page_writes=off -c max_connections=60"
"${as[@]}" "$server/createdb" -h "$folder" -U liantu liantu

cd "$here"
DATABASE_URL="postgres://liantu@/liantu?host=$folder" "$@"
