"""JAX: training steps as one compiled function."""

import jax
import jax.numpy as jnp
from jax import lax

VERSION = f"JAX {jax.__version__}"
# The default generator costs more than the network.
jax.config.update("jax_default_prng_impl", "rbg")

CNN = [("conv", 3, 1, 32), ("conv", 3, 32, 64), ("dense", 1600, 128), ("dense", 128, 47)]
MLP = [("dense", 784, 512), ("dense", 512, 256), ("dense", 256, 128), ("dense", 128, 47)]


def initial(key, layers):
    parameters = []
    for kind, *extents in layers:
        key, part = jax.random.split(key)
        shape = (extents[0], extents[0], *extents[1:]) if kind == "conv" else tuple(extents)
        fan_in = shape[0] * shape[1] * shape[2] if kind == "conv" else shape[0]
        weight = jax.random.normal(part, shape) * (2 / fan_in) ** 0.5
        parameters.append((weight, jnp.zeros(shape[-1])))
    return parameters


def dropped(key, x, rate):
    return jnp.where(jax.random.bernoulli(key, 1 - rate, x.shape), x / (1 - rate), 0)


def convolved(x, weight, bias):
    y = lax.conv_general_dilated(
        x, weight, (1, 1), "VALID", dimension_numbers=("NHWC", "HWIO", "NHWC"))
    y = jax.nn.relu(y + bias)
    return lax.reduce_window(y, -jnp.inf, lax.max, (1, 2, 2, 1), (1, 2, 2, 1), "VALID")


def cnn(parameters, x, key):
    (w1, b1), (w2, b2), (w3, b3), (w4, b4) = parameters
    x = convolved(convolved(x, w1, b1), w2, b2).reshape(len(x), -1)
    return dropped(key, jax.nn.relu(x @ w3 + b3), 0.5) @ w4 + b4


def mlp(parameters, x, key):
    x = x.reshape(len(x), -1)
    for weight, bias in parameters[:-1]:
        key, part = jax.random.split(key)
        x = dropped(part, jax.nn.relu(x @ weight + bias), 0.3)
    weight, bias = parameters[-1]
    return x @ weight + bias


def adam(parameters, gradients, first, second, t, rate=0.001):
    first = jax.tree.map(lambda m, g: 0.9 * m + 0.1 * g, first, gradients)
    second = jax.tree.map(lambda v, g: 0.999 * v + 0.001 * g * g, second, gradients)
    scale = rate * jnp.sqrt(1 - 0.999**t) / (1 - 0.9**t)
    moved = jax.tree.map(
        lambda w, m, v: w - scale * m / (jnp.sqrt(v) + 1e-8), parameters, first, second)
    return moved, first, second


def prepare(work, model, batch, variant):
    assert work == "training"
    layers, apply = {"cnn": (CNN, cnn), "mlp": (MLP, mlp)}[model]
    images = jax.random.normal(jax.random.key(1), (batch, 28, 28, 1))
    labels = jax.random.randint(jax.random.key(2), (batch,), 0, 47)
    parameters = initial(jax.random.key(3), layers)
    zeros = jax.tree.map(jnp.zeros_like, parameters)

    def loss_of(parameters, images, labels, key):
        scores = jax.nn.log_softmax(apply(parameters, images, key))
        return -jnp.take_along_axis(scores, labels[:, None], 1).mean()

    def step(state, images, labels):
        parameters, first, second, t, key = state
        key, part = jax.random.split(key)
        loss, gradients = jax.value_and_grad(loss_of)(parameters, images, labels, part)
        t = t + 1
        return (*adam(parameters, gradients, first, second, t), t, key), loss

    step = jax.jit(step, donate_argnums=0)
    state = (parameters, zeros, jax.tree.map(jnp.copy, zeros), jnp.float32(0), jax.random.key(4))

    def run(steps):
        nonlocal state
        for _ in range(steps):
            state, loss = step(state, images, labels)
        return float(loss)

    return run
