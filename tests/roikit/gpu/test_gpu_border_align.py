"""Border align in CUDA, thread by thread on the CPU."""

import numpy as np
import pytest
from gpu_gradients import assert_close, channels_last
from gradients import boxes_anywhere

import roikit
from roikit.gpu import _simt, border_align

NOT_WRITTEN = -7


def align(device, features, boxes, pool_size, scale=1.0, index=np.int64):
    shape = len(boxes), features.shape[1] // 4, 4
    out = np.full(shape, 99, features.dtype)
    argmax = None if index is None else np.full(shape, NOT_WRITTEN, index)
    given = features, np.asarray(boxes, np.float64), out, argmax, scale, pool_size
    _simt.run(border_align.border_align, device, (2, 3), *given)
    return out, argmax


@pytest.fixture
def device():
    return _simt.SimtDevice(mode="check")


@pytest.mark.parametrize("index", [np.int32, np.int64, None])
def test_the_sides_by_hand(device, index):
    """The ramp rises by 1 a column and 4 a row."""
    features = np.repeat(np.arange(12, dtype=np.float32).reshape(1, 1, 3, 4), 4, axis=1)
    maxima, argmax = align(device, features, [[0, 0, 0, 2, 1]], 2, index=index)
    assert maxima.tolist() == [[[2, 4, 6, 6]]]
    assert index is None or argmax.tolist() == [[[2, 2, 0, 0]]]
    assert not device.reports[0].findings


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("layout", [np.asarray, channels_last])
def test_it_is_the_definition_to_the_last_place_of_the_argmax(device, dtype, layout):
    """Of few different values, so that many points are equal or nearly so."""
    rng = np.random.default_rng(0)
    features, rois = (rng.integers(0, 2, (2, 12, 6, 7)) / 3).astype(dtype), boxes_anywhere(rng, 20)
    with roikit.use_backend("plain"):
        wide = features.astype(np.float64)
        expected, places = roikit.border_align(wide, rois, 7, 0.7, return_argmax=True)
    maxima, argmax = align(device, layout(features), rois, 7, 0.7)
    assert_close(maxima, expected)
    assert np.array_equal(argmax, places)
    assert not device.reports[0].findings


def test_the_first_nan_wins(device):
    features = np.zeros((1, 4, 2, 4), np.float32)
    features[0, 0, 0, 2], features[0, 0, 0, 3] = np.nan, np.inf
    maxima, argmax = align(device, features, [[0, 0, 0, 3, 0]], 3)
    assert np.isnan(maxima[0, 0, 0])
    assert argmax[0, 0, 0] == 1  # by weight 0


def test_a_faulty_box_is_nan_and_noted(device):
    device.fault = np.zeros(4)
    boxes = np.tile([0.0, 0, 0, 2, 2], (5, 1))
    boxes[0, 0], boxes[1, 0], boxes[2, 3], boxes[3, 4] = 7, 0.5, np.nan, 1e30
    maxima, argmax = align(device, np.ones((1, 4, 4, 4), np.float32), boxes, 2)
    assert np.isnan(maxima[:4]).all()
    assert maxima[4].tolist() == [[1, 1, 1, 1]]
    assert not argmax.any()  # a point of a side, as everywhere
    assert 1 <= device.fault.view(np.uint64)[0] <= 4
