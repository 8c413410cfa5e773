"""The text of a kernel: types first, then what all kernels share, then the kernel's own file.

One text, not files that include each other: CuPy's cache of compiled kernels does not see what is included.
"""

from __future__ import annotations

import functools
import itertools
from collections.abc import Iterator
from importlib.resources import files
from typing import NamedTuple

#: What C calls the dtype that a map, a box or an argmax is stored in.
C_TYPES = {
    "float16": "half_t", "bfloat16": "bfloat_t", "float32": "float", "float64": "double",
    "int32": "int", "int64": "long long",
}
#: The dtypes that a file has variants of, by what the line ``// variants: ...`` at its top names.
TYPES = {
    "feature": ("float16", "bfloat16", "float32", "float64"),
    "box": ("float32", "float64"),
    "index": ("int32", "int64"),
}


class Needs(NamedTuple):
    """What the first lines of a kernel's file say: ``// variants: feature box`` and ``// shared: a.cuh``."""

    types: tuple[str, ...]
    headers: tuple[str, ...]


@functools.cache
def kernels() -> dict[str, Needs]:
    """The kernels' files, by name without ``.cu``, and what each needs."""
    names = sorted(path.name for path in files("roikit.gpu").iterdir() if path.name.endswith(".cu"))
    return {name.removesuffix(".cu"): needs(name) for name in names}


@functools.cache
def needs(name: str) -> Needs:
    first, second, *_ = _text(name).splitlines()
    types = first.removeprefix("// variants:").split()
    shared = second.removeprefix("// shared:") if second.startswith("// shared:") else ""
    if first == "// variants:" or not set(types) <= TYPES.keys():
        raise ValueError(f"{name} must begin with a line such as // variants: feature box; got {first}")
    return Needs(tuple(types), tuple(shared.split()))


def variants() -> Iterator[tuple[str, dict[str, str]]]:
    """Every file with every combination of its dtypes."""
    for file, (types, _) in kernels().items():
        for dtypes in itertools.product(*(TYPES[kind] for kind in types)):
            yield file, dict(zip(types, dtypes, strict=True))


@functools.cache
def text(file: str, *, on: str = "cuda", feature: str, box: str = "float64", index: str = "int64") -> str:
    """The whole source of ``FILE.cu`` for these dtypes, for a compiler of "cuda" or of the "cpu"."""
    value = "double" if feature == "float64" else "float"
    types = f"typedef {value} value_t;\ntypedef {C_TYPES[box]} box_t;\ntypedef {C_TYPES[index]} index_t;\n"
    feature_type = f"typedef {C_TYPES[feature]} feature_t;\n"
    parts = [f"halves_on_{on}.cuh", "values.cuh", "geometry.cuh", f"{file}.cu"]
    halves, values, geometry, kernel = (_read(part) for part in parts)
    shared = [_read(part) for part in needs(f"{file}.cu").headers]
    return "\n".join([halves, types, values, feature_type, geometry, *shared, kernel])


@functools.cache
def _read(name: str) -> str:
    """With its own name and line numbers for the compiler's messages."""
    return f'#line 1 "{name}"\n' + _text(name)


def _text(name: str) -> str:
    return files("roikit.gpu").joinpath(name).read_text(encoding="utf-8")
