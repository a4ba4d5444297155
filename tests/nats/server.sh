#!/usr/bin/env bash
# A NATS server with JetStream for tests, in a directory of its own, on 127.0.0.1 and a port that was free.
#
#   server.sh start DIRECTORY     makes and starts it, and writes its address
#   server.sh restart DIRECTORY   starts it again where it was, on the same port, and writes its address
#   server.sh kill DIRECTORY      ends it as kill -9 does; what it has stored stays
#   server.sh stop DIRECTORY      ends it, and deletes the directory
#
# With NATS_SYNC=always in the environment each message is on the disk before it is acknowledged; that needs a server
# of 2.10 or newer. Needs Debian's package nats-server.
set -euo pipefail
directory=${2:?say which directory}
PATH=$PATH:/usr/sbin

# alive: whether the process of the server is there, and has not ended.
alive() { [ -s "$directory/pid" ] && grep -q '^State:.[^ZX]' "/proc/$(cat "$directory/pid")/status" 2>/dev/null; }

# end SIGNAL: ends it, and waits until it is gone.
end() {
  if alive; then kill "-$1" "$(cat "$directory/pid")" 2>/dev/null || true; fi
  for _ in $(seq 500); do alive || return 0; sleep 0.02; done
  echo "The NATS server in $directory does not end." >&2
  return 1
}

# launch PORT: starts it on a port, or on one that is free (-1), waits until it answers, and writes its address.
launch() {
  rm -f "$directory"/nats-server_*.ports
  nats-server -c "$directory/server.conf" -p "$1" --ports_file_dir "$directory" -l "$directory/log" \
    > /dev/null 2> "$directory/errors" < /dev/null &
  echo $! > "$directory/pid"
  for _ in $(seq 1500); do
    if port=$(grep -o 'nats://127.0.0.1:[0-9]*' "$directory"/nats-server_*.ports 2>/dev/null) \
      && grep -q 'Server is ready' "$directory/log" \
      && (exec 3<> "/dev/tcp/127.0.0.1/${port##*:}") 2>/dev/null; then
      echo "${port##*:}" > "$directory/port"
      echo "$port"
      return 0
    fi
    alive || break
    sleep 0.02
  done
  cat "$directory/errors" "$directory/log" >&2
  return 1
}

case ${1:-} in
  start)
    command -v nats-server >/dev/null || { echo "There is no NATS server here: install Debian's package nats-server." >&2; exit 3; }
    mkdir -p "$directory"
    sync=
    if [ -n "${NATS_SYNC:-}" ]; then sync=", sync_interval: $NATS_SYNC"; fi
    printf 'host: 127.0.0.1\nserver_name: tests\njetstream { store_dir: "%s/store"%s }\n' "$directory" "$sync" \
      > "$directory/server.conf"
    nats-server -t -c "$directory/server.conf" > /dev/null 2> "$directory/errors" \
      || { cat "$directory/errors" >&2; echo "This server cannot be set so: $(nats-server --version)." >&2; exit 3; }
    launch -1
    ;;
  restart)
    end TERM
    : > "$directory/log"
    launch "$(cat "$directory/port")"
    ;;
  kill)
    end KILL
    ;;
  stop)
    end KILL
    rm -rf "$directory"
    ;;
  *)
    echo "Say start, restart, kill or stop." >&2
    exit 2
    ;;
esac
