from typing import Any

import numpy as np
from numpy.typing import NDArray

class WeightedCells:
    rois: int
    top: int
    bottom: int
    whole: bool
    taps: int
    moves: int
    def __init__(
        self,
        cells: tuple[int, ...],
        bins: tuple[int, ...],
        is_double: bool,
        runs: bool,
        gradient: bool,
        most_taps: int,
        level: int,
        moves: int = 0,
    ) -> None: ...
    def clear(self) -> None: ...
    def close(self) -> None: ...
    def forward(
        self,
        maps: NDArray[Any],
        first_row: int,
        out: NDArray[Any],
        rows: NDArray[np.intp],
        wild: NDArray[np.uint8],
        apart: bool,
    ) -> int: ...
    def backward(
        self,
        grad: NDArray[Any],
        rows: NDArray[np.intp],
        maps: NDArray[Any],
        wild: NDArray[np.uint8],
        part: int,
        parts: int,
    ) -> None: ...
    def backward_runs(
        self,
        grad: NDArray[Any],
        rows: NDArray[np.intp],
        maps: NDArray[Any],
        part: int,
        parts: int,
    ) -> bool: ...
