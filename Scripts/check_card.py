#!/usr/bin/env python3
"""Reads the model card that 'emnist report' writes as a model hub does, without the hub.

    pip install huggingface_hub pyyaml
    python3 Scripts/check_card.py [emnist]        # default: .build/release/emnist

Trains a small network on the images that ship, and with a license and without one compares what
huggingface_hub's ModelCard finds in MODEL_CARD.md and in the folder of 'export --format hub' with
evaluation.json. No card may name a license that nobody gave.
"""

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

os.environ["HF_HUB_OFFLINE"] = "1"
from huggingface_hub import ModelCard

ROOT = Path(__file__).resolve().parent.parent
PROGRAM = os.path.abspath(sys.argv[1] if len(sys.argv) > 1 else ROOT / ".build/release/emnist")


def run(*words):
    subprocess.run([PROGRAM, *words, "--quiet"], check=True, stdout=subprocess.DEVNULL)


def check(path, evaluation, license):
    card = ModelCard.load(path)
    results = {result.metric_type: result.metric_value for result in card.data.eval_results}
    assert results["accuracy"] == evaluation["accuracy"], results
    assert results["f1"] == evaluation["macro"]["f1"], results
    data = card.data.to_dict()
    assert data["datasets"] == [evaluation["dataset"]] and data["metrics"] == ["accuracy", "f1"], data
    assert data.get("license") == license, data
    for result in card.data.eval_results:
        assert result.task_type and result.dataset_type and result.dataset_name
    for section in ("Results", "Data", "Training", "Use", "What it is not for"):
        assert f"\n## {section}\n" in card.text, section
    print(f"{path.name}: {len(results)} results, license {license}, {len(card.text)} characters")


with tempfile.TemporaryDirectory() as folder:
    path = Path(folder)
    run("train", "--data", str(ROOT / "Data"), "--model", "mlp-small", "--epochs", "2", "--out", f"{folder}/run")
    evaluation = json.loads((path / "run/evaluation.json").read_text())
    run("report", f"{folder}/run")
    check(path / "run/MODEL_CARD.md", evaluation, None)
    run("report", f"{folder}/run", "--license", "apache-2.0")
    check(path / "run/MODEL_CARD.md", evaluation, "apache-2.0")
    run("export", f"{folder}/run", "--format", "hub", "--out", f"{folder}/hub", "--license", "mit")
    check(path / "hub/README.md", evaluation, "mit")
