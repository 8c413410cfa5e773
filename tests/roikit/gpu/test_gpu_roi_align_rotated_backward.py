"""The CUDA kernels of the gradient of RoIAlign of rotated boxes by the map, on the CPU."""

import numpy as np
import pytest
from gpu_gradients import KINDS, assert_close, channels_last, device
from hypothesis import given, settings
from hypothesis import strategies as st
from turned import frames, rotated_boxes

import roikit
from roikit.gpu import _simt, roi_align_rotated_backward

KINDS = [kind for kind in KINDS if kind != "tiles"]
every_kind = pytest.mark.parametrize("kind", KINDS)


def give_back(on, grad, rois, shape, spatial_scale=1.0, sampling_ratio=(1, 1), aligned=True, last=False):
    """The gradient by a map of this shape, every element of which held NaN before; rois (K, 7)."""
    grad, rois = np.asarray(grad), np.asarray(rois, np.float64)
    out = np.full(shape, np.nan, grad.dtype)
    if last:
        grad, out = channels_last(grad), channels_last(out)
    compute = roi_align_rotated_backward.roi_align_rotated_backward
    _simt.run(compute, on, (2,), grad, rois, out, spatial_scale, sampling_ratio, aligned)
    return out


def random_case(seed, N=2, C=5, H=9, W=12, K=6, bins=(3, 2)):
    rng = np.random.default_rng(seed)
    return rng.standard_normal((K, C, *bins)).astype(np.float32), rotated_boxes(rng, K, N, 10), (N, C, H, W)


@every_kind
def test_one_sample_gives_to_its_four_neighbours_by_their_weights(kind):
    """The right bin of the box lies above its centre, y = 1 and x = 1.25: its sample half a cell higher."""
    grad = np.array([[[[0, 8]]]], np.float32)
    got = give_back(device(kind, mode="check"), grad, [[0, 1.75, 1.5, 2, 1, 0, 1]], (1, 1, 3, 4))
    assert got[0, 0].tolist() == [[0, 3, 1, 0], [0, 3, 1, 0], [0, 0, 0, 0]]


@every_kind
def test_a_faulty_box_gives_nothing_and_is_noted(kind):
    on = device(kind, mode="check")
    boxes = np.tile([0.0, 1.5, 1.5, 1, 1, 1, 0], (6, 1))
    boxes[0, 0], boxes[1, 0], boxes[2, 3], boxes[3, 4], boxes[4, 4] = 7, 0.5, np.nan, 1e30, -1
    on.fault = np.zeros(4)
    got = give_back(on, np.ones((6, 1, 1, 1), np.float32), boxes, (1, 1, 3, 3))
    assert got[0, 0].tolist() == [[0, 0, 0], [0, 1, 0], [0, 0, 0]]
    assert on.fault.view(np.uint64)[0] in (1, 2, 3, 4, 6)


@every_kind
def test_nothing_to_give(kind):
    for K, N, C in ((0, 2, 3), (4, 0, 3), (4, 2, 0)):
        grad, rois, shape = random_case(0, max(N, 1), C, K=K)
        assert not give_back(device(kind), grad, frames(rois), (N, *shape[1:])).any()


def test_the_same_bits_in_every_order_of_threads():
    grad, rois, shape = random_case(1)
    runs = [
        give_back(device("plain", order=order), grad, frames(rois), shape, 1.0, (2, 2)).tobytes()
        for order in ("forward", "reverse", "random:1")
    ]
    assert len(set(runs)) == 1


@settings(max_examples=30)
@given(
    seed=st.integers(0, 10**6), kind=st.sampled_from(KINDS), last=st.booleans(), aligned=st.booleans(),
    scale=st.sampled_from([1.0, 0.3, 2.0]), ratio=st.tuples(st.integers(-1, 2), st.integers(-1, 2)),
)
def test_agrees_with_the_definition(seed, kind, last, scale, ratio, aligned):
    """What the box's reach leaves out, too."""
    grad, rois, shape = random_case(seed)
    got = give_back(device(kind), grad, frames(rois), shape, scale, ratio, aligned, last)
    wide = grad.astype(np.float64)
    assert_close(got, roikit.roi_align_rotated_backward(wide, rois, shape, scale, ratio, aligned))
