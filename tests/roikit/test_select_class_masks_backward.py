"""The gradient of choosing each RoI's own mask."""

import numpy as np
import pytest

from roikit import select_class_masks, select_class_masks_backward

pytestmark = pytest.mark.usefixtures("backend")


def test_it_goes_to_the_class_and_nowhere_else():
    grad = np.array([[[1.0, 2.0]], [[3.0, 4.0]]])
    got = select_class_masks_backward(grad, [2, 0], 3)
    assert got.tolist() == [[[[0, 0]], [[0, 0]], [[1, 2]]], [[[3, 4]], [[0, 0]], [[0, 0]]]]


def test_it_is_the_transpose():
    rng = np.random.default_rng(0)
    masks, labels = rng.normal(size=(6, 4, 3, 5)), rng.integers(0, 4, 6)
    own = select_class_masks(masks, labels)
    grad = rng.normal(size=own.shape)
    assert abs(np.vdot(own, grad) - np.vdot(masks, select_class_masks_backward(grad, labels, 4))) < 1e-12


@pytest.mark.parametrize("dtype", [np.float16, np.float32])
def test_dtypes_and_no_rois(dtype):
    grad = np.array([[[np.nan, np.inf]]], dtype)
    got = select_class_masks_backward(grad, [1], 2)
    assert got.dtype == dtype
    assert np.array_equal(got[0, 1], grad[0], equal_nan=True)
    assert not got[0, 0].any()
    assert select_class_masks_backward(grad[:0], [], 2).shape == (0, 2, 1, 2)


def test_a_wrong_argument():
    grad = np.zeros((2, 3, 3))
    with pytest.raises(ValueError, match=r"labels\[0\] is 2: labels must be whole numbers from 0 to 1"):
        select_class_masks_backward(grad, [2, 0], 2)
    with pytest.raises(TypeError, match="classes must be a whole number"):
        select_class_masks_backward(grad, [1, 0], 2.0)
    with pytest.raises(ValueError, match=r"classes must lie within 1 .. 2147483647; got 0"):
        select_class_masks_backward(grad, [1, 0], 0)
