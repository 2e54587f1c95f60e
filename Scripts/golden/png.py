#!/usr/bin/env python3
"""Makes Tests/FormatsTests/Golden/png.json: PNG files of every kind and their grey pixels.

    venv/bin/python Scripts/golden/png.py    # pillow

Every colour type, depth and interlacing, each row with another filter. The files are written here,
from the specification; Pillow must read the same samples from all that it reads with all their bits.
"""

import base64
import io
import json
import random
import struct
import zlib
from pathlib import Path

from PIL import Image

WIDTH, HEIGHT = 9, 11
CHANNELS = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}
DEPTHS = {0: [1, 2, 4, 8, 16], 2: [8, 16], 3: [1, 2, 4, 8], 4: [8, 16], 6: [8, 16]}
ADAM7 = [(0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2)]
TARGET = Path(__file__).resolve().parents[2] / "Tests/FormatsTests/Golden/png.json"


def chunk(kind, data):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def packed(samples, depth):
    bits = "".join(format(sample, f"0{depth}b") for sample in samples)
    bits += "0" * (-len(bits) % 8)
    return bytes(int(bits[i : i + 8], 2) for i in range(0, len(bits), 8))


def paeth(a, b, c):
    p = a + b - c
    return min((abs(p - a), 0, a), (abs(p - b), 1, b), (abs(p - c), 2, c))[2]


def filtered(line, above, kind, size):
    out = bytearray([kind])
    for i, value in enumerate(line):
        a = line[i - size] if i >= size else 0
        b, c = above[i], above[i - size] if i >= size else 0
        out.append((value - [0, a, b, (a + b) // 2, paeth(a, b, c)][kind]) % 256)
    return bytes(out)


def rows(pixels, color, depth, interlaced):
    size = max(1, CHANNELS[color] * depth // 8)
    number = 0
    for x, y, dx, dy in ADAM7 if interlaced else [(0, 0, 1, 1)]:
        above = None
        for line in pixels[y::dy]:
            samples = [sample for pixel in line[x::dx] for sample in pixel]
            if not samples:
                continue
            data = packed(samples, depth)
            yield filtered(data, above or bytes(len(data)), number % 5, size)
            above = data
            number += 1


def luminance(red, green, blue):
    return (red * 19595 + green * 38470 + blue * 7471 + 0x8000) >> 16


def gray_of(pixel, color, depth, palette):
    most = 2**depth - 1
    eight = [(sample * 255 + most // 2) // most for sample in pixel]
    if color == 3:
        return luminance(*palette[pixel[0]])
    return luminance(*eight[:3]) if color in (2, 6) else eight[0]


def on_white(gray, alpha):
    return (gray * alpha + 255 * (255 - alpha) + 127) // 255


def case(color, depth, interlaced, transparent, stream):
    most = 2**depth - 1
    pixels = [
        [tuple(stream.randint(0, most) for _ in range(CHANNELS[color])) for _ in range(WIDTH)]
        for _ in range(HEIGHT)
    ]
    palette = [tuple(stream.randint(0, 255) for _ in range(3)) for _ in range(most + 1)]
    opacity = [stream.randint(0, 255) for _ in range(max(1, most // 2))]
    extra = b""
    if color == 3:
        extra += chunk(b"PLTE", bytes(sum(palette, ())))
    if transparent:
        key = pixels[3][4]
        extra += chunk(b"tRNS", bytes(opacity) if color == 3 else struct.pack(f">{len(key)}H", *key))
    head = struct.pack(">IIBBBBB", WIDTH, HEIGHT, depth, color, 0, 0, int(interlaced))
    data = zlib.compress(b"".join(rows(pixels, color, depth, interlaced)), 9)
    cut = len(data) // 2
    file = (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"tEXt", b"Comment\0a test picture") + extra
        + chunk(b"IDAT", data[:cut]) + chunk(b"IDAT", data[cut:]) + chunk(b"IEND", b"")
    )

    def alpha(pixel):
        if transparent and color == 3:
            return opacity[pixel[0]] if pixel[0] < len(opacity) else 255
        if transparent:
            return 0 if pixel == pixels[3][4] else 255
        return (pixel[-1] * 255 + most // 2) // most if color in (4, 6) else 255

    gray = [
        on_white(gray_of(pixel, color, depth, palette), alpha(pixel))
        for line in pixels for pixel in line
    ]
    check(file, color, depth, gray, pixels)
    name = f"color type {color}, {depth} bits" + ", interlaced" * interlaced
    return {
        "name": name + ", transparent" * transparent, "width": WIDTH, "height": HEIGHT,
        "file": base64.b64encode(file).decode(), "gray": gray,
    }


def check(file, color, depth, gray, pixels):
    """Pillow sees the same, where it keeps all bits."""
    image = Image.open(io.BytesIO(file))
    if depth == 16:
        if color == 0:
            assert list(image.get_flattened_data()) == [p[0] for line in pixels for p in line]
        return
    if color == 0 and depth < 8 and "transparency" in image.info:
        return  # Pillow compares the transparent grey with samples that it has scaled already.
    seen = image.convert("RGBA").get_flattened_data()
    assert [on_white(luminance(*p[:3]), p[3]) for p in seen] == gray, (color, depth)


def main():
    stream = random.Random(1)
    cases = [
        case(color, depth, interlaced, transparent, stream)
        for color in CHANNELS
        for depth in DEPTHS[color]
        for interlaced in (False, True)
        for transparent in ((False, True) if color in (0, 2, 3) else (False,))
    ]
    TARGET.parent.mkdir(exist_ok=True)
    lines = ",\n".join(json.dumps(one, separators=(",", ":")) for one in cases)
    TARGET.write_text(f"[\n{lines}\n]\n", encoding="utf-8")
    print(f"{TARGET}: {len(cases)} files")


if __name__ == "__main__":
    main()
