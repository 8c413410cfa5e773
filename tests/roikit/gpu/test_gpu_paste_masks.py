"""The CUDA kernel that pastes masks, on the CPU."""

import numpy as np
import pytest

from roikit.gpu import _simt
from roikit.gpu.paste_masks import paste_masks


def paste(masks, boxes, size, padding=0, convention="torchvision", fault=None):
    masks, boxes = np.asarray(masks), np.asarray(boxes, float)
    out = np.full((len(masks), *size), np.nan, masks.dtype)
    on = _simt.SimtDevice(mode="check")
    on.fault = fault
    _simt.run(paste_masks, on, (2,), masks, boxes, out, padding, convention)
    return out


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_pixels_by_hand(dtype):
    """Twice as many pixels as cells; the box of detectron2's lies between the pixels."""
    mask = np.array([[[0, 4]]], dtype)
    assert paste(mask, [[0, 0, 3, 0]], (2, 5)).tolist() == [[[0, 1, 3, 4, 0], [0] * 5]]
    got = paste(mask[:, :, 1:], [[1.25, 0, 2.25, 1]], (1, 4), padding=1, convention="detectron2")
    assert got.tolist() == [[[0, 3, 1, 0]]]


def test_boxes_far_off_empty_and_reversed():
    far = 2.0**40
    boxes = [[far - 1, 0, far, 1], [-far, 0, 1 - far, 1], [2, 0, 0, 1], [1, 0, 1, 0], [-far, -far, far, far]]
    got = paste(np.ones((5, 1, 2), np.float32), boxes, (2, 3))
    assert not got[:3].any()
    assert got[3].tolist() == [[0, 1, 0], [0, 0, 0]]
    assert (got[4] == 1).all()
    assert not paste(np.ones((5, 1, 2), np.float32), boxes, (2, 3), 1, "detectron2")[:4].any()


def test_a_faulty_box_gives_nan_and_is_noted():
    fault = np.zeros(4)
    boxes = [[0, 0, 1, 1], [0, np.nan, 1, 1], [0, 0, 1e30, 1]]
    got = paste(np.ones((3, 2, 2), np.float32), boxes, (2, 2), fault=fault)
    assert (got[0] == 1).all()
    assert np.isnan(got[1:]).all()
    assert fault.view(np.uint64)[0] in (1, 4)


def test_nothing_to_paste():
    assert paste(np.ones((0, 2, 2), np.float32), np.zeros((0, 4)), (3, 4)).shape == (0, 3, 4)
