"""The CUDA kernel of average RoIAlign's gradient by the boxes, on the CPU."""

import sys

import numpy as np
import pytest
from gpu_gradients import channels_last
from gradients import boxes_anywhere
from hypothesis import given, settings
from hypothesis import strategies as st

import roikit
import roikit.gpu
from roikit.gpu import _simt, roi_align_backward_rois

sys.path.append(str(__file__.rpartition("/")[0]))
import fake_cupy

#: y * 10 + x
RAMP = roikit.examples.ramp(6, 6, a=10.0, b=1.0)[None, None]


def by_boxes(grad, features, rois, scale=1.0, ratio=(1, 1), aligned=False, last=False, on=None):
    """The gradient by x1, y1, x2, y2, where NaN stood before."""
    grad, features, rois = np.asarray(grad), np.asarray(features), np.asarray(rois, np.float64)
    if last:
        grad, features = channels_last(grad), channels_last(features)
    out = np.full((len(rois), 4), np.nan)
    device = on or _simt.SimtDevice(mode="check")
    compute = roi_align_backward_rois.roi_align_backward_rois
    _simt.run(compute, device, (3,), grad, features, rois, out, scale, ratio, aligned)
    return out


def assert_close(got, expected):
    """Both add up in double, in another order; with NaN and inf at the same places."""
    finite = np.isfinite(expected)
    assert np.array_equal(got[~finite], expected[~finite], equal_nan=True)
    largest = np.max(np.abs(expected[finite]), initial=1)
    np.testing.assert_allclose(got[finite], expected[finite], rtol=0, atol=1e-12 * largest)


def random_case(seed, K=5, C=3, bins=(3, 2), dtype=np.float64):
    rng = np.random.default_rng(seed)
    features = rng.normal(size=(2, C, 9, 8)).astype(dtype)
    return rng.normal(size=(K, C, *bins)).astype(dtype), features, boxes_anywhere(rng, K)


def test_a_centre_moves_by_half_of_what_an_end_does():
    """The map rises by 1 a column and 10 a row; of two bins the left one moves with x1 by 3/4."""
    grad = np.array([[[[1.0, 0.0]]], [[[1.0, 1.0]]]])
    got = by_boxes(grad, RAMP, [[0, 1, 1, 3, 3], [0, 1, 1, 3, 4]])
    assert got.tolist() == [[0.75, 5, 0.25, 5], [1, 10, 1, 10]]


def test_a_box_that_was_made_one_cell_moves_with_its_start():
    assert by_boxes(np.ones((1, 1, 1, 1)), RAMP, [[0, 1, 1, 1.5, 3]]).tolist() == [[1, 5, 0, 5]]


@settings(max_examples=40)
@given(
    seed=st.integers(0, 10**6), ratio=st.tuples(st.integers(-1, 3), st.integers(-1, 3)),
    scale=st.sampled_from([1.0, 0.5, 0.3]), aligned=st.booleans(), last=st.booleans(),
    C=st.sampled_from([0, 1, 40]),
)
def test_it_is_the_definitions(seed, ratio, scale, aligned, last, C):
    case = random_case(seed, C=C)
    expected = roikit.roi_align_backward_rois(*case, scale, ratio, aligned)
    assert_close(by_boxes(*case, scale, ratio, aligned, last), expected)


def test_float32_maps_and_boxes():
    """Boxes that are float32 are read as they are, and all is added up in double."""
    grad, features, rois = random_case(1, dtype=np.float32)
    expected = roikit.roi_align_backward_rois(grad, features, rois, 1.0, 2)
    np.testing.assert_allclose(by_boxes(grad, features, rois, ratio=(2, 2)), expected, rtol=1e-9, atol=1e-9)


def test_the_same_bits_in_every_order_of_threads():
    case = random_case(2, C=33)
    runs = [
        by_boxes(*case, ratio=(-1, 2), on=_simt.SimtDevice(mode="check", order=order))
        for order in ("forward", "reverse", "random:1")
    ]
    assert all(np.array_equal(run, runs[0]) for run in runs)


