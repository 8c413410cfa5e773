"""The CUDA kernel of the gradient of choosing masks, on the CPU."""

import numpy as np
import pytest

from roikit.gpu import _simt
from roikit.gpu.select_class_masks_backward import select_class_masks_backward


@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64])
def test_it_goes_to_the_class_and_a_label_of_none_gives_nothing(dtype):
    grad = np.arange(1, 13).reshape(3, 2, 2).astype(dtype)
    out = np.full((3, 2, 2, 2), np.nan, dtype)
    labels = np.array([1, 0, 2])
    _simt.run(select_class_masks_backward, _simt.SimtDevice(mode="check"), (2,), grad, labels, out)
    assert np.array_equal(out[0, 1], grad[0])
    assert np.array_equal(out[1, 0], grad[1])
    assert out.sum() == grad[:2].sum()


def test_nothing_to_give():
    empty = np.zeros((0, 2, 2), np.float32), np.zeros(0, np.int64)
    out = np.zeros((0, 3, 2, 2), np.float32)
    _simt.run(select_class_masks_backward, _simt.SimtDevice(), (2,), *empty, out)
