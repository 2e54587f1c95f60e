#!/usr/bin/env python3
"""Compares the rules of --monitor: how good is the epoch that each of them keeps?

    swift build -c release
    python3 Scripts/best_epoch.py --emnist .build/release/emnist --work runs/best-epoch \\
        mnist=DIR 47=DIR letters=DIR

Each argument is a heading of the table and a directory with IDX files. Of a set's training images a
share is drawn anew for each seed and divided into three: those that are learned from, those that
validation sees and a rule may look at, and those that only this script looks at. The test part is
not read.

Every preset is trained to the end of its own recipe, or for --epochs, an epoch at a time, and after each epoch its
accuracy on the third share is taken. From the run's history follows which epoch a rule would have
kept. A cell is the mean over the seeds of that epoch's accuracy on the third share, in percent; the
last column is the best of all epochs there, which no rule can know. Below stands the mean
difference of each rule to `val_loss` over all trainings, with its standard error.

Runs that are in the work directory already are not repeated, so that the table can be made in
pieces, with --models.
"""

import argparse
import csv
import gzip
import json
import random
import statistics
import struct
import subprocess
import sys
import time
from pathlib import Path

# From a run's epochs to the index of the one that is kept; of equals the first.
RULES = {
    "val_loss": lambda epochs: first_best(epochs, lambda e: -e["val_loss"]),
    "val_accuracy": lambda epochs: first_best(epochs, lambda e: e["val_accuracy"]),
    "val_accuracy_then_loss": lambda epochs: first_best(
        epochs, lambda e: (e["val_accuracy"], -e["val_loss"])
    ),
    "last": lambda epochs: len(epochs) - 1,
}
MODELS = ["cnn-2", "lenet5", "mlp-small", "mlp", "cnn"]


def main():
    arguments = parsed_arguments()
    sets = dict(entry.split("=", 1) for entry in arguments.data)
    start = time.monotonic()
    trainings = {}
    for model in arguments.models.split(","):
        for heading, directory in sets.items():
            for seed in range(arguments.seeds):
                trainings[model, heading, seed] = training(
                    arguments, model, heading, seed, Path(directory)
                )
                print(f"{model}, {heading}, seed {seed}: after {time.monotonic() - start:.0f} s",
                      file=sys.stderr)  # fmt: skip
    text = table(arguments, sets, trainings) + "\n" + summary(trainings)
    print(text, end="")
    if arguments.output:
        arguments.output.write_text(text, encoding="utf-8")


def parsed_arguments():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--emnist", required=True, type=Path, help="the built program")
    parser.add_argument("--work", required=True, type=Path, help="where the runs are kept")
    parser.add_argument("--models", default=",".join(MODELS), metavar="NAME,NAME")
    parser.add_argument("--seeds", type=int, default=3, help="trainings of each (default: 3)")
    parser.add_argument("--epochs", type=int, help="instead of the recipes'")
    parser.add_argument("--images", type=int, default=10_000, metavar="N",
                        help="to learn from and, a tenth, to validate on; as many as there are, "
                        "if there are fewer (default: 10000)")  # fmt: skip
    parser.add_argument("--held-out", type=int, default=10_000, metavar="N",
                        help="that only this script looks at (default: 10000)")  # fmt: skip
    parser.add_argument("--output", type=Path, help="where the table goes, beside the screen")
    parser.add_argument("data", nargs="+", metavar="HEADING=DIR")
    return parser.parse_args()


def training(arguments, model, heading, seed, directory):
    """Each epoch's validation loss and accuracy and its accuracy on the third share."""
    sizes = f"{arguments.images}-{arguments.held_out}"
    length = f"-{arguments.epochs}-epochs" if arguments.epochs else ""
    kept = arguments.work / f"{model}-{heading}-{sizes}{length}-{seed}.json".replace(" ", "_")
    if not kept.exists():
        data = arguments.work / f"data-{heading}-{sizes}-{seed}".replace(" ", "_")
        divide(directory, data, seed, arguments)
        epochs = train(arguments, model, data, seed, kept.with_suffix(""))
        kept.write_text(json.dumps(epochs), encoding="utf-8")
    return json.loads(kept.read_text(encoding="utf-8"))


