#!/usr/bin/env python3
"""Checks the pictures that emnist writes and reads against Pillow, an XML parser and a browser.

    python3 -m venv venv && venv/bin/pip install pillow numpy
    venv/bin/python Scripts/check_pictures.py --emnist .build/debug/emnist
    venv/bin/python Scripts/check_pictures.py --emnist .build/debug/emnist runs/cnn-balanced-1

Trains a small run on the glyphs that ship (or takes those named), and checks that

  - every PNG that 'data preview' and 'report' write, and every one inside an SVG, decodes in Pillow;
    the contact sheet has the pixels of the IDX file, turned upright, to the last one,
  - a PNG of each kind that Pillow writes, and a PGM, is predicted as the same pixels in IDX are,
  - every SVG parses, and in headless Chromium no text overlaps another or leaves its picture, and
    the page neither.

Ends with 1 if anything is wrong. Without Chromium (--browser, or chromium in the path) the last is
skipped, saying so.
"""

import argparse
import base64
import gzip
import io
import json
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
from PIL import Image

ROOT = Path(__file__).resolve().parents[1]
SIDE, SCALE, GAP = 28, 2, 2
OVERLAPS = """
<script>
const problems = [];
for (const svg of document.querySelectorAll("svg")) {
  const name = svg.querySelector("title")?.textContent ?? "?";
  const frame = svg.getBoundingClientRect();
  const texts = [...svg.querySelectorAll("text")].map(t => [t.textContent, t.getBoundingClientRect()])
    .filter(([text, box]) => text.trim() && box.width > 0);
  const slack = 1.5;
  for (const [text, box] of texts)
    if (box.left < frame.left - slack || box.right > frame.right + slack ||
        box.top < frame.top - slack || box.bottom > frame.bottom + slack)
      problems.push(`${name}: '${text}' leaves the picture`);
  for (let i = 0; i < texts.length; i++)
    for (let j = i + 1; j < texts.length; j++) {
      const [a, b] = [texts[i][1], texts[j][1]];
      const wide = Math.min(a.right, b.right) - Math.max(a.left, b.left);
      // A line's box is higher than its letters.
      const high = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
      if (wide > slack && high > 0.35 * Math.min(a.height, b.height))
        problems.push(`${name}: '${texts[i][0]}' and '${texts[j][0]}' overlap`);
    }
}
if (document.documentElement.scrollWidth > innerWidth + 1) problems.push("the page scrolls sideways");
document.body.innerHTML = "<pre id=found></pre>";
document.getElementById("found").textContent = JSON.stringify(problems);
</script>
"""


class Check:
    def __init__(self, emnist, browser):
        self.emnist, self.browser = emnist, browser
        self.failures, self.counts = [], {}

    def run(self, *words):
        result = subprocess.run([str(self.emnist), *map(str, words)], capture_output=True, text=True)
        if result.returncode:
            sys.exit(f"emnist {' '.join(map(str, words))}: {result.stderr}")
        return result.stdout

    def expect(self, kind, is_right, what):
        self.counts[kind] = self.counts.get(kind, 0) + 1
        if not is_right:
            self.failures.append(f"{kind}: {what}")

    def decode(self, data, name):
        """The pixels of a PNG in Pillow, which checks its checksums."""
        try:
            image = Image.open(io.BytesIO(data))
            image.verify()
            pixels = np.asarray(Image.open(io.BytesIO(data)))
        except Exception as error:
            self.expect("PNG decodes", False, f"{name}: {error}")
            return None
        self.expect("PNG decodes", image.format == "PNG", name)
        return pixels


def images(path):
    with gzip.open(path) as file:
        return np.frombuffer(file.read()[16:], np.uint8).reshape(-1, SIDE, SIDE)


def check_sheet(check, folder):
    """Every tile of a contact sheet is an image of the file, upright, each pixel twice."""
    sheet = folder / "sheet.png"
    check.run("data", "preview", "--data", ROOT / "Data", "--per-class", 4, "-o", sheet)
    pixels = check.decode(sheet.read_bytes(), sheet.name)
    stored = images(ROOT / "Data/emnist-tiny-train-images-idx3-ubyte.gz").transpose(0, 2, 1)
    known = {image.tobytes() for image in stored}
    # The classes of that set have one character each, before the row.
    step, margin = SIDE * SCALE + GAP, 3 * GAP + 5 * SCALE
    tiles = [
        pixels[y : y + SIDE * SCALE, x : x + SIDE * SCALE]
        for y in range(GAP, pixels.shape[0], step)
        for x in range(margin + GAP, pixels.shape[1], step)
    ]
    for number, tile in enumerate(tiles):
        small = tile[::SCALE, ::SCALE]
        check.expect(
            "tile of the sheet",
            small.tobytes() in known and np.array_equal(tile, small.repeat(2, 0).repeat(2, 1)),
            f"tile {number} is no image of the file",
        )


