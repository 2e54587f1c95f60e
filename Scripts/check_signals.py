#!/usr/bin/env python3
"""Sends every signal that asks for an end to every command that takes long, and checks the exit code,
the sentence, the files, and that what goes on afterwards comes to the bytes of one that was left alone.

    swift build -c release && Scripts/check_signals.py [PROGRAM]
"""
import filecmp, glob, json, os, pty, random, signal, subprocess, sys, tempfile, time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PROGRAM = os.path.abspath(sys.argv[1] if len(sys.argv) > 1 else ROOT / ".build/release/emnist")
TINY = ["--data", str(ROOT / "Data"), "--model", "mlp", "--hidden", "8", "--threads", "1"]
SIGNALS = {"SIGINT": 130, "SIGTERM": 143, "SIGUSR1": 75, "SIGUSR2": 75, "SIGHUP": 75}
random.seed(1)


def run(*words, code=0):
    done = subprocess.run([PROGRAM, *words], capture_output=True, text=True)
    assert done.returncode == code, (words, done.returncode, done.stderr)
    return done


def start(*words, ignoring=(), **options):
    def prepare():
        for name in SIGNALS:
            number = getattr(signal, name)
            signal.signal(number, signal.SIG_IGN if name in ignoring else signal.SIG_DFL)

    return subprocess.Popen(
        [PROGRAM, *words], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        preexec_fn=prepare, **options)


def until(condition, process, seconds=120):
    end = time.monotonic() + seconds
    while not condition():
        assert process.poll() is None, process.communicate()
        assert time.monotonic() < end, "it takes too long"
        time.sleep(0.002)


def rows(path):
    return len(Path(path).read_text().splitlines()) - 1 if os.path.exists(path) else 0


def ended(process, code, *sentences):
    out, errors = process.communicate(timeout=60)
    assert process.returncode == code, (process.returncode, errors)
    complaints = [line for line in errors.splitlines() if line.startswith("emnist: ")]
    assert len(complaints) == 1 and all(s in complaints[0] for s in sentences), errors
    return out


def whole(directory):
    left = glob.glob(f"{directory}/**/.emnist-*.tmp", recursive=True)
    assert not left, left


def same(run, other):
    for name in ("best.safetensors", "last.safetensors"):
        assert filecmp.cmp(f"{run}/{name}", f"{other}/{name}", shallow=False), (run, name)


def ok(text):
    print(f"ok  {text}", flush=True)


def trainings():
    words = ["train", *TINY, "--epochs", "150", "--quiet", "--out"]
    run(*words, "alone")
    for name, code in SIGNALS.items():
        process = start(*words, name)
        until(lambda: rows(f"{name}/history.csv") >= 1, process)
        time.sleep(random.uniform(0, 0.4))
        process.send_signal(getattr(signal, name))
        ended(process, code, "the run so far is saved", f"'emnist train --resume {name}'")
        whole(name)
        run("train", "--resume", name, "--quiet")
        same(name, "alone")
    ok("a training saves and ends with 130, 143 or 75, and goes on to the same bytes")

    process = start(*words, "nohup", ignoring=["SIGHUP"])
    until(lambda: rows("nohup/history.csv") >= 1, process)
    process.send_signal(signal.SIGHUP)
    _, errors = process.communicate(timeout=120)
    assert process.returncode == 0, errors
    same("nohup", "alone")
    ok("under nohup a lost terminal changes nothing")

    for first, second, code in [("INT", "INT", 130), ("USR1", "TERM", 143), ("USR1", "USR1", 75)]:
        name = f"twice-{first}-{second}"
        process = start(*words, name)
        until(lambda: rows(f"{name}/history.csv") >= 1, process)
        process.send_signal(getattr(signal, "SIG" + first))
        process.send_signal(getattr(signal, "SIG" + second))
        process.communicate(timeout=60)
        assert process.returncode in (code, SIGNALS["SIG" + first]), process.returncode
        run("train", "--resume", name, "--quiet")
        whole(name)
        same(name, "alone")
    ok("a second signal ends it at once, with whole files; a scheduler's second changes nothing")


