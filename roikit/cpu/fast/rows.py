"""Operations whose rows are computed each by itself: threads share them, by the plain kernel, to its bits."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from roikit import _arrays
from roikit.cpu.fast import blocks

#: A row's element takes as long as so many elements of elsewhere.
TIMES_LONGER = 8


def by_rows(
    plain: Callable[..., None], *arguments: Any, rows: tuple[int, ...], out: tuple[int, ...],
    num_threads: int,
) -> None:
    """plain(*arguments), where those of numbers `rows` have a row for each RoI, and `out` are written to."""

    def shared(*taken: Any) -> None:
        threads = blocks.threads_for(TIMES_LONGER * taken[rows[0]].size, num_threads)
        parts = blocks.of_rois(len(taken[rows[0]]), 1 if threads == 1 else 4 * threads)
        blocks.run(lambda begin, end: plain(*part(taken, begin, end)), parts, threads)

    def part(taken: tuple[Any, ...], begin: int, end: int) -> list[Any]:
        given = list(taken)
        for i in rows:
            given[i] = None if taken[i] is None else taken[i][begin:end]
        return given

    _arrays.widely(shared, out)(*arguments)
