#!/usr/bin/env python3
"""Makes Tests/FormatsTests/Golden/pictures.json: small pictures of every format, and Pillow's greys of them.

    python3 Scripts/golden/pictures.py        (needs pillow and pillow-heif)
"""
import base64, io, json, struct
from pathlib import Path

from PIL import Image, ImageDraw, ImageOps
import pillow_heif

pillow_heif.register_heif_opener()
TARGET = Path(__file__).resolve().parents[2] / "Tests/FormatsTests/Golden/pictures.json"
W, H = 20, 14


def drawing():
    """A blue 7 on yellowish paper, which is no picture of its mirror image."""
    image = Image.new("RGB", (4 * W, 4 * H), (230, 225, 210))
    ImageDraw.Draw(image).line([(10, 8), (60, 8), (30, 48)], fill=(20, 40, 120), width=7)
    return image.resize((W, H), Image.LANCZOS)


def gray(file):
    image = ImageOps.exif_transpose(Image.open(io.BytesIO(file)))
    if image.mode in ("RGBA", "LA"):
        light, alpha = image.convert("RGB").convert("L"), image.getchannel("A")
        pixels = [(l * a + 255 * (255 - a) + 127) // 255 for l, a in zip(light.tobytes(), alpha.tobytes())]
        return image.size, bytes(pixels)
    return image.size, image.convert("L").tobytes()


def saved(image, kind, **options):
    file = io.BytesIO()
    image.save(file, kind, **options)
    return file.getvalue()


def bitmap(depth, compression, data, palette=b"", masks=b"", height=H):
    """A BMP file of Windows' 40-byte header."""
    start = 14 + 40 + len(masks) + len(palette)
    head = struct.pack("<IiiHHIIiiII", 40, W, height, 1, depth, compression, len(data), 0, 0, len(palette) // 4, 0)
    return b"BM" + struct.pack("<IHHI", start + len(data), 0, 0, start) + head + masks + palette + data


def runs(rows, depth):
    """Run lengths: each row its first half in runs, its second as it is."""
    out = b""
    for row in reversed(rows):
        half = W // 2
        for value in row[:half]: out += bytes([1, value if depth == 8 else value << 4])
        rest = row[half:]
        if depth == 4: rest = bytes(a << 4 | b for a, b in zip(rest[::2], rest[1::2]))
        out += bytes([0, W - half]) + rest + b"\0" * (len(rest) % 2) + b"\0\0"
    return out + b"\0\1"


image, files = drawing(), []


def add(name, file, tolerance=0):
    size, pixels = gray(file)
    files.append({"name": name, "width": size[0], "height": size[1], "tolerance": tolerance,
                  "file": base64.b64encode(file).decode(), "gray": base64.b64encode(pixels).decode()})


L, ONE, P = image.convert("L"), image.convert("1"), image.convert("P", palette=Image.ADAPTIVE, colors=16)
add("ppm", saved(image, "PPM"))
add("pgm", saved(L, "PPM"))
add("pbm", saved(ONE, "PPM"))
add("ppm text", b"P3\n20 14\n255\n" + b" ".join(b"%d" % v for v in image.tobytes()) + b"\n")
bits = [v == 0 for v in ONE.tobytes("raw", "L")]
add("pbm text", b"P1 20 14\n" + b"\n".join(b"".join(b"%d" % v for v in bits[i:i + W]) for i in range(0, W * H, W)) + b"\n")
for mode, part in (("RGB", image), ("RGBA", image.convert("RGBA")), ("L", L), ("1", ONE), ("P", P)):
    add(f"bmp {mode}", saved(part, "BMP"))
words = b"".join(struct.pack("<H", r >> 3 << 11 | g >> 2 << 5 | b >> 3) for r, g, b in image.transpose(Image.FLIP_TOP_BOTTOM).get_flattened_data())
add("bmp 565", bitmap(16, 3, words, masks=struct.pack("<III", 0xF800, 0x7E0, 0x1F)), tolerance=1)
short = image.transpose(Image.FLIP_TOP_BOTTOM).get_flattened_data()
add("bmp 555", bitmap(16, 0, b"".join(struct.pack("<H", r >> 3 << 10 | g >> 3 << 5 | b >> 3) for r, g, b in short)), tolerance=1)
add("bmp from the top", bitmap(24, 0, b"".join(bytes([b, g, r]) for r, g, b in image.get_flattened_data()), height=-H))
palette = b"".join(bytes([b, g, r, 0]) for r, g, b in zip(*[iter(P.getpalette()[:48])] * 3))
rows = [P.tobytes()[i:i + W] for i in range(0, W * H, W)]
add("bmp runs 8", bitmap(8, 1, runs(rows, 8), palette))
add("bmp runs 4", bitmap(4, 2, runs(rows, 4), palette))
add("jpeg", saved(image, "JPEG", quality=90), tolerance=2)
add("jpeg progressive", saved(image, "JPEG", quality=90, subsampling=0, progressive=True), tolerance=2)
add("jpeg gray", saved(L, "JPEG"), tolerance=2)
add("jpeg inks", saved(image.convert("CMYK"), "JPEG"), tolerance=2)
for orientation in range(1, 9):
    exif = Image.Exif()
    exif[0x112] = orientation
    add(f"jpeg turned {orientation}", saved(image, "JPEG", quality=90, exif=exif), tolerance=2)
add("webp", saved(image, "WEBP", quality=90))
add("webp exact", saved(image, "WEBP", lossless=True))
exif = Image.Exif()
exif[0x112] = 6
add("webp turned", saved(image, "WEBP", lossless=True, exif=exif))
clear = image.convert("RGBA")
clear.putalpha(L.point(lambda v: 0 if v > 128 else 255))
add("webp clear", saved(clear, "WEBP", lossless=True))
add("heic", saved(image, "HEIF", quality=90), tolerance=2)
add("avif", saved(image, "AVIF", quality=90), tolerance=2)
TARGET.write_text(json.dumps({"pictures": files}, indent=1) + "\n")
print(f"{len(files)} pictures, {TARGET.stat().st_size} bytes")
