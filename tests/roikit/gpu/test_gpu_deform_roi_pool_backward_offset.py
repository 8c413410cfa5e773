"""The CUDA kernel of the gradient of deformable RoI pooling by the offsets, on the CPU."""

import sys

import numpy as np
import pytest
from deformed import RAMP, case

import roikit
from roikit.gpu import _simt, deform_roi_pool_backward_offset

sys.path.append(str(__file__.rpartition("/")[0]))
import fake_cupy


@pytest.fixture
def cupy():
    with fake_cupy.installed() as module:
        yield module


def by_offsets(grad, features, rois, offset, scale=1.0, ratio=(1, 1), gamma=1.0, on=None):
    """The gradient by the offsets, where NaN stood before."""
    rois, offset = np.asarray(rois, np.float64), np.asarray(offset, np.float64)
    out, device = np.full(offset.shape, np.nan), on or _simt.SimtDevice(mode="check")
    compute = deform_roi_pool_backward_offset.deform_roi_pool_backward_offset
    _simt.run(compute, device, (4,), grad, features, rois, offset, out, scale, ratio, gamma)
    return out


def test_an_offset_of_one_is_the_whole_size():
    """The map rises by 1 a column and 10 a row; the box is 2 cells wide and 3 high."""
    got = by_offsets(np.array([[[[1.0, -2.0]]]]), RAMP, [[0, 1, 1, 3, 4]], np.zeros((1, 2, 1, 2)))
    assert got.tolist() == [[[[2, -4]], [[30, -60]]]]


def test_boxes_and_offsets_of_which_nothing_can_be_computed():
    boxes, offset = np.tile([0.0, 1, 1, 3, 4], (4, 1)), np.zeros((4, 2, 1, 1))
    boxes[1, 1], boxes[2, 0], offset[3, 0] = np.nan, 4, np.inf
    device = _simt.SimtDevice(mode="check")
    device.fault = np.zeros(4)
    got = by_offsets(np.ones((4, 1, 1, 1)), RAMP, boxes, offset, on=device)
    assert got[0].ravel().tolist() == [2, 30]
    assert np.isnan(got[1:]).all()
    assert device.fault.view(np.uint64)[0] in (1, 3)


@pytest.mark.parametrize("channels", [0, 1, 3, 70])
def test_the_same_bits_in_every_order_of_threads_and_the_definitions_but_for_rounding(channels):
    """More channels than a warp has lanes, and fewer."""
    grad, features, rois, offset = case()
    several = [np.repeat(array, 24, axis=1)[:, :channels] for array in (grad, features)]
    expected = roikit.deform_roi_pool_backward_offset(*several, rois, offset, 0.7, (-1, 2), 1.0)
    runs = [
        by_offsets(*several, rois, offset, 0.7, (-1, 2), on=_simt.SimtDevice(mode="check", order=order))
        for order in ("forward", "reverse", "random:1")
    ]
    assert all(np.array_equal(run, runs[0]) for run in runs)
    np.testing.assert_allclose(runs[0], expected, rtol=0, atol=1e-12 * np.abs(expected).max())


def test_the_face_takes_arrays_of_cupy(cupy):
    grad, features, rois, offset = case()
    expected = roikit.deform_roi_pool_backward_offset(grad, features, rois, offset, 0.7)
    maps = cupy.asarray(grad), cupy.asarray(features)
    for boxes, shifts in ((cupy.asarray(rois), cupy.asarray(offset)), (rois, offset)):
        got = roikit.deform_roi_pool_backward_offset(*maps, boxes, shifts, 0.7)
        assert isinstance(got, cupy.ndarray)
        np.testing.assert_allclose(got.get(), expected, rtol=0, atol=1e-10)
