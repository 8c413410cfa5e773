from typing import Any

from numpy.typing import NDArray

def roi_pool(
    map: NDArray[Any], rois: NDArray[Any], order: NDArray[Any], out: NDArray[Any],
    argmax: NDArray[Any] | None, spatial_scale: float, convention: Any, wild: NDArray[Any], packed: bool,
    level: int,
) -> None: ...
def pool_backward(
    grad: NDArray[Any], argmax: NDArray[Any], order: NDArray[Any], map: NDArray[Any], packed: bool
) -> bool: ...
