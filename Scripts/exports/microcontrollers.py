"""The C program on microcontrollers without the hardware: a Cortex-M4 of QEMU, and an ATmega328 of
simavr, each compared with the same program on this machine."""

import re
import shutil
import subprocess
from pathlib import Path

import numpy as np

from . import c
from .case import Difference, Missing

BOARDS = Path(__file__).resolve().parent / "boards"
FLASH, RAM = 32 * 1024, 2 * 1024
# What QEMU computes in a few seconds; it takes about a hundred instructions for a product in floats.
WORK = 60_000_000


def tool(name):
    if not shutil.which(name):
        raise Missing(name)
    return name


def run(command, **options):
    done = subprocess.run(
        [*map(str, command)], capture_output=True, text=True, check=False, timeout=900, **options
    )
    if done.returncode:
        raise Difference(f"{command[0]}: {done.stderr.strip() or done.stdout.strip()}")
    return done.stdout + done.stderr


def check_cortex_m(case):
    if case.is_over_tokens:
        return
    compiler, emulator = tool("arm-none-eabi-gcc"), tool("qemu-system-arm")
    for options in [[], ["--quantize", "int8"]]:
        if options and "group" in case.name:
            continue
        name = "int8" if options else "floats"
        source = case.export("c", f"cortex-{name}.c", *options)
        count = max(2, min(50, WORK // max(1, case.result["multiply_adds"])))
        found, accepted = cortex_m(case, compiler, emulator, source, count)
        host = c.load(case, "gcc", source)
        wanted = c.logits(case, host)[:count]
        largest = max(1, float(np.abs(wanted).max()))
        difference = float(np.abs(found - wanted).max())
        if difference > (0 if options else 1e-4 * largest):
            raise Difference(f"Cortex-M4, {name}: logits differ by {difference:.1e}")
        if accepted != c.accepted(case, host)[:count]:
            raise Difference(f"Cortex-M4, {name}: emnist_accepts gives something else")
        how = "bit for bit" if difference == 0 else f"within {difference:.1e}"
        yield f"Cortex-M4 under QEMU, {name}: this machine's logits of {count} images, {how}"


def cortex_m(case, compiler, emulator, source, count):
    """Logits of the first images, and which of them are taken for characters."""
    classes = case.logits.shape[1]
    (case.folder / "images.bin").write_bytes(case.images[:count].tobytes())
    machine = "-mcpu=cortex-m4 -mthumb -mfloat-abi=hard -mfpu=fpv4-sp-d16 -O2".split()
    network, program = case.folder / "network.o", case.folder / "network.elf"
    run([compiler, *machine, *c.STRICT, "-c", source, "-o", network])
    run([
        compiler, *machine, f"-DCLASSES={classes}", f"-DPIXELS={case.images[0].size}",
        "-nostartfiles", "-specs=nosys.specs", "-T", BOARDS / "cortex_m.ld",
        BOARDS / "cortex_m.c", network, "-o", program, "-lm",
    ])  # fmt: skip
    run([
        emulator, "-M", "mps2-an386", "-nographic", "-monitor", "none", "-serial", "none",
        "-semihosting-config", "enable=on,target=native", "-kernel", program,
    ], cwd=case.folder)  # fmt: skip
    content = (case.folder / "logits.bin").read_bytes()
    rows = np.frombuffer(content, np.float32).reshape(count, classes + 1)
    return rows[:, :-1], [int(row[-1]) for row in rows]


def check_atmega328(case):
    if case.name != "mlp-16":
        return
    compiler, emulator, size = tool("avr-gcc"), tool("simavr"), tool("avr-size")
    source = case.export("c", "avr.c", "--quantize", "int8")
    host = c.load(case, "gcc", source)
    wanted, accepted = c.logits(case, host), c.accepted(case, host)
    count, step, checked = 40, 8, 0
    for first in range(0, count, step):
        program = case.folder / f"avr-{first}.elf"
        header(case.images[first : first + step], case.folder / "images.h")
        run([
            compiler, "-mmcu=atmega328p", *c.STRICT, "-Os", "-ffunction-sections", "-fdata-sections",
            "-Wl,--gc-sections", f"-I{case.folder}", f"-DCLASSES={wanted.shape[1]}",
            BOARDS / "atmega328.c", source, "-o", program, "-lm",
        ])  # fmt: skip
        text = run([emulator, "-m", "atmega328p", "-f", "16000000", program])
        words = re.findall(r"=([0-9a-f]{8})", text)
        found = np.array([int(word, 16) for word in words], np.uint32).view(np.float32)
        if len(found) != step * wanted.shape[1]:
            raise Difference(f"ATmega328: it gives {len(found)} logits")
        if not np.array_equal(found.reshape(step, -1), wanted[first : first + step]):
            raise Difference("ATmega328: it gives other logits than this machine")
        if [int(word) for word in re.findall(r"!([01])", text)] != accepted[first : first + step]:
            raise Difference("ATmega328: emnist_accepts gives something else than on this machine")
        checked += step
    flash, ram = memory(run([size, program]), step * case.images[0].size)
    story = (
        f"ATmega328 under simavr, int8: this machine's logits of {checked} images, bit for bit; "
        f"{flash} of {FLASH} bytes of flash, {ram} of {RAM} bytes of RAM with the image"
    )
    if flash > FLASH or ram > RAM - 256:
        raise Difference(story)
    yield story


def memory(text, images):
    """Bytes of flash without the images that were put there for the check, and of RAM without stack."""
    code, data, zeros = (int(word) for word in text.splitlines()[1].split()[:3])
    return code + data - images, data + zeros


def header(images, path):
    rows = ",\n".join("{" + ",".join(str(pixel) for pixel in image.flat) + "}" for image in images)
    path.write_text(
        f"#define COUNT {len(images)}\n#define PIXELS {images[0].size}\n"
        f"static const uint8_t images[COUNT][PIXELS] PROGMEM = {{\n{rows}\n}};\n"
    )
