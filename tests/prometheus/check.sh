#!/usr/bin/env bash
# A real Prometheus scrapes the gateway sample, which keeps a journal: it is up, every instrument of docs/telemetry.md is
# there, and promtool finds nothing to say about the page. Needs prometheus, promtool and curl; listens on the loopback
# interface only, and takes two minutes at most. Ends with "N passed, N failed".
set -uo pipefail
cd "$(dirname "$0")/../.."
work=$(mktemp -d)
gateway=
scraper=
finish() {
  [ -z "$scraper" ] || { kill "$scraper"; wait "$scraper"; }
  [ -z "$gateway" ] || { kill "$gateway"; wait "$gateway"; }
  rm -rf "$work"
} 2>/dev/null
trap finish EXIT
passed=0
failed=0

# check NAME COMMAND…: counts whether the command says yes.
check() {
  local name=$1
  shift
  if "$@"; then passed=$((passed + 1)); else echo "failed: $name"; failed=$((failed + 1)); fi
}

# until_true SECONDS COMMAND…: tries again every half second.
until_true() {
  local tries=$(($1 * 2))
  shift
  for ((i = 0; i < tries; i++)); do
    if "$@"; then return 0; fi
    sleep 0.5
  done
  return 1
}

free_port() {
  python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])' 2>/dev/null \
    || echo $((20000 + RANDOM % 20000))
}

query() { curl -fsS --max-time 5 "http://127.0.0.1:$scrape_port/api/v1/$1" 2>/dev/null; }
# A machine that is busy elsewhere makes results late: then it is degraded, and ready all the same.
is_ready() {
  curl -fsS --max-time 5 "http://127.0.0.1:$port/health/ready" 2>/dev/null | grep -qE '"status":"(Healthy|Degraded)"'
}
has() { curl -fsS --max-time 5 "http://127.0.0.1:$port/api/$1" 2>/dev/null | grep -q "\"$2\""; }
is_up() { query 'query?query=up' | grep -q '"1"\]'; }

dotnet build samples/LlmGateway -c Release -v q -nologo > "$work/build.txt" 2>&1
check "building the gateway" [ $? -eq 0 ]
assembly=$PWD/artifacts/bin/LlmGateway/release/LlmGateway.dll
port=$(free_port)
(cd samples/LlmGateway && exec dotnet "$assembly" --urls "http://127.0.0.1:$port" --traffic 200 \
  --Streams:calls:Durability:Directory="$work/state") \
  > "$work/gateway.txt" 2>&1 &
gateway=$!
check "the gateway is ready" until_true 30 is_ready
check "the gateway shows percentiles" until_true 30 has models p99
check "the gateway shows errors" until_true 30 has errors errorRate
check "the gateway shows tenants" until_true 30 has tenants tokens
check "the gateway shows sessions" until_true 30 has sessions isOpen
check "the gateway shows spenders" until_true 30 has spenders rank

curl -fsS --max-time 5 "http://127.0.0.1:$port/metrics" > "$work/metrics.txt"
check "the page of metrics" [ $? -eq 0 ]
promtool check metrics < "$work/metrics.txt" > "$work/promtool.txt" 2>&1
check "promtool check metrics" [ $? -eq 0 ]
cat "$work/promtool.txt"
check "promtool says nothing" [ ! -s "$work/promtool.txt" ]

cat > "$work/prometheus.yml" <<YML
global:
  scrape_interval: 1s
scrape_configs:
  - job_name: gateway
    static_configs:
      - targets: ["127.0.0.1:$port"]
YML
scrape_port=$(free_port)
prometheus --config.file="$work/prometheus.yml" --storage.tsdb.path="$work/data" \
  --web.listen-address="127.0.0.1:$scrape_port" --log.level=error > "$work/prometheus.txt" 2>&1 &
scraper=$!
check "up == 1" until_true 30 is_up

# The fifth column of the table is the name that Prometheus sees; a histogram has buckets. The gateway reads no source
# by itself, so the figures of those are not there.
query 'label/__name__/values' | tr ',' '\n' > "$work/names.txt"
for name in $(awk -F'|' '$2 ~ /`disruptorstream\./ && $6 ~ /`disruptorstream_/ { gsub(/[ `]/, "", $6); print $6 }' \
  docs/telemetry.md | grep -vE '^disruptorstream_source_(events|records|restarts|failing|lag)'); do
  check "$name was scraped" grep -qE "\"$name(_bucket)?\"" "$work/names.txt"
done
check "instruments are documented" [ "$passed" -gt 20 ]
[ "$failed" -eq 0 ] || tail -n 20 "$work"/*.txt

echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
