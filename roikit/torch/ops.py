"""The RoI operations of ``torchvision.ops`` by their names and signatures: import this module in its place.

    from roikit.torch import ops          # was: from torchvision import ops

The numbers are those of roikit's functions. Beside torchvision's there are gradients by boxes, and what it
leaves unchecked is checked. Tensors are on the CPU.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from torch import Tensor, nn

from roikit.torch import _align, _pool, _position_sensitive, _pyramid
from roikit.torch._operators import Boxes, Size

__all__ = [
    "MultiScaleRoIAlign",
    "PSRoIAlign",
    "PSRoIPool",
    "RoIAlign",
    "RoIPool",
    "ps_roi_align",
    "ps_roi_pool",
    "roi_align",
    "roi_pool",
]


def roi_align(
    input: Tensor, boxes: Boxes, output_size: Size, spatial_scale: float = 1.0, sampling_ratio: int = -1,
    aligned: bool = False,
) -> Tensor:
    """See `roikit.torch.roi_align`.

    Examples
    --------
    >>> import torch
    >>> from roikit.torch import ops
    >>> ops.roi_align(torch.arange(16.0).reshape(1, 1, 4, 4), [torch.tensor([[0.0, 0, 1, 1]])], 1).tolist()
    [[[[2.5]]]]
    """
    return _align.roi_align(input, boxes, output_size, spatial_scale, sampling_ratio, aligned)


def roi_pool(input: Tensor, boxes: Boxes, output_size: Size, spatial_scale: float = 1.0) -> Tensor:
    """See `roikit.torch.roi_pool`; the convention is "caffe"."""
    return _pool.roi_pool(input, boxes, output_size, spatial_scale)


def ps_roi_align(
    input: Tensor, boxes: Boxes, output_size: Size, spatial_scale: float = 1.0, sampling_ratio: int = -1
) -> Tensor:
    """See `roikit.torch.ps_roi_align`."""
    return _position_sensitive.ps_roi_align(input, boxes, output_size, spatial_scale, sampling_ratio)


def ps_roi_pool(input: Tensor, boxes: Boxes, output_size: Size, spatial_scale: float = 1.0) -> Tensor:
    """See `roikit.torch.ps_roi_pool`; the convention is "exclusive"."""
    return _position_sensitive.ps_roi_pool(input, boxes, output_size, spatial_scale)


class RoIAlign(nn.Module):
    """See `roi_align`.

    >>> RoIAlign(7, 0.25, 2, aligned=True)
    RoIAlign(output_size=7, spatial_scale=0.25, sampling_ratio=2, aligned=True)
    """

    def __init__(
        self, output_size: Size, spatial_scale: float, sampling_ratio: int, aligned: bool = False
    ) -> None:
        super().__init__()
        self.output_size = output_size
        self.spatial_scale = spatial_scale
        self.sampling_ratio = sampling_ratio
        self.aligned = aligned

    def forward(self, input: Tensor, rois: Boxes) -> Tensor:
        return roi_align(
            input, rois, self.output_size, self.spatial_scale, self.sampling_ratio, self.aligned
        )

    def __repr__(self) -> str:
        return _said(self, "output_size", "spatial_scale", "sampling_ratio", "aligned")


class RoIPool(nn.Module):
    """See `roi_pool`."""

    def __init__(self, output_size: Size, spatial_scale: float) -> None:
        super().__init__()
        self.output_size = output_size
        self.spatial_scale = spatial_scale

    def forward(self, input: Tensor, rois: Boxes) -> Tensor:
        return roi_pool(input, rois, self.output_size, self.spatial_scale)

    def __repr__(self) -> str:
        return _said(self, "output_size", "spatial_scale")


class PSRoIAlign(nn.Module):
    """See `ps_roi_align`."""

    def __init__(self, output_size: Size, spatial_scale: float, sampling_ratio: int) -> None:
        super().__init__()
        self.output_size = output_size
        self.spatial_scale = spatial_scale
        self.sampling_ratio = sampling_ratio

    def forward(self, input: Tensor, rois: Boxes) -> Tensor:
        return ps_roi_align(input, rois, self.output_size, self.spatial_scale, self.sampling_ratio)

    def __repr__(self) -> str:
        return _said(self, "output_size", "spatial_scale", "sampling_ratio")


class PSRoIPool(nn.Module):
    """See `ps_roi_pool`."""

    def __init__(self, output_size: Size, spatial_scale: float) -> None:
        super().__init__()
        self.output_size = output_size
        self.spatial_scale = spatial_scale

    def forward(self, input: Tensor, rois: Boxes) -> Tensor:
        return ps_roi_pool(input, rois, self.output_size, self.spatial_scale)

    def __repr__(self) -> str:
        return _said(self, "output_size", "spatial_scale")


class MultiScaleRoIAlign(nn.Module):
    """RoIAlign on those maps of a feature pyramid that are named, finest first: see `roi_align_pyramid`.

    The scale of each map is the power of 2 next to its height by the largest image's. Where a level is left
    out, its boxes are read from the next finer map; torchvision reads the wrong maps then, or gives zeros.

    Examples
    --------
    The second box has the side 448 and is read from the coarse map.

    >>> import torch
    >>> from roikit.torch.ops import MultiScaleRoIAlign
    >>> pooler = MultiScaleRoIAlign(["p4", "p5"], 1, 2)
    >>> maps = {"p3": None, "p4": torch.full((1, 1, 32, 32), 4.0), "p5": torch.full((1, 1, 16, 16), 5.0)}
    >>> boxes = [torch.tensor([[0.0, 0, 100, 100], [0, 0, 448, 448]])]
    >>> pooler(maps, boxes, [(512, 512)]).flatten().tolist()
    [4.0, 5.0]
    >>> pooler
    MultiScaleRoIAlign(featmap_names=['p4', 'p5'], output_size=(1, 1), sampling_ratio=2)
    """

    def __init__(
        self, featmap_names: Sequence[str], output_size: Size, sampling_ratio: int, *,
        canonical_scale: int = 224, canonical_level: int = 4,
    ) -> None:
        super().__init__()
        self.featmap_names = featmap_names
        self.output_size = (output_size,) * 2 if isinstance(output_size, int) else tuple(output_size)
        self.sampling_ratio = sampling_ratio
        self.canonical_scale = canonical_scale
        self.canonical_level = canonical_level

    def forward(
        self, x: Mapping[str, Tensor], boxes: Sequence[Tensor], image_shapes: Sequence[tuple[int, int]]
    ) -> Tensor:
        maps = [each for name, each in x.items() if name in self.featmap_names]
        if not maps or not image_shapes:
            names = f"featmap_names names {list(self.featmap_names)}, and x holds {list(x)}"
            raise ValueError("image_shapes must be one for each image" if maps else names)
        height = max(shape[0] for shape in image_shapes)
        scales = [2.0 ** round(math.log2(each.shape[2] / height)) for each in maps]
        return _pyramid.roi_align_pyramid(
            maps, boxes, self.output_size, scales, self.sampling_ratio,
            canonical_level=self.canonical_level, canonical_size=self.canonical_scale,
        )

    def __repr__(self) -> str:
        return _said(self, "featmap_names", "output_size", "sampling_ratio")


def _said(module: nn.Module, *names: str) -> str:
    """"RoIPool(output_size=7, spatial_scale=0.25)"."""
    values = ", ".join(f"{name}={getattr(module, name)}" for name in names)
    return f"{type(module).__name__}({values})"
