"""What was measured on a GPU, for people (a table) and for programs (JSON)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timezone
from typing import Any

from rich.table import Table
from timing import Row

NOTES = (
    "Medians, in microseconds of the GPU, with nothing in its cache; what it costs the CPU is told below.",
    "floor: each cell that some RoI needs is read once, each bin written once, at the speed of a copy.",
    "predicted: for an H200, from memory accesses that were counted on the CPU before anything was measured.",
    "torchvision copies NHWC, its gradients are atomic, and its boxes are rounded to the map's dtype.",
)


def table(rows: Sequence[Row], speed: float) -> Table:
    made = Table(title=f"microseconds of a call; memory is copied at {speed / 1e12:.2f} TB/s")
    made.add_column("", no_wrap=True)
    for head in ("roikit", "torchvision", "faster", "floor", "of floor", "predicted"):
        made.add_column(head, justify="right", no_wrap=True)
    for row in rows:
        ours, theirs = (row.times.get(name) for name in ("roikit", "torchvision"))
        made.add_row(
            row.case.name, _micro(ours and ours.median), _micro(theirs and theirs.median),
            _with("{:.1f}×", row.ratio()), _micro(row.floor), _with("{:.0%}", row.of_floor()),
            _micro(row.case.predicted),
        )  # fmt: skip
    return made


def _micro(seconds: float | None) -> str:
    return _with("{:.1f}", seconds and seconds * 1e6)


def _with(form: str, value: float | None) -> str:
    return form.format(value) if value else "–"


def notes(rows: Sequence[Row], overheads: dict[str, float]) -> list[str]:
    calls = ", ".join(f"{name} {seconds * 1e6:.1f} µs" for name, seconds in overheads.items())
    return [*NOTES, f"A tiny call comes back after: {calls}.", *(note for row in rows for note in row.notes)]


def record(
    rows: Sequence[Row], speed: float, overheads: dict[str, float], facts: dict[str, Any]
) -> dict[str, Any]:
    """What the JSON file holds; times in seconds."""
    return {
        "date": datetime.now(timezone.utc).isoformat(timespec="seconds"),
        "machine": facts,
        "memory_bytes_per_second": speed,
        "call_overhead": overheads,
        "rows": [_row(row) for row in rows],
        "notes": notes(rows, overheads),
    }


def _row(row: Row) -> dict[str, Any]:
    case = row.case
    return {
        "workload": case.work.name, "dtype": case.dtype, "layout": case.layout,
        "deterministic": case.deterministic if case.is_gradient else None,
        "bytes_moved": case.bytes_moved(), "floor": row.floor, "predicted": case.predicted,
        "times": {
            name: {"median": spread.median, "quartiles": spread.quartiles, "samples": spread.samples}
            for name, spread in row.times.items()
        },
        "distances": row.distances, "times_as_fast_as_torchvision": row.ratio(), "of_floor": row.of_floor(),
        "failed": row.failed, "notes": row.notes,
    }  # fmt: skip
