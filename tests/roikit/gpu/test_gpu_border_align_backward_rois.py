"""The CUDA kernel of border align's gradient by the boxes, on the CPU."""

import numpy as np
import pytest
from gradients import boxes_anywhere

import roikit
from roikit.gpu import _simt, border_align_backward_rois


def gradient(device, grad, features, boxes, argmax, pool_size, scale=1.0):
    out = np.full((len(boxes), 4), 99.0)
    given = grad, features, np.asarray(boxes, np.float64), argmax, out, scale, pool_size
    _simt.run(border_align_backward_rois.border_align_backward_rois, device, (4,), *given)
    return out


def random_case(dtype, index):
    """More maxima of a box than a block has threads."""
    rng = np.random.default_rng(0)
    features, grad = rng.standard_normal((2, 320, 6, 7)), rng.standard_normal((6, 80, 4))
    argmax = rng.integers(0, 5, grad.shape, index)
    return grad.astype(dtype), features.astype(dtype), boxes_anywhere(rng, 6), argmax, 4


def test_a_point_moves_with_both_corners():
    """At a quarter of each side, on a map that rises by 1 a column and 4 a row."""
    device = _simt.SimtDevice(mode="check")
    features = np.repeat(np.arange(36, dtype=np.float32).reshape(1, 1, 6, 6), 4, axis=1)
    grad, argmax = np.eye(4, dtype=np.float32)[:, None], np.ones((4, 1, 4), np.int64)
    got = gradient(device, grad, features, [[0, 0.5, 0.5, 4.5, 4.5]] * 4, argmax, 4)
    assert got.tolist() == [[0.75, 6, 0.25, 0], [1, 4.5, 0, 1.5], [0.25, 0, 0.75, 6], [0, 1.5, 1, 4.5]]
    assert not device.reports[0].findings


@pytest.mark.parametrize(("dtype", "index"), [("float32", np.int64), ("float64", np.int32)])
def test_it_is_the_definition_in_every_order_of_threads(dtype, index):
    given = random_case(dtype, index)
    with roikit.use_backend("plain"):
        expected = roikit.border_align_backward_rois(*given, 0.7)
    orders = ("forward", "reverse", "random:1")
    results = [gradient(_simt.SimtDevice(order=order), *given, 0.7) for order in orders]
    np.testing.assert_allclose(results[0], expected, rtol=0, atol=1e-11)
    assert len({each.tobytes() for each in results}) == 1


def test_a_faulty_box_is_nan_and_an_argmax_that_is_no_point_gives_nothing():
    device = _simt.SimtDevice(mode="check")
    device.fault = np.zeros(4)
    boxes = np.tile([0.0, 0, 0, 2, 2], (5, 1))
    boxes[0, 0], boxes[1, 0], boxes[2, 3] = 7, 0.5, np.nan
    argmax = np.full((5, 1, 4), 1)
    argmax[3], argmax[4] = -1, 2**40
    got = gradient(device, np.ones((5, 1, 4)), np.ones((1, 4, 4, 4)), boxes, argmax, 2)
    assert np.isnan(got[:3]).all()
    assert not got[3:].any()
    assert 1 <= device.fault.view(np.uint64)[0] <= 3
    assert not device.reports[0].findings
