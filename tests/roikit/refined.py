"""What the tests of one surface on two grids share."""

import numpy as np


def refined(maps):
    """Maps (N, C, 2H - 1, 2W - 1) of the same bilinear surface: between each two cells their mean."""
    for axis in (2, 3):
        before, after = np.delete(maps, -1, axis), np.delete(maps, 0, axis)
        maps = np.insert(maps, range(1, maps.shape[axis]), (before + after) / 2, axis)
    return maps
