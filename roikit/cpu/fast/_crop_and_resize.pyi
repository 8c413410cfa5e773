import numpy as np
from numpy.typing import NDArray

from roikit.cpu.fast._weighted_cells import WeightedCells

def fill(
    table: WeightedCells,
    rois: NDArray[np.float64],
    rows: NDArray[np.intp],
    extrapolation_value: float,
    method: str,
    coordinates: str,
) -> None: ...
def fill_for_gradient(
    table: WeightedCells,
    rois: NDArray[np.float64],
    rows: NDArray[np.intp],
    method: str,
    coordinates: str,
) -> None: ...

def fill_moves(
    table: WeightedCells,
    rois: NDArray[np.float64],
    rows: NDArray[np.intp],
    coordinates: str,
) -> None: ...
