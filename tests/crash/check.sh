#!/usr/bin/env bash
# Ends real processes with a durable processor in many ways: killed at random moments, killed at single calls of the
# system, calls that fail, and disks whose power is cut. KILLS sets the rounds of kills (20 by default), SEED the first
# of them, CALLS how many calls of each of two runs are spoilt (all by default), CUTS how often the power is cut (200 by
# default), which needs root and a system that mounts, and is skipped elsewhere. SINK_KILLS sets the rounds of kills for
# each durable sink, and for a source of files that grow and rotate (20 by default). What runs for each call is compiled
# ahead of time, since its start is most of its life. Needs strace, PostgreSQL and a C compiler, and apt where something
# is missing. Ends with "N passed, N failed".
# With "build" it only installs and builds, with "run" it only runs what was built: so it may run beside other builds.
set -uo pipefail
cd "$(dirname "$0")/../.."
log=$(mktemp)
server=$(mktemp -u /tmp/crash-pg-XXXXXX)
trap 'rm -f "$log"; tests/postgresql/server.sh stop "$server"' EXIT
passed=0
failed=0

# need COMMAND PACKAGE…: Debian's packages, unless the command is there.
need() {
  local as_root
  command -v "$1" >/dev/null && return
  shift
  as_root=$([ "$(id -u)" -eq 0 ] || echo sudo)
  $as_root apt-get update -qq && $as_root apt-get install -y -qq --no-install-recommends "$@"
}

program=artifacts/bin/DisruptorStream.Crash/release/DisruptorStream.Crash
native=artifacts/native/DisruptorStream.Crash

build() {
  local compiler rid
  need strace strace
  command -v clang >/dev/null || need gcc gcc zlib1g-dev
  [ -n "$(find /usr/lib/postgresql -name initdb 2>/dev/null)" ] || need initdb postgresql
  if [ "$(id -u)" -eq 0 ] && [ -e /dev/fuse ] && [ -e /dev/loop-control ]; then
    need nbdfuse nbdfuse fuse3
    need mkfs.ext4 e2fsprogs
  fi

  timeout 900 dotnet build tests/DisruptorStream.Crash -c Release --nologo -v q > "$log" 2>&1 || tail -n 20 "$log"
  compiler=()
  command -v clang >/dev/null || compiler=(-p:CppCompilerAndLinker=gcc)
  rid=linux-$([ "$(uname -m)" = aarch64 ] && echo arm64 || echo x64)
  timeout 900 dotnet publish tests/DisruptorStream.Crash -c Release -r "$rid" -p:PublishAot=true "${compiler[@]}" \
    -o "${native%/*}" --nologo -v q > "$log" 2>&1 || tail -n 20 "$log"
}

# try LIMIT PROGRAM ARGUMENT…: one command of the program, in so many seconds at most.
try() {
  local limit=$1 start=$SECONDS code ok bad
  shift
  timeout "$limit" "$@" > "$log" 2>&1
  code=$?
  grep -vE ': right$|^[0-9]+ passed, ' "$log"
  echo "-- ${*:2}: $((SECONDS - start)) s"
  ok=$(sed -nE 's/^([0-9]+) passed, [0-9]+ failed$/\1/p' "$log")
  bad=$(sed -nE 's/^[0-9]+ passed, ([0-9]+) failed$/\1/p' "$log")
  ok=${ok:-0}
  bad=${bad:-0}
  if [ "$code" -eq 0 ] && grep -q '^skipped: ' "$log"; then return; fi
  if [ "$ok" -eq 0 ] || { [ "$code" -ne 0 ] && [ "$bad" -eq 0 ]; }; then bad=$((bad + 1)); fi
  passed=$((passed + ok))
  failed=$((failed + bad))
}

[ "${1:-}" = run ] || build
[ "${1:-}" != build ] || exit 0

try 3600 "$program" kill --times "${KILLS:-20}" --seed "${SEED:-0}"
if [ -z "${DISRUPTORSTREAM_POSTGRESQL:-}" ]; then
  DISRUPTORSTREAM_POSTGRESQL=$(tests/postgresql/server.sh start "$server")
  export DISRUPTORSTREAM_POSTGRESQL
fi

# Most of a round is the start of processes. What writes Parquet cannot be compiled ahead of time.
for sink in file sqlite postgresql; do
  try 3600 "$native" kill --sink "$sink" --times "${SINK_KILLS:-20}" --seed "${SEED:-0}"
done
try 3600 "$program" kill --source file --times "${SINK_KILLS:-20}" --seed "${SEED:-0}"
try 3600 "$program" kill --sink parquet --times "${SINK_KILLS:-20}" --seed "${SEED:-0}"
try 7200 "$native" syscalls --most "${CALLS:-1000000}"
try 7200 "$program" power --times "${CUTS:-200}"

echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
