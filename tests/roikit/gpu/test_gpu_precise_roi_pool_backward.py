"""The CUDA kernels of precise RoI pooling's gradient by the map, on the CPU."""

import numpy as np
import pytest
from gpu_gradients import KINDS, assert_close, channels_last, device
from gradients import boxes_anywhere

import roikit
from roikit.gpu import _simt, precise_roi_pool_backward

every_kind = pytest.mark.parametrize("kind", [kind for kind in KINDS if kind != "tiles"])


def give_back(on, grad, rois, shape, scale=1.0, last=False):
    """The gradient by a map of this shape, every element of which held NaN before."""
    grad, out = np.asarray(grad), np.full(shape, np.nan, grad.dtype)
    if last:
        grad, out = channels_last(grad), channels_last(out)
    given = grad, np.asarray(rois, np.float64), out, scale
    _simt.run(precise_roi_pool_backward.precise_roi_pool_backward, on, (2,), *given)
    return out


def random_case(seed, dtype="float32"):
    rng = np.random.default_rng(seed)
    return rng.standard_normal((7, 5, 3, 2)).astype(dtype), boxes_anywhere(rng, 7), (2, 5, 6, 9)


@every_kind
def test_the_weights_by_hand(kind):
    """24 of a bin from x = 0.5 to 2 and y = 0 to 1."""
    on = device(kind, mode="check")
    got = give_back(on, np.full((1, 1, 1, 1), 24, np.float32), [[0, 0.5, 0, 2, 1]], (1, 1, 2, 4))
    assert got[0, 0].tolist() == [[1, 7, 4, 0]] * 2
    assert not on.reports[0].findings


@every_kind
@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("last", [False, True])
def test_it_is_the_definition(kind, dtype, last):
    grad, rois, shape = random_case(0, dtype)
    on = device(kind, mode="check", order="random:3")
    with roikit.use_backend("plain"):
        expected = roikit.precise_roi_pool_backward(grad.astype(np.float64), rois, shape, 0.7)
    assert_close(give_back(on, grad, rois, shape, 0.7, last), expected)
    assert not on.reports[0].findings


def test_the_same_bits_in_every_order_of_threads():
    orders = ("forward", "reverse", "random:1")
    results = {give_back(device("plain", order=order), *random_case(1)).tobytes() for order in orders}
    assert len(results) == 1


@every_kind
def test_a_faulty_box_gives_nothing_and_is_noted(kind):
    on = device(kind, mode="check")
    on.fault = np.zeros(4)
    boxes = np.tile([0.0, 0, 0, 1, 1], (4, 1))
    boxes[0, 0], boxes[1, 0], boxes[2, 3] = 7, 0.5, np.nan
    got = give_back(on, np.full((4, 1, 1, 1), 4, np.float32), boxes, (1, 1, 3, 3))
    assert got[0, 0].tolist() == [[1, 1, 0], [1, 1, 0], [0, 0, 0]]
    assert 1 <= on.fault.view(np.uint64)[0] <= 3


@every_kind
def test_nothing_to_give(kind):
    assert not give_back(device(kind), np.ones((0, 3, 2, 2), np.float32), np.ones((0, 5)), (2, 3, 3, 4)).any()
    assert give_back(device(kind), np.ones((4, 0, 2, 2), np.float32), np.ones((4, 5)), (2, 0, 3, 4)).size == 0
