"""Bilinear samples of shifted bins."""

from __future__ import annotations

from torch import Tensor

from roikit.torch._operators import Boxes, Operator, Size, pair, table

_deform_roi_pool = Operator(
    "deform_roi_pool",
    "Tensor features, Tensor rois, Tensor? offset, SymInt[] output_size, float spatial_scale, "
    "int[] sampling_ratio, float gamma",
    by=("features", "rois", "offset"),
)


def deform_roi_pool(
    features: Tensor, rois: Boxes, offset: Tensor | None, output_size: Size, spatial_scale: float = 1.0,
    sampling_ratio: Size = -1, gamma: float = 0.1,
) -> Tensor:
    """`roikit.deform_roi_pool`, once differentiable by features, by rois and by offset.

    Arguments, result and errors are those of `roikit.deform_roi_pool`, with tensors on the CPU as arrays.

    Examples
    --------
    A map that rises by 1 a column: shifted by 0.5 · 0.1 of its width of 4 cells, the one bin reads 0.2 more.

    >>> import torch
    >>> from roikit.torch import deform_roi_pool
    >>> features = torch.arange(8.0).expand(1, 1, 8, 8)
    >>> rois, offset = torch.tensor([[0, 1, 1, 5, 5]]), torch.tensor([[[[0.5]], [[0.0]]]], requires_grad=True)
    >>> bins = deform_roi_pool(features, rois, offset, 1, sampling_ratio=1)
    >>> bins.sum().backward()
    >>> round(bins.item(), 6), [round(each, 6) for each in offset.grad.flatten().tolist()]
    (2.7, [0.4, 0.0])
    """
    sampling = float(spatial_scale), pair("sampling_ratio", sampling_ratio), float(gamma)
    size = pair("output_size", output_size)
    return _deform_roi_pool(features, table(rois, features), offset, size, *sampling)
