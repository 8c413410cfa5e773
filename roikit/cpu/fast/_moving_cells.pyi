from typing import Any

import numpy as np
from numpy.typing import NDArray

from roikit.cpu.fast._weighted_cells import WeightedCells

class MovingCells(WeightedCells):
    def products(
        self,
        maps: NDArray[Any],
        first_row: int,
        grad: NDArray[Any],
        rows: NDArray[np.intp],
        totals: NDArray[np.float64],
    ) -> None: ...
    def moved(self, totals: NDArray[np.float64], out: NDArray[np.float64]) -> None: ...
