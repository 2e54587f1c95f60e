#!/bin/bash
# Whether two programs train the same bits: twenty short runs over the presets, optimizers,
# schedules and losses, a cross-validation, a resumed run and a sweep, on the set that ships. Compares
# histories (but for times), weights, predictions and the trials of the sweep.
# Usage: Scripts/check_same_bits.sh BEFORE AFTER
set -euo pipefail
cd "$(dirname "$0")/.."
before=$(realpath "${1:?usage: Scripts/check_same_bits.sh BEFORE AFTER}")
after=$(realpath "${2:?usage: Scripts/check_same_bits.sh BEFORE AFTER}")
data=$PWD/Data
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

run() { # NAME OPTION…
  local name=$1
  shift
  # By a rule that older programs choose the best epoch by as well.
  "$program" train --data "$data" --seed 3 --monitor val_loss --quiet --out "$name" "$@" \
    >/dev/null 2>>log.txt
  "$program" eval "$name" --data "$data" --json |
    sed -E 's/"(seconds|images_per_second)":[^,}]*,?//g' >"$name/eval.json"
}

train_all() { # PROGRAM DIRECTORY
  program=$1
  mkdir "$2" && cd "$2"
  for model in cnn cnn-2 cnn-3 lenet5 mlp mlp-512 mlp-small; do
    run "$model" --model $model --epochs 2
  done
  run resnet --model resnet --max-steps 6 --drop-path 0.2
  run densenet --model densenet --max-steps 6
  run vgg --model vgg --max-steps 3 --batch-size 16
  run vit --model vit --max-steps 6 --drop-path 0.1
  run adam --model cnn-2 --optimizer adam --lr 0.001 --scheduler one_cycle \
    --activation gelu --batch-norm --augment default --epochs 1
  run muon --model mlp --optimizer muon --scheduler inverse_time \
    --activation tanh --batch-norm --l1 1e-5 --ema 0.99 --epochs 2
  run rmsprop --model lenet5 --optimizer rmsprop --lr 0.001 --scheduler plateau \
    --activation elu --loss mse --epochs 2
  run adagrad --model mlp-small --optimizer adagrad --lr 0.01 --scheduler step \
    --activation silu --loss focal --class-weights balanced --epochs 2
  run nesterov --model cnn-2 --optimizer sgd --lr 0.01 --momentum 0.9 --nesterov \
    --scheduler polynomial --activation leaky_relu --mixup 0.2 --cutmix 0.5 \
    --accumulate 2 --clip-norm 1 --spatial-dropout 0.1 --epochs 1
  run resumed --model cnn-2 --max-steps 20
  "$program" train --resume resumed --max-steps 40 --quiet >/dev/null 2>>log.txt || true
  "$program" train --data "$data" --model mlp-small --folds 3 --epochs 1 --monitor val_loss \
    --quiet --out folds >/dev/null 2>>log.txt
  cat >sweep.json <<'SWEEP'
{"method": "bayes", "metric": {"name": "val_loss"},
 "early_terminate": {"type": "hyperband", "min_iter": 1},
 "parameters": {"lr": {"distribution": "log_uniform_values", "min": 0.0005, "max": 0.02},
  "optimizer": {"values": ["adam", "sgd", "rmsprop"]}, "dropout": {"min": 0.0, "max": 0.4}},
 "emnist": {"trials": 8, "workers": 2, "base": {"model": "mlp-small", "epochs": 2}}}
SWEEP
  "$program" sweep sweep.json --data "$data" --out study >/dev/null 2>>log.txt
  "$program" sweep --show study --json |
    sed -E 's/"(seconds|date|began|ended)":[^,}]*,?//g' >study.shown.json
  cd ..
}

cd "$work"
train_all "$before" before
train_all "$after" after
differing=0
compare() { # WHAT FILE FILE
  cmp -s "$2" "$3" || { echo "differs: $1"; differing=1; }
}
for file in $(cd before && find . -name 'eval.json' -o -name 'predictions.csv' \
  -o -name 'confusion.csv' -o -name study.shown.json | sort); do
  compare "$file" "before/$file" "after/$file"
done
# The tensors' bytes: what stands before them, the header, says more in later versions.
tensors() { tail -c +"$(($(od -An -t u8 -N 8 "$1") + 9))" "$1"; }
for file in $(cd before && find . -name '*.safetensors' | sort); do
  compare "$file" <(tensors "before/$file") <(tensors "after/$file")
done
for file in $(cd before && find . -name history.csv | sort); do
  # The second and third column are seconds and images a second.
  compare "$file" <(cut -d, -f1,4- "before/$file") <(cut -d, -f1,4- "after/$file")
done
count=$(find before -name '*.safetensors' -o -name history.csv | wc -l)
[ $differing = 0 ] && echo "the same bits in $count histories and files of weights" || exit 1
