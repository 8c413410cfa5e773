"""RoI pooling, RoIAlign and all their family on NumPy and CuPy arrays: one meaning, several speeds."""

from roikit import compare, examples, explain
from roikit._dispatch import use_backend
from roikit.convention import CONVENTIONS, Convention
from roikit.ops.bilinear_interpolate import bilinear_interpolate
from roikit.ops.bin_edges import bin_edges
from roikit.ops.border_align import border_align
from roikit.ops.border_align_backward import border_align_backward
from roikit.ops.border_align_backward_rois import border_align_backward_rois
from roikit.ops.crop_and_resize import crop_and_resize
from roikit.ops.crop_and_resize_backward import crop_and_resize_backward
from roikit.ops.crop_and_resize_backward_rois import crop_and_resize_backward_rois
from roikit.ops.deform_roi_pool import deform_roi_pool
from roikit.ops.deform_roi_pool_backward import deform_roi_pool_backward
from roikit.ops.deform_roi_pool_backward_offset import deform_roi_pool_backward_offset
from roikit.ops.deform_roi_pool_backward_rois import deform_roi_pool_backward_rois
from roikit.ops.paste_masks import paste_masks
from roikit.ops.paste_masks_backward import paste_masks_backward
from roikit.ops.precise_roi_pool import precise_roi_pool
from roikit.ops.precise_roi_pool_backward import precise_roi_pool_backward
from roikit.ops.precise_roi_pool_backward_rois import precise_roi_pool_backward_rois
from roikit.ops.ps_crop_and_resize import ps_crop_and_resize
from roikit.ops.ps_crop_and_resize_backward import ps_crop_and_resize_backward
from roikit.ops.ps_crop_and_resize_backward_rois import ps_crop_and_resize_backward_rois
from roikit.ops.ps_roi_align import ps_roi_align
from roikit.ops.ps_roi_align_backward import ps_roi_align_backward
from roikit.ops.ps_roi_align_backward_rois import ps_roi_align_backward_rois
from roikit.ops.ps_roi_pool import ps_roi_pool
from roikit.ops.ps_roi_pool_backward import ps_roi_pool_backward
from roikit.ops.pyramid_levels import pyramid_levels
from roikit.ops.quantize_rois import quantize_rois
from roikit.ops.riroi_align_rotated import riroi_align_rotated
from roikit.ops.riroi_align_rotated_backward import riroi_align_rotated_backward
from roikit.ops.riroi_align_rotated_backward_rois import riroi_align_rotated_backward_rois
from roikit.ops.roi_align import roi_align
from roikit.ops.roi_align_backward import roi_align_backward
from roikit.ops.roi_align_backward_rois import roi_align_backward_rois
from roikit.ops.roi_align_pyramid import roi_align_pyramid
from roikit.ops.roi_align_pyramid_backward import roi_align_pyramid_backward
from roikit.ops.roi_align_pyramid_backward_rois import roi_align_pyramid_backward_rois
from roikit.ops.roi_align_rotated import roi_align_rotated
from roikit.ops.roi_align_rotated_backward import roi_align_rotated_backward
from roikit.ops.roi_align_rotated_backward_rois import roi_align_rotated_backward_rois
from roikit.ops.roi_pool import roi_pool
from roikit.ops.roi_pool_backward import roi_pool_backward
from roikit.ops.select_class_masks import select_class_masks
from roikit.ops.select_class_masks_backward import select_class_masks_backward
from roikit.presets import PRESETS

__all__ = [
    "CONVENTIONS",
    "PRESETS",
    "Convention",
    "bilinear_interpolate",
    "bin_edges",
    "border_align",
    "border_align_backward",
    "border_align_backward_rois",
    "compare",
    "crop_and_resize",
    "crop_and_resize_backward",
    "crop_and_resize_backward_rois",
    "deform_roi_pool",
    "deform_roi_pool_backward",
    "deform_roi_pool_backward_offset",
    "deform_roi_pool_backward_rois",
    "examples",
    "explain",
    "paste_masks",
    "paste_masks_backward",
    "precise_roi_pool",
    "precise_roi_pool_backward",
    "precise_roi_pool_backward_rois",
    "ps_crop_and_resize",
    "ps_crop_and_resize_backward",
    "ps_crop_and_resize_backward_rois",
    "ps_roi_align",
    "ps_roi_align_backward",
    "ps_roi_align_backward_rois",
    "ps_roi_pool",
    "ps_roi_pool_backward",
    "pyramid_levels",
    "quantize_rois",
    "riroi_align_rotated",
    "riroi_align_rotated_backward",
    "riroi_align_rotated_backward_rois",
    "roi_align",
    "roi_align_backward",
    "roi_align_backward_rois",
    "roi_align_pyramid",
    "roi_align_pyramid_backward",
    "roi_align_pyramid_backward_rois",
    "roi_align_rotated",
    "roi_align_rotated_backward",
    "roi_align_rotated_backward_rois",
    "roi_pool",
    "roi_pool_backward",
    "select_class_masks",
    "select_class_masks_backward",
    "use_backend",
]


def __getattr__(name: str) -> str:
    if name == "__version__":  # when asked for: its machinery takes longer to import than roikit
        from importlib.metadata import version

        return version("roikit")
    raise AttributeError(f"module 'roikit' has no attribute {name!r}")
