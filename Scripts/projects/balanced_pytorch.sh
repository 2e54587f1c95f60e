#!/bin/bash
# EMNIST Balanced as people do it in PyTorch: an MLP of three hidden layers, a CNN of two convolutions.
#
#     Scripts/projects/balanced_pytorch.sh            # a quarter of an hour on two cores, more with ByClass
#     Scripts/projects/balanced_pytorch.sh --small    # a sample, few trials
#
# Cosine and step schedules; ReLU, leaky ReLU, ELU; Adam, RMSprop, SGD; L1 and L2; with and without
# dropout and normalization; cross-validated. Then more classes (ByMerge, ByClass), a residual network
# and a transformer, and the winner as a page to draw on and as a service.
. "$(dirname "$0")/common.sh" balanced-pytorch "$@"
choose balanced 47-balanced-subset
epochs=10 trials=24 folds=3 searched=15000 sample=()
if [ $small = 1 ]; then
  epochs=1 trials=4 folds=2 searched=1000 sample=(--limit 1000)
fi

title "The search"
for model in mlp cnn-2; do
  cat >search-$model.yaml <<END
method: random
metric: {name: val_accuracy, goal: maximize}
parameters:
  model: {value: $model}
  activation: {values: [relu, leaky_relu, elu]}
  optimizer:
    values:
      - {value: adam, parameters: {lr: {values: [0.001, 0.003]}}}
      - {value: rmsprop, parameters: {lr: {values: [0.0003, 0.001]}}}
      - {value: sgd, parameters: {momentum: {value: 0.9}, lr: {values: [0.01, 0.05]}}}
  scheduler: {values: [cosine, step]}
  l1: {values: [0, 0.00001]}
  l2: {values: [0, 0.0001]}
  dropout: {values: [0, 0.3]}
  batch_norm: {values: [true, false]}
  epochs: {value: $epochs}
early_terminate: {type: asha, min_iter: 2}
emnist: {trials: $trials, dataset: $dataset, limit: $searched, refit: 1}
END
  emnist sweep search-$model.yaml --out search-$model --quiet
  emnist sweep --show search-$model
done

title "The CNN as it comes, cross-validated"
if [ -d folds ]; then again=(--resume folds); else again=("$dataset" --folds $folds --out folds); fi
if [ -d folds ]; then emnist train "${again[@]}" --quiet
else emnist train "${again[@]}" --model cnn-2 --epochs $epochs "${sample[@]}" --quiet; fi
emnist report folds -o page-folds

title "The first six test images: true class, answer, probability"
head -n 7 search-cnn-2/winner-1/predictions.csv | cut -d , -f 1-4

title "More classes, other networks"
for larger in bymerge byclass; do
  "$program" data info $larger >/dev/null 2>&1 || { echo "'$larger' was not found." && continue; }
  emnist train $larger --model cnn-2 --epochs 2 --resume-or-start --quiet --out cnn-2-$larger ||
    echo "'$larger' is not whole here."
done
for model in resnet vit; do
  emnist train "$dataset" --model $model --epochs $(((epochs + 1) / 2)) "${sample[@]}" \
    --resume-or-start --quiet --out $model
done

title "The winner as a page to draw on, and as a service"
emnist export search-cnn-2/winner-1 --format html -o draw.html
"$program" serve search-cnn-2/winner-1 --port 8047 --quiet &
server=$!
trap 'kill $server 2>/dev/null || true' EXIT
for _ in $(seq 50); do curl -sf localhost:8047/healthz >/dev/null && break || sleep 0.1; done
curl -s localhost:8047/model
head -c 784 /dev/zero | curl -s -H 'Content-Type: application/octet-stream' --data-binary @- \
  localhost:8047/predict
kill $server && wait $server || true

page search-mlp/winner-1 search-cnn-2/winner-1 resnet vit
