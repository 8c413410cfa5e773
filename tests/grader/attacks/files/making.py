"""What the builders of this folder have in common: a right solution, and ways to pack it."""

import io
import json
import stat
import tarfile
import warnings
import zipfile

GOOD = """
import numpy as np

def scale(x, spatial_scale):
    return np.asarray(x) * spatial_scale

def span(start, size):
    return start, start + size
"""


# ------------------------------------------------------------------ notebooks
def code(source, **more):
    return {"cell_type": "code", "metadata": {}, "execution_count": None, "outputs": [], "source": source, **more}


def markdown(source, **more):
    return {"cell_type": "markdown", "metadata": {}, "source": source, **more}


def notebook(*cells, **more):
    """Sources or whole cells -> bytes."""
    made = [code(cell) if isinstance(cell, str) else cell for cell in cells]
    return json.dumps({"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": made, **more}).encode()


# ------------------------------------------------------------------ zip
def zipped(*files, method=zipfile.ZIP_DEFLATED):
    """(name or ZipInfo, content) pairs -> bytes."""
    out = io.BytesIO()
    with warnings.catch_warnings(), zipfile.ZipFile(out, "w", method) as archive:
        warnings.simplefilter("ignore")  # names that are there twice
        for name, content in files:
            archive.writestr(name, content)
    return out.getvalue()


def entry(name, kind=stat.S_IFREG, method=zipfile.ZIP_STORED):
    """An entry with the name as it is, backslashes and all."""
    made = zipfile.ZipInfo(name)
    made.filename = made.orig_filename = name
    made.create_system, made.external_attr, made.compress_type = 3, (kind | 0o777) << 16, method
    return made


# ------------------------------------------------------------------ tar
def member(name, kind=tarfile.REGTYPE, **fields):
    made = tarfile.TarInfo(name)
    made.type = kind
    for field, value in fields.items():
        setattr(made, field, value)
    return made


def tarred(*files, mode="w:gz", format=tarfile.PAX_FORMAT):
    """(name or TarInfo, content) pairs -> bytes."""
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode=mode, format=format) as archive:
        for name, content in files:
            content = content.encode() if isinstance(content, str) else content
            info = member(name) if isinstance(name, str) else name
            info.size = len(content)
            archive.addfile(info, io.BytesIO(content))
    return out.getvalue()


def header(name, kind=b"0", size=b"%011o\0" % 0, *content):
    """One header of a tar, with a right checksum around whatever `size` says, and what follows it."""
    block = bytearray(512)
    block[: len(name)], block[100:108], block[124 : 124 + len(size)] = name, b"0000644\0", size
    block[148:156], block[156:157], block[257:265] = b" " * 8, kind, b"ustar\x0000"
    block[148:156] = b"%06o\0 " % sum(block)
    return bytes(block) + b"".join(one + bytes(-len(one) % 512) for one in content)


END = bytes(1024)
