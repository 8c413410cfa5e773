"""Where the interpreter and NumPy lie on this machine: all that the sandbox gets to see of it."""

from __future__ import annotations

import functools
import glob
import marshal
import os
import sys
from dataclasses import dataclass
from pathlib import Path

#: The modules of this package that the worker is made of.
WORKER_MODULES = (
    "protocol", "cleaning", "bpf", "guard", "worker", "codec", "loader", "stateless", "landlock",
    "child", "session",
)  # fmt: skip
#: No site-packages, no user's site, no bytecode written.
FLAGS = ("-S", "-s", "-B")
HERE = Path(__file__).resolve().parent


@dataclass(frozen=True)
class Places:
    """Paths on the machine, links resolved."""

    python: str
    libraries: tuple[str, ...]  # folders bound whole: the standard library and shared objects
    hidden: tuple[str, ...]  # inside these: other packages, which the sandbox covers
    numpy: tuple[str, ...]  # numpy, and the folder of its shared objects beside it
    packages: str  # the folder that numpy lies in


@functools.cache
def find() -> Places:
    """The places of the running interpreter."""
    import numpy

    base = os.path.realpath(sys.base_prefix)
    libraries = outermost(
        path
        for folder in (base, "/usr", "/")
        for name in ("lib", "lib64", "lib32", "libx32")
        if os.path.isdir(path := os.path.join(folder, name)) and not os.path.islink(path)
    )
    packages = os.path.dirname(os.path.dirname(os.path.realpath(numpy.__file__)))
    hidden = {
        os.path.realpath(path)
        for library in libraries
        for kind in ("site-packages", "dist-packages")
        for path in glob.glob(f"{library}/python*/{kind}")
    }
    # This package may have been put into a folder that is bound; then that is covered as well.
    ours = (str(HERE.parent), str(HERE.parent.parent / "roikit"))
    hidden |= {path for path in ours if inside(path, libraries)}
    return Places(
        python=os.path.realpath(getattr(sys, "_base_executable", None) or sys.executable),
        libraries=libraries,
        hidden=outermost(hidden),
        numpy=tuple(path for name in ("numpy", "numpy.libs") if os.path.isdir(path := f"{packages}/{name}")),
        packages=packages,
    )


@functools.cache
def worker_code() -> tuple[str, bytes]:
    """``(program for -c, compiled modules)`` of the worker; to compile at each start would cost 12 ms."""
    modules = {name: (HERE / f"{name}.py").read_text() for name in WORKER_MODULES}
    compiled = {name: compile(text, f"{name}.py", "exec", optimize=2) for name, text in modules.items()}
    return (HERE / "boot.py").read_text(), marshal.dumps(compiled)


def outermost(paths) -> tuple[str, ...]:
    """The paths that do not lie in another one of them, sorted."""
    kept: list[str] = []
    for path in sorted(set(paths)):
        if not inside(path, kept):
            kept.append(path)
    return tuple(kept)


def inside(path: str, folders) -> bool:
    """Whether ``path`` is one of the folders or lies in one."""
    return any(path == folder or path.startswith(folder + "/") for folder in folders)


def open_to_others(path: str) -> bool:
    """Whether a user who owns nothing can walk to ``path`` and read it."""
    parts = [Path(path), *Path(path).parents]
    return all(part.stat().st_mode & 0o001 for part in parts[1:]) and bool(parts[0].stat().st_mode & 0o004)
