"""The CUDA kernels of crop_and_resize's gradient by the map, on the CPU."""

import numpy as np
import pytest
from gpu_gradients import assert_close, channels_last

import roikit
from roikit.gpu import _simt
from roikit.gpu.crop_and_resize_backward import crop_and_resize_backward

every_kind = pytest.mark.parametrize("deterministic", [True, False])


def give_back(grad, rois, shape, method="bilinear", coordinates="cells", fault=None, last=False, **how):
    """The gradient by a map of this shape, every element of which held NaN before."""
    grad, out = np.asarray(grad), np.full(shape, np.nan, np.asarray(grad).dtype)
    if last:
        grad, out = channels_last(grad), channels_last(out)
    on = _simt.SimtDevice(**how)
    on.fault = fault
    _simt.run(crop_and_resize_backward, on, (2,), grad, np.asarray(rois, float), out, method, coordinates)
    return out


def random_case(seed, K=6):
    rng = np.random.default_rng(seed)
    rois = np.column_stack([rng.integers(0, 2, K), rng.uniform(-1, 8, (K, 4))])
    return rng.standard_normal((K, 3, 2, 4)).astype(np.float32), rois, (2, 3, 6, 7)


@every_kind
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_weights_by_hand(deterministic, dtype):
    """One point at y = 0.5, x = 0.25, another on cell (1, 1)."""
    grad = np.array([8, 100], dtype).reshape(2, 1, 1, 1)
    boxes = [[0, 0.25, 0.5, 0.25, 0.5], [0, 1, 1, 1, 1]]
    how = {"deterministic": deterministic, "mode": "check"}
    assert give_back(grad, boxes, (1, 1, 2, 3), **how)[0, 0].tolist() == [[3, 1, 0], [3, 101, 0]]
    got = give_back(grad, boxes, (1, 1, 2, 3), method="nearest", **how)
    assert got[0, 0].tolist() == [[0, 0, 0], [8, 100, 0]]


@every_kind
@pytest.mark.parametrize("last", [False, True])
def test_it_is_the_definition(deterministic, last):
    grad, rois, shape = random_case(1)
    with roikit.use_backend("plain"):
        wide = grad.astype(np.float64)
        expected = roikit.crop_and_resize_backward(wide, rois, shape, coordinates="cells")
    assert_close(give_back(grad, rois, shape, deterministic=deterministic, last=last), expected)


@every_kind
def test_halves_are_rounded_once(deterministic):
    grad, boxes = np.full((64, 1, 1, 1), 1 + 2**-10, np.float16), np.tile([0.0, 1, 1, 1, 1], (64, 1))
    got = give_back(grad, boxes, (1, 1, 3, 3), deterministic=deterministic)
    assert got[0, 0, 1, 1] == np.float16(64 + 64 * 2**-10)


def test_the_same_bits_in_every_order_of_threads():
    grad, rois, shape = random_case(2, K=20)
    results = {give_back(grad, rois, shape, order=order).tobytes() for order in ("forward", "random:1")}
    assert len(results) == 1


@every_kind
def test_a_faulty_box_gives_nothing_and_is_noted(deterministic):
    boxes = np.tile([0.0, 1, 1, 1, 1], (4, 1))
    boxes[0, 0], boxes[1, 0], boxes[2, 3] = 7, 0.5, np.nan
    fault, grad = np.zeros(4), np.ones((4, 1, 1, 1), np.float32)
    got = give_back(grad, boxes, (1, 1, 3, 3), deterministic=deterministic, mode="check", fault=fault)
    assert got.sum() == got[0, 0, 1, 1] == 1
    assert 1 <= fault.view(np.uint64)[0] <= 3


@every_kind
def test_nothing_to_give(deterministic):
    for K, N in ((0, 2), (0, 0)):
        grad, rois = np.ones((K, 3, 2, 2), np.float32), np.ones((K, 5))
        assert not give_back(grad, rois, (N, 3, 3, 4), deterministic=deterministic).any()
