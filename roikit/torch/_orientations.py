"""Channels that are orientations."""

from __future__ import annotations

from torch import Tensor

from roikit.torch._operators import Boxes, Operator, Size, pair, table

_riroi_align_rotated = Operator(
    "riroi_align_rotated",
    "Tensor features, Tensor rois, SymInt[] output_size, float spatial_scale, int[] sampling_ratio, "
    "int num_orientations, bool aligned, str angle, bool clockwise, str mixing",
)


def riroi_align_rotated(
    features: Tensor, rois: Boxes, output_size: Size, spatial_scale: float = 1.0, sampling_ratio: Size = -1,
    *, num_orientations: int = 8, aligned: bool = True, angle: str = "degrees", clockwise: bool = False,
    mixing: str = "linear",
) -> Tensor:
    """`roikit.riroi_align_rotated`, once differentiable by features and by rois, their angles too.

    Arguments, result and errors are those of `roikit.riroi_align_rotated`, with tensors on the CPU as arrays.

    Examples
    --------
    A map of one cell, on which nothing moves, in four orientations. As the box turns by 90 degrees the first
    of the output goes from 8 to 2, a fifteenth of that per 6 degrees.

    >>> import torch
    >>> from roikit.torch import riroi_align_rotated
    >>> features = torch.tensor([8.0, 2.0, 0.0, 0.0]).reshape(1, 4, 1, 1)
    >>> rois = torch.tensor([[0.0, 0.5, 0.5, 1.0, 1.0, 30.0]], requires_grad=True)
    >>> bins = riroi_align_rotated(features, rois, 1, num_orientations=4)
    >>> bins[0, 0].sum().backward()
    >>> bins[0, 0].item(), round(rois.grad[0, 5].item() * 6, 4)
    (6.0, -0.4)
    """
    sampling = float(spatial_scale), pair("sampling_ratio", sampling_ratio), num_orientations, aligned
    size = pair("output_size", output_size)
    return _riroi_align_rotated(features, table(rois, features, 5), size, *sampling, angle, clockwise, mixing)
