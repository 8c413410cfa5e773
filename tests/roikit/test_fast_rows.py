"""What threads share row by row, or by channels: border align, masks, gradients of maxima; the plain bits."""

import ml_dtypes
import numpy as np
import pytest

import roikit
from roikit import _dispatch
from roikit.cpu.fast import blocks

BOXES = np.random.default_rng(1).uniform(-3, 14, (9, 4))
ROIS = np.column_stack([np.arange(9) % 2, BOXES])


def border(rng, dtype, index):
    """Each operation with its arguments."""
    features = rng.standard_normal((2, 4 * 19, 9, 12)).astype(dtype)
    maxima, argmax = np.empty((9, 19, 4), dtype), np.empty((9, 19, 4), index)
    roikit.border_align(features, ROIS, 5, return_argmax=True, out=(maxima, argmax))
    grad = rng.standard_normal(maxima.shape).astype(dtype)
    yield "border_align", (features, ROIS, 5), {"return_argmax": True}
    yield "border_align", (features, ROIS, 5), {}
    yield "border_align_backward", (grad, ROIS, argmax, features.shape, 5), {}
    yield "border_align_backward_rois", (grad, features, ROIS, argmax, 5), {}


def masks(rng, dtype, _index):
    yield "paste_masks", (rng.standard_normal((9, 5, 4)).astype(dtype), BOXES, (12, 11)), {}
    yield "paste_masks_backward", (rng.standard_normal((9, 12, 11)).astype(dtype), BOXES, (5, 4)), {}


def maxima(rng, dtype, _index):
    features, grad = rng.standard_normal((2, 19, 9, 12)).astype(dtype), rng.standard_normal((9, 19, 2, 3))
    for mode in ("max", "max_corners"):
        yield "roi_align_backward_rois", (grad.astype(dtype), features, ROIS), {"mode": mode}
    features = rng.standard_normal((2, 19 * 6, 9, 12)).astype(dtype)
    yield "ps_roi_align_backward_rois", (grad.astype(dtype), features, ROIS), {"mode": "max"}


@pytest.mark.parametrize("calls", [border, masks, maxima])
@pytest.mark.parametrize("index", [np.int32, np.int64])
@pytest.mark.parametrize("dtype", ["float16", ml_dtypes.bfloat16, "float32", "float64"])
def test_the_plain_kernels_bits(calls, dtype, index, monkeypatch):
    monkeypatch.setattr(blocks, "A_THREAD", 1)
    for name, arguments, options in calls(np.random.default_rng(0), dtype, index):
        operation = getattr(roikit, name)
        assert _dispatch._fast(name)
        with roikit.use_backend("plain"):
            expected = operation(*arguments, **options)
        for threads in (1, 2, 5):
            with roikit.use_backend("fast"):
                got = operation(*arguments, **options, num_threads=threads)
            np.testing.assert_array_equal(np.array(got), np.array(expected))


@pytest.mark.parametrize("calls", [border, masks, maxima])
def test_no_boxes(calls):
    for name, arguments, options in calls(np.random.default_rng(0), "float32", np.int64):
        none = [each[:0] if isinstance(each, np.ndarray) and len(each) == 9 else each for each in arguments]
        with roikit.use_backend("fast"):
            assert not np.any(getattr(roikit, name)(*none, **options, num_threads=2))
