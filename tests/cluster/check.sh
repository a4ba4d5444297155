#!/usr/bin/env bash
# Runs partitions of queries on several processes, on each log in turn, and ends processes, servers and networks in many
# ways. ROUNDS sets the rounds of each way (2 by default), SEED the first of them, LOAD how many seconds each takes (2).
# Needs nats-server, PostgreSQL, and, to cut a network, root and iproute2. Ends with "N passed, N failed".
# With "build" it only builds, with "run" it only runs what was built: so it may run beside other builds.
set -uo pipefail
cd "$(dirname "$0")/../.."
log=$(mktemp)
trap 'rm -f "$log"' EXIT
passed=0
failed=0
if [ "${1:-}" != run ]; then
  timeout 900 dotnet build tests/DisruptorStream.ClusterCrash -c Release --nologo -v q > "$log" 2>&1 || tail -n 20 "$log"
fi

[ "${1:-}" != build ] || exit 0
for kind in nats postgresql; do
  timeout 1800 artifacts/bin/DisruptorStream.ClusterCrash/release/DisruptorStream.ClusterCrash \
    --log "$kind" --rounds "${ROUNDS:-2}" --seconds "${LOAD:-2}" --events 10000 --seed "${SEED:-0}" > "$log" 2>&1
  code=$?
  grep -vE '^[0-9]+ passed, ' "$log"
  ok=$(sed -nE 's/^([0-9]+) passed, [0-9]+ failed$/\1/p' "$log")
  bad=$(sed -nE 's/^[0-9]+ passed, ([0-9]+) failed$/\1/p' "$log")
  ok=${ok:-0}
  bad=${bad:-0}
  if [ "$ok" -eq 0 ] || { [ "$code" -ne 0 ] && [ "$bad" -eq 0 ]; }; then bad=$((bad + 1)); fi
  passed=$((passed + ok))
  failed=$((failed + bad))
done

echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
