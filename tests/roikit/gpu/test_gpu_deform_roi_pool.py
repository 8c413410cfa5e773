"""The CUDA kernel of deformable RoI pooling, on the CPU."""

import sys

import numpy as np
import pytest
from deformed import case

import roikit
from roikit.gpu import _simt, deform_roi_pool

sys.path.append(str(__file__.rpartition("/")[0]))
import fake_cupy

ARANGE = np.arange(16.0).reshape(1, 1, 4, 4)


@pytest.fixture
def cupy():
    with fake_cupy.installed() as module:
        yield module


def pool(rois, offset, features=ARANGE, on=None):
    """One sample a bin, gamma 1, where NaN stood before."""
    offset = np.asarray(offset, np.float64)
    out = np.full((len(rois), features.shape[1], *offset.shape[2:]), np.nan)
    device, rois = on or _simt.SimtDevice(mode="check"), np.asarray(rois, np.float64)
    compute = deform_roi_pool.deform_roi_pool
    _simt.run(compute, device, (3,), features, rois, offset, out, 1.0, (1, 1), 1.0)
    return out


def test_an_offset_is_a_part_of_the_boxs_own_size():
    """The box is 2 cells wide and 1 high, on cells (1, 1) and (1, 2)."""
    assert pool([[0, 1, 1, 3, 2]], [[[[-0.5, 0.5]], [[1, 0]]]])[0, 0].tolist() == [[8, 7]]


def test_boxes_and_offsets_of_which_nothing_can_be_computed():
    """Theirs is NaN, the others' is right, and the first fault of a box is noted."""
    boxes = np.tile([0.0, 1, 1, 3, 2], (5, 1))
    boxes[1, 1], boxes[2, 0], boxes[3, 4] = np.nan, 4, 1e300
    offset = np.zeros((5, 2, 1, 2))
    offset[0, 1, 0, 1], offset[4, 0, 0, 0] = np.nan, np.inf
    device = _simt.SimtDevice(mode="check")
    device.fault = np.zeros(4)
    got = pool(boxes, offset, on=device)
    np.testing.assert_array_equal(got[[0, 4], 0, 0], [[5, np.nan], [np.nan, 6]])
    assert np.isnan(got[1:4]).all()
    assert device.fault.view(np.uint64)[0] in (1, 3, 4)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_the_face_takes_arrays_of_cupy(cupy, dtype):
    _, features, rois, offset = case()
    offset, rois = offset.astype(dtype), rois.astype(dtype)
    given = cupy.asarray(features)
    for shifts in (offset, None):
        expected = roikit.deform_roi_pool(features, rois, shifts, (2, 3), 0.7, 2)
        on_gpu = None if shifts is None else cupy.asarray(shifts)
        for boxes, moved in ((cupy.asarray(rois), on_gpu), (rois, shifts)):
            got = roikit.deform_roi_pool(given, boxes, moved, (2, 3), 0.7, 2)
            assert isinstance(got, cupy.ndarray)
            np.testing.assert_allclose(got.get(), expected, rtol=0, atol=1e-12)


def test_what_is_wrong_with_offsets_on_a_gpu(cupy):
    _, features, rois, offset = case()
    maps = cupy.asarray(features)
    with pytest.raises(TypeError, match=r"offset is on a GPU, and the other arrays are not: use offset\.get"):
        roikit.deform_roi_pool(features, rois, cupy.asarray(offset), (2, 3))
    with pytest.raises(ValueError, match=r"offset must have shape \(K, 2, PH, PW\), here \(4, 2, 2, 3\)"):
        roikit.deform_roi_pool(maps, rois, cupy.asarray(offset[:2]), (2, 3))
    with pytest.raises(TypeError, match="offset must hold real numbers; got bool"):
        roikit.deform_roi_pool(maps, rois, cupy.asarray(offset > 0), (2, 3))
