"""Other conventions of the field, in words: who computed one of these made no mistake, but another layer.

Each function gives ``(words, result)`` pairs for `grader.testing.expect(..., otherwise=...)`, the nearest
convention first. They are computed only when a result differs.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import product
from typing import Any

import numpy as np

import roikit
from roikit import CONVENTIONS, Convention
from roikit.reference.quantize_rois import round_ends

#: How a student is told what a field of a convention has been taken for, and who does so.
WORDS = {
    "overlap": "overlapping bins, as Caffe and torchvision cut them",
    "truncate": "bins of floor(n/P) cells with the rest dropped",
    "disjoint": "bins that share no cell and leave none out",
    "inclusive": "inclusive ends, as in Caffe and torchvision",
    "exclusive": "exclusive ends",
    "round_half_away": "ends rounded to the nearest cell, as in Caffe and torchvision",
    "floor": "ends rounded down",
}
CAFFE = "Caffe's layer, which torchvision, detectron2 and ONNX have too"


def pooled(features: Any, rois: Any, output_size: Any, spatial_scale: float, *, convention: str) -> Iterator:
    """RoI pooling under every other rounding, kind of ends and split."""
    for words, other in _others(CONVENTIONS[convention]):
        yield words, roikit.roi_pool(features, rois, output_size, spatial_scale, convention=other)


def split(length: int, bins: int, *, convention: str) -> Iterator:
    """Bin edges under every other split."""
    asked = CONVENTIONS[convention]
    for words, other in _others(asked):
        if replace(other, split=asked.split) == asked:
            yield words, roikit.bin_edges(length, bins, convention=other)


def quantized(box: Any, spatial_scale: float) -> Iterator:
    """The four floors, rounded otherwise."""
    scaled = np.asarray(box, dtype=np.float64) * spatial_scale
    yield WORDS["round_half_away"], round_ends(scaled, "round_half_away")
    yield WORDS["inclusive"], np.add(round_ends(scaled, "floor"), (0, 0, 1, 1))


def aligned(features: Any, rois: Any, output_size: Any, spatial_scale: float, **options: Any) -> Iterator:
    """RoIAlign with the other reading of where a value stands, and with the other way to sum up a bin."""
    half, mode = options["aligned"], options["mode"]
    stands = "aligned=False, without the half cell" if half else "aligned=True, with the half cell"
    summed = {"avg": "the maximum of the samples", "max": "the average of the samples"}[mode]
    for words, changed in (
        (stands, {"aligned": not half}),
        (summed, {"mode": "max" if mode == "avg" else "avg"}),
    ):
        yield words, roikit.roi_align(features, rois, output_size, spatial_scale, **options | changed)


def _others(asked: Convention) -> list[tuple[str, Convention]]:
    """Every convention but the asked one, named by what is different, the smallest difference first."""
    found = []
    for fields in product(
        ("overlap", "disjoint", "truncate"), ("exclusive", "inclusive"), ("floor", "round_half_away")
    ):
        other = Convention(split=fields[0], ends=fields[1], rounding=fields[2])
        changed = [field for field in fields if field not in (asked.split, asked.ends, asked.rounding)]
        if changed:
            words = ", and ".join(WORDS[field] for field in changed)
            found.append((len(changed), CAFFE if other == CONVENTIONS["caffe"] else words, other))
    return [(words, other) for _, words, other in sorted(found, key=lambda row: row[0])]
