from typing import Any

import numpy as np
from numpy.typing import NDArray

from roikit.convention import Convention

def roi_pool(
    features: NDArray[np.floating[Any]],
    rois: NDArray[np.float64],
    out: NDArray[np.floating[Any]],
    argmax: NDArray[np.int64] | None,
    spatial_scale: float,
    convention: Convention,
    mode: str,
) -> None: ...
