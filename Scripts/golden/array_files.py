#!/usr/bin/env python3
"""Makes Tests/FormatsTests/Golden/array_files.json: zip, .npy, .npz and .mat files and what is in them.

    python3 Scripts/golden/array_files.py        (needs numpy and scipy; read back with both)
"""
import base64, io, json, struct, zipfile
from pathlib import Path

import numpy as np
import scipy.io

TARGET = Path(__file__).resolve().parents[2] / "Tests/FormatsTests/Golden/array_files.json"
NAMES = {"b1": "bool", "u1": "uint8", "i1": "int8", "u2": "uint16", "i2": "int16", "u4": "uint32",
         "i4": "int32", "u8": "uint64", "i8": "int64", "f2": "float16", "f4": "float32", "f8": "float64"}


def entry(name, file, arrays=(), **more):
    def described(key, array):
        array = np.asarray(array)
        return {"name": key, "element": NAMES[array.dtype.str[1:]], "shape": list(array.shape),
                "values": [float(v) for v in array.ravel()]}
    return {"name": name, "file": base64.b64encode(file).decode(),
            "arrays": [described(key, array) for key, array in arrays], **more}


def npy(array, **options):
    out = io.BytesIO()
    np.lib.format.write_array(out, array, **options)
    assert np.array_equal(np.load(io.BytesIO(out.getvalue())), array)
    return out.getvalue()


def npy_files():
    for kind in NAMES:
        for order in "|" if kind[1] == "1" else "<>":
            low = 0 if kind[0] in "bu" else -3
            array = np.array([[low, 0, 1], [1, 0, 1 if kind[0] == "b" else 120]], order + kind)
            if kind[0] == "f": array[0, 1] = 0.40625
            yield entry(f"{order}{kind}", npy(array), [("", array)])
    array = np.arange(24, dtype="<i2").reshape(2, 3, 4)
    yield entry("Fortran order", npy(np.asfortranarray(array)), [("", array)])
    table = np.arange(6, dtype="|u1").reshape(2, 3)
    yield entry("Fortran order in two dimensions", npy(np.asfortranarray(table)), [("", table)])
    for version in ((1, 0), (2, 0), (3, 0)):
        yield entry(f"version {version[0]}", npy(table, version=version), [("", table)])
    yield entry("one number", npy(np.float32(2.5)[()].reshape(())), [("", np.float32(2.5))])
    yield entry("one dimension", npy(np.arange(3, dtype="<i8")), [("", np.arange(3, dtype="<i8"))])
    yield entry("nothing", npy(np.zeros((0, 3), "<f4")), [("", np.zeros((0, 3), "<f4"))])
    texts = np.array(["b", "äh", "あ"])
    yield entry("texts", npy(texts), texts=texts.tolist())


def npz_files():
    arrays = {"x_train": np.arange(12, dtype="|u1").reshape(3, 2, 2), "y_train": np.arange(3)}
    for save in (np.savez, np.savez_compressed):
        out = io.BytesIO()
        save(out, **arrays)
        yield entry(save.__name__, out.getvalue(), arrays.items())


def mat(values, **options):
    out = io.BytesIO()
    scipy.io.savemat(out, values, **options)
    return out.getvalue()


def big_endian_mat():
    """SciPy writes the byte order of its machine only."""
    def element(kind, data): return struct.pack(">II", kind, len(data)) + data + b"\0" * (-len(data) % 8)
    body = element(6, struct.pack(">II", 11, 0)) + element(5, struct.pack(">ii", 2, 3)) + element(1, b"x") \
        + element(4, struct.pack(">6H", 1, 4, 2, 5, 3, 600))
    file = b"MATLAB 5.0 MAT-file, by hand".ljust(124) + struct.pack(">H", 0x0100) + b"MI" + element(14, body)
    array = np.array([[1, 2, 3], [4, 5, 600]], "u2")
    assert np.array_equal(scipy.io.loadmat(io.BytesIO(file))["x"], array)
    return entry("big-endian", file, [("x", array)])


