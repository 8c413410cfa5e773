from typing import Any

from numpy.typing import NDArray

def pool_backward(
    grad: NDArray[Any], argmax: NDArray[Any], order: NDArray[Any], planes: NDArray[Any], packed: bool
) -> bool: ...
