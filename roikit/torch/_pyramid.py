"""RoIAlign on a feature pyramid."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from torch import Tensor

from roikit.torch._operators import Boxes, Operator, Size, pair, table


def _bins(given: Mapping[str, Any]) -> Sequence[Any]:
    return (given["rois"].shape[0], given["features"][0].shape[1], *given["output_size"])


_roi_align_pyramid = Operator(
    "roi_align_pyramid",
    "Tensor[] features, Tensor rois, SymInt[] output_size, float[] spatial_scales, int[] sampling_ratio, "
    "bool aligned, str mode, int canonical_level, float canonical_size, float eps, str eps_of",
    shape=_bins,
)


def roi_align_pyramid(
    features: Sequence[Tensor], rois: Boxes, output_size: Size, spatial_scales: Sequence[float],
    sampling_ratio: Size = -1, aligned: bool = False, *, mode: str = "avg", canonical_level: int = 4,
    canonical_size: float = 224.0, eps: float = 1e-6, eps_of: str = "level",
) -> Tensor:
    """`roikit.roi_align_pyramid`, once differentiable by features and by rois.

    Arguments, result and errors are those of `roikit.roi_align_pyramid`, with tensors on the CPU as arrays.

    Examples
    --------
    The first box has the side 448, and is read from the coarse map, the second from the fine one.

    >>> import torch
    >>> from roikit.torch import roi_align_pyramid
    >>> fine, coarse = torch.full((1, 1, 32, 32), 4.0), torch.full((1, 1, 16, 16), 5.0)
    >>> boxes = torch.tensor([[0, 0, 0, 448, 448], [0, 0, 0, 224, 224]])
    >>> roi_align_pyramid([fine, coarse], boxes, 1, [1 / 16, 1 / 32]).flatten().tolist()
    [5.0, 4.0]
    """
    maps, boxes = list(features), table(rois, list(features))
    sampling = [float(each) for each in spatial_scales], pair("sampling_ratio", sampling_ratio), aligned, mode
    rule = canonical_level, float(canonical_size), float(eps), eps_of
    return _roi_align_pyramid(maps, boxes, pair("output_size", output_size), *sampling, *rule)
