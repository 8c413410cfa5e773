"""OpenVINO's kernels on a CPU, of float32, beside the presets with its name."""

import numpy as np
import pytest

openvino = pytest.importorskip("openvino", reason="openvino is not installed here")
rotated = pytest.importorskip("openvino.opset15", reason="ROIAlignRotated needs openvino 2024.4 or later")

from openvino import opset9  # noqa: E402
from random_calls import FLOAT32, SCALES, boxes, lengths, maps  # noqa: E402
from turned import rotated_boxes  # noqa: E402

import roikit  # noqa: E402
from roikit import PRESETS  # noqa: E402

CORE = openvino.Core()
MODES = ["asymmetric", "half_pixel", "half_pixel_for_nn"]


def run(made, *arrays):
    """What the node that ``made`` makes of its parameters gives for the arrays."""
    parameters = [opset9.parameter(array.shape, array.dtype) for array in arrays]
    model = openvino.Model([made(*parameters)], parameters)
    compiled = CORE.compile_model(model, "CPU", {"INFERENCE_PRECISION_HINT": "f32"})
    return compiled(list(arrays))[0]


def roi_align(features, rois, ratio, scale, mode, coordinates):
    def made(x, corners, index):
        return opset9.roi_align(x, corners, index, 3, 4, max(ratio, 0), scale, mode, coordinates)

    return run(made, features, rois[:, 1:], rois[:, 0].astype(np.int32))


def roi_pooling(features, rois, size, scale, method):
    return run(lambda x, table: opset9.roi_pooling(x, table, list(size), scale, method), features, rois)


@pytest.mark.parametrize("scale", SCALES)
@pytest.mark.parametrize("ratio", [2, -1])
@pytest.mark.parametrize("coordinates", MODES)
def test_roi_align(coordinates, ratio, scale):
    theirs = roi_align(maps(), boxes(scale), ratio, scale, "avg", coordinates)
    how = PRESETS["roi_align"][f"openvino_{coordinates}"]
    np.testing.assert_allclose(
        roikit.roi_align(maps(), boxes(scale), (3, 4), scale, ratio, **how), theirs, **FLOAT32
    )


@pytest.mark.parametrize("coordinates", MODES)
def test_roi_aligns_maximum_of_samples_begins_at_0(coordinates):
    theirs = roi_align(maps(), boxes(1 / 3), 2, 1 / 3, "max", coordinates)
    how = PRESETS["roi_align"][f"openvino_{coordinates}"]
    ours = roikit.roi_align(maps(), boxes(1 / 3), (3, 4), 1 / 3, 2, mode="max", **how)
    assert ours.min() < -1
    np.testing.assert_allclose(np.maximum(ours, 0), theirs, **FLOAT32)


@pytest.mark.parametrize("scale", SCALES)
def test_roi_pool(scale):
    theirs = roi_pooling(maps(), boxes(scale), (3, 4), scale, "max")
    ours = roikit.roi_pool(maps(), boxes(scale), (3, 4), scale, **PRESETS["roi_pool"]["openvino"])
    assert np.array_equal(ours, theirs)


@pytest.mark.parametrize("bins", [7, 11, 13])
def test_roi_pools_bins_are_exact(bins):
    """Where torchvision's and Paddle's are now and then a cell too long."""
    column, rois = lengths()
    theirs = roi_pooling(column, rois, (bins, 1), 1.0, "max")
    exact = roikit.roi_pool(column, rois, (bins, 1), **PRESETS["roi_pool"]["openvino"])
    assert np.array_equal(exact, theirs)


@pytest.mark.parametrize("size", [(1, 1), (1, 4), (3, 4)])
def test_crop_and_resize(size):
    rois = boxes(1.0) / np.float32([1, 24, 20, 24, 20])
    theirs = roi_pooling(maps(), rois, size, 1.0, "bilinear")
    ours = roikit.crop_and_resize(maps(), rois, size, **PRESETS["crop_and_resize"]["openvino"])
    np.testing.assert_allclose(ours, theirs, **FLOAT32)


@pytest.mark.parametrize("size", [1, 2, 4])
@pytest.mark.parametrize("parts", [(2, 2), (3, 1), (1, 4)])
def test_ps_crop_and_resize(parts, size):
    GH, GW = parts
    rois = boxes(1.0) / np.float32([1, 24, 20, 24, 20])

    def made(x, table):
        return opset9.psroi_pooling(x, table, 12 // (GH * GW), size, 1.0, GW, GH, "bilinear")

    theirs = run(made, maps(), rois)
    how = PRESETS["ps_crop_and_resize"]["openvino"]
    ours = roikit.ps_crop_and_resize(maps(), rois, size, group_size=parts, **how)
    np.testing.assert_allclose(ours, theirs, **FLOAT32)


@pytest.mark.parametrize("scale", SCALES)
def test_ps_roi_pool_scales_boxes_in_float32(scale):
    """Where that rounds, a bin's edge that is a whole number is another one; "openvino" itself is exact."""

    def made(x, table):
        return opset9.psroi_pooling(x, table, 3, 2, scale, 1, 1, "average")

    theirs = run(made, maps(), boxes(scale))
    same = roikit.ps_roi_pool(maps(), boxes(scale), 2, scale, **PRESETS["ps_roi_pool"]["openvino_float32"])
    np.testing.assert_allclose(same, theirs, **FLOAT32)
    exact = roikit.ps_roi_pool(maps(), boxes(scale), 2, scale, **PRESETS["ps_roi_pool"]["openvino"])
    others = (np.abs(exact - theirs) > FLOAT32["atol"]).any((1, 2, 3))
    assert others.any() == (scale in (1 / 3, 0.3))


@pytest.mark.parametrize("scale", SCALES)
@pytest.mark.parametrize("clockwise", [False, True])
def test_roi_align_rotated(clockwise, scale):
    rois = rotated_boxes(np.random.default_rng(8), 40, around=20) / [1, scale, scale, scale, scale, 57.3]
    rois = rois[np.argsort(rois[:, 0], kind="stable")].astype(np.float32)

    def made(x, table, index):
        return rotated.roi_align_rotated(x, table, index, 3, 4, 2, scale, clockwise)

    theirs = run(made, maps(), rois[:, 1:], rois[:, 0].astype(np.int32))
    how = PRESETS["roi_align_rotated"]["openvino"]
    ours = roikit.roi_align_rotated(maps(), rois, (3, 4), scale, 2, clockwise=clockwise, **how)
    np.testing.assert_allclose(ours, theirs, **FLOAT32)
