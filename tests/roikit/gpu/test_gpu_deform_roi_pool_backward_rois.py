"""The CUDA kernel of the gradient of deformable RoI pooling by the boxes, on the CPU."""

import sys

import numpy as np
import pytest
from deformed import RAMP, case

import roikit
from roikit.gpu import _simt, deform_roi_pool_backward_rois

sys.path.append(str(__file__.rpartition("/")[0]))
import fake_cupy


@pytest.fixture
def cupy():
    with fake_cupy.installed() as module:
        yield module


def by_boxes(grad, features, rois, offset, scale=1.0, ratio=(1, 1), gamma=1.0, on=None):
    """The gradient by x1, y1, x2, y2, where NaN stood before."""
    rois, offset = np.asarray(rois, np.float64), np.asarray(offset, np.float64)
    out, device = np.full((len(rois), 4), np.nan), on or _simt.SimtDevice(mode="check")
    compute = deform_roi_pool_backward_rois.deform_roi_pool_backward_rois
    _simt.run(compute, device, (4,), grad, features, rois, offset, out, scale, ratio, gamma)
    return out


def test_a_shift_by_a_part_of_the_size_is_a_step_towards_the_end():
    """A quarter to the right, and half of the height upwards: at 3/4 and 0 of the box."""
    got = by_boxes(np.ones((1, 1, 1, 1)), RAMP, [[0, 1, 1, 3, 4]], [[[[0.25]], [[-0.5]]]])
    assert got.tolist() == [[0.25, 10, 0.75, 0]]


def test_boxes_and_offsets_of_which_nothing_can_be_computed():
    boxes, offset = np.tile([0.0, 1, 1, 3, 4], (4, 1)), np.zeros((4, 2, 1, 1))
    boxes[1, 1], boxes[2, 0], offset[3, 0] = np.nan, 4, np.nan
    device = _simt.SimtDevice(mode="check")
    device.fault = np.zeros(4)
    got = by_boxes(np.ones((4, 1, 1, 1)), RAMP, boxes, offset, on=device)
    assert got[0].tolist() == [0.5, 5, 0.5, 5]
    assert np.isnan(got[1:3]).all()
    assert np.isnan(got[3, [0, 2]]).all()
    assert device.fault.view(np.uint64)[0] in (1, 3)


def test_the_same_bits_in_every_order_of_threads_and_the_definitions_but_for_rounding():
    arguments = case()
    expected = roikit.deform_roi_pool_backward_rois(*arguments, 0.7, (-1, 2), 1.0)
    runs = [
        by_boxes(*arguments, 0.7, (-1, 2), on=_simt.SimtDevice(mode="check", order=order))
        for order in ("forward", "reverse", "random:1")
    ]
    assert all(np.array_equal(run, runs[0]) for run in runs)
    np.testing.assert_allclose(runs[0], expected, rtol=0, atol=1e-12 * np.abs(expected).max())


def test_the_face_takes_arrays_of_cupy(cupy):
    grad, features, rois, offset = case()
    expected = roikit.deform_roi_pool_backward_rois(grad, features, rois, offset, 0.7)
    maps = cupy.asarray(grad), cupy.asarray(features)
    for boxes, shifts in ((cupy.asarray(rois), cupy.asarray(offset)), (rois, offset)):
        got = roikit.deform_roi_pool_backward_rois(*maps, boxes, shifts, 0.7)
        assert isinstance(got, cupy.ndarray)
        np.testing.assert_allclose(got.get(), expected, rtol=0, atol=1e-10)
