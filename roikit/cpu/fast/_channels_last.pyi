from typing import Any

import numpy as np
from numpy.typing import NDArray

class AlignPlan:
    count: int
    top: int
    bottom: int
    left: int
    right: int
    covered: int
    def __init__(
        self,
        rois: NDArray[np.float64],
        order: NDArray[np.intp],
        cells: tuple[int, ...],
        bins: tuple[int, ...],
        spatial_scale: float,
        sampling_ratio: tuple[int, int],
        aligned: bool,
        mode: str,
        gradient: bool,
        is_double: bool,
        most_bytes: int,
        level: int,
    ) -> None: ...
    def forward(
        self,
        map: NDArray[np.floating[Any]],
        out: NDArray[np.floating[Any]],
        wild: NDArray[np.uint8],
        begin: int,
        end: int,
        packed: bool,
    ) -> None: ...
    def backward(
        self,
        grad: NDArray[np.floating[Any]],
        map: NDArray[np.floating[Any]],
        wild: NDArray[np.uint8],
        begin: int,
        end: int,
        packed: bool,
    ) -> None: ...
