"""Maxima along the sides of boxes."""

from __future__ import annotations

import torch
from torch import Tensor

from roikit.torch._operators import Boxes, Operator, table

_border_align = Operator(
    "border_align",
    "Tensor features, Tensor rois, int pool_size, float spatial_scale",
    shape=lambda given: (given["rois"].shape[0], given["features"].shape[1] // 4, 4),
    argmax=torch.int64,
)


def border_align(features: Tensor, rois: Boxes, pool_size: int, spatial_scale: float = 1.0) -> Tensor:
    """`roikit.border_align`, once differentiable by features and by rois.

    Arguments, result and errors are those of `roikit.border_align`, with tensors on the CPU as arrays.

    Examples
    --------
    Maps that rise by 1 a column: the largest of the top is at its right end, which x2 moves.

    >>> import torch
    >>> from roikit.torch import border_align
    >>> features = torch.arange(4.0).expand(1, 4, 4, 4)
    >>> rois = torch.tensor([[0.0, 0.5, 1.0, 2.5, 2.0]], requires_grad=True)
    >>> sides = border_align(features, rois, 2)
    >>> sides[0, 0, 0].backward()
    >>> sides.tolist(), rois.grad.tolist()
    ([[[2.5, 0.5, 2.5, 2.5]]], [[0.0, 0.0, 0.0, 1.0, 0.0]])
    """
    return _border_align(features, table(rois, features), pool_size, float(spatial_scale))[0]
