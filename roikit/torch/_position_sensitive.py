"""Bins on channels of their own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from torch import Tensor

from roikit.torch._operators import Boxes, Operator, Size, pair, table


def grouped_bins(given: Mapping[str, Any]) -> Sequence[Any]:
    GH, GW = given["group_size"]
    return (given["rois"].shape[0], given["features"].shape[1] // (GH * GW), *given["output_size"])


_ps_roi_pool = Operator(
    "ps_roi_pool",
    "Tensor features, Tensor rois, SymInt[] output_size, float spatial_scale, "
    "SymInt[] group_size, str convention, str mode",
    by=("features",),
    shape=grouped_bins,
)
_ps_roi_align = Operator(
    "ps_roi_align",
    "Tensor features, Tensor rois, SymInt[] output_size, float spatial_scale, int[] sampling_ratio, "
    "SymInt[] group_size, bool aligned, str? convention, str mode",
    shape=grouped_bins,
)


def ps_roi_pool(
    features: Tensor, rois: Boxes, output_size: Size, spatial_scale: float = 1.0, *,
    group_size: Size | None = None, convention: str = "exclusive", mode: str = "avg",
) -> Tensor:
    """`roikit.ps_roi_pool`, once differentiable by features.

    Arguments, result and errors are those of `roikit.ps_roi_pool`, with tensors on the CPU as arrays, and a
    convention by its name.

    Examples
    --------
    >>> import torch
    >>> from roikit.torch import ps_roi_pool
    >>> scores = torch.arange(4.0).reshape(1, 4, 1, 1).expand(1, 4, 4, 4)
    >>> ps_roi_pool(scores, torch.tensor([[0, 0, 0, 4, 4]]), 2).tolist()
    [[[[0.0, 1.0], [2.0, 3.0]]]]
    """
    size = pair("output_size", output_size)
    groups = size if group_size is None else pair("group_size", group_size)
    how = float(spatial_scale), groups, convention, mode
    return _ps_roi_pool(features, table(rois, features), size, *how)


def ps_roi_align(
    features: Tensor, rois: Boxes, output_size: Size, spatial_scale: float = 1.0, sampling_ratio: Size = -1,
    *, group_size: Size | None = None, aligned: bool = True,
    convention: str | None = None, mode: str = "avg",
) -> Tensor:
    """`roikit.ps_roi_align`, once differentiable by features and by rois.

    Arguments, result and errors are those of `roikit.ps_roi_align`, with tensors on the CPU as arrays.

    Examples
    --------
    >>> import torch
    >>> from roikit.torch import ps_roi_align
    >>> scores = torch.arange(4.0).reshape(1, 4, 1, 1).expand(1, 4, 4, 4)
    >>> ps_roi_align(scores, torch.tensor([[0, 0, 0, 4, 4]]), 2).tolist()
    [[[[0.0, 1.0], [2.0, 3.0]]]]
    """
    size = pair("output_size", output_size)
    groups = size if group_size is None else pair("group_size", group_size)
    sampling = float(spatial_scale), pair("sampling_ratio", sampling_ratio), groups, aligned
    return _ps_roi_align(features, table(rois, features), size, *sampling, convention, mode)
