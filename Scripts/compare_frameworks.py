#!/usr/bin/env python3
"""Compares the speed of emnist with PyTorch, TensorFlow, JAX and ONNX Runtime on this machine.

    python3 -m venv venv
    venv/bin/pip install torch==2.13.0 tensorflow-cpu "jax[cpu]" onnx onnxruntime
    swift build -c release
    venv/bin/python Scripts/compare_frameworks.py --output comparison.md

PyTorch's index at https://download.pytorch.org/whl/cpu has torch==2.13.0+cpu, which is smaller.
torch.compile needs a C++ compiler. The rows that train on MNIST need `--data DIRECTORY` with its
four files. Frameworks that want separate environments get them by `--python pytorch=PATH`,
`--python tensorflow_xla=PATH` and so on; a framework that is not installed is left out, and the
table says so.

`--against COMMIT` builds the program of a commit in a work tree outside of this one and measures it
too, in every row and round beside the present one; `--against PATH` does so with a program.

The same networks in single precision, on the same number of threads, data in memory, dropout
included. Each framework runs in a process of its own, which is stopped while another is measured.
Each gets what suits it: compiled steps, its own memory layout, a fused optimizer, bound outputs,
warm-up, and no waiting for a result but at the end. Rounds go through everything in turn, and the
table shows medians. Steps are measured on one prepared batch, for emnist by `emnist bench`; the
last two rows are whole processes, from start to end.
"""

import argparse
import json
import os
import platform
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from frameworks.earlier_program import earlier_program
from frameworks.quiet import wait_for_quiet

HERE = Path(__file__).resolve().parent
TRAINERS = {
    "cnn": [
        ("pytorch", "eager"), ("pytorch", "channels-last"), ("pytorch", "compile"),
        ("pytorch", "compile, channels-last"), ("tensorflow_xla", "no XLA"),
        ("tensorflow_xla", "xla"), ("jax_jit", "jit"),
    ],
    "mlp": [
        ("pytorch", "eager"), ("pytorch", "compile"), ("tensorflow_xla", "no XLA"),
        ("tensorflow_xla", "xla"), ("jax_jit", "jit"),
    ],
}
TITLES = {
    "pytorch": "PyTorch", "tensorflow_xla": "TensorFlow", "jax_jit": "JAX",
    "onnx_runtime": "ONNX Runtime", "emnist": "emnist",
}
OURS = {"cnn": "cnn-2", "mlp": "mlp-3"}
GROUPS = ["training", "inference", "latency", "sgemm", "lenet", "keras"]


def main():
    arguments = parsed_arguments()
    if arguments.against is None:
        run(arguments)
        return
    with earlier_program(arguments.against, arguments.build_directory) as (program, name):
        TITLES["earlier"] = name
        run(arguments, program)


def run(arguments, earlier=None):
    comparison = Comparison(arguments, earlier)
    try:
        for round_number in range(arguments.rounds):
            print(f"round {round_number + 1} of {arguments.rounds}", file=sys.stderr)
            comparison.run_round()
        text = comparison.markdown()
    finally:
        comparison.close()
    if arguments.output:
        Path(arguments.output).write_text(text)
    else:
        print(text, end="")


def parsed_arguments():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--emnist", default=HERE.parent / ".build/release/emnist", type=Path)
    parser.add_argument("--data", type=Path, help="a directory with MNIST's files")
    parser.add_argument("--only", action="append", choices=GROUPS, help="a part of the table")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--seconds", type=float, default=0.5, help="that a step is repeated")
    parser.add_argument("--wait", type=float, default=0, metavar="SECONDS",
                        help="wait so long before each row for a quiet machine")
    parser.add_argument("--python", action="append", default=[], metavar="FRAMEWORK=PATH")
    parser.add_argument("--against", metavar="COMMIT|PROGRAM",
                        help="another emnist, measured beside this one in every row")
    parser.add_argument("--build-directory", type=Path, metavar="DIRECTORY",
                        help="where the commit's program is built, and kept for the next time")
    parser.add_argument("--output", help="the Markdown file to write")
    arguments = parser.parse_args()
    arguments.only = arguments.only or GROUPS
    arguments.python = dict(pair.split("=", 1) for pair in arguments.python)
    if {"lenet", "keras"} & set(arguments.only) and arguments.data is None:
        parser.error("the rows lenet and keras need --data; or choose others by --only")
    return arguments


class Worker:
    """A framework in a process of its own, stopped unless it is asked."""

    def __init__(self, framework, arguments):
        python = arguments.python.get(framework, sys.executable)
        self.log = tempfile.TemporaryFile()
        self.process = subprocess.Popen(
            [python, HERE / "frameworks/worker.py", framework, str(arguments.threads)],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=self.log, text=True)
        self.version = self.ask({"work": "versions"}).get("version")

    def ask(self, task):
        if self.process.poll() is not None:
            return {"error": "not installed"}
        os.kill(self.process.pid, signal.SIGCONT)
        try:
            self.process.stdin.write(json.dumps(task) + "\n")
            self.process.stdin.flush()
            line = self.process.stdout.readline()
        except BrokenPipeError:
            line = ""
        if not line:
            self.process.wait()
            return {"error": "not installed"}
        os.kill(self.process.pid, signal.SIGSTOP)
        return json.loads(line)

    def close(self):
        if self.process.poll() is None:
            os.kill(self.process.pid, signal.SIGCONT)
            self.process.kill()
        self.process.wait()


