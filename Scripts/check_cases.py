#!/usr/bin/env python3
"""Reads data sets and sweep files as people have them, and compares what the program says with what they are.

    Scripts/check_cases.py PROGRAM CASES

CASES is the folder that `../shared/cases/make_cases.py` makes (numpy; two seconds).
"""
import json, subprocess, sys, tempfile
from pathlib import Path

PROGRAM, CASES = Path(sys.argv[1]).resolve(), Path(sys.argv[2]).resolve()
failures = 0


def run(*arguments):
    return subprocess.run([PROGRAM, *map(str, arguments)], capture_output=True, text=True, cwd=CASES)


def check(name, holds, detail=""):
    global failures
    failures += not holds
    print(("ok   " if holds else "FAIL ") + name + ("" if holds else f": {detail}"))


def info(folder, *more):
    done = run("data", "info", "--json", "--data", folder, *more)
    if done.returncode: return {"error": done.stderr.strip()}
    return json.loads(done.stdout)


# folder, name, classes, height, width, train, test, what is said
EXPECTED = [
    ("mnist", "mnist", 10, 28, 28, 6000, 500, []),
    ("my-scans", "my-scans", 10, 28, 28, 6000, 500, []),
    ("digits", "digits", 10, 28, 28, 6000, 500, []),
    ("k49-mnist", "k49-mnist", 49, 28, 28, 300, None, []),
    ("my-letters", "my-letters", 26, 28, 28, 300, None, []),
    ("five", "shapes", 5, 28, 28, None, None, []),
    ("one-hot", "my", 10, 28, 28, 300, None, ["one-hot labels of 10 columns"]),
    ("label-last", "mnist", 10, 28, 28, 300, 100, ["labels: column 'class', the last of 785"]),
    ("two-words", "sign_mnist", 25, 28, 28, 300, None, ["labels: column 'label', the first of 785"]),
    ("trailing-comma", "mnist", 10, 28, 28, 300, None, ["labels: column the first of 785, by its numbers"]),
    ("floats", "mnist", 10, 28, 28, 300, None, ["numbers from 0 to 1 as pixels from 0 to 255"]),
    ("kaggle", "kaggle", 10, 28, 28, 300, None, ["labels: column 'label', the first of 785"]),
    ("archive", "mnist", 10, 28, 28, 6000, 500, []),
    ("float32", "mnist", 10, 28, 28, 300, 100, ["numbers from 0 to 1 as pixels from 0 to 255"]),
    ("channel", "mnist", 10, 28, 28, 300, 100, []),
    ("flat", "mnist", 10, 28, 28, 300, 100, ["784 numbers a row as images of 28 x 28"]),
    ("narrow", "mnist", 10, 28, 20, 300, 100, []),
    ("folders", "folders", 10, 28, 28, 300, 100, ["300 pictures in 10 folders, whose names are the classes",
                                                  "dark ink on light paper, inverted"]),
]
for folder, name, classes, height, width, train, test, said in EXPECTED:
    found = info(folder)
    problems = []
    if "error" in found:
        problems.append(found["error"])
    else:
        wanted = {"dataset": name, "classes": classes, "height": height, "width": width,
                  "transposed_on_disk": False}
        problems += [f"{k} {found[k]}, not {v}" for k, v in wanted.items() if found[k] != v]
        for part, count in (("train", train), ("test", test)):
            there = found["parts"].get(part, {}).get("count")
            if count and there != count: problems.append(f"{part} {there}, not {count}")
        problems += [f"'{s}' is not said: {found['decisions']}" for s in said if s not in found["decisions"]]
    check(folder, not problems, "; ".join(problems))

# The same images in every form have the same mean.
reference = info("channel")["parts"]["train"]["mean"]
for folder in ("float32", "flat", "label-last", "one-hot", "kaggle", "floats", "trailing-comma", "folders"):
    found = info(folder)
    mean = found["parts"]["train"]["mean"] if "parts" in found else -1
    check(f"{folder}: pixels", abs(mean - reference) < 1e-4, f"{mean}, not {reference}")

for file, classes in (("names.txt", "cat dog bird fish frog".split()), ("bom-mapping.txt", "0123456789")):
    folder = "five" if file == "names.txt" else "mnist"
    found = info(folder, "--mapping", CASES / file)
    check(file, found.get("labels") == list(classes), found.get("labels", found.get("error")))

