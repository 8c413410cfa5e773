"""The CUDA kernel of crop_and_resize's gradient by the boxes, on the CPU."""

import numpy as np
import pytest

import roikit
from roikit.gpu import _simt
from roikit.gpu.crop_and_resize_backward_rois import crop_and_resize_backward_rois

#: y * 10 + x
RAMP = (10 * np.arange(5.0)[:, None] + np.arange(5))[None, None]


def by_boxes(grad, features, rois, coordinates="cells", fault=None, **how):
    rois, out = np.asarray(rois, float), np.full((len(rois), 4), np.nan)
    on = _simt.SimtDevice(**how)
    on.fault = fault
    _simt.run(crop_and_resize_backward_rois, on, (3,), grad, features, rois, out, coordinates)
    return out


def random_case(K=4):
    rng = np.random.default_rng(0)
    rois = np.column_stack([rng.integers(0, 2, K), rng.uniform(-0.2, 1.2, (K, 4))])
    return rng.standard_normal((K, 70, 2, 3)), rng.standard_normal((2, 70, 5, 6)), rois


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_by_hand(dtype):
    """A point in the middle moves by half of either end; on the last cell the slope is that before it."""
    features, grad = RAMP.astype(dtype), np.ones((3, 1, 1, 1), dtype)
    boxes = [[0, 0.5, 0.5, 2, 2], [0, 4, 4, 4, 4], [0, 4.5, 1, 4.5, 1]]
    got = by_boxes(grad, features, boxes, mode="check")
    assert got.tolist() == [[0.5, 5, 0.5, 5], [0.5, 5, 0.5, 5], [0, 0, 0, 0]]
    assert by_boxes(grad[:1], features, [[0, 0, 0, 1, 1]], "normalized").tolist() == [[2, 20, 2, 20]]


def test_it_is_the_definition_in_the_same_bits_in_every_order_of_threads():
    """More points and channels than a block has threads."""
    grad, features, rois = random_case()
    with roikit.use_backend("plain"):
        expected = roikit.crop_and_resize_backward_rois(grad, features, rois)
    results = [by_boxes(grad, features, rois, "normalized", order=order) for order in ("forward", "random:1")]
    assert np.array_equal(*results)
    np.testing.assert_allclose(results[0], expected, rtol=0, atol=1e-12)


def test_a_faulty_box_has_nan_and_is_noted():
    boxes, fault = np.tile([0.0, 0.5, 0.5, 2, 2], (3, 1)), np.zeros(4)
    boxes[0, 0], boxes[1, 3] = 7, np.nan
    got = by_boxes(np.ones((3, 1, 1, 1)), RAMP, boxes, fault=fault, mode="check")
    assert np.isnan(got[:2]).all()
    assert got[2].tolist() == [0.5, 5, 0.5, 5]
    assert fault.view(np.uint64)[0] in (1, 3)


def test_no_boxes_and_no_channels():
    assert by_boxes(np.ones((0, 1, 1, 1)), RAMP, np.zeros((0, 5))).shape == (0, 4)
    assert not by_boxes(np.ones((1, 0, 2, 2)), RAMP[:, :0], [[0, 0, 0, 1, 1]]).any()