class Cell:
    """What one contender took in each round."""

    def __init__(self, framework, variant=""):
        self.framework, self.variant = framework, variant
        self.seconds, self.megabytes, self.error = [], [], None

    @property
    def name(self):
        variant = {"xla": "XLA"}.get(self.variant, self.variant)
        return TITLES[self.framework] + (f" ({variant})" if variant else "")

    @property
    def median(self):
        return statistics.median(self.seconds) if self.seconds else float("inf")

    @property
    def spread(self):
        return (max(self.seconds) - min(self.seconds)) / self.median if self.seconds else 0


class Row:
    """One line of the table: ours, and those it is compared with."""

    def __init__(self, title, ours, others, work, model, batch, unit):
        self.title, self.work, self.model, self.batch, self.unit = title, work, model, batch, unit
        self.ours = ours
        # Another emnist; measured only if there is one.
        self.earlier = Cell("earlier")
        self.others = [Cell(*other) for other in others]

    @property
    def best(self):
        return min(self.others, key=lambda cell: cell.median)

    def shown(self, seconds):
        if seconds == float("inf"):
            return "–"
        if self.unit == "images/s":
            return f"{self.batch / seconds:,.0f}"
        if self.unit == "GFLOP/s":
            return f"{2 * self.batch**3 / seconds / 1e9:,.0f}"
        if self.unit == "µs":
            return f"{seconds * 1e6:,.1f}"
        return f"{seconds:,.2f}"


class Comparison:
    def __init__(self, arguments, earlier=None):
        self.arguments = arguments
        self.earlier = earlier
        self.workers = {}
        self.machine = self.bench(arguments.emnist, "peak", "--quick", "--rounds", "1")
        self.loads = []
        self.rows = [row for group in GROUPS if group in arguments.only
                     for row in rows_of(group)]

    def run_round(self):
        for row in self.rows:
            wait_for_quiet(self.arguments.wait)
            self.loads.append(os.getloadavg()[0])
            if row.work in ("lenet", "keras"):
                self.measure_processes(row)
            else:
                self.measure_steps(row)

    def measure_steps(self, row):
        for cell in row.others:
            if cell.error:
                continue
            answer = self.worker(cell.framework).ask({
                "work": row.work, "model": row.model, "batch": row.batch,
                "variant": cell.variant, "seconds": self.arguments.seconds})
            cell.error = answer.get("error")
            if cell.error:
                print(f"{row.title}: {cell.name}: {cell.error}", file=sys.stderr)
            else:
                cell.seconds.append(answer["seconds"])
        for cell, program in self.programs(row):
            try:
                cell.seconds.append(self.seconds_of_step(program, row))
            except (subprocess.CalledProcessError, StopIteration):
                if cell is row.ours:
                    raise
                cell.error = "cannot"

    def programs(self, row):
        """Ours and the earlier one, in turn the one or the other first."""
        programs = [(row.ours, self.arguments.emnist)]
        if self.earlier and not row.earlier.error:
            programs.append((row.earlier, self.earlier))
        return programs[:: -1 if len(row.ours.seconds) % 2 else 1]

    def worker(self, framework):
        if framework not in self.workers:
            self.workers[framework] = Worker(framework, self.arguments)
        return self.workers[framework]

    def seconds_of_step(self, program, row):
        """The median of a short run of `emnist bench`."""
        if row.work == "matmul":
            wanted = f"{row.batch} x {row.batch} x {row.batch}"
            report = self.bench(program, "matmul", "--quick")
        else:
            wanted = OURS[row.model]
            report = self.bench(
                program, row.work, "--model", wanted, "--batch-size", str(row.batch))
        return next(result["seconds"]["median"] for result in report["results"]
                    if result["name"] == wanted)

    def bench(self, program, group, *options):
        """What `emnist bench` says about one group of measurements."""
        return json.loads(subprocess.run(
            [program, "bench", "--json", "--only", group,
             "--threads", str(self.arguments.threads), *options],
            check=True, capture_output=True, text=True).stdout)

    def measure_processes(self, row):
        arguments = self.arguments
        epochs, batch = {"lenet": (10, 128), "keras": (3, 64)}[row.work]
        framework = row.others[0].framework
        self.worker(framework)  # It knows the version.
        script = {"lenet": "lenet_pytorch.py", "keras": "keras_cnn.py"}[row.work]
        theirs = [
            arguments.python.get(framework, sys.executable), HERE / "frameworks" / script,
            arguments.data, str(arguments.threads), str(epochs), str(batch)]
        time_process(row.others[0], theirs)
        # These presets' recipes are those of the other programs: Adam with its defaults.
        model = {"lenet": "lenet5", "keras": "cnn-2"}[row.work]
        for cell, program in self.programs(row):
            with tempfile.TemporaryDirectory() as directory:
                time_process(cell, [
                    program, "train", "--model", model, "--data", arguments.data,
                    "--epochs", str(epochs), "--batch-size", str(batch),
                    "--val-split", "0.1" if row.work == "keras" else "0",
                    "--threads", str(arguments.threads), "--out", f"{directory}/run", "--quiet"])

    def close(self):
        for worker in self.workers.values():
            worker.close()

    def markdown(self):
        earlier = f" {TITLES['earlier']} | ratio | spread |" if self.earlier else ""
        lines = [
            "| work | emnist | best other | | ratio | spread | all others |" + earlier,
            "|---|---:|---:|---|---:|---:|---|" + "---:|" * earlier.count("|"),
        ]
        for row in self.rows:
            lines.append(self.line(row))
            if row.work == "keras":
                lines.append(self.memory_line(row))
        versions = [worker.version or f"{TITLES[name]} (not installed)"
                    for name, worker in self.workers.items()]
        lines += [
            "", f"Medians of {self.arguments.rounds} interleaved rounds; the ratio is how many "
            "times as fast emnist is; spread is from the least to the most of emnist and of the "
            "best other, as a share of the median.", "",
            f"{self.machine['processor']}, {self.arguments.threads} threads, SIMD set "
            f"{self.machine['simd']}, Python "
            f"{platform.python_version()}; " + ", ".join(versions) + ". Load of the machine "
            f"meanwhile: {min(self.loads):.1f} to {max(self.loads):.1f}.", "",
        ]
        return "\n".join(lines)

    def line(self, row):
        best = row.best
        others = ", ".join(
            f"{cell.name} {cell.error or row.shown(cell.median)}"
            for cell in sorted(row.others, key=lambda cell: cell.median) if cell is not best)
        return (
            f"| {row.title}, {row.unit} | {row.shown(row.ours.median)} "
            f"| {best.error or row.shown(best.median)} | {best.name} | {ratio(best, row.ours)} "
            f"| {row.ours.spread:.0%}, {best.spread:.0%} | {others} |" + self.earlier_cells(row))

    def earlier_cells(self, row):
        if not self.earlier:
            return ""
        cell = row.earlier
        shown = cell.error or row.shown(cell.median)
        return f" {shown} | {ratio(cell, row.ours)} | {cell.spread:.0%} |"

    def memory_line(self, row):
        cells = [row.ours, row.best] + ([row.earlier] if self.earlier else [])
        ours, theirs, *earlier = (statistics.median(cell.megabytes or [0]) for cell in cells)
        line = (f"| peak memory of that, MiB | {ours:,.0f} | {theirs:,.0f} | {row.best.name} "
                f"| {theirs / ours:.1f} | | |")
        return line + "".join(f" {value:,.0f} | {value / ours:.2f} | |" for value in earlier)


