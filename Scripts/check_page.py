#!/usr/bin/env python3
"""Drives the page of `emnist export --format html` through headless Chromium.

    pip install playwright pillow numpy && swift build -c release && Scripts/check_page.py [RUN…]
        [--program PROGRAM] [--chromium /usr/bin/chromium] [--pictures DIRECTORY]

For each run, or without one for a short one of each preset: the logits of 200 test images are the program's within 1e-3 (of `export --format npz --what logits`); the
preparation of 100 drawn pictures is `predict`'s within 2 grey levels, each is a character to both or to neither, and of
the same class; a stroke that is drawn with the mouse is named; an empty sheet and a scribble are no character; nothing is asked of the network and
nothing is refused by the content policy. --pictures saves what it looks like, at 1280 and 390 pixels, light and dark.
"""
import argparse, base64, gzip, json, math, os, subprocess, sys, tempfile
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw
from playwright.sync_api import sync_playwright

from exports.case import presets, train

ROOT = Path(__file__).resolve().parent.parent
random = np.random.default_rng(3)


def trained(folder):
    """A run of each preset, on the synthetic images that ship, one after the other."""
    for name in presets(PROGRAM):
        yield train(PROGRAM, name, Path(folder, name), "--model", name, "--epochs", "3")


def ask(*words):
    result = subprocess.run([PROGRAM, *map(str, words)], capture_output=True, text=True)
    assert result.returncode == 0, result.stderr
    return json.loads(result.stdout)


def test_images(run):
    """The run's test images, upright."""
    manifest = json.loads(Path(run, "manifest.json").read_text())
    path = next(f["path"] for f in manifest["data"]["files"] if f["role"] == "test-images")
    raw = gzip.open(path).read() if path.endswith(".gz") else Path(path).read_bytes()
    images = np.frombuffer(raw, np.uint8, offset=16).reshape(-1, 28, 28)
    return images.transpose(0, 2, 1) if "emnist" in Path(path).name else images


def drawn(number):
    """A picture of 280 x 280 pixels: a character of the test part, enlarged, or strokes; some on grey paper."""
    if number % 2:
        picture = Image.fromarray(255 - IMAGES[number]).resize((280, 280), Image.BICUBIC)
    else:
        picture = Image.new("L", (280, 280), 255)
        for _ in range(random.integers(1, 4)):
            points = [tuple(p) for p in random.uniform(30, 250, (random.integers(2, 6), 2))]
            ImageDraw.Draw(picture).line(points, fill=0, width=int(random.integers(8, 26)), joint="curve")
    if number % 5 == 0:
        pixels = np.asarray(picture, float) * 0.8 + np.linspace(0, 40, 280) + random.normal(0, 2, (280, 280))
        picture = Image.fromarray(np.clip(pixels, 0, 255).astype(np.uint8))
    return picture


def check_logits(page, run, folder):
    subprocess.run([PROGRAM, "export", run, "--format", "npz", "--what", "logits", "-o", f"{folder}/logits.npz", "-q"],
                   check=True, capture_output=True)  # fmt: skip
    wanted = np.load(f"{folder}/logits.npz")["logits"][:200]
    images = test_images(run)[:200]
    found = page.evaluate(
        "images => images.map(image => Array.from(emnist.run(image).at(-1)))", images.reshape(200, -1).tolist())
    difference = np.abs(np.array(found) - wanted).max()
    assert difference <= 1e-3, f"logits differ by {difference}"
    times = page.evaluate(
        "images => images.map(image => { const t = performance.now(); emnist.run(image); return performance.now() - t; })",
        images.reshape(200, -1).tolist())  # fmt: skip
    return difference, np.median(times[20:])


def check_preparation(page, run, folder):
    os.mkdir(f"{folder}/drawn")
    for number in range(100):
        drawn(number).save(f"{folder}/drawn/{number:03}.png")
    said = ask("predict", "--run", run, "--json", f"{folder}/drawn", "--show-input")["predictions"]
    largest, rejected = 0, 0
    for number, prediction in enumerate(said):
        pixels = base64.b64encode(Image.open(f"{folder}/drawn/{number:03}.png").tobytes()).decode()
        found, logits, accepted = page.evaluate(
            "text => { const pixels = Uint8Array.from(atob(text), (c) => c.charCodeAt(0));"
            " const p = emnist.prepared(pixels, 280, 280), z = emnist.run(p).at(-1), s = emnist.score(p, z);"
            " return [Array.from(p), Array.from(z), s === null || s >= emnist.page.threshold]; }", pixels)  # fmt: skip
        largest = max(largest, np.abs(np.array(found) - np.array(prediction["input"])).max())
        label = LABELS[int(np.argmax(logits))]
        assert label == prediction["label"], f"picture {number} is {label}, to predict {prediction['label']}"
        assert accepted == prediction["accepted"], f"picture {number} is {'' if accepted else 'not '}accepted"
        rejected += not accepted
    assert largest <= 2, f"a prepared picture differs by {largest} grey levels"
    return largest, rejected


