"""The CUDA kernel of precise RoI pooling's gradient by the boxes, on the CPU."""

import numpy as np
import pytest
from gradients import boxes_anywhere

import roikit
from roikit.gpu import _simt, precise_roi_pool_backward_rois


def gradient(device, grad, features, boxes, scale=1.0):
    out = np.full((len(boxes), 4), 99.0)
    given = grad, features, np.asarray(boxes, np.float64), out, scale
    _simt.run(precise_roi_pool_backward_rois.precise_roi_pool_backward_rois, device, (3,), *given)
    return out


def random_case(dtype):
    """More bins of a box than a block has threads."""
    rng = np.random.default_rng(0)
    features, grad = rng.standard_normal((2, 40, 6, 7)), rng.standard_normal((6, 40, 3, 4))
    return grad.astype(dtype), features.astype(dtype), boxes_anywhere(rng, 6)


def test_a_middle_moves_by_half_of_what_an_end_does():
    """On a map that rises by 1 a column and 4 a row."""
    device = _simt.SimtDevice(mode="check")
    features = np.arange(16, dtype=np.float32).reshape(1, 1, 4, 4)
    got = gradient(device, np.ones((1, 1, 1, 1), np.float32), features, [[0, 0.5, 0, 2.5, 2]])
    assert got.tolist() == [[0.5, 2, 0.5, 2]]
    assert not device.reports[0].findings


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_it_is_the_definition_in_every_order_of_threads(dtype):
    given = random_case(dtype)
    with roikit.use_backend("plain"):
        expected = roikit.precise_roi_pool_backward_rois(*given, 0.7)
    orders = ("forward", "reverse", "random:1")
    results = [gradient(_simt.SimtDevice(order=order), *given, 0.7) for order in orders]
    np.testing.assert_allclose(results[0], expected, rtol=0, atol=1e-11)
    assert len({each.tobytes() for each in results}) == 1


def test_a_faulty_box_is_nan_and_noted():
    device = _simt.SimtDevice(mode="check")
    device.fault = np.zeros(4)
    boxes = np.tile([0.0, 0, 0, 2, 2], (4, 1))
    boxes[0, 0], boxes[1, 0], boxes[2, 3] = 7, 0.5, np.nan
    got = gradient(device, np.ones((4, 1, 1, 1)), np.ones((1, 1, 4, 4)), boxes)
    assert np.isnan(got[:3]).all()
    assert got[3].tolist() == [0, 0, 0, 0]
    assert 1 <= device.fault.view(np.uint64)[0] <= 3
    assert not device.reports[0].findings


def test_no_channels():
    got = gradient(_simt.SimtDevice(), np.ones((1, 0, 2, 2)), np.ones((1, 0, 4, 4)), [[0, 0, 0, 2, 2]])
    assert got.tolist() == [[0, 0, 0, 0]]
