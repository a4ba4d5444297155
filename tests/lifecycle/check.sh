#!/usr/bin/env bash
# The tests of the life cycle in a heap that fills freed memory and keeps no cache of it: what touches freed memory is
# seen. ROUNDS sets the rounds of random calls in each mode (334 by default: some 1,000). Ends with "N passed, N failed".
set -uo pipefail
cd "$(dirname "$0")/../.."
log=$(mktemp)
trap 'rm -f "$log"' EXIT

timeout 900 dotnet build tests/DisruptorStream.Tests -c Release --nologo -v q > "$log" 2>&1 || tail -n 20 "$log"
export MALLOC_PERTURB_=165 GLIBC_TUNABLES=glibc.malloc.tcache_count=0
export DISRUPTORSTREAM_LIFECYCLE_ROUNDS=${ROUNDS:-334}
timeout 900 artifacts/bin/DisruptorStream.Tests/release/DisruptorStream.Tests \
  -namespace DisruptorStream.Tests.Lifecycle -noColor > "$log" 2>&1
code=$?
sed -n '/\[FAIL\]/,$p' "$log"

total=$(sed -nE 's/.*Total: ([0-9]+),.*/\1/p' "$log")
failed=$(sed -nE 's/.*Failed: ([0-9]+),.*/\1/p' "$log")
total=${total:-0}
failed=${failed:-0}

# A crash leaves no summary.
if [ "$total" -eq 0 ] || { [ "$code" -ne 0 ] && [ "$failed" -eq 0 ]; }; then
  tail -n 20 "$log"
  failed=$((failed + 1))
  total=$((total + 1))
fi

echo "$((total - failed)) passed, $failed failed"
[ "$failed" -eq 0 ]