def check_reading(check, folder, run):
    """The same image in every format is the same to the network."""
    stored = images(ROOT / "Data/emnist-tiny-test-images-idx3-ubyte.gz").transpose(0, 2, 1)[:12]
    # One image a file, because those of one file are brought into form together or not at all.
    singles = []
    for number, image in enumerate(stored):
        singles.append(folder / f"{number}-images-idx3-ubyte")
        singles[-1].write_bytes(
            b"\0\0\x08\x03" + np.array([1, SIDE, SIDE], ">u4").tobytes() + image.tobytes())
    files = {"grey": [], "rgb": [], "rgba": [], "palette": [], "16 bits": [], "pgm": [], "inverted": []}
    for number, image in enumerate(stored):
        gray = Image.fromarray(np.ascontiguousarray(image))
        made = {
            "grey": gray, "rgb": gray.convert("RGB"), "rgba": gray.convert("RGBA"),
            "palette": gray.convert("P"), "inverted": Image.fromarray(255 - image),
            "16 bits": Image.fromarray(image.astype(np.uint16) * 257), "pgm": gray,
        }
        for kind, picture in made.items():
            files[kind].append(folder / f"{kind}-{number}.{'pgm' if kind == 'pgm' else 'png'}")
            picture.save(files[kind][-1])
    keys = ("label", "probability", "form", "top")
    expected = predictions(check, run, singles, keys)
    for kind, paths in files.items():
        found = predictions(check, run, paths, keys)
        check.expect("picture predicted as IDX", found == expected, kind)


def predictions(check, run, files, keys):
    found = json.loads(check.run("predict", "--run", run, "--json", *files))["predictions"]
    return [[one[key] for key in keys] for one in found]


def check_report(check, folder, run):
    place = folder / f"site-{run.name}"
    check.run("report", run, "-o", place)
    for png in sorted(place.glob("report/*.png")):
        check.decode(png.read_bytes(), png.name)
    for svg in sorted(place.glob("report/*.svg")):
        text = svg.read_text(encoding="utf-8")
        try:
            root = ElementTree.fromstring(text)
        except ElementTree.ParseError as error:
            check.expect("SVG parses", False, f"{svg.name}: {error}")
            continue
        check.expect("SVG parses", root.tag == "{http://www.w3.org/2000/svg}svg", svg.name)
        for number, data in enumerate(re.findall(r"data:image/png;base64,([^\"]+)", text)):
            check.decode(base64.b64decode(data), f"{svg.name}, picture {number}")
        look(check, folder, text, 1200, svg.name)
    page = (place / "report.html").read_text(encoding="utf-8")
    for width in (1280, 500):
        look(check, folder, page.replace("</body>", OVERLAPS + "</body>"), width, "report.html")


def look(check, folder, page, width, name):
    """What the browser finds wrong with a page, or with an SVG on a page of its own."""
    if not check.browser:
        return
    if "<body" not in page:
        page = f"<!DOCTYPE html><meta charset=utf-8><body>{page}{OVERLAPS}</body>"
    place = folder / "look.html"
    place.write_text(page, encoding="utf-8")
    result = subprocess.run(
        [check.browser, "--headless", "--no-sandbox", "--disable-gpu", f"--window-size={width},900",
         "--dump-dom", place.as_uri()], capture_output=True, text=True, timeout=120)
    found = re.search(r"<pre id=\"found\">(.*?)</pre>", result.stdout, re.S)
    if not found:
        check.expect("rendered", False, f"{name} at {width}: {result.stderr[-300:]}")
        return
    problems = json.loads(found[1].replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&"))
    check.expect("rendered", not problems, f"{name} at {width}: {problems[:4]}")


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--emnist", required=True, type=Path, help="the built program")
    parser.add_argument("--browser", default=shutil.which("chromium"), help="Chromium")
    parser.add_argument("runs", nargs="*", type=Path, help="run directories")
    arguments = parser.parse_args()
    check = Check(arguments.emnist.resolve(), arguments.browser)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        run = folder / "run"
        check.run("train", "--model", "cnn-2", "--epochs", 2, "--limit", 2000, "--augment", "default",
                  "--data", ROOT / "Data", "--out", run, "-q")
        check_sheet(check, folder)
        check_reading(check, folder, run)
        for one in arguments.runs or [run]:
            check_report(check, folder, one)
    if not check.browser:
        print("no Chromium: nothing was rendered")
    for kind, count in check.counts.items():
        print(f"{kind}: {count} checked")
    for failure in check.failures:
        print(failure, file=sys.stderr)
    sys.exit(1 if check.failures else 0)


if __name__ == "__main__":
    main()
