"""The derivation of a pooled bin: box, scaled, quantized, cut into bins, cells, maximum."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from roikit.convention import Convention
from roikit.reference.bin_edges import bin_range
from roikit.reference.quantize_rois import round_end, scale_end

from ._derivation import Step, unbroken
from ._numbers import cell_format, cell_text, coordinate, counted, mode_name, span, stretch, words

if TYPE_CHECKING:
    from ._records import PoolBin

MOST_LISTED = 8  # rows, and columns, of the cells
MOST_ADDED = 16  # cells whose sum is written out
ROUNDING = {"floor": "floor", "round_half_away": "round", "round_half_even": "round_half_even"}


def steps(record: PoolBin) -> tuple[Step, ...]:
    convention, (PH, PW) = record.convention, record.output_size
    return (
        boxed(record.box, record.image),
        Step(
            f"times spatial_scale {coordinate(record.spatial_scale)}",
            (f"{stretch('x', *record.scaled_box[::2])}, {stretch('y', *record.scaled_box[1::2])}",),
        ),
        Step(
            f"{'quantized' if convention.whole_cells else 'region'} ({_rule(convention)})",
            (_quantized(record, "x", 0, "column"), _quantized(record, "y", 1, "row")),
        ),
        Step(
            f"bin edges ({convention.split}{_in_float(convention)}, {PH}×{PW} bins)",
            (_cut(record, "x", 0, "column"), _cut(record, "y", 1, "row")),
        ),
        Step(_cells_title(record), tuple(_cells(record))),
        Step(mode_name(record.mode), (_value(record),)),
    )


def boxed(box: tuple[float, float, float, float], image: int) -> Step:
    """The first step of pooling and of align."""
    ends = f"{stretch('x', *box[::2])}, {stretch('y', *box[1::2])}"
    return Step("box in pixels", (f"{ends}, on image {image}",))


def _rule(convention: Convention) -> str:
    """"round half away, ends inclusive"."""
    rounding = "not rounded" if convention.rounding == "none" else convention.rounding.replace("_", " ")
    where = " in pixels" if convention.round_pixels else ""
    return f"{rounding}{where}, ends {convention.ends.replace('_', ' ')}"


def _in_float(convention: Convention) -> str:
    return "" if convention.arithmetic == "exact" else f" in {convention.arithmetic}"


def _quantized(record: PoolBin, name: str, axis: int, noun: str) -> str:
    """"x: floor(0) = 0, floor(20.78125) = 20: columns 0..19 (20 cells)"."""
    convention = record.convention
    (first_words, first), (last_words, last) = (_end(record, column) for column in (axis, axis + 2))
    start, end = record.quantized_box[axis::2]
    if convention.ends == "inclusive":
        last_words += " included"
        last += 1
    line = f"{name}: {first_words}, {last_words}"
    size = convention.minimum_size
    if size is not None and last - first < size:
        line += f", at least {_cells_long(size)}"
    if convention.whole_cells:
        return f"{line}: {span(noun, int(start), int(end))} ({counted(max(int(end - start), 0), 'cell')})"
    return f"{line}: {_cells_long(end - start)}"


def _cells_long(size: float) -> str:
    return "1 cell" if size == 1 else f"{coordinate(size)} cells"


def _end(record: PoolBin, column: int) -> tuple[str, float]:
    """An end of the box in words, "floor(20.78125) = 20", and its number."""
    convention = record.convention
    added = convention.added_pixels[column // 2]
    formula, number = coordinate(record.scaled_box[column]), record.box[column]
    if convention.round_pixels or added:
        formula = _pixels(number, added, convention)
        if record.spatial_scale != 1:
            formula = f"({formula})" if added else formula
            formula += f"·{coordinate(record.spatial_scale)}"
    if convention.offset:
        formula += f" - {coordinate(convention.offset)}"
    scaled = scale_end(number, added, record.spatial_scale, convention)
    if convention.whole_cells:
        scaled = round_end(scaled, convention.rounding)
        return f"{ROUNDING[convention.rounding]}({formula}) = {scaled:.0f}", scaled
    value = coordinate(scaled)
    return value if formula == value else f"{formula} = {value}", scaled


def _pixels(number: float, added: float, convention: Convention) -> str:
    """"round(2.6) + 1"."""
    pixels = coordinate(number)
    if convention.round_pixels:
        pixels = f"{ROUNDING[convention.rounding]}({pixels})"
    return f"{pixels} {'-' if added < 0 else '+'} {coordinate(abs(added))}" if added else pixels


def _cut(record: PoolBin, name: str, axis: int, noun: str) -> str:
    """"y: floor(1·5/2) = 2 to floor(2·5/2) = 5 of 5 cells, from row 3 on: rows 5..7"."""
    first, end = record.quantized_box[axis::2]
    p, bins = record.index[3 - axis], record.output_size[1 - axis]
    cells = (record.columns, record.rows)[axis]
    placed = span(noun, *cells)
    if record.convention.whole_cells:
        edges = edges_in_words(p, max(int(end - first), 0), bins, record.convention)
        return f"{name}: {edges}, from {noun} {first:.0f} on: {placed}"
    if not end > first:
        return f"{name}: {_cells_long(end - first)}: {placed}"
    low, high = (f"{coordinate(first)} + {q}·{coordinate(end - first)}/{bins}" for q in (p, p + 1))
    return f"{name}: floor({low}) = {cells[0]} to ceil({high}) = {cells[1]}: {placed}"


def edges_in_words(p: int, length: int, bins: int, convention: Convention) -> str:
    """Bin p as the convention's formula has it, with the numbers put in."""
    start, end = bin_range(p, length, bins, convention.split, convention.arithmetic)
    cells = counted(length, "cell")
    if convention.split == "truncate":
        size = max(length // bins, 1)
        cut = f", cut off at {length}" if (p + 1) * size > length else ""
        return f"{p}·{size} = {p * size} to {p + 1}·{size} = {(p + 1) * size} of {cells}{cut}"
    rounding = "ceil" if convention.split == "overlap" else "floor"
    low, high = (f"{q}·{length}/{bins}" for q in (p, p + 1))
    if convention.arithmetic != "exact":
        low, high = (f"{q}·({length}/{bins})" for q in (p, p + 1))
    return f"floor({low}) = {start} to {rounding}({high}) = {end} of {cells}"


def _cells_title(record: PoolBin) -> str:
    if record.values.size == 0:
        return "cells"
    return f"cells ({span('row', *record.rows_on_map)}, {span('column', *record.columns_on_map)})"


def _cells(record: PoolBin) -> Iterator[str]:
    height, width = record.values.shape
    listed = record.values[:MOST_LISTED, :MOST_LISTED]
    form = cell_format(listed)
    for row, values in enumerate(listed if width else (), start=record.rows_on_map[0]):
        more = " ..." if width > MOST_LISTED else ""
        yield unbroken(f"row {row}: {' '.join(cell_text(value, form) for value in values)}{more}")
    if height > MOST_LISTED and width:
        yield f"and {counted(height - MOST_LISTED, 'row')} more"
    off_map = _area(record) - record.values.size
    if off_map:
        fate = "left out" if record.convention.outside == "ignore" else "count as 0"
        yield f"{counted(off_map, 'cell')} off the map: {fate}"
    if _area(record) == 0:
        yield "none"


def _area(record: PoolBin) -> int:
    return (record.rows[1] - record.rows[0]) * (record.columns[1] - record.columns[0])


def _value(record: PoolBin) -> str:
    divisor = record.values.size if record.convention.outside == "ignore" else _area(record)
    if record.mode == "avg" and 0 < record.values.size <= MOST_ADDED:
        total = " + ".join(words(value) for value in record.values.flat)
        return f"({total}) / {divisor} = {words(record.result)}"
    return record.value_in_words().removeprefix(f"{mode_name(record.mode)} ")
