"""The CUDA kernel of crop_and_resize, on the CPU."""

import numpy as np
import pytest

from roikit.gpu import _simt
from roikit.gpu.crop_and_resize import crop_and_resize

#: y * 10 + x
RAMP = (10 * np.arange(5.0)[:, None] + np.arange(5))[None, None]


def crop(features, rois, size, outside=-1.0, method="bilinear", coordinates="cells", fault=None, **how):
    features, rois = np.asarray(features), np.asarray(rois, float)
    out = np.full((len(rois), features.shape[1], *size), np.nan, features.dtype)
    on = _simt.SimtDevice(mode="check", **how)
    on.fault = fault
    _simt.run(crop_and_resize, on, (2,), features, rois, out, outside, method, coordinates)
    return out


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_a_grid_by_hand(dtype):
    """x at -1, 1.5 and 4, y at 0.5 and 2.5; off the map the caller's value."""
    box = [[0, -1, 0.5, 4, 2.5]]
    maps = RAMP.astype(dtype)
    assert crop(maps, box, (2, 3))[0, 0].tolist() == [[-1, 6.5, 9], [-1, 26.5, 29]]
    got = crop(maps, box, (2, 3), method="nearest")
    assert got[0, 0].tolist() == [[-1, 12, 14], [-1, 32, 34]]
    got = crop(maps, [[0, -0.25, 0.125, 1, 0.625]], (2, 3), coordinates="normalized")
    assert got[0, 0].tolist() == [[-1, 6.5, 9], [-1, 26.5, 29]]


def test_channels_last():
    maps = np.concatenate([RAMP, -RAMP], 1).astype(np.float32)
    last = np.ascontiguousarray(maps.transpose(0, 2, 3, 1)).transpose(0, 3, 1, 2)
    box = [[0, 0, 0.5, 4, 2.5]]
    assert np.array_equal(crop(last, box, (2, 3)), crop(maps, box, (2, 3)))


@pytest.mark.parametrize("order", ["forward", "random:1"])
def test_a_faulty_box_gives_nan_and_is_noted(order):
    boxes = np.tile([0.0, 1, 1, 2, 2], (5, 1))
    boxes[0, 0], boxes[1, 0], boxes[2, 3], boxes[3, 4] = 7, 0.5, np.nan, np.inf
    fault = np.zeros(4)
    got = crop(RAMP.astype(np.float32), boxes, (1, 1), fault=fault, order=order)[:, 0, 0, 0]
    assert np.isnan(got[:4]).all()
    assert got[4] == 16.5
    assert 1 <= fault.view(np.uint64)[0] <= 4


def test_boxes_as_far_as_numbers_go_are_only_off_the_map():
    fault = np.zeros(4)
    boxes = [[0, -1e300, -1e300, 1e300, 1e300], [0, 1e308, 0, -1e308, 0]]
    got = crop(RAMP.astype(np.float32), boxes, (2, 5), fault=fault)
    assert (got == -1).all()
    assert not fault.any()


def test_nothing_to_crop():
    assert crop(RAMP.astype(np.float32), np.zeros((0, 5)), (2, 2)).shape == (0, 1, 2, 2)
