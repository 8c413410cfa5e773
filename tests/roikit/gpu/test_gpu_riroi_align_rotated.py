"""The CUDA kernels of rotation-invariant RoIAlign, on the CPU; and what finds shifts of boxes on a GPU."""

import sys

import numpy as np
import pytest
from turned import DEGREE, frames, rotated_boxes

import roikit
from roikit import _validate_orientations, _validate_rotated
from roikit.gpu import _simt, orientation_shifts, riroi_align_rotated

sys.path.append(str(__file__.rpartition("/")[0]))
import fake_cupy

#: One cell, and the powers of 10 in four orientations.
POWERS = np.array([1.0, 10.0, 100.0, 1000.0]).reshape(1, 4, 1, 1)


@pytest.fixture
def cupy():
    with fake_cupy.installed() as module:
        yield module


def align(rois, shifts, features=POWERS, num_orientations=4, bins=(1, 1), on=None):
    """Bins with one sample each, of rois (K, 7), where NaN stood before."""
    out = np.full((len(rois), features.shape[1], *bins), np.nan)
    device = on or _simt.SimtDevice(mode="check")
    boxes, turns = np.asarray(rois, np.float64), np.asarray(shifts, np.float64)
    compute = riroi_align_rotated.riroi_align_rotated
    _simt.run(compute, device, (3,), features, boxes, turns, out, 1.0, (1, 1), True, num_orientations)
    return out


def random_case(seed):
    rng = np.random.default_rng(seed)
    return rng.normal(size=(2, 6, 8, 9)), rotated_boxes(rng, 7)


def test_one_orientation_on_and_half_of_one():
    upright = [0, 0.5, 0.5, 1, 1, 1, 0]
    got = align([upright, upright], [[1, 0], [3, 0.5]])
    assert got[:, :, 0, 0].tolist() == [[10, 100, 1000, 1], [500.5, 5.5, 55, 550]]


def test_boxes_of_which_nothing_can_be_computed():
    """Theirs is NaN, whatever is in their shifts, the others' is right, and the first fault is noted."""
    boxes = np.tile(np.array([0, 0.5, 0.5, 1, 1, 1, 0], np.float64), (4, 1))
    boxes[0, 1], boxes[1, 0], boxes[2, 6] = np.nan, 5, np.nan
    device = _simt.SimtDevice(mode="check")
    device.fault = np.zeros(4)
    got = align(boxes, [[0, 0], [1e300, 0], [np.nan, np.nan], [2, 0]], on=device)
    assert np.isnan(got[:3]).all()
    assert got[3, :, 0, 0].tolist() == [100, 1000, 1, 10]
    assert device.fault.view(np.uint64)[0] in (1, 2, 3)


@pytest.mark.parametrize("as_redet", [False, True])
@pytest.mark.parametrize("turn", [DEGREE, -DEGREE, 1.0, -1.0])
def test_shifts_of_boxes_on_a_gpu(turn, as_redet):
    """The same bits as on the CPU."""
    rng = np.random.default_rng(0)
    rois = rng.normal(size=(300, 6))
    odd = [1e300, -1e300, 0, 5e-324, -5e-324]
    rois[:, 5] = np.concatenate([np.arange(-20, 20) * 45.0, rng.uniform(-1000, 1000, 255), odd])
    how = _validate_orientations.Mixing(6, turn, as_redet)
    got = np.full((300, 2), np.nan)
    device = _simt.SimtDevice(mode="check")
    _simt.run(orientation_shifts.orientation_shifts, device, (1,), rois, got, *how, how.full_turn)
    expected = _validate_orientations.shifts(_validate_rotated.Regions(rois, False), how)
    assert np.array_equal(got, expected)
    assert np.all((expected[:, 0] >= 0) & (expected[:, 0] < 6))
    assert np.all((expected[:, 1] >= 0) & (expected[:, 1] <= 1))


@pytest.mark.parametrize("how", [{}, {"angle": "radians", "clockwise": True, "mixing": "redet"}])
def test_the_face_takes_arrays_of_cupy(cupy, how):
    features, rois = random_case(1)
    expected = roikit.riroi_align_rotated(features, rois, (2, 3), 0.7, num_orientations=3, **how)
    for boxes in (rois, cupy.asarray(rois)):
        on_gpu = cupy.asarray(features), boxes, (2, 3), 0.7
        got = roikit.riroi_align_rotated(*on_gpu, num_orientations=3, **how)
        assert isinstance(got, cupy.ndarray)
        np.testing.assert_allclose(got.get(), expected, rtol=0, atol=1e-12)


def test_no_boxes_on_a_gpu(cupy):
    got = roikit.riroi_align_rotated(
        cupy.asarray(POWERS), cupy.asarray(np.zeros((0, 6))), 2, num_orientations=4
    )
    assert got.shape == (0, 4, 2, 2)


@pytest.mark.parametrize("order", ["forward", "random:1"])
def test_the_checker_finds_nothing(order):
    features, rois = random_case(2)
    how = _validate_orientations.Mixing(3, DEGREE, as_redet=False)
    shifts = _validate_orientations.shifts(_validate_rotated.Regions(rois, False), how)
    got = align(frames(rois), shifts, features, 3, (2, 2), _simt.SimtDevice(mode="check", order=order))
    expected = roikit.riroi_align_rotated(features, rois, 2, 1.0, 1, num_orientations=3)
    np.testing.assert_allclose(got, expected, rtol=0, atol=1e-12)
