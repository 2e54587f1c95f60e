#!/usr/bin/env python3
"""Kills a training, a cross-validation and a sweep with SIGKILL: at random moments, and at each call
that has to do with files. Gives the same command again until it ends by itself, and compares what is there
with what one that was left alone has: the same files, the same bytes but for times, nothing half-written.

    apt-get install strace && swift build -c release && Scripts/check_kills.py [PROGRAM] [--short]

Takes about an hour on a busy machine; --short a minute or two, with a tenth of the moments.
"""
import glob, json, os, random, re, shutil, signal, subprocess, sys, tempfile, time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SHORT = "--short" in sys.argv
words = [word for word in sys.argv[1:] if not word.startswith("--")]
PROGRAM = os.path.abspath(words[0] if words else ROOT / ".build/release/emnist")
SMALL = ["--data", str(ROOT / "Data"), "--model", "mlp-small", "--limit", "300", "--limit-test", "100",
         "--threads", "1", "--quiet", "--out", "run", "--resume-or-start"]
COMMANDS = {
    "a training": ["train", *SMALL, "--epochs", "3", "--log-steps"],
    "a cross-validation": ["train", *SMALL, "--epochs", "2", "--folds", "2"],
    "a repeated training": ["train", *SMALL, "--epochs", "2", "--repeats", "2"],
    "a sweep": ["sweep", "sweep.json", "--quiet", "--out", "run"],
}
SWEEP = {"method": "bayes", "metric": {"name": "val_loss"}, "run_cap": 3,
         "parameters": {"lr": {"min": 0.001, "max": 0.01}},
         "emnist": {"data": str(ROOT / "Data"), "limit": 300, "workers": 1, "threads": 1, "refit": 1,
                    "base": {"model": "mlp-small", "epochs": 2, "limit_test": 100}}}
# What has to do with files, each of which may be the last thing that a process does.
CALLS = ["mkdir", "openat", "flock", "write", "pwrite64", "fsync", "ftruncate", "rename", "link", "unlink",
         "rmdir", "close"]
# What a clock decides, or holds the check of what a clock decides.
TIMES = {"seconds", "images_per_second", "train_seconds", "crc32", "evaluation_crc32"}
random.seed(1)


def start(words, folder, *, prefix=()):
    return subprocess.Popen([*prefix, PROGRAM, *words], cwd=folder, stdout=subprocess.DEVNULL,
                            stderr=subprocess.PIPE, text=True)


def fresh(name):
    shutil.rmtree(name, ignore_errors=True)
    os.mkdir(name)
    Path(name, "sweep.json").write_text(json.dumps(SWEEP))
    return name


def finish(words, folder, moment):
    process = start(words, folder)
    _, errors = process.communicate(timeout=1800)
    assert process.returncode == 0, f"after a kill {moment}: {process.returncode}: {errors}"


def timeless(value):
    if isinstance(value, dict):
        return {k: timeless(v) for k, v in value.items() if k not in TIMES}
    return [timeless(v) for v in value] if isinstance(value, list) else value


def content(path):
    """What a file says without times."""
    name = os.path.basename(path)
    if name == "manifest.json":
        manifest = json.loads(Path(path).read_text())
        return {k: timeless(manifest.get(k)) for k in ("result", "parts", "configuration")}
    if name.endswith(".json"):
        return timeless(json.loads(Path(path).read_text()))
    if name == "history.csv":
        return [line.split(",")[:1] + line.split(",")[3:] for line in Path(path).read_text().split("\n")]
    if name == "journal.jsonl":
        lines = [json.loads(line) for line in Path(path).read_text().splitlines()]
        return sorted(line["trial"] for line in lines if line["event"] == "end")
    if name.startswith("events.out") or name in ("trials.csv", "report.html") or name.endswith(".svg"):
        return None
    return Path(path).read_bytes()


def contents(folder):
    paths = [path for path in glob.glob(f"{folder}/run/**", recursive=True, include_hidden=True)
             if os.path.isfile(path)]
    return {path.removeprefix(folder): content(path) for path in paths}


def difference(one, other, place=""):
    """Where two values differ first."""
    if isinstance(one, dict) and isinstance(other, dict):
        for key in one.keys() | other.keys():
            if one.get(key) != other.get(key):
                return difference(one.get(key), other.get(key), f"{place}.{key}")
    return f"{place}: {str(one)[:200]} instead of {str(other)[:200]}"


def compare(folder, expected, moment):
    found = contents(folder)
    assert found.keys() == expected.keys(), (
        f"after a kill {moment}: files that are too many or missing: {found.keys() ^ expected.keys()}")
    for path, value in expected.items():
        assert found[path] == value, f"after a kill {moment}: {path} differs{difference(found[path], value)}"


def at_random(name, words, expected, seconds, count):
    kills = runs = 0
    while kills < count:
        folder, runs = fresh("killed"), runs + 1
        for attempt in range(1_000):
            process = start(words, folder)
            try:
                # Longer and longer, or it would never end.
                process.wait(timeout=random.uniform(0, seconds * (1 + attempt / 10)))
            except subprocess.TimeoutExpired:
                process.send_signal(signal.SIGKILL)
            _, errors = process.communicate()
            if process.returncode == 0:
                break
            assert process.returncode == -signal.SIGKILL, (process.returncode, errors)
            kills += 1
        compare(folder, expected, f"at a random moment of {name}")
    return f"{kills} kills at random moments of {runs} runs"


def at_calls(name, words, expected, step):
    kills = 0
    for call in CALLS:
        for when in range(1, 100_000, step):
            folder = fresh("killed")
            process = start(words, folder, prefix=[
                "strace", "-f", "-o", "/dev/null", "-e", f"trace={call}",
                "-e", f"inject={call}:signal=KILL:when={when}"])
            _, errors = process.communicate(timeout=300)
            if process.returncode == 0:
                break
            assert process.returncode == -signal.SIGKILL, (process.returncode, errors)
            kills += 1
            moment = f"at {call} number {when} of {name}"
            finish(words, folder, moment)
            compare(folder, expected, moment)
    return f"one at each of {kills} calls" if step == 1 else f"one at {kills} of the calls"


with tempfile.TemporaryDirectory() as folder:
    os.chdir(folder)
    for name, words in COMMANDS.items():
        begin = time.monotonic()
        finish(words, fresh("alone"), "that did not come")
        seconds = time.monotonic() - begin
        expected = contents("alone")
        print(f"{name}: " + at_random(name, words, expected, seconds, 20 if SHORT else 200), flush=True)
        print(f"{name}: " + at_calls(name, words, expected, 10 if SHORT else 1)
              + f"; {len(expected)} files, the same but for times", flush=True)
