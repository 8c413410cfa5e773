"""Border align: the maximum of a map along each side of a box, one group of channels for each side."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from .bilinear_interpolate import axis_taps, blend

#: From which corner to which, as columns (x, y, x, y) of a box x1, y1, x2, y2: top, left, bottom and right.
#:
#:     (x1, y1)  top →     .
#:        left ↓           ↑ right
#:        .     ← bottom  (x2, y2)
SIDES = ((0, 1, 2, 1), (0, 1, 0, 3), (2, 3, 0, 3), (2, 3, 2, 1))


def walk(start: float, end: float, pool_size: int) -> NDArray[np.float64]:
    """pool_size + 1 points in equal steps from the start to the end, both of them exactly."""
    points = start + np.arange(pool_size + 1, dtype=np.float64) * ((end - start) / pool_size)
    points[-1] = end
    return points


def side_points(
    box: NDArray[np.float64], side: int, pool_size: int
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Where one side of a scaled box is sampled, y and x."""
    from_x, from_y, to_x, to_y = (box[column] for column in SIDES[side])
    return walk(from_y, to_y, pool_size), walk(from_x, to_x, pool_size)


def border_align(
    features: NDArray[Any], rois: NDArray[np.float64], out: NDArray[Any], argmax: NDArray[np.int64] | None,
    spatial_scale: float, pool_size: int,
) -> None:
    """out[k, c, side] = the maximum of channel side * C + c at the points of that side of rois[k]."""
    C, sides = out.shape[1:]
    H, W = features.shape[2:]
    with np.errstate(all="ignore"):  # what is in the map is the caller's business
        for k, (b, *box) in enumerate(rois):
            for side in range(sides):
                y, x = side_points(np.array(box) * spatial_scale, side, pool_size)
                maps = features[int(b), side * C : (side + 1) * C]
                samples = blend(maps, axis_taps(y, H), axis_taps(x, W))  # (C, points), 0 outside the map
                found = np.argmax(samples, axis=1)  # the first maximum, or the first NaN
                out[k, :, side] = 0.0 + samples[np.arange(C), found]  # 0.0 has no sign
                if argmax is not None:
                    argmax[k, :, side] = found
