from typing import Any

import numpy as np
from numpy.typing import NDArray

def mix_rows(
    bins: NDArray[Any], shifts: NDArray[np.float64], out: NDArray[Any], num_orientations: int
) -> None: ...
def unmix_rows(
    grad: NDArray[Any], shifts: NDArray[np.float64], bins: NDArray[Any], num_orientations: int
) -> None: ...
