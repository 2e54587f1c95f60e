#!/bin/bash
# EMNIST Balanced as people do it in Keras: a baseline and a tuned MLP and CNN.
#
#     Scripts/projects/balanced_keras.sh            # half an hour on two cores
#     Scripts/projects/balanced_keras.sh --small    # a sample, four trials each
#
# SGD, Adam and Adagrad; exponential and inverse-time decay; early stopping; the winner saved and
# loaded again; characters that look alike (0 and O, 1, I and L) examined.
. "$(dirname "$0")/common.sh" balanced-keras "$@"
choose balanced 47-balanced-subset
epochs=15 trials=16 sample=()
if [ $small = 1 ]; then epochs=2 trials=4 sample=(--limit 1500); fi

title "Baselines"
plain=(--optimizer sgd --lr 0.01 --momentum 0 --scheduler constant --batch-size 128
  --epochs $epochs --no-batch-norm --seed 0 "${sample[@]}" --resume-or-start --quiet)
emnist train "$dataset" --model mlp-512 --hidden 256,128 "${plain[@]}" --out mlp-baseline
emnist train "$dataset" --model cnn-2 "${plain[@]}" --out cnn-baseline

title "Optimizers and decays, with early stopping"
for model in mlp-512 cnn-2; do
  cat >tune-$model.yaml <<END
method: random
metric: {name: val_accuracy, goal: maximize}
parameters:
  model: {value: $model}
  optimizer:
    values:
      - {value: sgd, parameters: {momentum: {value: 0.9}, lr: {values: [0.1, 0.03, 0.01]}}}
      - {value: adam, parameters: {lr: {values: [0.003, 0.001, 0.0003]}}}
      - {value: adagrad, parameters: {lr: {values: [0.03, 0.01, 0.003]}}}
  scheduler:
    values:
      - {value: exponential, parameters: {lr_decay: {values: [0.8, 0.9]}, lr_period: {value: 1}}}
      - {value: inverse_time, parameters: {lr_decay: {values: [0.2, 0.5]}, lr_period: {value: 1}}}
  dropout: {values: [0, 0.2, 0.4]}
  batch_norm: {values: [true, false]}
  batch_size: {value: 128}
  epochs: {value: $epochs}
  patience: {value: 3}
emnist: {trials: $trials, dataset: $dataset, limit: ${sample[1]:-20000}, refit: 1}
END
  emnist sweep tune-$model.yaml --out tune-$model --quiet
  emnist sweep --show tune-$model
done

title "Saved, and loaded again"
emnist export tune-cnn-2/winner-1 --format safetensors -o winner.safetensors
emnist eval tune-cnn-2/winner-1 --quiet

title "Characters that look alike"
emnist eval tune-cnn-2/winner-1 --confusion
emnist data preview --mistakes tune-cnn-2/winner-1 -o mistakes.png

title "What tuning gained"
emnist compare mlp-baseline tune-mlp-512/winner-1
emnist compare cnn-baseline tune-cnn-2/winner-1
emnist compare tune-mlp-512/winner-1 tune-cnn-2/winner-1

page mlp-baseline cnn-baseline tune-mlp-512/winner-1 tune-cnn-2/winner-1