def draw(page, points):
    box = page.locator("#sheet").bounding_box()
    page.mouse.move(box["x"] + points[0][0] * box["width"], box["y"] + points[0][1] * box["height"])
    page.mouse.down()
    for x, y in points[1:]:
        page.mouse.move(box["x"] + x * box["width"], box["y"] + y * box["height"], steps=4)
    page.mouse.up()
    page.wait_for_timeout(150)
    return page.locator("#answer").inner_text()


def check_drawing(page):
    assert "Nothing" in page.locator("#answer").inner_text()
    one = draw(page, [(0.5, 0.2), (0.5, 0.8)])
    assert one[0] in "1IlL|", one
    assert page.locator("#bars li").count() == 5
    page.keyboard.press("Control+z")
    page.wait_for_timeout(150)
    assert "Nothing" in page.locator("#answer").inner_text()
    scribble = draw(page, [(0.2 + 0.6 * i / 15, 0.2 if i % 2 else 0.8) for i in range(16)])
    if HAS_SCORE:
        assert scribble.startswith("Not a character"), scribble
    page.keyboard.press("Escape")
    page.locator("#sheet").focus()
    for key in ["ArrowUp"] * 5 + ["Space"] + ["ArrowDown"] * 10 + ["Space"]:
        page.keyboard.press(key)
    page.wait_for_timeout(150)
    assert page.locator("#answer").inner_text()[0] in "1IlL|", page.locator("#answer").inner_text()
    page.keyboard.press("Escape")


def photograph(browser, file, directory, name):
    for scheme in ("light", "dark"):
        for width in (1280, 390):
            context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme)
            page = context.new_page()
            page.goto(file)
            loop = [(0.5 + 0.25 * math.sin(t / 4), 0.33 - 0.13 * math.cos(t / 4)) for t in range(26)]
            draw(page, loop[13:] + [(0.5 + 0.28 * math.sin(t / 4), 0.65 - 0.18 * math.cos(t / 4)) for t in range(26)] + loop[:13])
            page.screenshot(path=f"{directory}/{name}-{width}-{scheme}.png", full_page=True)
            assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), f"wider than {width} pixels"
            context.close()


parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
parser.add_argument("runs", nargs="*")
parser.add_argument("--program", default=str(ROOT / ".build/release/emnist"))
parser.add_argument("--chromium", default="/usr/bin/chromium")
parser.add_argument("--pictures")
options = parser.parse_args()
PROGRAM = os.path.abspath(options.program)
with sync_playwright() as playwright, tempfile.TemporaryDirectory() as trainings:
    browser = playwright.chromium.launch(executable_path=options.chromium, args=["--no-sandbox"])
    for run in options.runs or trained(trainings):
        with tempfile.TemporaryDirectory() as folder:
            file = f"{folder}/page.html"
            ask("export", run, "--format", "html", "-o", file, "--json")
            page, complaints, asked = browser.new_page(), [], []
            page.on("console", lambda message: complaints.append(message.text))
            page.on("pageerror", lambda error: complaints.append(str(error)))
            page.on("request", lambda request: asked.append(request.url))
            page.goto(f"file://{file}")
            LABELS, HAS_SCORE = page.evaluate("[emnist.page.labels, emnist.page.score !== null]")
            IMAGES = test_images(run)
            logits, milliseconds = check_logits(page, run, folder)
            levels, rejected = check_preparation(page, run, folder)
            check_drawing(page)
            assert not complaints, complaints
            assert asked == [f"file://{file}"], asked
            print(f"{run}: {os.path.getsize(file):,} bytes; logits within {logits:.1e} of the program's, {milliseconds:.1f} ms "
                  f"an image; prepared pictures within {levels} grey levels, all 100 answers and {rejected} rejections the same", flush=True)  # fmt: skip
            if options.pictures:
                os.makedirs(options.pictures, exist_ok=True)
                photograph(browser, f"file://{file}", options.pictures, Path(run).name)
print("the page does as it should")
