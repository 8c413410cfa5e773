"""The CUDA kernel that takes each RoI's own mask, on the CPU."""

import numpy as np
import pytest

from roikit.gpu import _simt
from roikit.gpu.select_class_masks import select_class_masks


@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64])
def test_each_roi_has_the_mask_of_its_class_and_a_label_of_none_has_nan(dtype):
    masks = np.arange(4 * 3 * 2 * 2).reshape(4, 3, 2, 2).astype(dtype)
    out = np.zeros((4, 2, 2), dtype)
    labels = np.array([2, 0, 3, -1])
    _simt.run(select_class_masks, _simt.SimtDevice(mode="check"), (2,), masks, labels, out)
    assert np.array_equal(out[:2], [masks[0, 2], masks[1, 0]])
    assert np.isnan(out[2:]).all()


def test_nothing_to_take():
    out = np.zeros((0, 2, 2), np.float32)
    empty = np.zeros((0, 3, 2, 2), np.float32), np.zeros(0, np.int64)
    _simt.run(select_class_masks, _simt.SimtDevice(), (2,), *empty, out)
