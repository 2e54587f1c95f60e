"""TensorFlow: training steps as one graph, with and without XLA."""

import os

import keras
import tensorflow as tf
from keras import layers

VERSION = f"TensorFlow {tf.__version__}"
threads = int(os.environ["FRAMEWORK_THREADS"])
tf.config.threading.set_intra_op_parallelism_threads(threads)
tf.config.threading.set_inter_op_parallelism_threads(threads)


def cnn():
    return keras.Sequential([
        layers.Input((28, 28, 1)),
        layers.Conv2D(32, 3, activation="relu"), layers.MaxPooling2D(),
        layers.Conv2D(64, 3, activation="relu"), layers.MaxPooling2D(), layers.Flatten(),
        layers.Dense(128, activation="relu"), layers.Dropout(0.5), layers.Dense(47),
    ])


def mlp():
    hidden = []
    for units in [512, 256, 128]:
        hidden += [layers.Dense(units, activation="relu"), layers.Dropout(0.3)]
    return keras.Sequential(
        [layers.Input((28, 28, 1)), layers.Flatten(), *hidden, layers.Dense(47)])


def prepare(work, model, batch, variant):
    assert work == "training"
    keras.utils.set_random_seed(1)
    network = {"cnn": cnn, "mlp": mlp}[model]()
    optimizer = keras.optimizers.Adam()
    optimizer.build(network.trainable_variables)
    loss_of = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    images = tf.random.normal((batch, 28, 28, 1))
    labels = tf.random.uniform((batch,), maxval=47, dtype=tf.int32)

    @tf.function(jit_compile=variant == "xla")
    def step(images, labels):
        with tf.GradientTape() as tape:
            loss = loss_of(labels, network(images, training=True))
        gradients = tape.gradient(loss, network.trainable_variables)
        optimizer.apply_gradients(zip(gradients, network.trainable_variables))
        return loss

    def run(steps):
        for _ in range(steps):
            loss = step(images, labels)
        return float(loss)

    return run
