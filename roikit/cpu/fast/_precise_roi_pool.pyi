import numpy as np
from numpy.typing import NDArray

from roikit.cpu.fast._weighted_cells import WeightedCells

def fill(
    table: WeightedCells,
    rois: NDArray[np.float64],
    rows: NDArray[np.intp],
    spatial_scale: float,
) -> None: ...
