"""Boxes read at a grid of points with their corners."""

from __future__ import annotations

from torch import Tensor

from roikit.torch._operators import Boxes, Operator, Size, pair, table
from roikit.torch._position_sensitive import grouped_bins

_crop_and_resize = Operator(
    "crop_and_resize",
    "Tensor features, Tensor rois, SymInt[] output_size, float extrapolation_value, "
    "str method, str coordinates",
)
_ps_crop_and_resize = Operator(
    "ps_crop_and_resize",
    "Tensor features, Tensor rois, SymInt[] output_size, float extrapolation_value, SymInt[] group_size, "
    "str method, str coordinates",
    shape=grouped_bins,
)


def crop_and_resize(
    features: Tensor, rois: Boxes, output_size: Size, extrapolation_value: float = 0.0, *,
    method: str = "bilinear", coordinates: str = "normalized",
) -> Tensor:
    """`roikit.crop_and_resize`, once differentiable by features and, where it is bilinear, by rois.

    Arguments, result and errors are those of `roikit.crop_and_resize`, with tensors on the CPU as arrays.

    Examples
    --------
    The left half of the map: one point in its middle, at column 0.75.

    >>> import torch
    >>> from roikit.torch import crop_and_resize
    >>> features = torch.arange(4.0).expand(1, 1, 4, 4)
    >>> rois = torch.tensor([[0.0, 0.0, 0.0, 0.5, 1.0]], requires_grad=True)
    >>> crops = crop_and_resize(features, rois, 1)
    >>> crops.sum().backward()
    >>> crops.item(), rois.grad.tolist()
    (0.75, [[0.0, 1.5, 0.0, 1.5, 0.0]])
    """
    boxes = table(rois, features)
    if method == "nearest":  # whole cells do not move
        boxes = boxes.detach()
    return _crop_and_resize(
        features, boxes, pair("output_size", output_size), float(extrapolation_value), method, coordinates
    )


def ps_crop_and_resize(
    features: Tensor, rois: Boxes, output_size: Size, extrapolation_value: float = 0.0, *,
    group_size: Size, method: str = "bilinear", coordinates: str = "normalized",
) -> Tensor:
    """`roikit.ps_crop_and_resize`, once differentiable by features and, where it is bilinear, by rois.

    Arguments, result and errors are those of `roikit.ps_crop_and_resize`, with tensors on the CPU as arrays.

    Examples
    --------
    The middles of the left and the right half, each on a map of its own.

    >>> import torch
    >>> from roikit.torch import ps_crop_and_resize
    >>> features = torch.tensor([1.0, 10.0])[:, None, None] * torch.arange(4.0).expand(1, 2, 4, 4)
    >>> ps_crop_and_resize(features, torch.tensor([[0.0, 0, 0, 1, 1]]), 1, group_size=(1, 2)).item()
    11.625
    """
    boxes = table(rois, features)
    if method == "nearest":  # whole cells do not move
        boxes = boxes.detach()
    how = float(extrapolation_value), pair("group_size", group_size), method, coordinates
    return _ps_crop_and_resize(features, boxes, pair("output_size", output_size), *how)
