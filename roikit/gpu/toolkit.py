"""Where NVIDIA's own tools lie: in Python's packages, below a CUDA toolkit, or on the PATH."""

from __future__ import annotations

import importlib.util
import os
import shutil
from collections.abc import Iterator
from pathlib import Path


def packages() -> Iterator[Path]:
    """Folders ``nvidia`` that pip's packages are installed in: nvidia/cu13/lib, nvidia/cuda_nvrtc/lib."""
    namespace = importlib.util.find_spec("nvidia")
    if namespace is not None:
        yield from map(Path, namespace.submodule_search_locations or ())


def toolkits() -> Iterator[Path]:
    """Folders that a CUDA toolkit may be installed in."""
    for variable in ("CUDA_PATH", "CUDA_HOME"):
        if folder := os.environ.get(variable):
            yield Path(folder)
    yield Path("/usr/local/cuda")


def compute_sanitizer() -> str | None:
    """The program that finds faults of kernels on a GPU, if it is here."""
    folders = [*(place / "cu13" / "bin" for place in packages()), *(place / "bin" for place in toolkits())]
    path = os.pathsep.join([*map(str, folders), os.environ.get("PATH", os.defpath)])
    return shutil.which("compute-sanitizer", path=path)
