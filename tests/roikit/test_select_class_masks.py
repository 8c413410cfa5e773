"""Of the masks of every class, each RoI's own."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from roikit import select_class_masks

pytestmark = pytest.mark.usefixtures("backend")

#: Cell (i, j) of class c of RoI k: k c i j
MASKS = np.arange(2).reshape(2, 1, 1, 1) * 1000 + np.arange(3).reshape(3, 1, 1) * 100.0 + [[0, 1], [10, 11]]


def test_each_roi_has_the_mask_of_its_class():
    got = select_class_masks(MASKS, [2, 0])
    assert got.tolist() == [[[200, 201], [210, 211]], [[1000, 1001], [1010, 1011]]]


@given(st.integers(0, 5), st.integers(1, 4), st.integers(0, 2**32))
def test_it_is_a_row_of_each(K, classes, seed):
    rng = np.random.default_rng(seed)
    masks, labels = rng.normal(size=(K, classes, 3, 2)), rng.integers(0, classes, K)
    assert np.array_equal(select_class_masks(masks, labels), masks[np.arange(K), labels])


@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64])
def test_values_are_those_of_the_masks_in_memory_of_their_own(dtype):
    masks = MASKS.astype(dtype)
    masks[0, 0, 0] = np.nan, -0.0
    got = select_class_masks(masks, np.array([0, 2], np.uint8))
    assert got.dtype == dtype
    assert np.array_equal(got, [masks[0, 0], masks[1, 2]], equal_nan=True)
    assert not np.shares_memory(got, masks)


def test_any_strides():
    masks = np.asfortranarray(MASKS)[::-1, :, ::-1]
    assert np.array_equal(select_class_masks(masks, [1, 2]), [masks[0, 1], masks[1, 2]])


@pytest.mark.parametrize(
    ("labels", "sentence"),
    [
        ([1, 3], r"labels\[1\] is 3: labels must be whole numbers from 0 to 2, the number of classes less 1"),
        ([-1, 0], r"labels\[0\] is -1: labels must be whole numbers from 0 to 2"),
        ([0.5, 0], r"labels\[0\] is 0.5: labels must be whole numbers from 0 to 2"),
        ([np.nan, 0], r"labels\[0\] is nan: labels must be whole numbers"),
        ([1], r"labels must have shape \(K,\), one class for each of masks, here 2; got \(1,\)"),
        ([[1, 1]], r"labels must have shape .*; got \(1, 2\)"),
    ],
)
def test_a_label_names_a_class(labels, sentence):
    with pytest.raises(ValueError, match=sentence):
        select_class_masks(MASKS, labels)


def test_masks_of_every_class():
    with pytest.raises(ValueError, match=r"masks must have shape \(K, classes, h, w\); got \(3, 2, 2\)"):
        select_class_masks(MASKS[0], [0, 0, 0])
    with pytest.raises(TypeError, match="labels must hold real numbers; got bool"):
        select_class_masks(MASKS, [True, False])
