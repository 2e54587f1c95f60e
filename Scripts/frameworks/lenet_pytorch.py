"""LeNet-5 on MNIST, as one writes it in PyTorch with the images in memory:
`python lenet_pytorch.py DIRECTORY THREADS EPOCHS BATCH`. Prints the test accuracy."""

import sys

import torch
from torch import nn

from idx_files import mnist

directory, threads, epochs, batch = sys.argv[1], *map(int, sys.argv[2:])
torch.set_num_threads(threads)
torch.manual_seed(1)
(images, labels), (test_images, test_labels) = [
    (torch.from_numpy(x)[:, None], torch.from_numpy(y))
    for x, y in (mnist(directory, "train"), mnist(directory, "t10k"))
]
network = nn.Sequential(
    nn.Conv2d(1, 6, 5), nn.ReLU(), nn.MaxPool2d(2),
    nn.Conv2d(6, 16, 5), nn.ReLU(), nn.MaxPool2d(2), nn.Flatten(),
    nn.Linear(256, 120), nn.ReLU(), nn.Linear(120, 84), nn.ReLU(), nn.Linear(84, 10),
)
optimizer = torch.optim.Adam(network.parameters(), fused=True)
loss_of = nn.CrossEntropyLoss()
for _ in range(epochs):
    for chosen in torch.randperm(len(images)).split(batch):
        optimizer.zero_grad()
        loss_of(network(images[chosen]), labels[chosen]).backward()
        optimizer.step()
with torch.no_grad():
    hits = sum(
        (network(x).argmax(1) == y).sum().item()
        for x, y in zip(test_images.split(1000), test_labels.split(1000)))
print(hits / len(test_labels))