def test_nan_and_inf_go_where_the_definition_sends_them():
    grad, features, rois = random_case(3, K=9)
    features[0, 0, 3, 3], features[1, 1, 5, 2] = np.nan, np.inf
    expected = roikit.roi_align_backward_rois(grad, features, rois, 1.0, 2)
    assert not np.isfinite(expected).all()
    assert_close(by_boxes(grad, features, rois, ratio=(2, 2)), expected)


def test_boxes_of_which_nothing_can_be_computed():
    """Their gradient is NaN, the others' is right, and the first fault is noted."""
    boxes = [[0, 1, 1, 3, 4], [0, np.nan, 0, 2, 2], [5, 0, 0, 2, 2], [0, 0, 0, 1e300, 2]]
    device = _simt.SimtDevice(mode="check")
    device.fault = np.zeros(4)
    got = by_boxes(np.ones((4, 1, 1, 1)), RAMP, boxes, on=device)
    assert got[0].tolist() == [0.5, 5, 0.5, 5]
    assert np.isnan(got[1:]).all()
    assert device.fault.view(np.uint64)[0] in (1, 3, 4)


# --- arrays of CuPy ---------------------------------------------------------------------------------------


@pytest.fixture
def cupy():
    with fake_cupy.installed() as module:
        yield module


@pytest.mark.parametrize("convention", [None, *roikit.convention.SAMPLING])
def test_the_face_takes_arrays_of_cupy(cupy, convention):
    grad, features, rois = random_case(4)
    how = {"sampling_ratio": 2, "spatial_scale": 0.7, "convention": convention}
    expected = roikit.roi_align_backward_rois(grad, features, rois, **how)
    given_ = cupy.asarray(grad), cupy.asarray(features)
    for boxes in (cupy.asarray(rois), rois):
        got = roikit.roi_align_backward_rois(*given_, boxes, **how)
        assert isinstance(got, cupy.ndarray)
        assert_close(got.get(), expected)


@pytest.mark.parametrize("convention", roikit.convention.SAMPLING)
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_conventions_of_boxes_on_a_gpu(cupy, convention, dtype):
    _, features, rois = random_case(5)
    rois = rois.astype(dtype)
    how = {"sampling_ratio": 2, "spatial_scale": 0.5, "convention": convention}
    expected = roikit.roi_align(features, rois, (3, 2), **how)
    got = roikit.roi_align(cupy.asarray(features), cupy.asarray(rois), (3, 2), **how)
    np.testing.assert_allclose(got.get(), expected, rtol=0, atol=1e-12)
    by_map = roikit.roi_align_backward(cupy.asarray(expected), cupy.asarray(rois), features.shape, **how)
    by_hand = roikit.roi_align_backward(expected, rois, features.shape, **how)
    np.testing.assert_allclose(by_map.get(), by_hand, rtol=0, atol=1e-10)


@pytest.mark.parametrize("end", [-np.inf, np.nan, -(2.0**41)])
def test_a_box_beyond_all_bounds_is_not_made_larger_but_nan(cupy, end):
    features, rois = cupy.asarray(np.ones((1, 1, 4, 4))), cupy.asarray(np.array([[0, 3, 1, end, 3]]))
    bins = roikit.roi_align(features, rois, 1, sampling_ratio=2, convention="chainercv_align")
    assert np.isnan(bins.get()).all()


def test_all_arrays_in_one_place(cupy):
    grad, features, rois = random_case(6)
    expected = r"grad and features must both be on a GPU, or neither: use grad\.get\(\) or features\.get\(\)"
    with pytest.raises(TypeError, match=expected):
        roikit.roi_align_backward_rois(grad, cupy.asarray(features), rois)
    with pytest.raises(TypeError, match=expected):
        roikit.roi_align_backward_rois(cupy.asarray(grad), features, rois)
    with pytest.raises(TypeError, match=r"rois is on a GPU, and the other arrays are not: use rois\.get\(\)"):
        roikit.roi_align_backward_rois(grad, features, cupy.asarray(rois))
