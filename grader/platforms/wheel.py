"""roikit as it is installed here, as one wheel for another machine: no index needs to have it.

It is made of the two packages' own files, so that it can be made from a checkout and from an installed wheel
alike. Compiled kernels stay behind, for the other machine may be of another kind: there the definitions of
``roikit.reference`` do the work, with the same numbers. The assignments stay behind, too, with their hidden
tests.
"""

from __future__ import annotations

import base64
import hashlib
import importlib.metadata
import io
import zipfile
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

import grader
import roikit

_LEFT_BEHIND = (".so", ".pyd", ".pyc", ".c", ".cpp")
_WHEEL = "Wheel-Version: 1.0\nGenerator: roikit\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
#: What an installer adds to the metadata, or makes anew.
_INSTALLERS = ("RECORD", "WHEEL", "INSTALLER", "REQUESTED", "direct_url.json")
_MOMENT = (2020, 1, 1, 0, 0, 0)  # of every file: what is packed twice is packed alike


def wheel() -> tuple[str, bytes]:
    """The wheel's file name and its bytes."""
    version = importlib.metadata.version("roikit")
    about = f"roikit-{version}.dist-info"
    files = dict(_files(about))
    files[f"{about}/WHEEL"] = _WHEEL.encode()
    lines = [f"{name},{_digest(data)},{len(data)}" for name, data in files.items()]
    record = f"{about}/RECORD"
    files[record] = "\n".join([*lines, f"{record},,", ""]).encode()
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name, data in files.items():
            add(archive, name, data)
    return f"roikit-{version}-py3-none-any.whl", packed.getvalue()


def add(archive: zipfile.ZipFile, name: str, data: bytes, mode: int = 0o644) -> None:
    """Put a file into `archive` as Unix has it, at no particular moment."""
    info = zipfile.ZipInfo(name, _MOMENT)
    info.create_system, info.external_attr = 3, (0o100000 | mode) << 16
    archive.writestr(info, data, zipfile.ZIP_DEFLATED)


def files_below(folder: Path) -> Iterator[tuple[PurePosixPath, Path]]:
    """Regular files, by name, and where they lie; without what Python and Jupyter leave behind."""
    for path in sorted(folder.rglob("*")):
        inside = path.relative_to(folder)
        is_junk = any(part == "__pycache__" or part.startswith(".") for part in inside.parts)
        if path.is_file() and not path.is_symlink() and not is_junk:
            yield PurePosixPath(inside.as_posix()), path


def _files(about: str) -> Iterator[tuple[str, bytes]]:
    for package in (roikit, grader):
        for inside, path in files_below(Path(package.__file__).parent):
            if inside.parts[0] != "assignments" and path.suffix not in _LEFT_BEHIND:
                yield f"{package.__name__}/{inside}", path.read_bytes()
    for file in importlib.metadata.files("roikit") or ():
        if file.parts[0].endswith(".dist-info") and file.name not in _INSTALLERS:
            yield "/".join((about, *file.parts[1:])), file.read_binary()


def _digest(data: bytes) -> str:
    return f"sha256={base64.urlsafe_b64encode(hashlib.sha256(data).digest()).rstrip(b'=').decode()}"
