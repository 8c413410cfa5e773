"""RoI pooling, bilinear interpolation and RoIAlign on NumPy arrays: one meaning, several speeds."""

from roikit import compare, examples, explain
from roikit._dispatch import use_backend
from roikit.convention import CONVENTIONS, Convention
from roikit.ops.bilinear_interpolate import bilinear_interpolate
from roikit.ops.bin_edges import bin_edges
from roikit.ops.quantize_rois import quantize_rois
from roikit.ops.roi_align import roi_align
from roikit.ops.roi_align_backward import roi_align_backward
from roikit.ops.roi_align_backward_rois import roi_align_backward_rois
from roikit.ops.roi_pool import roi_pool
from roikit.ops.roi_pool_backward import roi_pool_backward

__all__ = [
    "CONVENTIONS",
    "Convention",
    "bilinear_interpolate",
    "bin_edges",
    "compare",
    "examples",
    "explain",
    "quantize_rois",
    "roi_align",
    "roi_align_backward",
    "roi_align_backward_rois",
    "roi_pool",
    "roi_pool_backward",
    "use_backend",
]


def __getattr__(name: str) -> str:
    if name == "__version__":  # when asked for: its machinery takes longer to import than roikit
        from importlib.metadata import version

        return version("roikit")
    raise AttributeError(f"module 'roikit' has no attribute {name!r}")
