import numpy as np
from numpy.typing import NDArray

from roikit.cpu.fast._weighted_cells import WeightedCells

def fill(
    table: WeightedCells,
    rois: NDArray[np.float64],
    offset: NDArray[np.float64],
    rows: NDArray[np.intp],
    spatial_scale: float,
    sampling_ratio: tuple[int, int],
    gamma: float,
) -> None: ...

def fill_moves(
    table: WeightedCells,
    rois: NDArray[np.float64],
    offset: NDArray[np.float64],
    rows: NDArray[np.intp],
    of_offset: bool,
    spatial_scale: float,
    sampling_ratio: tuple[int, int],
    gamma: float,
) -> None: ...
