#!/bin/bash
# Shows which functions a training spends its time in. By perf where the kernel lets it sample,
# otherwise by valgrind, which counts instructions, about fifty times slower; it knows no AVX-512.
#
#   Scripts/profile.sh [OPTION of 'emnist train' …]
#
# Trains one epoch of the default model on the data that is found, unless told otherwise. Leaves
# perf.data or callgrind.out beside the run in a temporary directory, whose name it prints.
set -euo pipefail
root=$(realpath "$(dirname "$0")/..")
KEEP_SYMBOLS=1 swift build --quiet -c release --package-path "$root" --product emnist
program=$root/.build/release/emnist
work=$(mktemp -d)
start=$PWD

# The command's own paths are relative to where it was called.
train() {
  "$@" "$program" train --epochs 1 --out "$work/run" --quiet "${options[@]}" >"$work/train.txt"
}
options=("$@")
cd "$start"

if command -v perf >/dev/null 2>&1 && perf record -q -o /dev/null true 2>/dev/null; then
  train perf record -q -F 500 -g -o "$work/perf.data"
  perf report -i "$work/perf.data" --stdio --no-children -g none --percent-limit 0.5 2>/dev/null |
    swift demangle --simplified | grep -v '^#' | grep -v '^$'
elif command -v valgrind >/dev/null 2>&1; then
  EMNIST_SIMD=avx2 train valgrind -q --tool=callgrind --callgrind-out-file="$work/callgrind.out" \
    2>"$work/valgrind.txt"
  callgrind_annotate "$work/callgrind.out" | swift demangle --simplified | sed -n 1,60p
else
  echo "neither perf nor valgrind is here; install one" >&2
  exit 69
fi
echo "recorded in $work"
