#!/bin/bash
# MLP and CNN on EMNIST, each tuned by a search of its own.
#
#     Scripts/projects/emnist_mlp_cnn.sh            # an hour on two cores
#     Scripts/projects/emnist_mlp_cnn.sh --small    # a sample, four trials each
#
# A published project of this kind finds that the perceptron beats the CNN, both at about 85 %. Is it
# so, or did one of the two get more of the search? Here both get the same number of trials, over the
# same options, and are compared as they come, one tuned, and both tuned.
. "$(dirname "$0")/common.sh" emnist-mlp-cnn "$@"
choose balanced 47-balanced-subset
epochs=12 trials=20 refit=3 searched=20000 sample=()
if [ $small = 1 ]; then
  epochs=2 trials=4 refit=1 searched=1000 sample=(--limit 1000)
fi

title "What the images look like"
emnist data info "$dataset"
emnist data preview "$dataset" -o samples.png

title "Both networks as they come"
for model in mlp cnn; do
  emnist train "$dataset" --model $model --epochs $epochs --seed 0 "${sample[@]}" \
    --resume-or-start --quiet --out $model
done

title "The same search for each"
for model in mlp cnn; do
  cat >search-$model.yaml <<END
method: bayes
metric: {name: val_accuracy, goal: maximize}
parameters:
  model: {value: $model}
  activation: {values: [relu, leaky_relu, elu]}
  optimizer:
    values:
      - adam
      - rmsprop
      - {value: sgd, parameters: {momentum: {value: 0.9}}}
  lr: {distribution: log_uniform_values, min: 0.0003, max: 0.1}
  l2: {values: [0, 0.0001, 0.001]}
  dropout: {min: 0.0, max: 0.5}
  batch_norm: {values: [true, false]}
  epochs: {value: $epochs}
early_terminate: {type: hyperband, min_iter: 3}
emnist: {trials: $trials, dataset: $dataset, limit: $searched, refit: $refit}
END
  emnist sweep search-$model.yaml --out search-$model --quiet
  emnist sweep --show search-$model
done

title "Precision, recall, F1 and what is taken for what"
emnist eval search-cnn/winner-1 --confusion

# The winners were trained again with several seeds each, which are compared as two groups.
winners=()
for number in $(seq $refit); do
  winners+=(search-mlp/winner-$number search-cnn/winner-$number)
done

title "The claim"
printf '\nThe perceptron tuned, the CNN as it comes:\n'
emnist compare search-mlp/winner-1 cnn
printf '\nBoth tuned, by searches of the same length:\n'
emnist compare "${winners[@]}"

page "${winners[@]}"
