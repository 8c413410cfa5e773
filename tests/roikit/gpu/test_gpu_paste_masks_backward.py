"""The CUDA kernels of pasted masks' gradient, on the CPU."""

import numpy as np
import pytest
from gpu_gradients import assert_close

import roikit
from roikit.gpu import _simt
from roikit.gpu.paste_masks_backward import paste_masks_backward

every_kind = pytest.mark.parametrize("deterministic", [True, False])


def give_back(grad, boxes, size, padding=0, convention="torchvision", fault=None, **how):
    """The gradient by masks of this size, every element of which held NaN before."""
    grad, boxes = np.asarray(grad), np.asarray(boxes, float)
    out = np.full((len(grad), *size), np.nan, grad.dtype)
    on = _simt.SimtDevice(**how)
    on.fault = fault
    _simt.run(paste_masks_backward, on, (2,), grad, boxes, out, padding, convention)
    return out


@every_kind
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_weights_by_hand(deterministic, dtype):
    """Pixels at cells 0 (clamped), 1/4, 3/4 and 1 (clamped)."""
    grad = np.array([[[4, 8, 16, 32]]], dtype)
    got = give_back(grad, [[0, 0, 3, 0]], (1, 2), deterministic=deterministic, mode="check")
    assert got.tolist() == [[[4 + 6 + 4, 2 + 12 + 32]]]


@every_kind
@pytest.mark.parametrize("options", [(1, "torchvision"), (0, "torchvision"), (1, "detectron2")])
def test_it_is_the_definition(deterministic, options):
    rng = np.random.default_rng(1)
    grad, boxes = rng.standard_normal((4, 9, 8)).astype(np.float32), rng.uniform(-4, 12, (4, 4))
    boxes[:2] = [[-1.5, 0.2, 5.3, 12.4], [1, 2, 4, 6]]
    options = {"padding": options[0], "convention": options[1]}
    with roikit.use_backend("plain"):
        expected = roikit.paste_masks_backward(grad.astype(np.float64), boxes, (3, 4), **options)
    assert_close(give_back(grad, boxes, (3, 4), **options, deterministic=deterministic), expected)


@every_kind
def test_halves_are_rounded_once(deterministic):
    grad = np.full((1, 8, 8), 1 + 2**-10, np.float16)
    got = give_back(grad, [[0, 0, 7, 7]], (1, 1), deterministic=deterministic)
    assert got[0, 0, 0] == np.float16(64 + 64 * 2**-10)


def test_the_same_bits_in_every_order_of_threads():
    grad = np.random.default_rng(2).standard_normal((2, 9, 9)).astype(np.float32)
    boxes = [[0, 0, 8, 8], [1, 1, 6, 4]]
    results = {give_back(grad, boxes, (3, 3), 1, order=order).tobytes() for order in ("forward", "random:1")}
    assert len(results) == 1


@every_kind
def test_a_faulty_box_gives_nothing_and_is_noted(deterministic):
    fault, boxes = np.zeros(4), [[0, 0, 1, 1], [0, np.nan, 1, 1], [0, 0, 1e30, 1]]
    grad = np.ones((3, 2, 2), np.float32)
    got = give_back(grad, boxes, (1, 1), deterministic=deterministic, mode="check", fault=fault)
    assert got.ravel().tolist() == [4, 0, 0]
    assert fault.view(np.uint64)[0] in (1, 4)


@every_kind
def test_nothing_to_give(deterministic):
    got = give_back(np.ones((0, 2, 2), np.float32), np.zeros((0, 4)), (3, 4), deterministic=deterministic)
    assert got.shape == (0, 3, 4)
