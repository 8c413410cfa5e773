"""What a launch asked of the memory, by source line: a score of speed that is the same in each run.

A warp's access is one request. Global memory answers it in sectors of 32 bytes, four to a line of 128
bytes: 32 lanes that read 32 neighbouring floats take 4 sectors in 1 line, the same lanes in 32 rows of a map
32 sectors in 32 lines. Shared memory answers in wavefronts: one, unless two lanes want different words of the
same bank, of which there are 32.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from roikit.simt.findings import Place, Record


@dataclass(frozen=True)
class Traffic:
    """All requests of one source line that are alike, in the blocks that were counted."""

    line: int
    space: str  # "global" or "shared"
    kind: str  # "read", "write" or "atomic"
    size: int  # bytes a lane
    requests: int  # warp accesses
    lanes: int  # accesses of single threads
    sectors: int  # of 32 bytes; global memory
    lines: int  # of 128 bytes; global memory
    wavefronts: int  # shared memory: as many as requests when no two lanes are in each other's way


COUNTS = ("requests", "lanes", "sectors", "lines", "wavefronts")


def read_traffic(records: Iterable[Record], place: Place) -> tuple[Traffic, ...]:
    """The traffic of a report, sorted by line."""
    sums: dict[tuple[int, str, str, int], list[int]] = defaultdict(lambda: [0] * len(COUNTS))
    for record in records:
        if record["kind"] != "traffic":
            continue
        _, line = place(record["pc"])
        total = sums[line, record["space"], record["access"], record["size"]]
        for i, name in enumerate(COUNTS):
            total[i] += record[name]
    return tuple(Traffic(*key, *counts) for key, counts in sorted(sums.items()))


def sampling_notes(records: Iterable[Record]) -> tuple[str, ...]:
    """Which part of the launch the traffic was counted in, where it was not all."""
    notes = []
    for record in records:
        if record["kind"] != "sample":
            continue
        if record["blocks"] < record["of"]:
            notes.append(f"traffic was counted in {record['blocks']} of {record['of']} blocks")
        if record["cut"]:
            notes.append(f"{record['cut']} accesses of large blocks were left out of the traffic")
    return tuple(notes)


def cycles(rows: Iterable[Traffic]) -> int:
    """Turns of the first-level cache: a line of global memory takes one, and so does a wavefront."""
    return sum(row.lines + row.wavefronts for row in rows)


def table(rows: Sequence[Traffic]) -> str:
    """The rows as text, one a line."""
    heads = ("line", "space", "kind", "bytes", "requests", "lanes", "sectors", "lines", "wavefronts")
    cells = [heads, *(tuple(_cells(row)) for row in rows)]
    widths = [max(len(row[i]) for row in cells) for i in range(len(heads))]
    aligned = ([cell.rjust(width) for cell, width in zip(row, widths, strict=True)] for row in cells)
    return "\n".join("  ".join(row) for row in aligned)


def _cells(row: Traffic) -> list[str]:
    """Counts that the space does not have are left blank."""
    foreign = {"sectors", "lines"} if row.space == "shared" else {"wavefronts"}
    counts = ["" if name in foreign else str(getattr(row, name)) for name in COUNTS]
    return [str(row.line), row.space, row.kind, str(row.size), *counts]
