"""Gradients whose channels are computed each by itself: threads share them, by the plain kernel."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from roikit import _arrays
from roikit.cpu.fast import blocks


def by_channels(
    plain: Callable[..., None], *arguments: Any, bins: int, maps: tuple[int, ...], out: tuple[int, ...],
    groups: int = 1, num_threads: int,
) -> None:
    """plain(*arguments), where number `bins` has C channels, and those of `maps` have C groups of them."""

    def shared(*taken: Any) -> None:
        threads, C = blocks.threads_for(taken[bins].size, num_threads), taken[bins].shape[1]
        shares = blocks.of_channels(C, max(1, C // (4 * threads)))
        blocks.run(lambda some: plain(*part(taken, some)), ((some,) for some in shares), threads)

    def part(taken: tuple[Any, ...], some: slice) -> list[Any]:
        given = list(taken)
        given[bins] = taken[bins][:, some]
        for i in maps:
            given[i] = taken[i][:, some.start * groups : some.stop * groups]
        return given

    _arrays.widely(shared, out)(*arguments)
