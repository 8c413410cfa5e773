"""The derivations of a sampled bin and of an interpolated point: sample points, neighbours, weights, sum."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from ._derivation import Step, unbroken
from ._numbers import coordinate, counted, mode_name, words
from ._pool_steps import boxed

if TYPE_CHECKING:
    from ._records import AlignBin, InterpolatedPoint, Sampled

MOST_TOLD = 16  # samples, or coordinates of samples on one axis


def steps(record: AlignBin) -> tuple[Step, ...]:
    PH, PW = record.output_size
    scaled = f"times spatial_scale {coordinate(record.spatial_scale)}"
    shift = ", minus 0.5: values stand at the cells' centres" if record.aligned else ""
    return (
        boxed(record.box, record.image),
        Step(f"{scaled}{shift}", (_scaled(record, "x", 0), _scaled(record, "y", 1))),
        Step(f"bins ({PH}×{PW}, not quantized)", (_bin(record, "x", 0), _bin(record, "y", 1))),
        *_sampling(record),
        Step(mode_name(record.mode), (_value(record),)),
    )


def _sampling(record: AlignBin) -> Iterator[Step]:
    samples = record.samples
    if samples.values.size == 0:
        yield Step("sample points", ("none: the box is empty",))
        return
    count_y, count_x = samples.values.shape
    points = (_points(record, samples.x[0], "x", 0), _points(record, samples.y[:, 0], "y", 1))
    yield Step(f"sample points ({count_y}×{count_x}, at the centres of the bin's parts)", points)
    yield Step("four neighbours, and their weights", tuple(_samples(samples)))


def point_steps(record: InterpolatedPoint) -> tuple[Step, ...]:
    samples = record.samples
    point = Step("point", (_place(samples, ()).rstrip(","),))
    if not samples.inside:
        return (point, Step("value", (words(record.result),)))
    fractions = " and ".join(
        f"{name} - {cell} = {words(share)}"
        for name, cell, share in zip("yx", samples.neighbours[0], samples.fractions, strict=True)
    )
    corners = zip(samples.weights, samples.neighbours, _products(samples), strict=True)
    weights = tuple(
        f"at ({row}, {column}): {product} = {words(weight)}" for weight, (row, column), product in corners
    )
    return (
        point,
        Step("how far it is from the neighbour at the top left", (fractions,)),
        Step("weights: each the area of the rectangle to the opposite neighbour", weights),
        Step("sum", (f"{_sum(samples, ())} = {words(record.result)}",)),
    )


def _scaled(record: AlignBin, name: str, axis: int) -> str:
    """"x: 0 × 1 - 0.5 = -0.5 to 7 × 1 - 0.5 = 6.5"."""
    scale, shift = record.spatial_scale, 0.5 if record.aligned else 0.0
    minus = " - 0.5" if record.aligned else ""
    given, read = record.box[axis::2], record.scaled_box[axis::2]
    ends = [end * scale - shift for end in given]
    told = " to ".join(
        f"{coordinate(end)} × {coordinate(scale)}{minus} = {coordinate(value)}"
        for end, value in zip(given, ends, strict=True)
    )
    if not record.aligned and ends[1] - ends[0] < 1:
        told += f"; at least 1 cell: {coordinate(read[0])} to {coordinate(read[1])}"
    return f"{name}: {told}"


def _bin(record: AlignBin, name: str, axis: int) -> str:
    """"x: 7 / 2 = 3.5 cells a bin; bin 0 from -0.5 + 0·3.5 = -0.5 to 3"."""
    start, end = record.scaled_box[axis::2]
    p, bins = record.index[3 - axis], record.output_size[1 - axis]
    size = coordinate((end - start) / bins)
    first, last = map(coordinate, (record.columns, record.rows)[axis])
    return (
        f"{name}: {coordinate(end - start)} / {bins} = {size} cells a bin; "
        f"bin {p} from {coordinate(start)} + {p}·{size} = {first} to {last}"
    )


def _points(record: AlignBin, points: NDArray[np.float64], name: str, axis: int) -> str:
    """"x: ceil(3.5) = 4 points, -0.5 + (i + 0.5)·3.5/4 = -0.0625, 0.8125, 1.6875, 2.5625"."""
    start, end = (record.columns, record.rows)[axis]
    size = coordinate(end - start)
    count = len(points)
    told = ", ".join(coordinate(point) for point in points[:MOST_TOLD]) + ", ..." * (count > MOST_TOLD)
    adaptive = "" if record.sampling_ratio[1 - axis] else f"ceil({size}) = {counted(count, 'point')}, "
    return f"{name}: {adaptive}{coordinate(start)} + (i + 0.5)·{size}/{count} = {told}"


def _samples(samples: Sampled) -> Iterator[str]:
    points = list(np.ndindex(*samples.values.shape[:1], min(samples.values.shape[1], MOST_TOLD)))
    for point in points[:MOST_TOLD]:
        if samples.inside[point]:
            yield f"{_place(samples, point)} = {_sum(samples, point)} = {words(float(samples.values[point]))}"
        else:
            yield f"{_place(samples, point)}"
    more = samples.values.size - min(len(points), MOST_TOLD)
    if more:
        yield f"and {counted(more, 'sample')} more"


def _place(samples: Sampled, point: tuple[int, ...]) -> str:
    """"(3.125, 0.375)", and what becomes of it at the map's border."""
    here = (float(samples.y[point]), float(samples.x[point]))
    read = samples.clamped(point)
    if not samples.inside[point]:
        return f"{_pair(here)} is outside: counts as 0"
    return _pair(here) if read == here else f"{_pair(here)}, clamped to the map {_pair(read)},"


def _pair(place: tuple[float, float]) -> str:
    return f"({coordinate(place[0])}, {coordinate(place[1])})"


def _sum(samples: Sampled, point: tuple[int, ...]) -> str:
    return " + ".join(map(unbroken, samples.terms(point)))


def _products(samples: Sampled) -> Iterator[str]:
    """The weight of each neighbour, top left first: "(1 - 0.125)·(1 - 0.375)"."""
    down, across = (words(share) for share in samples.fractions.tolist())
    for y in (f"(1 - {down})", down):
        for x in (f"(1 - {across})", across):
            yield f"{y}·{x}"


def _value(record: AlignBin) -> str:
    values = record.samples.values
    if values.size == 0:
        return f"{words(record.result)}: there are no samples"
    told = [words(value) for value in values.flat[:MOST_TOLD]]
    told += ["..."] * (values.size > MOST_TOLD)
    if values.size == 1:
        return f"{words(record.result)}, of one sample"
    if record.mode == "max":
        return f"max({', '.join(told)}) = {words(record.result)}"
    return f"({' + '.join(told)}) / {values.size} = {words(record.result)}"
