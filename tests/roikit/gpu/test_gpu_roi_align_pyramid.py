"""RoIAlign on a pyramid of CuPy arrays: composed of calls that run on their GPU (here: on its stand-in)."""

import sys

import numpy as np
import pytest

from roikit.ops.pyramid_levels import pyramid_levels
from roikit.ops.roi_align_pyramid import roi_align_pyramid
from roikit.ops.roi_align_pyramid_backward import roi_align_pyramid_backward
from roikit.ops.roi_align_pyramid_backward_rois import roi_align_pyramid_backward_rois

sys.path.append(str(__file__.rpartition("/")[0]))
import fake_cupy

SCALES = [1 / 8, 1 / 16]
ROIS = np.array([[1, 5, 5, 60, 70], [0, 20, 2, 250, 240], [1, 20, 30, 90, 60]])


@pytest.fixture
def cupy():
    with fake_cupy.installed() as module:
        yield module


def maps():
    rng = np.random.default_rng(0)
    return [rng.standard_normal((2, 4, side, side)).astype(np.float32) for side in (32, 16)]


@pytest.mark.parametrize("rois_too", [True, False])
@pytest.mark.parametrize("layout", ["NCHW", "NHWC"])
def test_values_and_gradients_are_those_on_the_cpu(cupy, layout, rois_too):
    features = [each if layout == "NCHW" else each.transpose(0, 2, 3, 1).copy() for each in maps()]
    shapes = [each.shape for each in features]
    options = {"layout": layout, "canonical_size": 400}

    def all_of(array, boxes):
        given = [array(each) for each in features]
        bins = roi_align_pyramid(given, boxes, 2, SCALES, 2, **options)
        by_maps = roi_align_pyramid_backward(bins, boxes, shapes, SCALES, 2, **options)
        by_rois = roi_align_pyramid_backward_rois(bins, given, boxes, SCALES, 2, **options)
        return bins, *by_maps, by_rois

    boxes = cupy.asarray(ROIS) if rois_too else ROIS
    expected = all_of(np.asarray, ROIS)
    for ours, theirs in zip(all_of(cupy.asarray, boxes), expected, strict=True):
        assert isinstance(ours, cupy.ndarray)
        assert ours.dtype == theirs.dtype
        np.testing.assert_allclose(ours.get(), theirs, rtol=1e-5, atol=1e-5)


def test_a_wrong_box_on_the_gpu_is_told_at_once(cupy):
    """The CPU has to know where boxes belong, and so it looks at them."""
    wrong = np.where(np.arange(5) == 0, 2, ROIS)
    with pytest.raises(ValueError, match=r"^rois\[0\] names batch index 2, but features holds 2 images"):
        roi_align_pyramid(list(map(cupy.asarray, maps())), cupy.asarray(wrong), 2, SCALES)


def test_all_maps_are_in_one_place(cupy):
    fine, coarse = maps()
    with pytest.raises(TypeError, match=r"^features\[1\] and features\[0\] must both be on a GPU"):
        roi_align_pyramid([cupy.asarray(fine), coarse], ROIS, 2, SCALES)
    with pytest.raises(TypeError, match=r"^rois is on a GPU, and the other arrays are not: use rois.get\(\)"):
        roi_align_pyramid([fine, coarse], cupy.asarray(ROIS), 2, SCALES)


def test_levels_are_found_on_the_cpu(cupy):
    with pytest.raises(TypeError, match=r"^pyramid_levels has no CUDA kernel: copy rois to the CPU first"):
        pyramid_levels(cupy.asarray(ROIS))
