#!/usr/bin/env bash
# A PostgreSQL server for tests, in a directory of its own, that can be reached by a socket in it and from nowhere else.
#
#   server.sh start DIRECTORY     makes and starts it, and writes the connection string
#   server.sh kill DIRECTORY      ends it at once, as a crash does
#   server.sh restart DIRECTORY   starts one that was killed
#   server.sh stop DIRECTORY      stops it, and deletes the directory
#
# Needs Debian's package postgresql. As root it runs as the user postgres, for the server refuses root.
set -euo pipefail
directory=${2:?say which directory}
PATH=$PATH:$(find /usr/lib/postgresql -maxdepth 2 -name bin 2>/dev/null | sort -V | tail -n 1)
as=()
if [ "$(id -u)" -eq 0 ]; then as=(runuser -u postgres --); fi

begin() {
  "${as[@]}" env PATH="$PATH" pg_ctl -D "$directory/data" -w -t 300 -l "$directory/data/log" \
    -o "-c listen_addresses= -c unix_socket_directories=$directory -c max_connections=100 -c shared_buffers=32MB -c max_prepared_transactions=5" start \
    >> "$directory.log" 2>&1 || { cat "$directory.log" "$directory/data/log" >&2; exit 1; }
  echo "Host=$directory;Username=tests;Database=postgres"
}

case ${1:-} in
  start)
    command -v initdb >/dev/null || { echo "There is no PostgreSQL here: install Debian's package postgresql." >&2; exit 3; }
    mkdir -p "$directory"
    if [ "$(id -u)" -eq 0 ]; then chown postgres "$directory"; chmod 755 "$directory"; fi
    cd "$directory"
    "${as[@]}" env PATH="$PATH" initdb -D "$directory/data" -U tests -A trust -E UTF8 --no-locale --no-sync \
      > "$directory.log" 2>&1 || { cat "$directory.log" >&2; exit 1; }
    begin
    ;;
  kill)
    # The others of it end by themselves without the first one, but not at once; and as long as one of them lives, its
    # memory is in use, and no other server may start. The first one is held, so that it makes no more of them.
    first=$(head -n 1 "$directory/data/postmaster.pid")
    kill -STOP "$first" 2>/dev/null || true
    all="$first $(ps -o pid= --ppid "$first" || true)"
    kill -9 $all 2>/dev/null || true
    for _ in $(seq 300); do
      ps -o stat= -p "$(echo $all | tr ' ' ',')" | grep -q '^[^Z]' || break
      sleep 0.1
    done
    ;;
  restart)
    cd "$directory"
    rm -f "$directory/data/postmaster.pid" "$directory"/.s.PGSQL.*
    begin
    ;;
  stop)
    cd /
    if [ -e "$directory/data/postmaster.pid" ]; then
      "${as[@]}" env PATH="$PATH" pg_ctl -D "$directory/data" -w -t 60 -m immediate stop > /dev/null 2>&1 || true
    fi
    rm -rf "$directory" "$directory.log"
    ;;
  *)
    echo "Say start, kill, restart or stop." >&2
    exit 2
    ;;
esac
