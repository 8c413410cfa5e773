"""The CUDA kernels of RoIAlign of rotated boxes, on the CPU; and what makes cosines of boxes on a GPU."""

import sys

import numpy as np
import pytest
from test_roi_align_rotated import of_all
from turned import DEGREE, frames, rotated_boxes

import roikit
from roikit.gpu import _simt, roi_align_rotated, rotated_frames

sys.path.append(str(__file__.rpartition("/")[0]))
import fake_cupy

ARANGE = np.arange(16.0).reshape(1, 1, 4, 4)


@pytest.fixture
def cupy():
    with fake_cupy.installed() as module:
        yield module


def align(rois, features=ARANGE, on=None):
    """Bins of 2 × 2 with one sample each, of rois (K, 7), where NaN stood before."""
    out = np.full((len(rois), features.shape[1], 2, 2), np.nan)
    device = on or _simt.SimtDevice(mode="check")
    compute = roi_align_rotated.roi_align_rotated
    _simt.run(compute, device, (2,), features, np.asarray(rois, np.float64), out, 1.0, (1, 1), True)
    return out


def random_case(seed):
    rng = np.random.default_rng(seed)
    return rng.normal(size=(2, 3, 8, 9)), rotated_boxes(rng, 7)


def test_a_quarter_of_a_turn():
    assert align([[0, 2, 2, 2, 2, 1, 0]])[0, 0].tolist() == [[5, 6], [9, 10]]
    assert align([[0, 2, 2, 2, 2, 0, 1]])[0, 0].tolist() == [[9, 5], [10, 6]]


def test_boxes_of_which_nothing_can_be_computed():
    """Theirs is NaN, the others' is right, and the first fault is noted."""
    good = [0, 2, 2, 2, 2, 0, 1]
    faulty = np.tile(np.array(good, np.float64), (7, 1))
    faulty[0, 1], faulty[1, 0], faulty[2, 0], faulty[3, 2] = np.nan, 5, 0.5, 1e300
    faulty[4, 4], faulty[5, 5] = -1, np.nan
    device = _simt.SimtDevice(mode="check")
    device.fault = np.zeros(4)
    got = align(faulty, on=device)
    assert np.isnan(got[:6]).all()
    assert got[6, 0].tolist() == [[9, 5], [10, 6]]
    assert device.fault.view(np.uint64)[0] in (1, 2, 3, 4, 6)


@pytest.mark.parametrize("turn", [DEGREE, -DEGREE, 1.0, -1.0])
def test_cosines_and_sines_of_boxes_on_a_gpu(turn):
    """The same as on the CPU but for rounding; of quarters of a turn exactly."""
    rng = np.random.default_rng(0)
    rois = rng.normal(size=(300, 6))
    rois[:, 5] = np.concatenate([np.arange(-20, 20) * 90.0, rng.uniform(-1000, 1000, 260)])
    got = np.full((300, 7), np.nan)
    device = _simt.SimtDevice(mode="check")
    _simt.run(rotated_frames.rotated_frames, device, (1,), rois, got, turn)
    expected = frames(rois, turn)
    assert np.array_equal(got[:, :5], rois[:, :5])
    np.testing.assert_allclose(got, expected, rtol=0, atol=1e-15)
    if abs(turn) < 1:
        assert np.array_equal(got[:40], expected[:40])


@pytest.mark.parametrize("how", [{}, {"angle": "radians", "clockwise": True}])
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_the_face_takes_arrays_of_cupy(cupy, how, dtype):
    features, rois = random_case(1)
    rois = rois.astype(dtype)
    expected = roikit.roi_align_rotated(features, rois, (2, 3), 0.7, **how)
    by_image = [cupy.asarray(rois[rois[:, 0] == n, 1:]) for n in (0, 1)]
    in_order = np.arange(len(rois))
    images_in_order = np.argsort(rois[:, 0], kind="stable")
    cases = (rois, in_order), (cupy.asarray(rois), in_order), (by_image, images_in_order)
    for boxes, rows in cases:
        got = roikit.roi_align_rotated(cupy.asarray(features), boxes, (2, 3), 0.7, **how)
        assert isinstance(got, cupy.ndarray)
        np.testing.assert_allclose(got.get(), expected[rows], rtol=0, atol=1e-12)


def test_no_boxes_on_a_gpu(cupy):
    got = roikit.roi_align_rotated(cupy.asarray(ARANGE), cupy.asarray(np.zeros((0, 6))), 2)
    assert got.shape == (0, 1, 2, 2)


@pytest.mark.parametrize("order", ["forward", "random:1"])
def test_the_checker_finds_nothing(order):
    features, rois = random_case(2)
    got = align(frames(rois), features, _simt.SimtDevice(mode="check", order=order))
    np.testing.assert_allclose(got, roikit.roi_align_rotated(features, rois, 2, 1.0, 1), rtol=0, atol=1e-12)


# --- boxes far larger than the map -----------------------------------------------------------------------


@pytest.mark.parametrize("angle", [0, 30, 90, 135, 200])
def test_long_rows_of_samples_that_leave_the_map(angle):
    """40 samples a side of a bin, of which most are passed over: the bins and both gradients."""
    features = np.random.default_rng(4).standard_normal((1, 2, 6, 7))
    box = [[0, 3.3, 2.1, 60, 45, angle], [0, 40, -8, 90, 30, angle]]
    for got, expected in zip(of_all(features, box, "simt"), of_all(features, box, "plain"), strict=True):
        np.testing.assert_allclose(got, expected, rtol=0, atol=1e-12)


def test_a_box_with_millions_of_samples():
    """4096 × 4096 a bin, about one for each cell that it covers; the map has 20 cells."""
    features, box = np.arange(20.0).reshape(1, 1, 4, 5), [[0, 2, 1, 8192, 8190, 30]]
    with roikit.use_backend("simt"):
        bins = roikit.roi_align_rotated(features, box, 2)
        given = np.ones_like(bins), box, features.shape
        by_cells = roikit.roi_align_rotated_backward(*given)
        by_bins = roikit.roi_align_rotated_backward(*given, deterministic=False)
    np.testing.assert_allclose(bins, roikit.roi_align_rotated(features, box, 2), rtol=1e-9)
    np.testing.assert_allclose(by_cells, by_bins, rtol=1e-9)