def mat_files():
    images = np.arange(24, dtype="u1").reshape(4, 6)
    labels = np.array([[1], [2], [3], [1]], "u1")
    dataset = {"train": {"images": images, "labels": labels, "writers": labels + 100},
               "test": {"images": images[:2], "labels": labels[:2], "writers": labels[:2]},
               "mapping": np.array([[1, 65, 97], [2, 66, 98], [3, 67, 99]], "u1")}
    found = [(f"dataset.{p}.{k}", v) for p in ("train", "test") for k, v in dataset[p].items()]
    found.append(("dataset.mapping", dataset["mapping"]))
    for deflated in (False, True):
        yield entry(f"EMNIST, {'deflated' if deflated else 'plain'}",
                    mat({"dataset": dataset}, do_compression=deflated), found)
    for kind in NAMES:
        if kind == "f2": continue
        array = np.array([[0, 1, 1], [1, 0, 1]], kind)
        # MATLAB's logical values are bytes.
        yield entry(kind, mat({"x": array}), [("x", array.astype("u1") if kind == "b1" else array)])
    cube = np.arange(24, dtype="f4").reshape(2, 3, 4)
    yield entry("three dimensions", mat({"X": cube, "y": np.arange(4)}),
                [("X", cube), ("y", np.arange(4)[None])])
    cells = np.empty(2, object)
    cells[:] = [np.arange(3, dtype="u1"), np.arange(2, dtype="i4")]
    yield entry("cells and complex numbers and a sparse matrix",
                mat({"c": cells, "z": np.array([[1 + 2j, 3]]), "s": scipy.sparse.eye(3).tocsc(),
                     "after": np.float64(7)}),
                [("c{1}", np.arange(3, dtype="u1")[None]), ("c{2}", np.arange(2, dtype="i4")[None]),
                 ("z", np.array([[1.0, 3.0]])), ("after", np.array([[7.0]]))])
    names = np.array(["cat", "dog", "bird"], object)
    yield entry("texts", mat({"classes": names}), texts=names.tolist())
    yield big_endian_mat()


class Unseekable(io.RawIOBase):
    """What a pipe is: a zip written to it keeps sizes behind each member."""
    def __init__(self): self.data = b""
    def writable(self): return True
    def write(self, data): self.data += bytes(data); return len(data)


def zip_files():
    members = {"gzip/a.txt": b"abc", "long": b"0123456789" * 1000}
    def described(data, name):
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            found = {n: archive.read(n).decode() for n in archive.namelist() if not n.endswith("/")}
        return {"name": name, "file": base64.b64encode(data).decode(), "members": found}
    def archive(method, large=False, comment=b"", out=None):
        out = out or io.BytesIO()
        with zipfile.ZipFile(out, "w", method) as file:
            file.comment = comment
            if not isinstance(out, Unseekable): file.mkdir("gzip") if hasattr(file, "mkdir") else None
            for name, data in members.items():
                with file.open(name, "w", force_zip64=large) as member: member.write(data)
        return out.data if isinstance(out, Unseekable) else out.getvalue()
    yield described(archive(zipfile.ZIP_STORED), "stored")
    yield described(archive(zipfile.ZIP_DEFLATED), "deflated")
    yield described(archive(zipfile.ZIP_DEFLATED, large=True), "headers of zip64")
    yield described(archive(zipfile.ZIP_DEFLATED, comment=b"a comment " * 99), "a comment")
    yield described(archive(zipfile.ZIP_DEFLATED, out=Unseekable()), "sizes behind the data")
    limit, count = zipfile.ZIP64_LIMIT, zipfile.ZIP_FILECOUNT_LIMIT
    zipfile.ZIP64_LIMIT, zipfile.ZIP_FILECOUNT_LIMIT = 2, 1
    yield described(archive(zipfile.ZIP_DEFLATED, large=True), "a directory of zip64")
    zipfile.ZIP64_LIMIT, zipfile.ZIP_FILECOUNT_LIMIT = limit, count


files = {"npy": list(npy_files()), "npz": list(npz_files()), "mat": list(mat_files()), "zip": list(zip_files())}
TARGET.write_text(json.dumps(files, indent=1, ensure_ascii=False) + "\n")
print(TARGET, {kind: len(list) for kind, list in files.items()})
