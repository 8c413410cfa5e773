from typing import Any

import numpy as np
from numpy.typing import NDArray

def roi_align_backward_rois(
    grad: NDArray[np.floating[Any]],
    features: NDArray[np.floating[Any]],
    rois: NDArray[np.float64],
    out: NDArray[np.float64],
    spatial_scale: float,
    sampling_ratio: tuple[int, int],
    aligned: bool,
    mode: str = ...,
    empty_value: float = ...,
) -> None: ...
