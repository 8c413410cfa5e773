from typing import Any

from numpy.typing import NDArray

class PoolPlan:
    count: int

    def __init__(
        self, rois: NDArray[Any], order: NDArray[Any], cells: tuple[int, ...], bins: tuple[int, ...],
        spatial_scale: float, convention: Any, mode: str, is_double: bool, most_bytes: int, level: int,
    ) -> None: ...
    def forward(
        self, planes: NDArray[Any], out: NDArray[Any], argmax: NDArray[Any] | None, wild: NDArray[Any],
        begin: int, end: int, packed: bool,
    ) -> None: ...
