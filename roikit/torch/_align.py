"""Bilinear samples of boxes that are not quantized."""

from __future__ import annotations

from torch import Tensor

from roikit.torch._operators import Boxes, Operator, Size, pair, table

_roi_align = Operator(
    "roi_align",
    "Tensor features, Tensor rois, SymInt[] output_size, float spatial_scale, int[] sampling_ratio, "
    "bool aligned, str mode, str? convention",
)
_roi_align_rotated = Operator(
    "roi_align_rotated",
    "Tensor features, Tensor rois, SymInt[] output_size, float spatial_scale, int[] sampling_ratio, "
    "bool aligned, str angle, bool clockwise",
)


def roi_align(
    features: Tensor, rois: Boxes, output_size: Size, spatial_scale: float = 1.0, sampling_ratio: Size = -1,
    aligned: bool = False, *, mode: str = "avg", convention: str | None = None,
) -> Tensor:
    """`roikit.roi_align`, once differentiable by features and by rois.

    Arguments, result and errors are those of `roikit.roi_align`, with tensors on the CPU as arrays, and a
    convention by its name. The gradients are those of `roikit.roi_align_backward` and
    `roikit.roi_align_backward_rois`: of a maximum all goes to the sample that was the largest, or to that
    neighbour.

    Examples
    --------
    >>> import torch
    >>> from roikit.torch import roi_align
    >>> features = torch.arange(16.0).reshape(1, 1, 4, 4).requires_grad_()
    >>> rois = torch.tensor([[0.0, 0.0, 0.0, 1.0, 1.0]], requires_grad=True)
    >>> roi_align(features, rois, 1, sampling_ratio=1).sum().backward()
    >>> features.grad[0, 0, :2, :2].tolist(), rois.grad.tolist()
    ([[0.25, 0.25], [0.25, 0.25]], [[0.0, 0.5, 2.0, 0.5, 2.0]])
    """
    sampling = float(spatial_scale), pair("sampling_ratio", sampling_ratio), aligned
    size = pair("output_size", output_size)
    return _roi_align(features, table(rois, features), size, *sampling, mode, convention)


def roi_align_rotated(
    features: Tensor, rois: Boxes, output_size: Size, spatial_scale: float = 1.0, sampling_ratio: Size = -1,
    aligned: bool = True, *, angle: str = "degrees", clockwise: bool = False,
) -> Tensor:
    """`roikit.roi_align_rotated`, once differentiable by features and by rois, their angles too.

    Arguments, result and errors are those of `roikit.roi_align_rotated`, with tensors on the CPU as arrays.

    Examples
    --------
    A map that rises by 1 a column, and a box that is turned about its middle: the left bin begins to move
    down, and not along the columns; the centre moves both bins along.

    >>> import torch
    >>> from roikit.torch import roi_align_rotated
    >>> features = torch.arange(8.0).expand(1, 1, 8, 8)
    >>> rois = torch.tensor([[0.0, 4.0, 4.0, 4.0, 2.0, 0.0]], requires_grad=True)
    >>> bins = roi_align_rotated(features, rois, (1, 2), sampling_ratio=1)
    >>> bins.sum().backward()
    >>> bins.tolist(), rois.grad.tolist()
    ([[[[2.5, 4.5]]]], [[0.0, 2.0, 0.0, 0.0, 0.0, 0.0]])
    """
    sampling = float(spatial_scale), pair("sampling_ratio", sampling_ratio), aligned
    size = pair("output_size", output_size)
    return _roi_align_rotated(features, table(rois, features, 5), size, *sampling, angle, clockwise)