def ratio(cell, ours):
    """How many times as fast as a cell ours is."""
    return f"{cell.median / ours.median:.2f}" if cell.seconds else "–"


def time_process(cell, command):
    """Seconds from a process's start to its end, and its largest memory."""
    with tempfile.TemporaryFile() as log:
        start = time.perf_counter()
        process = subprocess.Popen(command, stdout=log, stderr=log)
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        seconds = time.perf_counter() - start
        log.seek(0)
        if process.returncode == 0:
            cell.seconds.append(seconds)
            cell.megabytes.append(usage.ru_maxrss / 1024)
        else:
            text = log.read().decode(errors="replace").strip()
            cell.error = "failed"
            print(f"{command[0]} failed:\n{text[-2000:]}", file=sys.stderr)


def rows_of(group):
    if group == "training":
        return [
            Row(f"{model.upper()} training, batch {batch}", Cell("emnist"), TRAINERS[model],
                "training", model, batch, "images/s")
            for model, batches in [("cnn", [64, 128, 256]), ("mlp", [128, 256, 1000])]
            for batch in batches]
    if group == "inference":
        return [
            Row(f"{model.upper()} inference, batch {batch}", Cell("emnist"),
                [("onnx_runtime", "")], "inference", model, batch, "images/s")
            for model in OURS for batch in (128, 1000)]
    if group == "latency":
        return [
            Row(f"{model.upper()}, one image", Cell("emnist"),
                [("onnx_runtime", "1 thread"), ("onnx_runtime", "all threads")],
                "inference", model, 1, "µs")
            for model in OURS]
    if group == "sgemm":
        return [
            Row(f"sgemm {extent}", Cell("emnist"), [("pytorch", "")], "matmul", "", extent,
                "GFLOP/s")
            for extent in (256, 512, 1024)]
    title, framework = {
        "lenet": ("LeNet-5, MNIST, 10 epochs, whole process", "pytorch"),
        "keras": ("Keras' CNN, MNIST, 3 epochs, whole process", "tensorflow_xla"),
    }[group]
    return [Row(title, Cell("emnist"), [(framework, "")], group, "", 1, "s")]


if __name__ == "__main__":
    main()
