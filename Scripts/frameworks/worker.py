"""A process that measures one framework: `python worker.py pytorch THREADS`.

It reads one JSON object a line from standard input, such as
{"work": "training", "model": "cnn", "batch": 128, "variant": "eager", "seconds": 0.5}, and answers
with {"seconds": ...}, the time of one step, or {"error": ...}. Asked for {"work": "versions"} it
says what it is. A framework's module has `VERSION` and `prepare(work, model, batch, variant)`,
which returns `run(steps)`: it does so many steps and waits for the last; it returns the loss of
training steps.
"""

import importlib
import json
import math
import os
import statistics
import sys
import time

WARM_UP = 12
ROUNDS = 5


def main():
    framework, threads = sys.argv[1], int(sys.argv[2])
    # Answers have standard output for themselves; what the frameworks print goes to the log.
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[:threads])
    os.environ["OMP_NUM_THREADS"] = str(threads)
    os.environ["TF_CPP_MIN_LOG_LEVEL"] = "2"
    os.environ["FRAMEWORK_THREADS"] = str(threads)
    module = importlib.import_module(framework)
    prepared = {}
    for line in sys.stdin:
        answers.write(json.dumps(answer(module, prepared, json.loads(line))) + "\n")
        answers.flush()


def answer(module, prepared, task):
    if task["work"] == "versions":
        return {"version": module.VERSION}
    try:
        key = (task["work"], task["model"], task["batch"], task["variant"])
        if key not in prepared:
            prepared[key] = module.prepare(*key)
            warm_up(prepared[key], training=task["work"] == "training")
        return {"seconds": time_of_step(prepared[key], task["seconds"])}
    except Exception as error:  # pylint: disable=broad-exception-caught
        return {"error": f"{type(error).__name__}: {error}".splitlines()[0][:200]}


def warm_up(run, training):
    """Compiles, settles, and sees that training lowers the loss."""
    first = run(1)
    last = run(WARM_UP)
    if training and not (math.isfinite(last) and last < first):
        raise RuntimeError(f"the loss does not fall: {first} became {last}")


def time_of_step(run, seconds):
    """The median of five rounds, each of as many steps as fill a fifth of the time, at least one:
    as `emnist bench` does it."""
    start = time.perf_counter()
    run(2)
    steps = max(1, round(2 * seconds / ROUNDS / max(time.perf_counter() - start, 1e-9)))
    times = []
    for _ in range(ROUNDS):
        start = time.perf_counter()
        run(steps)
        times.append((time.perf_counter() - start) / steps)
    return statistics.median(times)


if __name__ == "__main__":
    main()