def tests():
    run("data", "synth", "--out", "glyphs", "--train-count", "470", "--test-count", "47000")
    words = ["--data", "glyphs", "--threads", "1"]
    cnn = ["--model", "cnn", "--batch-size", "32", "--epochs", "1"]
    run("train", *words, *cnn, "--quiet", "--out", "tested")
    for name, code in SIGNALS.items():
        out = f"test-{name}"
        process = start("train", *words, *cnn, "--quiet", "--out", out)
        until(lambda: os.path.exists(f"{out}/last.safetensors"), process)
        time.sleep(0.05)
        process.send_signal(getattr(signal, name))
        ended(process, code, "interrupted in the test", f"'emnist train --resume {out}'")
        whole(out)
        assert not os.path.exists(f"{out}/evaluation.json")
        same(out, "tested")
        before = Path("tested/evaluation.json").read_text()
        process = start("eval", "tested", *words)
        time.sleep(0.5)
        process.send_signal(getattr(signal, name))
        ended(process, code, "nothing was written")
        assert Path("tested/evaluation.json").read_text() == before
        whole("tested")
    process = start("audit", "tested", "--part", "test", *words)
    time.sleep(0.5)
    process.send_signal(signal.SIGTERM)
    ended(process, 143, "nothing was written")
    ok("a test, an evaluation and an audit end at once and leave nothing half-done")


def folds():
    words = ["train", *TINY, "--folds", "3", "--epochs", "40", "--quiet", "--out"]
    run(*words, "folds")
    for name, code in SIGNALS.items():
        out = f"folds-{name}"
        process = start(*words, out)
        until(lambda: rows(f"{out}/fold-2/history.csv") >= 3, process)
        process.send_signal(getattr(signal, name))
        ended(process, code, "interrupted in fold 2 of 3", f"'emnist train --resume {out}'")
        whole(out)
        run("train", "--resume", out, "--quiet")
        for fold in (1, 2, 3):
            same(f"{out}/fold-{fold}", f"folds/fold-{fold}")
        assert filecmp.cmp(f"{out}/folds.csv", "folds/folds.csv", shallow=False)
    ok("a cross-validation ends between its folds and goes on to the same table")


def sweeps():
    Path("sweep.json").write_text(json.dumps({
        "method": "bayes", "metric": {"name": "val_loss"}, "run_cap": 12,
        "parameters": {"lr": {"min": 0.001, "max": 0.01}},
        "emnist": {"data": str(ROOT / "Data"), "workers": 2, "refit": 2,
                   "base": {"model": "mlp-small", "epochs": 8}}}))

    def trials(directory):
        study = json.loads(Path(f"{directory}/study.json").read_text())
        return ([(t["state"], t["value"], t["parameters"]) for t in study["trials"]],
                [t["accuracy"] for t in study["test"]["tests"]])

    run("sweep", "sweep.json", "--quiet", "--out", "study")
    for name, code in SIGNALS.items():
        out, count = f"study-{name}", 0
        while True:
            process = start("sweep", "sweep.json", "--quiet", "--out", out)
            try:
                process.wait(timeout=random.uniform(0.5, 1.5))
            except subprocess.TimeoutExpired:
                process.send_signal(getattr(signal, name))
            _, errors = process.communicate(timeout=60)
            if process.returncode == 0:
                break
            assert process.returncode == code and "the same command goes on" in errors, errors
            whole(out)
            count += 1
        assert count > 0 and trials(out) == trials("study"), name
    ok("a sweep that is ended again and again finds the same")


def terminals():
    def begin(out):
        process, terminal = pty.fork()
        if process == 0:
            os.execv(PROGRAM, [PROGRAM, "train", *TINY, "--epochs", "150", "--out", out])
        while rows(f"{out}/history.csv") < 2:
            os.read(terminal, 65536)
        return process, terminal

    def code(process, terminal):
        try:
            while os.read(terminal, 65536):
                pass
        except OSError:
            pass
        return os.waitstatus_to_exitcode(os.waitpid(process, 0)[1])

    process, terminal = begin("typed")
    os.write(terminal, b"\x03")
    assert (found := code(process, terminal)) == 130, found
    process, terminal = begin("closed")
    os.close(terminal)
    assert (found := os.waitstatus_to_exitcode(os.waitpid(process, 0)[1])) == 75, found
    for out in ("typed", "closed"):
        whole(out)
        run("train", "--resume", out, "--quiet")
        same(out, "alone")
    ok("Ctrl-C in a terminal: 130; a terminal that is closed: 75; both go on to the same bytes")


with tempfile.TemporaryDirectory() as folder:
    os.chdir(folder)
    trainings()
    tests()
    folds()
    sweeps()
    terminals()
