"""The CUDA kernels of border align's gradient by the map, on the CPU."""

import numpy as np
import pytest
from gpu_gradients import KINDS, assert_close, channels_last, device
from gradients import boxes_anywhere

import roikit
from roikit.gpu import _simt, border_align_backward

every_kind = pytest.mark.parametrize("kind", [kind for kind in KINDS if kind != "tiles"])


def give_back(on, grad, rois, argmax, shape, pool_size, scale=1.0, last=False):
    """The gradient by a map of this shape, every element of which held NaN before."""
    out = np.full(shape, np.nan, grad.dtype)
    given = grad, np.asarray(rois, np.float64), argmax, channels_last(out) if last else out, scale, pool_size
    _simt.run(border_align_backward.border_align_backward, on, (3,), *given)
    return given[3]


def random_case(dtype="float32", index=np.int64):
    rng = np.random.default_rng(0)
    grad, rois = rng.standard_normal((9, 3, 4)).astype(dtype), boxes_anywhere(rng, 9)
    return grad, rois, rng.integers(0, 6, grad.shape, index), (2, 12, 6, 7), 5


@every_kind
def test_a_point_by_hand(kind):
    """On the top at x = 1.25, y = 0.5, and on the corners of the other sides."""
    on = device(kind, mode="check")
    grad, argmax = np.array([[[8, 10, 100, 1000]]], np.float32), np.array([[[1, 2, 0, 2]]])
    got = give_back(on, grad, [[0, 0.25, 0.5, 2.25, 2]], argmax, (1, 4, 3, 3), 2)[0]
    assert got[0].tolist() == [[0, 3, 1], [0, 3, 1], [0, 0, 0]]
    assert got[1].tolist() == [[0, 0, 0], [0, 0, 0], [7.5, 2.5, 0]]
    assert got[2].tolist() == [[0, 0, 0], [0, 0, 0], [0, 0, 100]]
    assert got[3].tolist() == [[0, 0, 500], [0, 0, 500], [0, 0, 0]]
    assert not on.reports[0].findings


@every_kind
@pytest.mark.parametrize(("dtype", "index"), [("float32", np.int64), ("float64", np.int32)])
@pytest.mark.parametrize("last", [False, True])
def test_it_is_the_definition(kind, dtype, index, last):
    grad, rois, argmax, shape, pool_size = random_case(dtype, index)
    with roikit.use_backend("plain"):
        wide = grad.astype(np.float64)
        expected = roikit.border_align_backward(wide, rois, argmax, shape, pool_size, 0.7)
    on = device(kind, mode="check", order="random:3")
    assert_close(give_back(on, grad, rois, argmax, shape, pool_size, 0.7, last), expected)
    assert not on.reports[0].findings


def test_the_same_bits_in_every_order_of_threads():
    orders = ("forward", "reverse", "random:1")
    results = {give_back(device("plain", order=order), *random_case()).tobytes() for order in orders}
    assert len(results) == 1


@every_kind
def test_a_faulty_box_and_an_argmax_that_is_no_point_give_nothing(kind):
    on = device(kind, mode="check")
    on.fault = np.zeros(4)
    boxes = np.tile([0.0, 0, 0, 1, 1], (6, 1))
    boxes[0, 0], boxes[1, 0], boxes[2, 3] = 7, 0.5, np.nan
    argmax = np.zeros((6, 1, 4), np.int64)
    argmax[3], argmax[4] = -1, 2**40
    got = give_back(on, np.ones((6, 1, 4), np.float32), boxes, argmax, (1, 4, 2, 2), 1)
    assert got[0].tolist() == [[[1, 0], [0, 0]]] * 2 + [[[0, 0], [0, 1]]] * 2
    assert 1 <= on.fault.view(np.uint64)[0] <= 3
    assert not on.reports[0].findings


@every_kind
def test_nothing_to_give(kind):
    none = np.ones((0, 1, 4), np.float32), np.ones((0, 5)), np.zeros((0, 1, 4), np.int64)
    assert not give_back(device(kind), *none, (2, 4, 3, 4), 2).any()
    empty = np.ones((4, 0, 4), np.float32), np.ones((4, 5)), np.zeros((4, 0, 4), np.int64)
    assert give_back(device(kind), *empty, (2, 0, 3, 4), 2).size == 0
