#!/usr/bin/env bash
# Takes out of the engine, one at a time, each sync, each order of steps and each check of a hash that durability rests
# on, and looks whether the tests notice. mutants.txt lists them. Works on a copy of the sources: all mutants are built
# into it at once, and the variable MUTANT picks one of them at run time; the product has no such switch.
#
#   tests/mutants/run.sh [NUMBER…]     all, or some
#
# LIMIT is how many seconds one suite may take (300). SEEDS, CUTS and TESTS set how much each suite does. Ends with a
# table, and with "N passed, N failed": failed are those that no suite noticed, unless mutants.txt says why they change
# nothing. Needs perl and a C compiler; power cuts need root, /dev/fuse and loop devices, and are left out elsewhere.
set -uo pipefail
here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
copy=$work/copy
mkdir "$copy"
git -C "$here" rev-parse --show-toplevel > "$work/root"
tar -C "$(cat "$work/root")" --exclude=./artifacts --exclude=./.git -cf - . | tar -C "$copy" -xf -

cat > "$copy/src/DisruptorStream/Mutants.cs" <<'C'
namespace DisruptorStream;

internal static class Mutants
{
    private static readonly string? On = System.Environment.GetEnvironmentVariable("MUTANT");

    public static bool Is(int number) => On == number.ToString(System.Globalization.CultureInfo.InvariantCulture);
}
C
perl - "$here/mutants.txt" "$copy" > "$work/list" <<'P' || exit 1
use strict;
use warnings;
my ($list, $copy) = @ARGV;
open(my $in, '<', $list) or die $!;
my @all;
my $one;
while (my $line = <$in>) {
    chomp $line;
    if ($line =~ /^(\d+) (.*)$/) { push @all, $one = { number => $1, name => $2, before => [], after => [], equal => '' }; }
    elsif ($line =~ /^file (.*)$/) { $one->{file} = $1; }
    elsif ($line =~ /^equal (.*)$/) { $one->{equal} = $1; }
    elsif ($line =~ /^- (.*)$/) { push @{$one->{before}}, $1; }
    elsif ($line =~ /^\+ (.*)$/) { push @{$one->{after}}, $1; }
}
for my $mutant (@all) {
    my $path = "$copy/src/DisruptorStream/$mutant->{file}";
    open(my $source, '<', $path) or die "$path: $!";
    local $/;
    my $text = <$source>;
    my $before = join("\n", @{$mutant->{before}});
    my $after = join("\n", @{$mutant->{after}});
    $after =~ s/\bMUTANT\b/Mutants.Is($mutant->{number})/g;
    my $times = () = $text =~ /\Q$before\E/g;
    die "Mutant $mutant->{number}: its text is there $times times in $mutant->{file}, not once.\n" if $times != 1;
    $text =~ s/\Q$before\E/$after/;
    open(my $out, '>', $path) or die $!;
    print $out $text;
    print "$mutant->{number}\t$mutant->{name}\t$mutant->{equal}\n";
}
P

cd "$copy" || exit 1
compiler=()
command -v clang >/dev/null || compiler=(-p:CppCompilerAndLinker=gcc)
rid=linux-$([ "$(uname -m)" = aarch64 ] && echo arm64 || echo x64)
native() {
  timeout 1800 dotnet publish "tests/$1" -c Release -r "$rid" -p:PublishAot=true -p:RunAnalyzers=false \
    "${compiler[@]}" -o "$work/$1" --nologo -v q > "$work/build.txt" 2>&1 || { tail -n 20 "$work/build.txt"; exit 1; }
}
native DisruptorStream.Simulation
native DisruptorStream.Crash
if [ "${TESTS:-1}" != 0 ]; then
  timeout 1800 dotnet build tests/DisruptorStream.Tests -c Release -p:RunAnalyzers=false --nologo -v q \
    > "$work/build.txt" 2>&1 || { tail -n 20 "$work/build.txt"; exit 1; }
fi

# suite NAME COMMAND…: whether it passes with the mutant that MUTANT names.
suite() {
  local name=$1
  shift
  if timeout -k 5 "${LIMIT:-300}" "$@" > "$work/suite.txt" 2>&1; then return 0; fi
  notices=$name
  return 1
}

# tests NAME FILTER…: some of the unit tests.
tests() {
  local name=$1
  shift
  [ "${TESTS:-1}" = 0 ] || suite "$name" artifacts/bin/DisruptorStream.Tests/release/DisruptorStream.Tests -noColor "$@"
}

# try: the suites, the quickest first, until one notices.
try() {
  tests tests -namespace 'DisruptorStream.Tests.Durability.*' -namespace 'DisruptorStream.Tests.Saving*' \
      -namespace 'DisruptorStream.Tests.Emission.Gating*' \
    && tests order -class 'DisruptorStream.Tests.Pipeline.Durable.OrderSplitterTests' \
      -class 'DisruptorStream.Tests.Sources.SourceRereaderTests' \
      -class 'DisruptorStream.Tests.Sources.OrderJournalTests' -class 'DisruptorStream.Tests.Sources.OrderStreamTests' \
    && suite simulation "$work/DisruptorStream.Simulation/DisruptorStream.Simulation" --seeds "${SEEDS:-60}" \
    && suite "power cuts" "$work/DisruptorStream.Crash/DisruptorStream.Crash" power --times "${CUTS:-60}" \
    && tests bytes -class 'DisruptorStream.Tests.Durability.*'
}

passed=0
failed=0
notices=none
if MUTANT=0 try; then echo "without a mutant: passes"; else echo "without a mutant: FAILS in $notices"; cat "$work/suite.txt"; exit 1; fi
while IFS=$'\t' read -r number name equal; do
  if [ $# -gt 0 ] && [[ " $* " != *" $number "* ]]; then continue; fi
  export MUTANT=$number
  if try; then
    if [ -n "$equal" ]; then
      passed=$((passed + 1))
      echo "| $number | $name | nothing: $equal |"
    else
      failed=$((failed + 1))
      echo "| $number | $name | NOTHING NOTICES |"
    fi
  else
    passed=$((passed + 1))
    echo "| $number | $name | $notices |"
  fi
done < "$work/list"
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
