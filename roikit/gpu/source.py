"""The text of a kernel: types first, then what all kernels share, then the kernel's own file.

One text, not files that include each other: CuPy's cache of compiled kernels does not see what is included.
"""

from __future__ import annotations

import functools
import itertools
from collections.abc import Iterator
from importlib.resources import files

#: What C calls the dtype that a map, a box or an argmax is stored in.
C_TYPES = {
    "float16": "half_t", "bfloat16": "bfloat_t", "float32": "float", "float64": "double",
    "int32": "int", "int64": "long long",
}
FEATURES = ("float16", "bfloat16", "float32", "float64")
BOXES = ("float32", "float64")
#: The kernels' files, and of which dtypes each has a variant.
KERNELS: dict[str, dict[str, tuple[str, ...]]] = {
    "bilinear_interpolate": {"feature": FEATURES},
    "roi_align": {"feature": FEATURES, "box": BOXES},
    "roi_align_fast": {"feature": FEATURES, "box": BOXES},
    "roi_align_fast_nhwc": {"feature": FEATURES, "box": BOXES},
    "roi_align_backward": {"feature": FEATURES, "box": BOXES},
    "roi_align_backward_tiles": {"feature": FEATURES, "box": BOXES},
    "roi_pool": {"feature": FEATURES, "box": BOXES, "index": ("int32", "int64")},
    "roi_pool_fast": {"feature": FEATURES, "box": BOXES, "index": ("int32", "int64")},
    "roi_pool_backward": {"feature": FEATURES, "box": BOXES, "index": ("int32", "int64")},
    "roi_pool_backward_tiles": {"feature": FEATURES, "box": BOXES, "index": ("int32", "int64")},
}
#: What files have in common beyond that.
SHARED = {
    "roi_align": ("roi_align.cuh",),
    "roi_align_fast": ("roi_align.cuh", "roi_align_plan.cuh"),
    "roi_align_fast_nhwc": ("roi_align.cuh", "roi_align_plan.cuh"),
    "roi_align_backward": ("roi_align.cuh", "backward.cuh"),
    "roi_align_backward_tiles": ("roi_align.cuh", "backward.cuh"),
    "roi_pool_backward": ("backward.cuh",),
    "roi_pool_backward_tiles": ("backward.cuh",),
}


def variants() -> Iterator[tuple[str, dict[str, str]]]:
    """Every file with every combination of its dtypes."""
    for file, types in KERNELS.items():
        for dtypes in itertools.product(*types.values()):
            yield file, dict(zip(types, dtypes, strict=True))


@functools.cache
def text(file: str, *, on: str = "cuda", feature: str, box: str = "float64", index: str = "int64") -> str:
    """The whole source of ``FILE.cu`` for these dtypes, for a compiler of "cuda" or of the "cpu"."""
    value = "double" if feature == "float64" else "float"
    types = f"typedef {value} value_t;\ntypedef {C_TYPES[box]} box_t;\ntypedef {C_TYPES[index]} index_t;\n"
    feature_type = f"typedef {C_TYPES[feature]} feature_t;\n"
    parts = [f"halves_on_{on}.cuh", "values.cuh", "geometry.cuh", f"{file}.cu"]
    halves, values, geometry, kernel = (_read(part) for part in parts)
    shared = [_read(part) for part in SHARED.get(file, ())]
    return "\n".join([halves, types, values, feature_type, geometry, *shared, kernel])


@functools.cache
def _read(name: str) -> str:
    """With its own name and line numbers for the compiler's messages."""
    return f'#line 1 "{name}"\n' + files("roikit.gpu").joinpath(name).read_text(encoding="utf-8")
