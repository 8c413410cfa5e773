"""The gradient of deformable RoI pooling by the boxes, from a table of the cells that each bin reads."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from roikit.cpu._deform_roi_pool_backward_rois import deform_roi_pool_backward_rois as plain
from roikit.cpu.fast import moving_cells
from roikit.cpu.fast._deform_roi_pool import fill_moves
from roikit.cpu.fast.deform_roi_pool import numbered
from roikit.cpu.fast.weighted_cells import Fill, Plain


def deform_roi_pool_backward_rois(
    grad: NDArray[Any], features: NDArray[Any], rois: NDArray[np.float64], offset: NDArray[np.float64],
    out: NDArray[np.float64], spatial_scale: float, sampling_ratio: tuple[int, int], gamma: float,
    num_threads: int = 1,
) -> None:
    """out[k] = the gradient of sum(grad[k] * the bins of rois[k]) by its x1, y1, x2, y2."""
    how = (spatial_scale, sampling_ratio, gamma)
    fill, plain_shifted = with_offset(offset, plain, of_offset=False)
    moving_cells.backward_rois(
        grad, features, numbered(rois), out, how, fill, plain_shifted, num_threads=num_threads
    )


def with_offset(offset: NDArray[np.float64], plain: Plain, *, of_offset: bool) -> tuple[Fill, Plain]:
    """Both as the engine calls them: with numbered rows, some of those that the offset is for."""

    def fill_shifted(table: Any, rois: NDArray[np.float64], rows: NDArray[np.intp], *how: Any) -> None:
        fill_moves(table, rois, offset, rows, of_offset, *how)

    def plain_shifted(grad: Any, features: Any, rois: NDArray[np.float64], out: Any, *how: Any) -> None:
        plain(grad, features, rois, offset[rois[:, 5].astype(np.intp)], out, *how)

    return fill_shifted, plain_shifted
