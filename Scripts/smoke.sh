#!/bin/bash
# Runs the built program the way people do, on the small data set that ships, and checks every exit
# code. Usage: Scripts/smoke.sh PROGRAM
set -euo pipefail
cd "$(dirname "$0")/.."
program=$(realpath "${1:?usage: Scripts/smoke.sh PROGRAM}")
data=$PWD/Data
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

# expect CODE WORD…: runs the program and fails if it ends with another code.
expect() {
  local wanted=$1 code=0
  shift
  "$program" "$@" >out.txt 2>err.txt || code=$?
  if [ "$code" != "$wanted" ]; then
    echo "emnist $*: ended with $code, not $wanted" >&2
    cat out.txt err.txt >&2
    exit 1
  fi
  # An error is one sentence on one line.
  if [ "$wanted" -ge 64 ] && [ "$wanted" -lt 128 ] && [ "$(grep -c '^emnist: ' err.txt)" != 1 ]; then
    echo "emnist $*: no clear sentence:" >&2
    cat err.txt >&2
    exit 1
  fi
  echo "ok ($wanted)  emnist $*"
}

expect 0 --help
expect 0 --version
expect 0 models
expect 0 models cnn
expect 0 bench --quick --only training --model mlp --batch-size 16 --rounds 1
expect 0 data list --data "$data"
expect 0 data info --data "$data"
expect 0 data preview --data "$data" --out sheet.png
expect 0 data synth --out glyphs --train-count 470 --test-count 94
expect 0 train --model mlp --data "$data" --epochs 2 --quiet
expect 0 train --model cnn --data glyphs --epochs 1 --out cnn --json
grep -q '^{"schema":1,.*"epochs_run":1,' out.txt ||
  { echo "train --json printed no JSON object" >&2; exit 1; }
expect 0 eval
expect 0 eval cnn --confusion --data "$data"
expect 0 eval cnn --part val --tta shifts --reliability
expect 1 eval cnn --fail-under accuracy=1
expect 0 compare cnn cnn --images differing.csv
expect 0 audit cnn --count 10
expect 0 predict --run cnn sheet.png --json
expect 0 data preview --mistakes cnn --out mistakes.png
expect 0 report cnn
expect 0 report cnn cnn --out both
test -s cnn/report.html && test -s cnn/report/mistakes.png && test -s both/report/loss.svg ||
  { echo "the report is not there" >&2; exit 1; }
for file in config.json history.csv best.safetensors last.safetensors evaluation.json \
  confusion.csv; do
  test -s "cnn/$file" || { echo "the run has no $file" >&2; exit 1; }
done

cat >sweep.json <<'SWEEP'
{"method": "random", "metric": {"name": "val_loss"}, "run_cap": 3,
 "parameters": {"lr": {"min": 0.001, "max": 0.01}},
 "emnist": {"base": {"model": "mlp-small", "epochs": 1}}}
SWEEP
expect 0 sweep sweep.json --data "$data"
expect 0 sweep sweep.json --data "$data" --trials 4 --json
grep -q '^{"schema":1,.*"id":3,"state":"finished"' out.txt ||
  { echo "the sweep has no fourth trial" >&2; exit 1; }
expect 0 sweep --show runs/sweep-sweep

expect 64 train --epochs 0
expect 64 train --epocs 3
expect 64 train --model cnm
expect 66 train --dataset letters --data "$work/nowhere"
expect 66 eval nowhere
expect 73 train --data "$data" --out cnn
expect 73 train --data "$data" --out cnn/history.csv/run
head -c 1000 glyphs/emnist-synthetic-train-images-idx3-ubyte.gz >cut.gz 2>/dev/null ||
  head -c 1000 "$data"/emnist-tiny-train-images-idx3-ubyte.gz >cut.gz
expect 65 predict --run cnn cut.gz
expect 65 train --train-images cut.gz --train-labels "$data/emnist-tiny-train-labels-idx1-ubyte.gz"
echo '{"epoch": 3}' >bad.json
expect 78 train --config bad.json
head -c 100 cnn/best.safetensors >cnn/best.cut && mv cnn/best.cut cnn/best.safetensors
expect 65 eval cnn --data "$data"
EMNIST_SIMD=neon expect 64 train --data "$data"
test -z "$(find . -name '*.tmp')" || { echo "half-written files are left" >&2; exit 1; }
echo "the smoke run passed"
