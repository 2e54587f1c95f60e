#!/bin/sh
# Checks that the program runs on processors without AVX-512, and without AVX2, and computes the
# same there.
#
#   Scripts/check_old_cpus.sh            the release program
#   Scripts/check_old_cpus.sh --tests    and the tests from kernels to file formats and searches, which
#                                        takes half an hour longer
#
# qemu-user runs the program as an older processor would: an instruction that processor has not got
# ends it. A short training on the glyphs in Data/ must give the same history on an emulated Haswell
# (2013: AVX2) as natively with EMNIST_SIMD=avx2, and on an emulated Nehalem (2008: SSE 4.2) as
# natively with EMNIST_SIMD=portable. Ends with 1 if anything differs, with 69 without qemu.
set -eu
cd "$(dirname "$0")/.."

if [ "$(uname -m)" != x86_64 ]; then
  echo "nothing to check: only x86-64 has several instruction sets"
  exit 0
fi
if ! command -v qemu-x86_64 >/dev/null 2>&1; then
  echo "qemu-x86_64 not found; install it with 'apt-get install qemu-user'" >&2
  exit 69
fi
if ! grep -q -w fma /proc/cpuinfo; then
  echo "this processor has no AVX2 to compare with" >&2
  exit 69
fi

unset EMNIST_SIMD
swift build --quiet -c release --product emnist
emnist=$(swift build -c release --show-bin-path)/emnist
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

fail() {
  echo "FAILED: $*" >&2
  exit 1
}

# emulated CPU COMMAND...: without qemu's remarks on what it does not emulate.
emulated() {
  cpu=$1
  shift
  qemu-x86_64 -cpu "$cpu" "$@" 2>"$work/stderr" || {
    status=$?
    grep -v '^qemu-x86_64: warning: TCG' "$work/stderr" >&2 || true
    return $status
  }
}

# train RUN COMMAND...: a training so short that an emulator ends it in seconds.
train() {
  run=$1
  shift
  "$@" train --data Data --model cnn --filters 4,17,8 --epochs 2 --limit 200 --batch-size 32 \
    --seed 1 --threads 2 --quiet --out "$work/$run" >"$work/$run.txt" ||
    fail "training ($run) ended with $?"
}

# The history without the columns that the speed of the machine decides.
history() {
  awk -F, '
    NR == 1 { for (i = 1; i <= NF; i++) timed[i] = $i == "seconds" || $i == "images_per_second" }
    { line = ""; for (i = 1; i <= NF; i++) if (!timed[i]) line = line "," $i; print line }
  ' "$work/$1/history.csv"
}

# compare CPU LEVEL: what that processor chooses and computes.
compare() {
  emulated "$1" "$emnist" --version >"$work/version" || fail "--version on $1 ended with $?"
  grep -q -w "$2" "$work/version" || fail "$1 should use $2: $(cat "$work/version")"
  train "$1" emulated "$1" "$emnist"
  train "native-$2" env EMNIST_SIMD="$2" "$emnist"
  history "$1" >"$work/emulated.csv"
  history "native-$2" >"$work/native.csv"
  [ "$(wc -l <"$work/native.csv")" -eq 3 ] || fail "the history should have two epochs"
  diff "$work/native.csv" "$work/emulated.csv" || fail "$1 and native $2 differ"
  echo "$1 computes what $2 computes natively"
}

compare Haswell avx2
compare Nehalem portable

status=0
(
  export EMNIST_SIMD=avx512
  emulated Haswell "$emnist" --version >/dev/null 2>"$work/refusal"
) || status=$?
[ "$status" -eq 69 ] || fail "EMNIST_SIMD=avx512 on Haswell ended with $status instead of 69"
grep -q 'EMNIST_SIMD' "$work/refusal" || fail "no reason given: $(cat "$work/refusal")"
echo "Haswell refuses avx512: $(cat "$work/refusal")"

if [ "${1-}" = --tests ]; then
  swift build --quiet --build-tests
  tests=$(ls -d "$(swift build --show-bin-path)"/*.xctest)
  for cpu in Haswell Nehalem; do
    emulated "$cpu" "$tests" --testing-library swift-testing \
      --filter '^(Support|Formats|Tensor|NN|Metrics|Search)Tests\.|SameBitsTests' >"$work/tests" || {
      grep -E 'recorded an issue|↳|crashed' "$work/tests" | head -40
      fail "the tests on $cpu"
    }
    tail -n 1 "$work/tests"
  done
fi
