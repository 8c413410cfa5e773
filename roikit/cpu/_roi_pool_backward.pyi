from typing import Any

import numpy as np
from numpy.typing import NDArray

def roi_pool_backward(
    grad: NDArray[np.floating[Any]],
    rois: NDArray[np.float64],
    argmax: NDArray[np.int64] | NDArray[np.int32],
    out: NDArray[np.floating[Any]],
) -> None: ...
