"""roikit's operations on PyTorch's CPU tensors, with gradients; this package alone needs PyTorch.

roikit's own functions compute; each is registered as an operator of PyTorch, which differentiates it and can
compile what is around it (``torch.compile``). `roikit.torch.ops` has the names and signatures of
``torchvision.ops``.
"""

try:
    import torch as _  # noqa: F401
except ModuleNotFoundError:
    raise ModuleNotFoundError("roikit.torch needs PyTorch: install the package torch") from None

from roikit.torch._align import roi_align, roi_align_rotated
from roikit.torch._border import border_align
from roikit.torch._crop import crop_and_resize, ps_crop_and_resize
from roikit.torch._deformable import deform_roi_pool
from roikit.torch._masks import paste_masks, select_class_masks
from roikit.torch._orientations import riroi_align_rotated
from roikit.torch._pool import precise_roi_pool, roi_pool
from roikit.torch._position_sensitive import ps_roi_align, ps_roi_pool
from roikit.torch._pyramid import roi_align_pyramid

__all__ = [
    "border_align",
    "crop_and_resize",
    "deform_roi_pool",
    "paste_masks",
    "precise_roi_pool",
    "ps_crop_and_resize",
    "ps_roi_align",
    "ps_roi_pool",
    "riroi_align_rotated",
    "roi_align",
    "roi_align_pyramid",
    "roi_align_rotated",
    "roi_pool",
    "select_class_masks",
]
