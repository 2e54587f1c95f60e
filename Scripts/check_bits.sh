#!/bin/bash
# Whether one training has the same bits however it is computed: every preset, twenty steps, by 1, 2
# and 3 threads, AVX-512 and AVX2, kernels of the release and of the debug build, with and without
# glibc's functions for new processors, on a busy machine, and in three parts of which each has another
# instruction set, number of threads and build. Compares the tensors of checkpoints, histories and
# predictions.
#
#   Scripts/check_bits.sh                 # every preset; a quarter of an hour on two cores in use
#   Scripts/check_bits.sh mlp-small cnn-2 # these
#
# With qemu-x86_64, mlp-small is trained on an emulated Haswell (2013) as well. Builds what is missing.
set -euo pipefail
cd "$(dirname "$0")/.."
swift build --quiet -c release --product emnist
swift build --quiet --product emnist
release=$PWD/.build/release/emnist
debug=$PWD/.build/debug/emnist
data=$PWD/Data
[ $# -gt 0 ] || set -- $("$release" models --json | sed -n 's/^ *"name": "\(.*\)",*$/\1/p')
work=$(mktemp -d)
busy=
trap 'rm -rf "$work"; [ -z "$busy" ] || kill $busy' EXIT
cd "$work"
unset EMNIST_SIMD EMNIST_THREADS

# run BUILD LEVEL THREADS STEPS NAME [OPTION…]: trains, or goes on where NAME stands already. Epochs
# of seven steps, so that a training ends between two of them.
run() {
  local build=$1 level=$2 threads=$3 steps=$4 name=$5
  shift 5
  local options=(--data "$data" --seed 3 --limit 140 --limit-test 100 --val-split 0.2 --batch-size 16
    --epochs 3 --augment default --out "$name" "$@")
  [ ! -d "$name" ] || options=(--resume "$name")
  EMNIST_SIMD=$level "$build" train "${options[@]}" --max-steps "$steps" --threads "$threads" --quiet \
    >>log.txt 2>&1 || {
    tail -n 3 log.txt >&2
    exit 1
  }
}

# What a run learned and says: the bytes of the tensors, behind the header; the history but for its
# times, which are the second and third column; the predictions.
facts() {
  local file
  for file in "$1"/*.safetensors; do
    tail -c +"$(($(od -An -t u8 -N 8 "$file") + 9))" "$file" | sha256sum
  done
  cut -d, -f1,4- "$1/history.csv"
  sha256sum <"$1/predictions.csv"
}

failed=0
# same PRESET WAY: whether that way came to what the first one did.
same() {
  ways=$((ways + 1))
  cmp -s <(facts "$1-first") <(facts "$1-$2") || {
    echo "$1: $2 differs" >&2
    failed=1
  }
}

wide=avx512
grep -q -w avx512f /proc/cpuinfo || wide=avx2
# What glibc chooses its functions by; the program's own kernels do not look at it.
old=glibc.cpu.hwcaps=-AVX,-AVX2,-FMA,-FMA4,-AVX512F,-AVX512VL,-AVX512BW,-AVX512DQ,-ERMS,-BMI2
total=0
for preset; do
  ways=0
  run "$release" $wide 1 20 "$preset-first" --model "$preset"
  run "$release" avx2 2 20 "$preset-narrow" --model "$preset"
  run "$debug" $wide 3 20 "$preset-debug" --model "$preset"
  run "$debug" avx2 1 20 "$preset-debug-narrow" --model "$preset"
  GLIBC_TUNABLES=$old run "$release" $wide 2 20 "$preset-old-library" --model "$preset"
  # Others take turns on the processors.
  for _ in $(seq "$(nproc)"); do
    (while :; do :; done) &
    busy+=" $!"
  done
  run "$release" $wide 3 20 "$preset-busy" --model "$preset"
  kill $busy
  busy=
  # One training on three machines.
  run "$release" $wide 1 7 "$preset-parts" --model "$preset"
  run "$debug" avx2 3 14 "$preset-parts"
  GLIBC_TUNABLES=$old run "$release" avx2 2 20 "$preset-parts"
  for way in narrow debug debug-narrow old-library busy parts; do same "$preset" $way; done
  if [ "$preset" = mlp-small ] && command -v qemu-x86_64 >/dev/null; then
    printf '#!/bin/sh\nexec qemu-x86_64 -cpu Haswell %s "$@"\n' "$release" >haswell
    chmod +x haswell
    run "$PWD/haswell" avx2 2 20 "$preset-haswell" --model "$preset"
    same "$preset" haswell
  fi
  tensors=$(cat "$preset"-first/*.safetensors | wc -c)
  echo "$preset: $ways other ways, $tensors bytes of checkpoints"
  total=$((total + ways))
  rm -rf "$preset"-*
done
[ $failed = 0 ] || exit 1
echo "the same bits: $# presets, $total trainings compared with the first of their preset"
