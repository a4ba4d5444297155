#!/usr/bin/env bash
# Packs the solution and looks inside the packages. Needs unzip. Ends with "N passed, N failed".
set -uo pipefail
cd "$(dirname "$0")/../.."
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
passed=0
failed=0
address=https://github.com/example/streams

# check NAME COMMAND…: counts whether the command says yes.
check() {
  local name=$1
  shift
  if "$@"; then passed=$((passed + 1)); else echo "failed: $name"; failed=$((failed + 1)); fi
}

# without PATTERN FILE: whether no line of a file has it.
without() { ! grep -qaE "$1" "$2"; }

# What is packed is said by a filter: nothing else has to be built again. Where a project says nothing, it is none.
projects=$(printf '"%s",' src/*/*.csproj tools/*/*.csproj)
printf '{"solution":{"path":"%s","projects":[%s]}}' "$PWD/DisruptorStream.sln" "${projects%,}" > "$work/packages.slnf"
check "projects are no packages unless they say so" grep -q '<IsPackable>false</IsPackable>' Directory.Build.props
check "no sample, test or measurement says so" \
  [ -z "$(grep -rl --include='*.csproj' --include='*.props' '<IsPackable>true' samples tests perf)" ]

# Paths of this machine are taken out of a build that is not for debugging here.
CI=true timeout 900 dotnet pack "$work/packages.slnf" -c Release -o "$work" -nodeReuse:false -p:PublicRepositoryUrl="$address" \
  > "$work/pack.txt" 2>&1
check "packing" [ $? -eq 0 ]
check "packing without a warning" without 'warning' "$work/pack.txt"
check "eleven packages, and none of samples, tests and measurements" \
  [ "$(cd "$work" && echo *.nupkg)" = \
    "$(echo DisruptorStream{,.Cli,.Cluster,.Generators,.Hosting,.Nats,.Orleans,.Parquet,.PostgreSql,.Sqlite,.Testing}.0.2.0.nupkg)" ]

libraries="DisruptorStream DisruptorStream.Cluster DisruptorStream.Hosting DisruptorStream.Nats DisruptorStream.Orleans DisruptorStream.Parquet DisruptorStream.PostgreSql DisruptorStream.Sqlite DisruptorStream.Testing"
for id in $libraries DisruptorStream.Cli; do
  inside=$work/$id
  unzip -q "$work/$id.0.2.0.nupkg" -d "$inside"
  unzip -q "$work/$id.0.2.0.snupkg" -d "$inside/symbols"
  manifest=$inside/$id.nuspec
  for text in '<version>0.2.0<' '<license type="expression">MIT<' '<readme>README.md<' '<icon>icon.png<' '<description>.+<' \
    '<tags>stream-processing ' "<repository type=\"git\" url=\"$address\" commit=\"[0-9a-f]{40}\"" '<authors>The DisruptorStream'; do
    check "$id: $text" grep -qE "$text" "$manifest"
  done
  for file in README.md icon.png LICENSE; do check "$id: $file" [ -s "$inside/$file" ]; done
  symbols=$(find "$inside/symbols" -name "$([ "$id" = DisruptorStream.Cli ] && echo dstream || echo "$id").pdb")
  check "$id: symbols" [ -s "$symbols" ]
  check "$id: SourceLink" grep -qa "raw.githubusercontent.com/example/streams/" "$symbols"
  check "$id: no path of this machine" without "$PWD/" "$symbols"
done

unzip -q "$work/DisruptorStream.Generators.0.2.0.nupkg" -d "$work/generators"
check "the generator is for the compiler" [ -s "$work/generators/analyzers/dotnet/cs/DisruptorStream.Generators.dll" ]
check "the generator is no library" [ ! -e "$work/generators/lib" ]
check "the generator has a readme" [ -s "$work/generators/README.md" ]

for id in $libraries; do
  check "$id: documentation" grep -q '<member name="T:DisruptorStream' "$work/$id/lib/net10.0/$id.xml"
done
check "the engine brings no database" without 'Npgsql|Sqlite|Parquet|NATS' "$work/DisruptorStream/DisruptorStream.nuspec"
documentation=$work/DisruptorStream/lib/net10.0/DisruptorStream.xml
check "public members are documented" grep -q 'name="M:DisruptorStream.EventProcessor.Start"' "$documentation"
check "internal types are not" without 'name="T:DisruptorStream.Topology' "$documentation"
check "a tool has no documentation of types" [ ! -e "$work/DisruptorStream.Cli/tools/net10.0/any/DisruptorStream.xml" ]

# The tool works where it is installed.
cat > "$work/nuget.config" <<CONFIG
<configuration><packageSources><clear /><add key="packed" value="$work" /></packageSources></configuration>
CONFIG
dotnet tool install DisruptorStream.Cli --tool-path "$work/bin" --configfile "$work/nuget.config" > "$work/install.txt" 2>&1
check "the tool installs" [ $? -eq 0 ]
check "the tool says its version" [ "$("$work/bin/dstream" --version)" = 0.2.0 ]

[ "$failed" -eq 0 ] || tail -n 20 "$work/pack.txt" "$work/install.txt"
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
