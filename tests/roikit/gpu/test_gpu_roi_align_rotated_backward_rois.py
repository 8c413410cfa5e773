"""The CUDA kernel of the gradient of RoIAlign of rotated boxes by these, on the CPU."""

import sys

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from turned import DEGREE, frames, rotated_boxes

import roikit
from roikit.gpu import _simt, roi_align_rotated_backward_rois

sys.path.append(str(__file__.rpartition("/")[0]))
import fake_cupy

#: y * 10 + x
RAMP = roikit.examples.ramp(8, 8, a=10.0, b=1.0)[None, None]


@pytest.fixture
def cupy():
    with fake_cupy.installed() as module:
        yield module


def by_boxes(grad, features, rois, scale=1.0, ratio=(1, 1), aligned=True, turn=1.0, on=None):
    """The gradient by centre, width, height and angle of rois (K, 7), where NaN stood before."""
    out = np.full((len(rois), 5), np.nan)
    compute = roi_align_rotated_backward_rois.roi_align_rotated_backward_rois
    device, rois = on or _simt.SimtDevice(mode="check"), np.asarray(rois, np.float64)
    _simt.run(compute, device, (3,), grad, features, rois, out, scale, ratio, aligned, turn)
    return out


def random_case(seed, K=5, C=3, bins=(3, 2)):
    rng = np.random.default_rng(seed)
    return rng.normal(size=(K, C, *bins)), rng.normal(size=(2, C, 9, 8)), rotated_boxes(rng, K)


def test_the_right_bin_of_a_box():
    """It lies a quarter of the width from the centre; by the angle it goes up, by as much."""
    got = by_boxes(np.array([[[[0.0, 1.0]]]]), RAMP, [[0, 4, 4, 2, 3, 1, 0]])
    assert got.tolist() == [[1, 10, 0.25, 0, -5]]


def test_boxes_of_which_nothing_can_be_computed():
    boxes = np.tile([0.0, 4, 4, 2, 3, 1, 0], (4, 1))
    boxes[1, 6], boxes[2, 3], boxes[3, 0] = np.nan, -1, 9
    device = _simt.SimtDevice(mode="check")
    device.fault = np.zeros(4)
    got = by_boxes(np.ones((4, 1, 1, 1)), RAMP, boxes, on=device)
    assert got[0].tolist() == [1, 10, 0, 0, 0]
    assert np.isnan(got[1:]).all()
    assert device.fault.view(np.uint64)[0] in (1, 3, 6)


def test_the_same_bits_in_every_order_of_threads():
    grad, features, rois = random_case(2, C=33)
    runs = [
        by_boxes(grad, features, frames(rois), ratio=(-1, 2), on=_simt.SimtDevice(order=order))
        for order in ("forward", "reverse", "random:1")
    ]
    assert all(np.array_equal(run, runs[0]) for run in runs)


@settings(max_examples=30)
@given(
    seed=st.integers(0, 10**6), ratio=st.tuples(st.integers(-1, 3), st.integers(-1, 3)),
    scale=st.sampled_from([1.0, 0.5, 0.3]), aligned=st.booleans(), C=st.sampled_from([0, 1, 40]),
    turn=st.sampled_from([("degrees", False, DEGREE), ("radians", True, -1.0)]),
)
def test_it_is_the_definitions(seed, ratio, scale, aligned, C, turn):
    grad, features, rois = random_case(seed, C=C)
    angle, clockwise, per_unit = turn
    expected = roikit.roi_align_rotated_backward_rois(
        grad, features, rois, scale, ratio, aligned, angle=angle, clockwise=clockwise
    )
    got = by_boxes(grad, features, frames(rois, per_unit), scale, ratio, aligned, per_unit)
    np.testing.assert_allclose(got, expected, rtol=0, atol=1e-12 * np.max(np.abs(expected), initial=1))


def test_the_face_takes_arrays_of_cupy(cupy):
    grad, features, rois = random_case(4)
    expected = roikit.roi_align_rotated_backward_rois(grad, features, rois, 0.7)
    for boxes in (cupy.asarray(rois), rois):
        got = roikit.roi_align_rotated_backward_rois(cupy.asarray(grad), cupy.asarray(features), boxes, 0.7)
        assert isinstance(got, cupy.ndarray)
        np.testing.assert_allclose(got.get(), expected, rtol=0, atol=1e-10)
