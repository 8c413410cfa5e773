"""The CUDA kernel of the gradient of rotation-invariant RoIAlign by boxes, on the CPU."""

import sys

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from turned import DEGREE, frames, rotated_boxes

import roikit
from roikit import _validate_orientations, _validate_rotated
from roikit.gpu import _simt, riroi_align_rotated_backward_rois

sys.path.append(str(__file__.rpartition("/")[0]))
import fake_cupy

#: One cell, on which nothing moves, in four orientations.
CELL = np.array([1.0, 10.0, 100.0, 1000.0]).reshape(1, 4, 1, 1)


@pytest.fixture
def cupy():
    with fake_cupy.installed() as module:
        yield module


def by_boxes(
    grad, features, rois, shifts, count, scale=1.0, ratio=(1, 1), aligned=True, turn=1.0, steps=1.0, on=None
):
    """The gradient by centre, width, height and angle of rois (K, 7), where NaN stood before."""
    out = np.full((len(rois), 5), np.nan)
    compute = riroi_align_rotated_backward_rois.riroi_align_rotated_backward_rois
    device, boxes = on or _simt.SimtDevice(mode="check"), np.asarray(rois, np.float64)
    arrays = grad, features, boxes, np.asarray(shifts, np.float64), out
    _simt.run(compute, device, (4,), *arrays, scale, ratio, aligned, count, turn, steps)
    return out


def random_case(seed, K=5, C=6, bins=(3, 2)):
    rng = np.random.default_rng(seed)
    return rng.normal(size=(K, C, *bins)), rng.normal(size=(2, C, 9, 8)), rotated_boxes(rng, K)


def test_as_the_box_turns_one_orientation_becomes_the_next():
    grad, upright = np.array([1.0, 0, 0, 0]).reshape(1, 4, 1, 1), [[0, 0.5, 0.5, 1, 1, 1, 0]]
    assert by_boxes(grad, CELL, upright, [[0, 0.5]], 4).tolist() == [[0, 0, 0, 0, 9]]
    assert by_boxes(grad, CELL, upright, [[3, 0]], 4, steps=2.0).tolist() == [[0, 0, 0, 0, -1998]]


def test_boxes_of_which_nothing_can_be_computed():
    boxes = np.tile([0.0, 0.5, 0.5, 1, 1, 1, 0], (3, 1))
    boxes[1, 6], boxes[2, 0] = np.nan, 9
    device = _simt.SimtDevice(mode="check")
    device.fault = np.zeros(4)
    grad = np.tile(np.array([1.0, 0, 0, 0]).reshape(1, 4, 1, 1), (3, 1, 1, 1))
    got = by_boxes(grad, CELL, boxes, [[0, 0], [np.nan, np.nan], [1e300, 0]], 4, on=device)
    assert got[0].tolist() == [0, 0, 0, 0, 9]
    assert np.isnan(got[1:]).all()
    assert device.fault.view(np.uint64)[0] in (1, 3)


@settings(max_examples=30)
@given(
    seed=st.integers(0, 10**6), ratio=st.tuples(st.integers(-1, 3), st.integers(-1, 3)),
    scale=st.sampled_from([1.0, 0.5, 0.3]), aligned=st.booleans(), C=st.sampled_from([0, 6, 36]),
    turn=st.sampled_from([("degrees", False, DEGREE), ("radians", True, -1.0)]),
    mixing=st.sampled_from(["linear", "redet"]),
)  # fmt: skip
def test_it_is_the_definitions(seed, ratio, scale, aligned, C, turn, mixing):
    grad, features, rois = random_case(seed, C=C)
    angle, clockwise, per_unit = turn
    options = {"num_orientations": 3, "angle": angle, "clockwise": clockwise, "mixing": mixing}
    expected = roikit.riroi_align_rotated_backward_rois(
        grad, features, rois, scale, ratio, aligned=aligned, **options
    )
    how = _validate_orientations.Mixing(3, per_unit, mixing == "redet")
    shifts = _validate_orientations.shifts(_validate_rotated.Regions(rois, False), how)
    numbers = 3, scale, ratio, aligned, per_unit, how.steps
    got = by_boxes(grad, features, frames(rois, per_unit), shifts, *numbers)
    np.testing.assert_allclose(got, expected, rtol=0, atol=1e-12 * np.max(np.abs(expected), initial=1))


def test_the_face_takes_arrays_of_cupy(cupy):
    grad, features, rois = random_case(4)
    expected = roikit.riroi_align_rotated_backward_rois(grad, features, rois, 0.7, num_orientations=2)
    for boxes in (cupy.asarray(rois), rois):
        on_gpu = cupy.asarray(grad), cupy.asarray(features), boxes, 0.7
        got = roikit.riroi_align_rotated_backward_rois(*on_gpu, num_orientations=2)
        assert isinstance(got, cupy.ndarray)
        np.testing.assert_allclose(got.get(), expected, rtol=0, atol=1e-10)
