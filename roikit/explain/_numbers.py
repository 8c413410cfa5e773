"""How numbers are written in pictures and sentences."""

from __future__ import annotations

import numpy as np


def words(value: float) -> str:
    """A value in a sentence: 0.9700000286102295 -> "0.97"."""
    return f"{value:.6g}"


def coordinate(value: float) -> str:
    """A coordinate in a sentence; coordinates are float64: 20.78125 -> "20.78125"."""
    return f"{value:.8g}"


def cell_format(values: np.ndarray) -> str:
    """One format for all cells of a map, two decimals where they fit: "0.88", "264", "1.2e+07"."""
    finite = values[np.isfinite(values)].astype(float)
    top = float(np.abs(finite).max(initial=0.0))
    if top < 1e5 and (finite == np.floor(finite)).all():
        return ".0f"
    if top >= 1e4 or top < 0.005:
        return ".1e"
    return ".0f" if top >= 1000 else ".1f" if top >= 100 else ".2f"


def telling_format(expected: np.ndarray, got: np.ndarray, apart: np.ndarray) -> str:
    """One format for two tables: about four digits, or as many as tell apart the numbers that are `apart`."""
    both = np.concatenate([expected.ravel(), got.ravel()])
    kind, fewest = _least_format(both[np.isfinite(both)])
    pairs = list(zip(expected[apart].tolist(), got[apart].tolist(), strict=True))
    for digits in range(fewest, 17):
        form = f".{digits}{kind}"
        if all(cell_text(a, form) != cell_text(b, form) for a, b in pairs):
            return form
    return ".17g"


def _least_format(values: np.ndarray) -> tuple[str, int]:
    """"f" or "e", and the digits after the point; zeros that all the numbers end in are left out."""
    top = float(np.abs(values).max(initial=0.0))
    if top == 0:
        return "f", 0
    if not 1e-3 <= top < 1e6:
        return "e", 3
    most = max(3 - int(np.floor(np.log10(top))), 0)
    rounded = np.round(values, most)
    return "f", next(digits for digits in range(most + 1) if (np.round(values, digits) == rounded).all())


def cell_text(value: float, form: str) -> str:
    """The number in a cell; a rounded -0.001 is "0.00"."""
    text = format(float(value), form)
    return text.removeprefix("-") if not text.strip("-0.") else text


def difference_text(value: float) -> str:
    """A difference with its sign, to three digits: "-0.28"; none is "0"."""
    return f"{value:+.3g}" if value else "0"


def counted(count: int, noun: str) -> str:
    """1, "cell" -> "1 cell"; 2, "cell" -> "2 cells"."""
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


def span(noun: str, start: int, end: int) -> str:
    """The half-open range in words, ends included: ("row", 5, 8) -> "rows 5..7"."""
    if end <= start:
        return f"no {noun}s"
    return f"{noun} {start}" if end == start + 1 else f"{noun}s {start}..{end - 1}"


def stretch(name: str, start: float, end: float) -> str:
    """("x", 0.0, 20.78125) -> "x 0 to 20.78125"."""
    return f"{name} {coordinate(start)} to {coordinate(end)}"


def mode_name(mode: str) -> str:
    return {"max": "maximum", "avg": "average"}[mode]


def scaled_box_in_words(box: tuple[float, float, float, float], spatial_scale: float) -> str:
    """((0, 3, 7, 8), 1.0) -> "box: x 0 to 7, y 3 to 8"; another scale is named."""
    x1, y1, x2, y2 = box
    name = "box" if spatial_scale == 1 else f"box × {coordinate(spatial_scale)}"
    return f"{name}: {stretch('x', x1, x2)}, {stretch('y', y1, y2)}"
