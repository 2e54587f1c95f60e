#!/bin/bash
# MNIST, 15 epochs: a perceptron of two dense layers or a network of two convolutions?
#
#     Scripts/projects/mnist_15_epochs.sh            # a quarter of an hour on two cores
#     Scripts/projects/mnist_15_epochs.sh --small    # a sample and two epochs: half a minute
#
# Both with dropout, Adam at 0.001, batches of 64 and a tenth of the training images for validation.
# Then what more layers and varied images add: DenseNet, VGG, augmentation.
. "$(dirname "$0")/common.sh" mnist-15-epochs "$@"
choose mnist emnist-mnist digits
epochs=15 deep=8 vgg=2 sample=()
if [ $small = 1 ]; then epochs=2 deep=1 vgg=1 sample=(--limit 1000 --limit-test 500); fi

title "What the images look like"
emnist data info "$dataset"
emnist data preview "$dataset" -o samples.png

title "The two networks"
same=(--optimizer adam --lr 0.001 --scheduler constant --batch-size 64 --epochs $epochs
  --val-split 0.1 --seed 0 "${sample[@]}" --resume-or-start --quiet)
emnist train "$dataset" --model mlp-512 --hidden 512,512 --dropout 0.2 "${same[@]}" --out mlp
emnist train "$dataset" --model cnn-2 "${same[@]}" --out cnn
emnist models cnn-2 --classes 10

title "Which is better, where, and is it chance?"
emnist compare mlp cnn --images only-one-right.csv

title "What each gets wrong"
emnist data preview --mistakes mlp -o mistakes-mlp.png
emnist data preview --mistakes cnn -o mistakes-cnn.png

title "Is the CNN robust, as people say? Images made harder and harder"
emnist eval mlp cnn --perturb all -o harder

title "Deeper networks, and varied images"
deeper=("${sample[@]}" --val-split 0.1 --seed 0 --resume-or-start --quiet)
emnist train "$dataset" --model cnn-2 --augment default "${same[@]}" --out cnn-augmented
emnist train "$dataset" --model densenet --epochs $deep "${deeper[@]}" --out densenet
if [ $small = 0 ]; then
  emnist train "$dataset" --model vgg --epochs $vgg "${deeper[@]}" --out vgg
  emnist report -o page-deeper cnn cnn-augmented densenet vgg
else
  emnist report -o page-deeper cnn cnn-augmented densenet
fi

page mlp cnn
