"""Values and calls as Python that a person can type."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from grader.records import CallRecord
from roikit import examples

#: Characters of an array; of a larger one only dtype and shape are told.
LONGEST = 400
#: Numbers of an array that are written out though they are all the same.
FEW = 8
#: What a written value needs, by how it begins.
_IMPORTS = {"np.": "import numpy as np", "examples.": "from roikit import examples"}
#: Arrays of these are what NumPy makes of numbers by itself.
_PLAIN = (np.float64, np.int64, np.bool_)


def call(record: CallRecord) -> str:
    """The lines that make a call again.

    >>> print(call(CallRecord("roi_pool", (examples.MAP_8X8_BATCH, examples.ROI_8X8), {"scale": 0.5}, None)))
    from roikit import examples
    roi_pool(examples.MAP_8X8_BATCH, examples.ROI_8X8, scale=0.5)
    """
    given = [value(each) for each in record.args]
    given += [f"{name}={value(each)}" for name, each in record.kwargs.items()]
    line = f"{record.function}({', '.join(given)})"
    return "\n".join([needed for word, needed in _IMPORTS.items() if word in line] + [line])


def value(given: Any) -> str:
    """One value; the worked examples by their names.

    >>> value((examples.MAP_8X8[None], examples.ramp(25, 25)[None, None], np.ones((4, 4)), [1, np.nan]))
    '(examples.MAP_8X8[None], examples.ramp(25, 25)[None, None], np.ones((4, 4)), [1, np.nan])'
    >>> value((np.arange(3), np.arange(2, dtype=np.float32), np.arange(1e4)))
    '(np.array([0, 1, 2]), np.array([0.0, 1.0], dtype=np.float32), <float64 array (10000,)>)'
    """
    if isinstance(given, np.ndarray):
        return _array(given)
    if isinstance(given, np.generic):
        given = given.item()
    if isinstance(given, (tuple, list)):
        inside = ", ".join(map(value, given))
        if isinstance(given, list):
            return f"[{inside}]"
        return f"({inside},)" if len(given) == 1 else f"({inside})"
    if isinstance(given, float) and not math.isfinite(given):
        return "np.nan" if math.isnan(given) else f"{'-' if given < 0 else ''}np.inf"
    return repr(given)


def _array(array: np.ndarray) -> str:
    for axes in range(array.ndim):  # the name of the whole, or of what stands in it alone
        if set(array.shape[:axes]) <= {1}:
            name = _name(array[(0,) * axes])
            if name:
                return name + (f"[{', '.join(['None'] * axes)}]" if axes else "")
    kind = "" if array.dtype in _PLAIN else f", dtype=np.{array.dtype}"
    if array.size > FEW and (array == array.flat[0]).all():
        return _constant(array, kind)
    if array.size > LONGEST:
        return _told(array)
    text = f"np.array({value(array.tolist())}{kind})"
    return text if len(text) <= LONGEST else _told(array)


def _told(array: np.ndarray) -> str:
    return f"<{array.dtype} array {array.shape}>"


def _constant(array: np.ndarray, kind: str) -> str:
    number = array.flat[0].item()
    name = {0.0: "zeros", 1.0: "ones"}.get(number, "full") if array.dtype.kind == "f" else "full"
    return f"np.{name}({array.shape}{f', {value(number)}' if name == 'full' else ''}{kind})"


def _name(array: np.ndarray) -> str:
    """What the worked examples call an array, if they have it."""
    if array.dtype != np.float64:
        return ""
    for name in examples.__all__:
        if isinstance(getattr(examples, name), np.ndarray) and np.array_equal(getattr(examples, name), array):
            return f"examples.{name}"
    return _ramp(array) if array.ndim == 2 and min(array.shape) > 1 and array.size > FEW else ""


def _ramp(plane: np.ndarray) -> str:
    if not np.isfinite(plane).all() or (plane == plane[0, 0]).all():
        return ""
    c = plane[0, 0].item()
    steps = {"a": plane[1, 0].item() - c, "b": plane[0, 1].item() - c, "c": c}
    if not np.array_equal(examples.ramp(*plane.shape, **steps), plane):
        return ""
    usual = {"a": 10.0, "b": 1.0, "c": 0.0}
    more = [f"{name}={step!r}" for name, step in steps.items() if step != usual[name]]
    return f"examples.ramp({', '.join([*map(str, plane.shape), *more])})"
