#!/usr/bin/env python3
"""Checks that a long training and a long sweep do not grow: memory, threads and open files of one process
at a tenth of its way and at its end.

    swift build -c release && Scripts/check_leaks.py [PROGRAM]

STEPS and TRIALS make it shorter.
"""
import json, os, subprocess, sys, tempfile, time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PROGRAM = os.path.abspath(sys.argv[1] if len(sys.argv) > 1 else ROOT / ".build/release/emnist")
STEPS, TRIALS = int(os.environ.get("STEPS", 10_000)), int(os.environ.get("TRIALS", 300))


def sample(process):
    status = dict(
        line.split(":", 1) for line in Path(f"/proc/{process}/status").read_text().splitlines())
    return {
        "MB": int(status["VmRSS"].split()[0]) / 1024, "peak": int(status["VmHWM"].split()[0]) / 1024,
        "threads": int(status["Threads"]), "files": len(os.listdir(f"/proc/{process}/fd"))}


def lines(path):
    return Path(path).read_text().count("\n") if os.path.exists(path) else 0


def text(found):
    return (f"{found['MB']:.1f} MB (peak {found['peak']:.1f}), {found['threads']} threads, "
            f"{found['files']} open files")


def watch(name, words, progress, total):
    """Samples the process by how far it has come; fails if it is larger at its end."""
    process = subprocess.Popen([PROGRAM, *words], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    early, late = [], []
    while process.poll() is None:
        share = progress() / total
        try:
            found = sample(process.pid)
        except (FileNotFoundError, KeyError, ProcessLookupError):
            break
        if 0.05 <= share < 0.15:
            early.append(found)
        if 0.9 <= share < 1:
            late.append(found)
        time.sleep(0.01)
    assert process.wait() == 0, process.stderr.read()
    first, last = [{k: max(s[k] for s in samples) for k in samples[0]} for samples in (early, late)]
    print(f"{name}: {text(first)} at a tenth of the way, {text(last)} at the end", flush=True)
    assert last["threads"] <= first["threads"] and last["files"] <= first["files"], (first, last)
    assert last["peak"] - first["peak"] < 3, "the memory grows"


with tempfile.TemporaryDirectory() as folder:
    os.chdir(folder)
    # 4,230 training images of the small set in batches of 32.
    steps = json.loads(subprocess.run(
        [PROGRAM, "train", "--data", ROOT / "Data", "--model", "mlp-small", "--batch-size", "32",
         "--epochs", "1", "--log-steps", "--json", "--quiet", "--out", "one"],
        capture_output=True, text=True, check=True).stdout) and lines("one/steps.csv") - 1
    epochs = -(-STEPS // steps)
    watch(f"{epochs * steps:,} steps", [
        "train", "--data", str(ROOT / "Data"), "--model", "mlp-small", "--batch-size", "32",
        "--augment", "default", "--epochs", str(epochs), "--threads", "2", "--quiet", "--out", "run",
    ], lambda: lines("run/history.csv") - 1, epochs)
    Path("sweep.json").write_text(json.dumps({
        "method": "random", "metric": {"name": "val_loss"}, "run_cap": TRIALS,
        "parameters": {"lr": {"min": 0.001, "max": 0.01}},
        "emnist": {"data": str(ROOT / "Data"), "workers": 1, "threads": 2,
                   "base": {"model": "mlp-small", "epochs": 1}}}))
    watch(f"{TRIALS} trials", ["sweep", "sweep.json", "--out", "study", "--quiet"],
          lambda: Path("study/journal.jsonl").read_text().count('"event":"end"')
          if os.path.exists("study/journal.jsonl") else 0, TRIALS)
