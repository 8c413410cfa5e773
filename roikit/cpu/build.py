"""How the Cython kernels are compiled: every ``_*.pyx`` beside this file and below, found by name.

``setup.py`` and the tests run this file; it needs setuptools and Cython and nothing of roikit. Two
environment variables make builds for finding mistakes, with ``python setup.py build_ext --inplace --force``:

- ``ROIKIT_CYTHON_DEBUG=1``: every index is checked, out of range is an IndexError;
- ``ROIKIT_SANITIZE=1``: AddressSanitizer watches every access, UndefinedBehaviorSanitizer every sum, cast and
  division, and the first fault ends the process; start Python with ``LD_PRELOAD=libasan.so``.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

#: GCC and Clang count neither a cast out of range nor a division by zero to "undefined" by themselves.
SANITIZERS = [
    "-fsanitize=address,undefined,float-cast-overflow,float-divide-by-zero", "-fno-sanitize-recover=all",
]


def extensions(folder: str = "roikit/cpu") -> list[Any]:
    """The kernels in `folder`, translated to C, as setuptools extensions."""
    from Cython.Build import cythonize
    from Cython.Compiler import Options
    from setuptools import Extension

    debug = os.environ.get("ROIKIT_CYTHON_DEBUG") == "1"
    sanitize = os.environ.get("ROIKIT_SANITIZE") == "1"
    modules = [
        Extension(
            ".".join(path.with_suffix("").parts),
            [path.as_posix()],
            depends=[header.as_posix() for header in path.parent.glob("*.h")],
            extra_compile_args=_compile_args(debug, sanitize),
            extra_link_args=SANITIZERS if sanitize else [],
        )
        for path in sorted(Path(folder).rglob("_*.pyx"))
    ]
    directives = {
        "boundscheck": debug,
        "wraparound": False,
        "initializedcheck": debug,
        "cdivision": True,
        "embedsignature": True,
    }
    if "freethreading_compatible" in Options.get_directive_defaults():  # from Cython 3.1 on
        directives["freethreading_compatible"] = True  # kernels share nothing that they write to
    kernels = cythonize(
        modules,
        language_level=3,
        compiler_directives=directives,
        build_dir=f"build/cython-{'debug' if debug else 'plain'}",  # generated C stays out of the package
        quiet=True,
    )
    for kernel in kernels:  # cythonize makes new extensions, and forgets this
        kernel.optional = not (debug or sanitize)  # an ordinary install goes on without a C compiler
    return kernels


def _compile_args(debug: bool, sanitize: bool) -> list[str]:
    if os.name == "nt":
        return ["/O2", "/fp:precise"]
    # A multiplication and an addition stay two roundings, as in NumPy: both backends then compute the same
    # points, also where a machine could fuse them.
    args = ["-ffp-contract=off"]
    if sanitize:
        # Python's own flags may say -fwrapv, which makes every overflow well defined, and nothing to report.
        return [*args, "-O0", "-g", "-fno-omit-frame-pointer", "-fno-wrapv", *SANITIZERS]
    return [*args, "-O0"] if debug else [*args, "-O3", "-g0"]
