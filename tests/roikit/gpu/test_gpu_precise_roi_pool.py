"""Precise RoI pooling in CUDA, thread by thread on the CPU."""

import numpy as np
import pytest
from gpu_gradients import assert_close, channels_last
from gradients import boxes_anywhere

import roikit
from roikit.gpu import _simt, precise_roi_pool


def pool(device, features, boxes, bins, scale=1.0):
    out = np.full((len(boxes), features.shape[1], *bins), 99, features.dtype)
    if features.strides[1] == features.itemsize:
        out = channels_last(out)
    given = features, np.asarray(boxes, np.float64), out, scale
    _simt.run(precise_roi_pool.precise_roi_pool, device, (2,), *given)
    return out


@pytest.fixture
def device():
    return _simt.SimtDevice(mode="check")


def test_bins_by_hand(device):
    """A whole square, and one cut at column 1: 0.75 / 3 + 1.5 * 2 / 3 + 2; nothing in an empty box."""
    features = np.arange(16, dtype=np.float32).reshape(1, 1, 4, 4)
    got = pool(device, features, [[0, 0, 0, 1, 1], [0, 0.5, 0, 2, 1], [0, 2, 2, 1, 3]], (1, 1))
    assert got.ravel().tolist() == [2.5, 3.25, 0]
    assert not device.reports[0].findings


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("layout", [np.asarray, channels_last])
def test_it_is_the_definition(device, dtype, layout):
    rng = np.random.default_rng(0)
    features, rois = rng.standard_normal((2, 5, 6, 7)).astype(dtype), boxes_anywhere(rng, 9)
    with roikit.use_backend("plain"):
        expected = roikit.precise_roi_pool(features.astype(np.float64), rois, (2, 3), 0.7)
    assert_close(pool(device, layout(features), rois, (2, 3), 0.7), expected)
    assert not device.reports[0].findings


def test_tiny_huge_and_distant_boxes(device):
    features = np.random.default_rng(1).standard_normal((1, 1, 4, 4))
    far = 2.0**40
    boxes = [[0, 1.25, 1, 1.25 + 1e-15, 1 + 1e-15], [0, -far, -far, far, far], [0, far / 2, 0, far, 3]]
    top_left, top_right = features[0, 0, 1, 1:3]
    expected = [0.75 * top_left + 0.25 * top_right, features.sum() / 2.0**82, 0]
    np.testing.assert_allclose(pool(device, features, boxes, (1, 1)).ravel(), expected, rtol=1e-12)
    assert not device.reports[0].findings


def test_a_faulty_box_is_nan_and_noted(device):
    device.fault = np.zeros(4)
    boxes = np.tile([0.0, 0, 0, 2, 2], (5, 1))
    boxes[0, 0], boxes[1, 0], boxes[2, 3], boxes[3, 4] = 7, 0.5, np.nan, 1e30
    got = pool(device, np.ones((1, 1, 4, 4), np.float32), boxes, (1, 1)).ravel()
    assert np.isnan(got[:4]).all()
    assert got[4] == 1
    assert 1 <= device.fault.view(np.uint64)[0] <= 4