def train(arguments, model, data, seed, run):
    """Trains an epoch at a time: the program tests what it has after each on the third share."""
    emnist, threads = arguments.emnist.resolve(), ["--quiet", "--json"]
    begin = [emnist, "train", "--model", model, "--data", data, "--seed", str(seed),
             "--val-split", "0.1", "--monitor", "last", "--out", run, "--force"]  # fmt: skip
    if arguments.epochs:
        begin += ["--epochs", str(arguments.epochs)]
    # One step tells how many there are in an epoch.
    ask([*begin, "--max-steps", "1", *threads])
    config = json.loads((run / "config.json").read_text(encoding="utf-8"))
    images = json.loads((run / "manifest.json").read_text(encoding="utf-8"))["parts"]["training"]
    steps = -(-images["count"] // config["batch_size"])
    accuracies = []
    for epoch in range(config["epochs"]):
        resume = [emnist, "train", "--resume", run, "--max-steps", str(steps * (epoch + 1))]
        accuracies.append(ask([*resume, *threads])["test"]["accuracy"])
    with (run / "history.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == len(accuracies), f"{run}: {len(rows)} epochs, {len(accuracies)} tests"
    return [
        {key: float(row[key]) for key in ("val_loss", "val_accuracy")} | {"accuracy": accuracy}
        for row, accuracy in zip(rows, accuracies)
    ]


def ask(command):
    """What the program answers in JSON."""
    answer = subprocess.run(command, check=True, capture_output=True, text=True)
    return json.loads(answer.stdout)


def divide(source, target, seed, arguments):
    """A data set whose test part is drawn from the training images of another."""
    if target.exists():
        return
    target.mkdir(parents=True)
    images, labels = (idx_file(source, kind) for kind in ("images-idx3", "labels-idx1"))
    shape, pixels = read_idx(images)
    classes = read_idx(labels)[1]
    size = shape[1] * shape[2]
    if shape[0] <= arguments.held_out:
        sys.exit(f"{images}: has {shape[0]} images; hold out fewer with --held-out")
    wanted = min(arguments.images + arguments.held_out, shape[0])
    order = random.Random(seed).sample(range(shape[0]), wanted)
    parts = {"train": order[: -arguments.held_out], "test": order[-arguments.held_out :]}
    for part, chosen in parts.items():
        chunks = b"".join(pixels[i * size : (i + 1) * size] for i in chosen)
        write_idx(target / part_name(images, part), (len(chosen), *shape[1:]), chunks)
        write_idx(target / part_name(labels, part), (len(chosen),), bytes(classes[i] for i in chosen))
    for mapping in source.glob("*-mapping.txt"):
        (target / mapping.name).write_bytes(mapping.read_bytes())


def idx_file(directory, kind):
    """The file of the training images or labels."""
    found = sorted(directory.glob(f"*train-{kind}-ubyte*"))
    if not found:
        sys.exit(f"{directory}: has no training {kind}")
    return found[0]


def part_name(path, part):
    """MNIST's test part has a name of its own."""
    name = path.name.removesuffix(".gz")
    other = "t10k" if name.startswith("train") else "test"
    return name if part == "train" else name.replace("train", other)


def read_idx(path):
    content = path.read_bytes()
    content = gzip.decompress(content) if path.suffix == ".gz" else content
    rank = content[3]
    return struct.unpack(f">{rank}I", content[4 : 4 + 4 * rank]), content[4 + 4 * rank :]


def write_idx(path, shape, content):
    header = struct.pack(f">BBBB{len(shape)}I", 0, 0, 8, len(shape), *shape)
    path.write_bytes(header + content)


def first_best(epochs, score):
    return max(range(len(epochs)), key=lambda index: (score(epochs[index]), -index))


def kept_accuracy(epochs, rule):
    return 100 * epochs[RULES[rule](epochs)]["accuracy"]


def table(arguments, sets, trainings):
    """A row for each preset and set, in Markdown."""
    heads = ["preset", "images", "epochs", *(f"`{rule}`" for rule in RULES), "best there is"]
    lines = ["| " + " | ".join(heads) + " |", "|---|---|" + "---:|" * (len(heads) - 2)]
    for model in arguments.models.split(","):
        for heading in sets:
            group = [trainings[model, heading, seed] for seed in range(arguments.seeds)]
            cells = [
                statistics.mean(kept_accuracy(epochs, rule) for epochs in group) for rule in RULES
            ] + [statistics.mean(100 * max(e["accuracy"] for e in epochs) for epochs in group)]
            numbers = " | ".join(f"{cell:.2f}" for cell in cells)
            lines.append(f"| `{model}` | {heading} | {len(group[0])} | {numbers} |")
    return "\n".join(lines) + "\n"


def summary(trainings):
    """How much better than the lowest loss each rule chooses."""
    lines = []
    for rule in RULES:
        differences = [
            kept_accuracy(epochs, rule) - kept_accuracy(epochs, "val_loss")
            for epochs in trainings.values()
        ]
        mean, error = statistics.mean(differences), standard_error(differences)
        better, worse = (sum(sign * d > 0 for d in differences) for sign in (1, -1))
        lines.append(
            f"- `{rule}`: {mean:+.3f} points against `val_loss` (standard error {error:.3f}); "
            f"better in {better} and worse in {worse} of {len(differences)} trainings"
        )
    return "\n".join(lines) + "\n"


def standard_error(values):
    return statistics.stdev(values) / len(values) ** 0.5 if len(values) > 1 else 0.0


if __name__ == "__main__":
    main()
