#!/usr/bin/env bash
# Compiles the worker sample ahead of time and compares it with the same program under the JIT. Needs a C compiler
# (clang, or gcc by CppCompilerAndLinker). Ends with "N passed, N failed".
set -uo pipefail
cd "$(dirname "$0")/../.."
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
passed=0
failed=0

# check NAME COMMAND…: counts whether the command says yes.
check() {
  local name=$1
  shift
  if "$@"; then passed=$((passed + 1)); else echo "failed: $name"; failed=$((failed + 1)); fi
}

compiler=()
command -v clang >/dev/null || compiler=(-p:CppCompilerAndLinker=gcc)
timeout 900 dotnet publish samples/Worker -c Release -o "$work/native" "${compiler[@]}" > "$work/publish.txt" 2>&1
check "publishing as native code" [ $? -eq 0 ]
if grep -E 'warning (IL|CA)[0-9]+' "$work/publish.txt"; then warned=1; else warned=0; fi
check "no trim or AOT warning" [ "$warned" -eq 0 ]
check "the result is native" [ ! -e "$work/native/Worker.dll" ]

timeout 60 "$work/native/Worker" > "$work/native.csv" 2> "$work/native.txt"
check "the native program runs" [ $? -eq 0 ]
timeout 300 dotnet run -c Release --project samples/Worker > "$work/jit.csv" 2> "$work/jit.txt"
check "the program runs under the JIT" [ $? -eq 0 ]
check "577 lines" [ "$(wc -l < "$work/native.csv")" -eq 577 ]
check "the same results" cmp "$work/native.csv" "$work/jit.csv"
check "it drained" grep -q "Processor 'climate' has drained: 345600 events" "$work/native.txt"
[ "$failed" -eq 0 ] || tail -n 20 "$work/publish.txt" "$work/native.txt"

echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
