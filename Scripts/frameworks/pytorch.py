"""PyTorch: training steps, matrix products, inference."""

import os

import torch
from torch import nn

VERSION = f"PyTorch {torch.__version__}"
torch.set_num_threads(int(os.environ["FRAMEWORK_THREADS"]))


def cnn():
    return nn.Sequential(
        nn.Conv2d(1, 32, 3), nn.ReLU(), nn.MaxPool2d(2),
        nn.Conv2d(32, 64, 3), nn.ReLU(), nn.MaxPool2d(2), nn.Flatten(),
        nn.Linear(1600, 128), nn.ReLU(), nn.Dropout(0.5), nn.Linear(128, 47),
    )


def mlp():
    layers = [nn.Flatten()]
    for inputs, outputs in [(784, 512), (512, 256), (256, 128)]:
        layers += [nn.Linear(inputs, outputs), nn.ReLU(), nn.Dropout(0.3)]
    return nn.Sequential(*layers, nn.Linear(128, 47))


def prepare(work, model, batch, variant):
    torch.manual_seed(1)
    if work == "matmul":
        return product(batch)
    network = {"cnn": cnn, "mlp": mlp}[model]()
    images = torch.randn(batch, 1, 28, 28)
    if "channels-last" in variant:
        network = network.to(memory_format=torch.channels_last)
        images = images.to(memory_format=torch.channels_last)
    return training(network, images, compiled="compile" in variant)


def product(extent):
    a, b = torch.randn(extent, extent), torch.randn(extent, extent)
    c = torch.empty(extent, extent)

    def run(steps):
        for _ in range(steps):
            torch.mm(a, b, out=c)

    return run


def training(network, images, compiled):
    labels = torch.randint(47, (len(images),))
    loss_of = nn.CrossEntropyLoss()
    optimizer = torch.optim.Adam(network.parameters(), fused=True)
    network.train()

    def forward():
        return loss_of(network(images), labels)

    if compiled:
        forward = torch.compile(forward)

    def run(steps):
        for _ in range(steps):
            optimizer.zero_grad(set_to_none=True)
            loss = forward()
            loss.backward()
            optimizer.step()
        return loss.item()

    return run
