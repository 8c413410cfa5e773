"""Bins that are pooled whole: their largest cell, or the integral over them."""

from __future__ import annotations

import torch
from torch import Tensor

from roikit.torch._operators import Boxes, Operator, Size, pair, table

_roi_pool = Operator(
    "roi_pool",
    "Tensor features, Tensor rois, SymInt[] output_size, float spatial_scale, str convention",
    by=("features",),
    argmax=torch.int64,
)
_precise_roi_pool = Operator(
    "precise_roi_pool", "Tensor features, Tensor rois, SymInt[] output_size, float spatial_scale"
)


def roi_pool(
    features: Tensor, rois: Boxes, output_size: Size, spatial_scale: float = 1.0, *, convention: str = "caffe"
) -> Tensor:
    """`roikit.roi_pool` in the mode "max", once differentiable by features.

    Arguments, result and errors are those of `roikit.roi_pool`, with tensors on the CPU as arrays, and a
    convention by its name. There is no gradient by rois: whole cells do not move.

    Examples
    --------
    >>> import torch
    >>> from roikit.torch import roi_pool
    >>> features = torch.arange(16.0).reshape(1, 1, 4, 4).requires_grad_()
    >>> roi_pool(features, torch.tensor([[0, 0, 0, 1, 1]]), 1).sum().backward()
    >>> features.grad[0, 0, :2, :2].tolist()
    [[0.0, 0.0], [0.0, 1.0]]
    """
    size = pair("output_size", output_size)
    return _roi_pool(features, table(rois, features), size, float(spatial_scale), convention)[0]


def precise_roi_pool(
    features: Tensor, rois: Boxes, output_size: Size, spatial_scale: float = 1.0
) -> Tensor:
    """`roikit.precise_roi_pool`, once differentiable by features and by rois.

    Arguments, result and errors are those of `roikit.precise_roi_pool`, with tensors on the CPU as arrays.

    Examples
    --------
    A map that rises by 1 a column: the average over columns 1 to 2 grows by a half for each end that moves.

    >>> import torch
    >>> from roikit.torch import precise_roi_pool
    >>> features = torch.arange(4.0).expand(1, 1, 4, 4)
    >>> rois = torch.tensor([[0.0, 1.0, 1.0, 2.0, 2.0]], requires_grad=True)
    >>> bins = precise_roi_pool(features, rois, 1)
    >>> bins.sum().backward()
    >>> bins.item(), rois.grad.tolist()
    (1.5, [[0.0, 0.5, 0.0, 0.5, 0.0]])
    """
    size = pair("output_size", output_size)
    return _precise_roi_pool(features, table(rois, features), size, float(spatial_scale))
