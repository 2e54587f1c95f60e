#!/usr/bin/env python3
"""Checks temperature and threshold on real characters and on pictures that are none.

    swift build -c release && Scripts/check_rejection.py RUN [RUN…] [--program PROGRAM]

For each run: the calibration error of the test part before and after its temperature (under 0.02), the share of test
characters that are rejected (at most 3 %), and of each kind of other picture (at least 95 %): uniform and
sparse noise, blank sheets, scribbles, and patches of scikit-learn's sample photographs. The network is given them as
they are, of its own size, as a program is that has an export; `predict` prepares pictures first, which makes blots of
photographs, so its shares are printed beside them. Scores are computed here again, from the checkpoint's metadata
and the logits of PyTorch, and compared with the program's. Needs numpy, pillow, scikit-learn, safetensors and torch.
"""
import gzip, json, math, subprocess, sys, tempfile
from pathlib import Path

import numpy as np, torch
from PIL import Image, ImageDraw, ImageFilter
from safetensors import safe_open
from sklearn.datasets import load_sample_images

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "Scripts"))
from torch_models import LAYERS, Chain

LAYERS.setdefault("dropout", ("drop", lambda options, shape, classes: torch.nn.Identity()))
COUNT = 500
random = np.random.default_rng(7)


def in_box(picture):
    """As EMNIST's characters are: the box around the ink in the middle, its longer side 24 pixels."""
    picture = picture.filter(ImageFilter.GaussianBlur(3))
    picture = picture.crop(picture.getbbox())
    side = max(picture.size)
    square = Image.new("L", (side, side))
    square.paste(picture, ((side - picture.size[0]) // 2, (side - picture.size[1]) // 2))
    result = Image.new("L", (28, 28))
    result.paste(square.resize((24, 24), Image.BICUBIC), (2, 2))
    return np.asarray(result)


def scribble(number):
    """A tangle, a zigzag or loops: what a hand draws that writes nothing."""
    picture, kind = Image.new("L", (160, 160)), number % 3
    if kind == 0:
        corners = random.uniform(20, 140, (random.integers(18, 32), 2))
        t = np.linspace(0, 1, 12, endpoint=False)[:, None]
        # Quadratic pieces between the middles of neighbouring corners.
        points = np.concatenate([
            (1 - t) ** 2 * (a + b) / 2 + 2 * t * (1 - t) * b + t**2 * (b + c) / 2
            for a, b, c in zip(corners, corners[1:], corners[2:])])  # fmt: skip
    elif kind == 1:
        count = random.integers(9, 18)
        along = np.linspace(20, 140, count) + random.normal(0, 5, count)
        across = np.where(np.arange(count) % 2, 25, 135) + random.normal(0, 12, count)
        points = np.stack([along, across] if random.random() < 0.5 else [across, along], 1)
    else:
        # A coil or a spiral; round and round on one spot would be an O.
        t, turns = np.linspace(0, 1, 400), random.integers(3, 8)
        angle, direction = 2 * math.pi * turns * t, random.uniform(0, 2 * math.pi)
        way = random.uniform(60, 100) * np.array([math.cos(direction), math.sin(direction)])
        radius, middle = (random.uniform(15, 28), 80 + np.outer(t - 0.5, way)) if number % 2 else (8 + 50 * t, 80)
        points = middle + np.stack([radius * np.cos(angle), radius * np.sin(angle)], 1)
    ImageDraw.Draw(picture).line([tuple(p) for p in points], fill=255, width=int(random.integers(8, 14)), joint="curve")
    return in_box(picture)


def patch(number):
    photograph = PHOTOGRAPHS[number % len(PHOTOGRAPHS)]
    side = int(random.choice([28, 56, 112]))
    x, y = random.integers(0, photograph.size[0] - side), random.integers(0, photograph.size[1] - side)
    return np.asarray(photograph.crop((x, y, x + side, y + side)).resize((28, 28), Image.BICUBIC))


def sparse(number):
    dots = random.random((28, 28)) < random.uniform(0.02, 0.2)
    return dots * random.integers(64, 256, (28, 28))


def blank(number):
    if number % 4 == 0:
        return np.zeros((28, 28))
    grain = random.integers(-6, 7, (28, 28)) if number % 2 else 0
    return np.clip(random.integers(0, 256) + grain * np.ones((28, 28)), 0, 255)


PHOTOGRAPHS = [Image.fromarray(image).convert("L") for image in load_sample_images().images]
KINDS = {"uniform noise": lambda number: random.integers(0, 256, (28, 28)), "sparse noise": sparse, "blank sheets": blank,
         "scribbles": scribble, "photographs": patch}  # fmt: skip


def logits(file, metadata, images):
    network = Chain(json.loads(metadata["emnist.model"])["layers"], (1, 28, 28), len(json.loads(metadata["emnist.labels"])))
    network.load_state_dict({key: file.get_tensor(key) for key in file.keys()}, strict=False)
    network.eval()
    x = (torch.tensor(images, dtype=torch.float32) / 255 - float(metadata["emnist.mean"])) / float(metadata["emnist.std"])
    with torch.no_grad():
        return np.concatenate([network(x[i:i + 250, None]).numpy() for i in range(0, len(x), 250)]).astype(float)


def evidence(images, z):
    """The seventeen numbers of Metrics/CharacterEvidence.swift."""
    v = np.pad(images / 255.0, ((0, 0), (1, 1), (1, 1)))
    dx, dy = v[:, 1:, 1:] - v[:, 1:, :-1], v[:, 1:, 1:] - v[:, :-1, 1:]
    ink, outline = v.sum((1, 2)), np.hypot(dx, dy).sum((1, 2))
    bend = np.abs(v[:, 1:-1, :-2] - 2 * v[:, 1:-1, 1:-1] + v[:, 1:-1, 2:]).sum((1, 2))
    bend += np.abs(v[:, :-2, 1:-1] - 2 * v[:, 1:-1, 1:-1] + v[:, 2:, 1:-1]).sum((1, 2))
    isInk = (v > 0.5).astype(int)
    squares = isInk[:, :-1, :-1] + isInk[:, 1:, :-1] + isInk[:, :-1, 1:] + isInk[:, 1:, 1:]
    across = (squares == 2) & (isInk[:, :-1, :-1] == isInk[:, 1:, 1:])
    core = [np.lib.stride_tricks.sliding_window_view(images / 255.0, (side, side), (1, 2)).min((-1, -2)).sum((1, 2))
            for side in (3, 4)]  # fmt: skip
    euler = ((squares == 1).sum((1, 2)) - (squares == 3).sum((1, 2)) - 2 * across.sum((1, 2))) / 4
    ordered, shifted = np.sort(z, 1), z - z.max(1, keepdims=True)
    log_p = shifted - np.log(np.exp(shifted).sum(1, keepdims=True))
    return np.stack([
        np.log(ink + 5), np.log(np.abs(dx).sum((1, 2)) + 5), np.log(np.abs(dy).sum((1, 2)) + 5),
        (2 * ink + 1) / (outline + 1), (6 * (v * (1 - v)).sum((1, 2)) + 1) / (outline + 1), (bend + 1) / (outline + 1),
        ink - v[:, 3:-3, 3:-3].sum((1, 2)), ordered[:, -1], ordered[:, -1] - ordered[:, -2], z.mean(1), z.std(1),
        (np.exp(log_p) * log_p).sum(1), euler, np.abs(dx).sum(2).max(1), np.abs(dy).sum(1).max(1),
        *np.log(np.stack(core) + 1)], 1)  # fmt: skip


def plain(z, temperature):
    """Scores that need nothing but logits."""
    ordered, shifted = np.sort(z, 1), (z - z.max(1, keepdims=True)) / temperature
    p = np.exp(shifted) / np.exp(shifted).sum(1, keepdims=True)
    return {"largest probability": p.max(1), "largest logit": z.max(1), "margin of logits": ordered[:, -1] - ordered[:, -2],
            "energy": z.max(1) + temperature * np.log(np.exp(shifted).sum(1)),
            "entropy": (p * np.log(p + 1e-30)).sum(1)}  # fmt: skip


def score(values, rule):
    z = np.clip((values[:, :len(rule["means"])] - rule["means"]) / np.array(rule["deviations"]), -6, 6)
    return np.concatenate([np.ones((len(z), 1)), z, z * z], 1) @ np.array(rule["weights"])


def ask(*words):
    result = subprocess.run([PROGRAM, *map(str, words)], capture_output=True, text=True)
    assert result.stdout, result.stderr
    return json.loads(result.stdout)


def predicted(run, images):
    """What `predict` says of pictures, one by one; a blank sheet is none to it at all."""
    with tempfile.TemporaryDirectory() as folder:
        for number, image in enumerate(images):
            Image.fromarray(image).save(f"{folder}/{number:04}.png")
        answers = ask("predict", "--run", run, "--json", folder)["predictions"]
    return 1 - sum(answer["accepted"] for answer in answers) / len(images)


def test_images(run):
    """The run's test images, upright, in the order of its predictions."""
    manifest = json.loads(Path(run, "manifest.json").read_text())
    path = next(f["path"] for f in manifest["data"]["files"] if f["role"] == "test-images")
    raw = gzip.open(path).read() if path.endswith(".gz") else Path(path).read_bytes()
    images = np.frombuffer(raw, np.uint8, offset=16).reshape(-1, 28, 28)
    return images.transpose(0, 2, 1) if "emnist" in Path(path).name else images


def check(run, pictures):
    with safe_open(f"{run}/best.safetensors", "pt") as file:
        metadata = file.metadata()
        assert "emnist.temperature" in metadata, f"{run}: has no temperature; it was trained without a validation part"
        everything = {kind: logits(file, metadata, images) for kind, images in pictures.items()}
        rule, threshold = json.loads(metadata["emnist.score"]), float(metadata["emnist.threshold"])
        temperature = float(metadata["emnist.temperature"])
        result = ask("eval", run, "--json", "--out", tempfile.mkdtemp())
        confidence = result["confidence"]
        print(f"{run}: accuracy {result['accuracy']:.4f}, temperature {temperature:.3f}, ECE {result['ece']:.4f} before, "
              f"{confidence['ece']:.4f} after; of characters {1 - confidence['accepted']:.2%} are rejected")  # fmt: skip
        real = test_images(run)[:result["count"]]
        z = logits(file, metadata, real)
    scores = score(evidence(real, z), rule)
    difference = abs((scores >= threshold).mean() - confidence["accepted"])
    good = [confidence["ece"] < 0.02, confidence["accepted"] >= 0.97, difference < 2e-3]
    for kind, images in pictures.items():
        share = (score(evidence(images, everything[kind]), rule) < threshold).mean()
        good.append(share >= 0.95)
        print(f"  {kind:14} {share:7.1%} rejected, {predicted(run, images[:100]):7.1%} after predict's preparation")
    others = {kind: plain(values, temperature) for kind, values in everything.items()}
    for name, values in plain(z, temperature).items():
        limit = np.quantile(values, 0.03)
        shares = "  ".join(f"{kind} {(others[kind][name] < limit).mean():.1%}" for kind in pictures)
        print(f"  beside it, {name}: {shares}")
    return all(good)


words = sys.argv[1:]
PROGRAM = words.pop(words.index("--program") + 1) if "--program" in words else str(ROOT / ".build/release/emnist")
runs = [word for word in words if word != "--program"]
if not runs:
    sys.exit(__doc__)
pictures = {kind: np.stack([make(number) for number in range(COUNT)]).astype(np.uint8) for kind, make in KINDS.items()}
if not all([check(run, pictures) for run in runs]):
    sys.exit("some of it is not as it should be")
