#!/bin/bash
# Everything that must hold before a commit: formatting, builds without warnings, the tests, no
# shared kernel symbols, no allocation in a training step, searches as good as Optuna's, nothing lost
# by kills, a smoke run of the built program, and what other programs make of its exports where they
# are installed.
# Twenty to forty minutes on two cores, by the machine.
set -euo pipefail
cd "$(dirname "$0")/.."

step() { printf '\n== %s\n' "$*"; }

step "formatting"
swift format lint --strict --recursive Sources Tests Package.swift

step "no function of the C library decides a bit"
functions='exp|exp2|expm1|log|log1p|log2|log10|pow|sin|cos|tan|tanh|sinh|cosh|asin|acos|atan|atan2'
functions+='|erf|erfc|lgamma|tgamma|cbrt|hypot'
if grep -rnE --include='*.swift' "(^|[^.A-Za-z_])($functions)f?\\(" Sources |
  grep -vE '^Sources/(Reports/|Interchange/(C|Page)/|Studies/File/SweepFileError)|^[^:]*:[0-9]*: *//'; then
  echo "use the functions of Sources/Support/Mathematics, which are the same everywhere" >&2
  exit 1
fi

step "release build, warnings as errors"
strictly=(--static-swift-stdlib --explicit-target-dependency-import-check error
  -Xswiftc -warnings-as-errors)
swift build -c release "${strictly[@]}"

step "tests, as in the README"
swift test

step "kernel symbols"
Scripts/check_symbols.sh "${strictly[@]}"

step "no allocation in a training step"
Scripts/check_allocations.sh

step "searches against Optuna, and their speed"
Scripts/check_sweep.sh

if command -v strace > /dev/null; then
  step "kills at a tenth of the moments"
  Scripts/check_kills.py --short
fi

step "smoke run"
Scripts/smoke.sh .build/release/emnist

step "course projects, in small"
projects=$(mktemp -d)
trap 'rm -rf "$projects"' EXIT
for project in Scripts/projects/*_*.sh; do
  EMNIST=.build/release/emnist "$project" --small --out "$projects/$(basename "$project" .sh)" \
    > "$projects/log" 2>&1 || { cat "$projects/log" && exit 1; }
  echo "ok  $project"
done

step "exports in the hands of other programs"
Scripts/check_readers.sh .build/release/emnist
