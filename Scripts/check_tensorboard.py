#!/usr/bin/env python3
"""Checks that TensorBoard reads what emnist writes for it.

    python3 -m venv venv && venv/bin/pip install tensorboard
    venv/bin/python Scripts/check_tensorboard.py runs/cnn-mnist-1 sweeps/mine

For every run it reads the event file with TensorBoard's own EventAccumulator and compares each
number with history.csv, which must be there once; it also reads graph, options,
and the pictures of samples and of the test's confusion matrix. For every study it starts TensorBoard,
with each of its two loaders, asks the HPARAMS tab's backend for its sessions and compares parameters,
values and states with study.json: they must be there for every trial that has ended. Ends with 1 if
anything differs.
"""

import argparse
import csv
import json
import math
import socket
import struct
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

# A scalar is kept as a float, and history.csv has one decimal of the images per second.
TOLERANCE = 1e-6
ROUNDED = {"images_per_second": 0.051}
COLUMNS = {
    "loss/train": "train_loss",
    "accuracy/train": "train_accuracy",
    "loss/val": "val_loss",
    "accuracy/val": "val_accuracy",
    "training/lr": "lr",
    "training/images_per_second": "images_per_second",
}
STATUS = {
    "finished": "STATUS_SUCCESS",
    "pruned": "STATUS_SUCCESS",
    "failed": "STATUS_FAILURE",
}


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("directories", nargs="+", type=Path, help="runs and studies")
    arguments = parser.parse_args()

    failed = False
    for directory in arguments.directories:
        if (directory / "study.json").exists():
            checked, differences = check_study(directory)
        else:
            checked, differences = check_run(directory)
        for difference in differences:
            print(f"{directory}: {difference}", file=sys.stderr)
        print(f"{directory}: {checked} values compared, {len(differences)} differ")
        failed = failed or bool(differences) or checked == 0
    sys.exit(1 if failed else 0)


def is_close(found, expected, rounded=0):
    if math.isnan(expected):
        return math.isnan(found)
    return abs(found - expected) <= rounded + TOLERANCE * abs(expected)


def check_run(run):
    """How many values were compared, and the differences found."""
    events = EventAccumulator(str(run), size_guidance={"scalars": 0, "images": 0, "tensors": 0})
    events.Reload()
    with open(run / "history.csv", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    checked, differences = 0, []
    for tag, column in COLUMNS.items():
        expected = {int(row["epoch"]): float(row[column]) for row in rows if row[column]}
        known = tag in events.Tags()["scalars"]
        points = events.Scalars(tag) if known else []
        found = {point.step: point.value for point in points}
        if [point.step for point in points] != sorted(expected):
            differences.append(f"{tag} has the epochs {[point.step for point in points]}")
            continue
        for epoch, value in expected.items():
            checked += 1
            if not is_close(found[epoch], value, ROUNDED.get(column, 0)):
                differences.append(f"{tag} of epoch {epoch} is {found[epoch]}, not {value}")
    return checked, differences + check_descriptions(run, events)


def check_descriptions(run, events):
    """What is wrong with graph, options and pictures."""
    differences = []
    nodes = {node.name: node for node in events.Graph().node}
    for node in nodes.values():
        differences += [
            f"layer {node.name} reads {name}, which there is not"
            for name in node.input
            if name not in nodes
        ]
    if "image" not in nodes or "probabilities" not in nodes:
        differences.append(f"the graph has no ends: {sorted(nodes)}")
    (text,) = events.Tensors("configuration")
    config = json.loads((run / "config.json").read_text(encoding="utf-8"))
    rows = dict(
        [cell.strip() for cell in line.strip("|").split("|", 1)]
        for line in text.tensor_proto.string_val[0].decode().splitlines()[2:]
    )
    if str(rows.get("model")) != str(config["model"]):
        differences.append(f"the options name the model {rows.get('model')}")
    for tag, steps in [("samples", [0]), ("confusion/test", None)]:
        if steps is None and not (run / "evaluation.json").exists():
            continue
        found = events.Images(tag) if tag in events.Tags()["images"] else []
        if len(found) != 1 or steps not in (None, [found[0].step]):
            differences.append(f"{tag} has {len(found)} pictures")
            continue
        width, height = struct.unpack(">II", found[0].encoded_image_string[16:24])
        if (width, height) != (found[0].width, found[0].height):
            differences.append(f"{tag} is {width} x {height}, not as it says")
    return differences


def check_study(study):
    """How many values were compared, and the differences found."""
    record = json.loads((study / "study.json").read_text(encoding="utf-8"))
    ended = {f"{trial['id']:04}": trial for trial in record["trials"] if trial["state"] in STATUS}
    checked, differences = 0, []
    for loader in ("true", "false"):
        found = sessions(study / "trials", loader, len(ended))
        for name, trial in ended.items():
            count, problems = compare(found.get(name), trial, record["metric"])
            checked += count
            differences += [f"--load_fast={loader}, trial {name}: {text}" for text in problems]
    return checked, differences


def compare(session, trial, metric):
    if session is None:
        return 0, ["is not listed"]
    problems = []
    if session["status"] != STATUS[trial["state"]]:
        problems.append(f"{trial['state']}, but listed as {session['status']}")
    names = {name.split(".")[-1]: value for name, value in options(trial)}
    for name, found in session["hparams"].items():
        expected = names.get(name)
        if isinstance(found, str) and not isinstance(expected, str):
            expected = json.dumps(expected, separators=(",", ":"))
        if found != expected:
            problems.append(f"{name} is {found}, not {expected}")
    values = [value["value"] for value in session["metricValues"] if value["name"]["tag"] == metric]
    if trial["value"] is not None and not (values and is_close(values[0], trial["value"])):
        problems.append(f"{metric} is {values}, not {trial['value']}")
    return len(session["hparams"]) + len(values), problems


def options(trial):
    """The trial's values by training options; a choice may be drawn by a parameter of its own."""
    for name, value in trial["parameters"].items():
        if not isinstance(value, dict):
            parts = name.split(".")
            yield (".".join(parts[:-1]) if parts[-1].isdigit() else name), value


def sessions(directory, loader, count):
    """What the HPARAMS tab lists, by the runs' names."""
    with socket.socket() as probe:
        probe.bind(("localhost", 0))
        port = probe.getsockname()[1]
    program = Path(sys.executable).parent / "tensorboard"
    command = [program, "--logdir", directory, "--port", str(port), f"--load_fast={loader}"]
    server = subprocess.Popen(command, stderr=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
    try:
        return wait_for_sessions(f"http://localhost:{port}/data/plugin/hparams", count)
    finally:
        server.terminate()
        server.wait()


def wait_for_sessions(address, count):
    found, request = {}, {
        "experimentName": "",
        "allowedStatuses": ["STATUS_UNKNOWN", "STATUS_SUCCESS", "STATUS_FAILURE", "STATUS_RUNNING"],
        "colParams": [],
        "startIndex": 0,
        "sliceSize": 100_000,
    }
    for _ in range(60):
        time.sleep(1)
        try:
            groups = ask(address + "/session_groups", request).get("sessionGroups", [])
        except OSError:
            continue
        found = {
            session["name"]: {
                "status": session["status"],
                "hparams": group["hparams"],
                "metricValues": session.get("metricValues", []),
            }
            for group in groups
            for session in group["sessions"]
        }
        if len(found) >= count:
            break
    return found


def ask(address, request):
    data = json.dumps(request).encode()
    headers = {"Content-Type": "application/json"}
    with urllib.request.urlopen(urllib.request.Request(address, data, headers)) as answer:
        return json.load(answer)


if __name__ == "__main__":
    main()
