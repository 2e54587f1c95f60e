#!/bin/bash
# MNIST in batches of 1000: 784-512-10 with Adam, or three convolutions with RMSprop?
#
#     Scripts/projects/mnist_batches_of_1000.sh            # five minutes on two cores
#     Scripts/projects/mnist_batches_of_1000.sh --small    # a sample and two epochs
#
# The perceptron has 784 x 512 + 512 + 512 x 10 + 10 = 407,050 parameters. The other network pools
# after each of its convolutions and should come above 99 %.
. "$(dirname "$0")/common.sh" mnist-batches-of-1000 "$@"
choose mnist emnist-mnist digits
epochs=12 sample=()
if [ $small = 1 ]; then epochs=2 sample=(--limit 2000 --limit-test 500); fi

title "How many images there are of each class"
emnist data info "$dataset"

title "The two networks, layer by layer"
emnist models mlp-512 --classes 10
emnist models cnn-3 --batch-norm --classes 10

title "Training"
same=(--batch-size 1000 --epochs $epochs --seed 0 "${sample[@]}" --resume-or-start --quiet)
emnist train "$dataset" --model mlp-512 --optimizer adam "${same[@]}" --out mlp
emnist train "$dataset" --model cnn-3 --optimizer rmsprop --lr 0.001 --batch-norm "${same[@]}" \
  --out cnn

title "Precision, recall and F1 of each digit, and what is taken for what"
emnist eval mlp --confusion
emnist eval cnn --confusion

title "When to use which: what each gets right, and what it costs"
emnist compare mlp cnn
emnist bench --only inference --model mlp-512 --quick
emnist bench --only inference --model cnn-3 --quick

page mlp cnn
