"""Keras' introductory CNN on MNIST: `python keras_cnn.py DIRECTORY THREADS EPOCHS BATCH`. Prints
the test accuracy."""

import os
import sys

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"

import keras
import tensorflow as tf
from keras import layers

from idx_files import mnist

directory, threads, epochs, batch = sys.argv[1], *map(int, sys.argv[2:])
tf.config.threading.set_intra_op_parallelism_threads(threads)
tf.config.threading.set_inter_op_parallelism_threads(threads)
keras.utils.set_random_seed(1)
images, labels = mnist(directory, "train")
model = keras.Sequential([
    layers.Input((28, 28, 1)),
    layers.Conv2D(32, 3, activation="relu"), layers.MaxPooling2D(),
    layers.Conv2D(64, 3, activation="relu"), layers.MaxPooling2D(), layers.Flatten(),
    layers.Dense(128, activation="relu"), layers.Dropout(0.5),
    layers.Dense(10, activation="softmax"),
])
model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
model.fit(
    images[..., None], labels, batch_size=batch, epochs=epochs, validation_split=0.1, verbose=0)
test_images, test_labels = mnist(directory, "t10k")
print(model.evaluate(test_images[..., None], test_labels, verbose=0)[1])
