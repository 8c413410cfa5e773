"""The CUDA kernels of the gradient of deformable RoI pooling by the map, on the CPU."""

import numpy as np
import pytest
from gpu_gradients import KINDS, assert_close, channels_last, device
from gradients import boxes_anywhere
from hypothesis import given, settings
from hypothesis import strategies as st

import roikit
from roikit.gpu import _simt, deform_roi_pool_backward

KINDS = [kind for kind in KINDS if kind != "tiles"]
every_kind = pytest.mark.parametrize("kind", KINDS)


def give_back(on, grad, rois, offset, shape, scale=1.0, ratio=(1, 1), gamma=1.0, last=False):
    """The gradient by a map of this shape, every element of which held NaN before."""
    grad, rois, offset = np.asarray(grad), np.asarray(rois, np.float64), np.asarray(offset, np.float64)
    out = np.full(shape, np.nan, grad.dtype)
    if last:
        grad, out = channels_last(grad), channels_last(out)
    compute = deform_roi_pool_backward.deform_roi_pool_backward
    _simt.run(compute, on, (3,), grad, rois, offset, out, scale, ratio, gamma)
    return out


def random_case(seed, N=2, C=5, H=9, W=12, K=6, bins=(3, 2)):
    rng = np.random.default_rng(seed)
    grad = rng.standard_normal((K, C, *bins)).astype(np.float32)
    return grad, boxes_anywhere(rng, K, N, 9), rng.normal(size=(K, 2, *bins)), (N, C, H, W)


@every_kind
def test_one_sample_gives_to_its_four_neighbours_by_their_weights(kind):
    """Shifted by 3/4 of a column and half a row."""
    grad = np.full((1, 1, 1, 1), 8, np.float32)
    offset = [[[[0.75]], [[0.5]]]]
    got = give_back(device(kind, mode="check"), grad, [[0, 0, 0, 1, 1]], offset, (1, 1, 3, 3))
    assert got[0, 0].tolist() == [[1, 3, 0], [1, 3, 0], [0, 0, 0]]


@every_kind
def test_a_faulty_box_or_offset_gives_nothing(kind):
    on = device(kind, mode="check")
    boxes, offset = np.tile([0.0, 1, 1, 2, 2], (6, 1)), np.zeros((6, 2, 1, 1))
    boxes[0, 0], boxes[1, 0], boxes[2, 3], boxes[3, 4], offset[4, 0] = 7, 0.5, np.nan, 1e30, np.nan
    on.fault = np.zeros(4)
    got = give_back(on, np.ones((6, 1, 1, 1), np.float32), boxes, offset, (1, 1, 3, 3))
    assert got[0, 0].tolist() == [[0, 0, 0], [0, 1, 0], [0, 0, 0]]
    assert on.fault.view(np.uint64)[0] in (1, 2, 3, 4)


@every_kind
def test_nothing_to_give(kind):
    for K, N, C in ((0, 2, 3), (4, 0, 3), (4, 2, 0)):
        grad, rois, offset, shape = random_case(0, max(N, 1), C, K=K)
        assert not give_back(device(kind), grad, rois, offset, (N, *shape[1:])).any()


def test_the_same_bits_in_every_order_of_threads():
    runs = [
        give_back(device("plain", order=order), *random_case(1), ratio=(2, 2)).tobytes()
        for order in ("forward", "reverse", "random:1")
    ]
    assert len(set(runs)) == 1


@settings(max_examples=30)
@given(
    seed=st.integers(0, 10**6), kind=st.sampled_from(KINDS), last=st.booleans(),
    scale=st.sampled_from([1.0, 0.3, 2.0]), ratio=st.tuples(st.integers(-1, 2), st.integers(-1, 2)),
)
def test_agrees_with_the_definition(seed, kind, last, scale, ratio):
    grad, rois, offset, shape = random_case(seed)
    got = give_back(device(kind), grad, rois, offset, shape, scale, ratio, 0.1, last)
    wide = grad.astype(np.float64)
    assert_close(got, roikit.deform_roi_pool_backward(wide, rois, offset, shape, scale, ratio))
