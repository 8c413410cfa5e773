from typing import Any

import numpy as np
from numpy.typing import NDArray

def roi_align_backward(
    grad: NDArray[np.floating[Any]],
    rois: NDArray[np.float64],
    out: NDArray[np.floating[Any]],
    spatial_scale: float,
    sampling_ratio: tuple[int, int],
    aligned: bool,
    mode: str = ...,
    features: NDArray[np.floating[Any]] | None = ...,
    empty_value: float = ...,
) -> None: ...
