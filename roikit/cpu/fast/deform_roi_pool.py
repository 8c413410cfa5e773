"""Deformable RoI pooling, from a table of the cells that each bin reads."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from roikit.cpu._deform_roi_pool import deform_roi_pool as plain
from roikit.cpu.fast import weighted_cells
from roikit.cpu.fast._deform_roi_pool import fill
from roikit.cpu.fast.weighted_cells import Fill, Plain


def deform_roi_pool(
    features: NDArray[Any], rois: NDArray[np.float64], offset: NDArray[np.float64], out: NDArray[Any],
    spatial_scale: float, sampling_ratio: tuple[int, int], gamma: float, num_threads: int = 1,
) -> None:
    """out[k, c, ph, pw] = average of channel c at the shifted sample points of bin (ph, pw) of rois[k]."""
    how = (spatial_scale, sampling_ratio, gamma)
    fill_shifted, plain_shifted = with_offset(offset, plain)
    weighted_cells.forward(
        features, numbered(rois), out, how, fill_shifted, plain_shifted, num_threads=num_threads
    )


def numbered(rois: NDArray[np.float64]) -> NDArray[np.float64]:
    """The rows, and in a last column which they are."""
    return np.column_stack([rois, np.arange(len(rois))])


def with_offset(offset: NDArray[np.float64], plain: Plain) -> tuple[Fill, Plain]:
    """Both as the engine calls them: with numbered rows, some of those that the offset is for."""

    def fill_shifted(table: Any, rois: NDArray[np.float64], rows: NDArray[np.intp], *how: Any) -> None:
        fill(table, rois, offset, rows, *how)

    def plain_shifted(given: Any, rois: NDArray[np.float64], out: Any, *how: Any) -> None:
        plain(given, rois, offset[rois[:, 5].astype(np.intp)], out, *how)

    return fill_shifted, plain_shifted