# A run of five classes judges a part that has four.
run("train", "--model", "mlp", "--hidden", 16, "--epochs", 1, "--data", "five", "--out", "run-five", "--force", "-q")
done = run("eval", "run-five", "--data", "five-without-the-last")
check("five-without-the-last", done.returncode == 0, done.stderr)
done = run("train", "--model", "mlp", "--hidden", 16, "--epochs", 1, "--data", "kaggle", "--out", "run-kaggle",
           "--force", "-q", "--test-split", 0.15)
check("kaggle: --test-split", done.returncode == 0, done.stderr)
done = run("predict", "--run", "run-kaggle", "-q", "kaggle/test.csv")
check("kaggle: predict test.csv", len(done.stdout.split()) == 100, done.stderr)
done = run("predict", "--run", "run-kaggle", "-q", "kaggle/test.csv", "-o", "submission.csv")
lines = (CASES / "submission.csv").read_text().splitlines() if done.returncode == 0 else []
check("kaggle: submission", lines[:1] == ["ImageId,Label"] and len(lines) == 101 and lines[1][:2] == "1,", done.stderr)

# The form of a picture is measured, so the name of the data changes nothing.
pictures = sorted((CASES / "pictures").glob("*.png"))
for folder in ("mnist", "my-scans"):
    run("train", "--model", "lenet5", "--data", folder, "--out", f"run-{folder}", "--force", "-q")
    said = run("predict", "--run", f"run-{folder}", "-q", *pictures).stdout.split()
    right = sum(label == path.stem[-1] for label, path in zip(said, pictures))
    check(f"{folder}: pictures", right >= 58, f"{right} of {len(pictures)}")
drawings = sorted((CASES / "pen").glob("*.png"))
found = json.loads(run("predict", "--run", "run-mnist", "--json", *drawings).stdout)["predictions"]
check("pen", all(p["form"] == "fitted" and p["label"] == Path(p["file"]).name[0] for p in found), found)
done = run("train", "--fast-dev-run", "--data", "narrow", "--out", "run-narrow", "--force")
check("narrow: the default model", done.returncode == 0, done.stderr)

# A set goes through every layout and comes back as it was.
with tempfile.TemporaryDirectory() as place:
    place = Path(place)
    for name in ("mnist", "float32", "five", "label-last", "folders"):
        steps = [place / name / "idx", place / name / f"{name}.npz", place / name / "png", place / name / "again"]
        (place / name).mkdir()
        source, problems = CASES / name, []
        for step, layout in zip(steps, ("idx", "npz", "folders", "idx")):
            done = run("data", "convert", source, "-o", step, "--to", layout, "-q")
            problems += [done.stderr.strip()] * (done.returncode != 0)
            source = step
        first, last = (sorted(f.read_bytes() for f in step.glob("*-ubyte.gz")) for step in (steps[0], steps[3]))
        check(f"{name}: convert", not problems and first and first == last, problems or "other bytes")

done = run("predict", "--run", "run-five", "photo.heic")
check("photo.heic", done.returncode in (65, 69) and "is a HEIC picture" in done.stderr or "HEIC picture is damaged" in done.stderr,
      done.stderr)

# Sweep files. What runs does so on few images, one trial each.
for file in sorted((CASES / "sweeps").iterdir()):
    kind, arguments = file.name.split("-")[0], ["--trials", 1, "--out", f"study-{file.stem}"]
    subprocess.run(["rm", "-rf", CASES / arguments[-1]])
    if file.stem != "runs-underscore-set": arguments += ["--data", "channel"]
    done = run("sweep", file, *arguments)
    listed = [line for line in done.stderr.splitlines() if line.startswith("  line ")]
    noted = f"{file}: " in done.stderr
    if kind == "refused":
        check(file.name, done.returncode == 78 and len(listed) == 4, done.stderr)
    elif kind == "flag":
        check(file.name, done.returncode == 78 and len(listed) == 2, done.stderr)
        done = run("sweep", file, *arguments, "--ignore-unknown")
        check(file.name + " --ignore-unknown", done.returncode == 0, done.stderr)
    elif file.stem == "runs-underscore-set":
        check(file.name, "'fashion-mnist'" in done.stderr or done.returncode == 0, done.stderr)
    else:
        check(file.name, done.returncode == 0 and (noted or kind == "runs"), done.stderr)
sys.exit(failures > 0)
