#!/usr/bin/env bash
# A Redis server for tests, in a directory of its own, on 127.0.0.1 and a port that was free.
#
#   server.sh start DIRECTORY   makes and starts it, and writes its address
#   server.sh stop DIRECTORY    ends it, and deletes the directory
#
# Needs Debian's package redis-server.
set -euo pipefail
directory=${2:?say which directory}

# alive: whether the process of the server is there, and has not ended.
alive() { [ -s "$directory/pid" ] && grep -q '^State:.[^ZX]' "/proc/$(cat "$directory/pid")/status" 2>/dev/null; }

# launch PORT: starts it on a port; fails where somebody else has it.
launch() {
  redis-server --bind 127.0.0.1 --port "$1" --dir "$directory" --save '' --appendonly no \
    > "$directory/log" 2>&1 < /dev/null &
  echo $! > "$directory/pid"
  for _ in $(seq 500); do
    if redis-cli -h 127.0.0.1 -p "$1" ping 2>/dev/null | grep -q PONG && alive; then
      echo "127.0.0.1:$1"
      return 0
    fi
    alive || return 1
    sleep 0.02
  done
  return 1
}

case ${1:-} in
  start)
    if ! command -v redis-server > /dev/null || ! command -v redis-cli > /dev/null; then
      echo "There is no Redis server here: apt install redis-server." >&2
      exit 3
    fi

    mkdir -p "$directory"
    for _ in $(seq 20); do
      if launch $((20000 + RANDOM % 12000)); then exit 0; fi
    done
    echo "The Redis server in $directory does not start: $(tail -n 3 "$directory/log")" >&2
    exit 1
    ;;
  stop)
    if alive; then kill -9 "$(cat "$directory/pid")" 2>/dev/null || true; fi
    for _ in $(seq 500); do alive || break; sleep 0.02; done
    rm -rf "$directory"
    ;;
  *)
    echo "start or stop" >&2
    exit 2
    ;;
esac
