"""The gradient of pasted masks: weights worked by hand, differences, the transpose."""

import numpy as np
import pytest
from gradients import central_differences
from hypothesis import given
from hypothesis import strategies as st

import roikit
from roikit import paste_masks, paste_masks_backward

pytestmark = pytest.mark.usefixtures("backend")

FEW_ROUNDINGS = 1e-12


# --- by hand ----------------------------------------------------------------------------------------------


def test_pixels_give_to_the_cells_that_they_read():
    """Four pixels over two cells: at cells 0 (clamped), 1/4, 3/4 and 1 (clamped)."""
    got = paste_masks_backward(np.array([[[1.0, 10.0, 100.0, 1000.0]]]), [[0, 0, 3, 0]], (1, 2), padding=0)
    assert got.tolist() == [[[1 + 7.5 + 25, 2.5 + 75 + 1000]]]


def test_what_the_padding_is_given_is_lost():
    """A cell between pixels 1 and 2, detectron2's: three quarters of pixel 1, a quarter of pixel 2."""
    grad = np.array([[[1.0, 10.0, 100.0, 1000.0]]])
    got = paste_masks_backward(grad, [[1.25, 0, 2.25, 1]], (1, 1), convention="detectron2")
    assert got.tolist() == [[[7.5 + 25]]]


def test_pixels_outside_the_box_give_nothing():
    grad = np.full((1, 4, 4), np.nan)
    grad[0, 1:3, 1:3] = 1
    assert paste_masks_backward(grad, [[1, 1, 2, 2]], (2, 2), padding=0).tolist() == [[[1, 1], [1, 1]]]
    assert not paste_masks_backward(grad, [[9, 9, 12, 12]], (2, 2)).any()


def test_a_nan_goes_to_all_four_cells_also_by_weight_0():
    grad = np.zeros((1, 4, 4))
    grad[0, 1, 1] = np.nan
    got = paste_masks_backward(grad, [[0, 0, 3, 3]], (4, 4), padding=0)[0]
    assert np.argwhere(np.isnan(got)).tolist() == [[1, 1], [1, 2], [2, 1], [2, 2]]


# --- it is the gradient -----------------------------------------------------------------------------------


@st.composite
def problems(draw):
    rng = np.random.default_rng(draw(st.integers(0, 2**32)))
    K, sizes = draw(st.integers(0, 2)), st.tuples(st.integers(1, 4), st.integers(1, 4))
    boxes = rng.uniform(-4, 12, (K, 4))
    boxes = np.where(rng.random((K, 4)) < 0.3, np.round(boxes), boxes)
    convention = draw(st.sampled_from(["torchvision", "detectron2"]))
    padding = draw(st.integers(0, 2)) if convention == "torchvision" else 1
    options = {"convention": convention, "padding": padding}
    return rng, rng.normal(size=(K, *draw(sizes))), boxes, (draw(st.integers(1, 9)), 8), options


@given(problems())
def test_it_is_what_central_differences_say(problem):
    """Images are linear in the masks: the differences are exact but for rounding."""
    rng, masks, boxes, size, options = problem
    grad = rng.normal(size=(len(masks), *size))
    with roikit.use_backend("cpu"):
        expected = central_differences(
            lambda each: (grad * paste_masks(each, boxes, size, **options)).sum(), masks, step=1.0
        )
    got = paste_masks_backward(grad, boxes, masks.shape[1:], **options)
    np.testing.assert_allclose(got, expected, rtol=0, atol=FEW_ROUNDINGS)


@given(problems())
def test_it_is_the_transpose(problem):
    rng, masks, boxes, size, options = problem
    images = paste_masks(masks, boxes, size, **options)
    grad = rng.normal(size=images.shape)
    back = paste_masks_backward(grad, boxes, masks.shape[1:], **options)
    assert abs(np.vdot(images, grad) - np.vdot(masks, back)) < FEW_ROUNDINGS


# --- the arrays -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("dtype", [np.float16, np.float32])
def test_it_is_added_up_in_float64_and_rounded_once(dtype):
    grad, boxes = np.random.default_rng(3).normal(size=(2, 8, 9)).astype(dtype), [[0, 0, 5, 4], [2, 1, 9, 9]]
    got = paste_masks_backward(grad, boxes, (3, 3))
    assert got.dtype == dtype
    assert np.array_equal(got, paste_masks_backward(grad.astype(np.float64), boxes, (3, 3)).astype(dtype))


def test_out_is_written_over_whatever_it_held():
    grad, boxes = np.random.default_rng(4).normal(size=(2, 5, 6)), [[0, 0, 2, 2], [3, 1, 5, 2]]
    out = np.full((2, 6, 4), np.nan)[:, ::2, 1:]
    assert paste_masks_backward(grad, boxes, (3, 3), out=out, num_threads=1) is out
    assert np.array_equal(out, paste_masks_backward(grad, boxes, (3, 3)))


def test_no_masks():
    assert paste_masks_backward(np.zeros((0, 4, 4)), [], (3, 5)).shape == (0, 3, 5)


# --- errors -----------------------------------------------------------------------------------------------


def test_a_wrong_argument():
    grad = np.zeros((1, 4, 4))
    with pytest.raises(ValueError, match=r"grad must have shape \(K, H, W\); got \(4, 4\)"):
        paste_masks_backward(grad[0], [[0, 0, 1, 1]], (2, 2))
    with pytest.raises(ValueError, match="boxes must have one row for each of grad, here 1; got 0"):
        paste_masks_backward(grad, [], (2, 2))
    with pytest.raises(TypeError, match=r"mask_size must be two whole numbers \(height, width\); got"):
        paste_masks_backward(grad, [[0, 0, 1, 1]], (2, 2.5))
    with pytest.raises(TypeError, match="deterministic must be True or False; got 1"):
        paste_masks_backward(grad, [[0, 0, 1, 1]], (2, 2), deterministic=1)
