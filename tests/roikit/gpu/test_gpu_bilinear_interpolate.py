"""Reading maps between their cells in CUDA, thread by thread on the CPU."""

import ml_dtypes
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import roikit
from roikit.gpu import _simt
from roikit.gpu.bilinear_interpolate import bilinear_interpolate

#      column 0   1   2
MAP = np.array([[0.0, 1, 2], [10, 11, 12], [20, 21, 22]])

every_kernel = pytest.mark.parametrize("plain", [True, False])


def interpolate(planes, y, x, *, plain, mode="fast", order="forward"):
    """planes (N, M, H, W) read at the points (y, x): (N, M, P)"""
    y, x = np.atleast_1d(y).astype(float), np.atleast_1d(x).astype(float)
    out = np.zeros((*planes.shape[:2], len(y)), planes.dtype)
    device = _simt.SimtDevice(plain=plain, mode=mode, order=order)
    _simt.run(bilinear_interpolate, device, (3,), planes, y, x, out)
    return out


def channels_last(planes):
    """The same values, in memory as (N, H, W, M)."""
    return np.ascontiguousarray(planes.transpose(0, 2, 3, 1)).transpose(0, 3, 1, 2)


@every_kernel
@pytest.mark.parametrize("layout", [np.ascontiguousarray, channels_last])
def test_half_way_between_four_cells_is_their_mean(plain, layout):
    """Of plane (n, m), to which 100 n + 1000 m is added."""
    added = 100 * np.arange(2).reshape(2, 1, 1, 1) + 1000 * np.arange(3).reshape(1, 3, 1, 1)
    planes = layout((MAP + added).astype(np.float32))
    got = interpolate(planes, [0.5, 2, 5], [1.5, 0, 0], plain=plain, mode="check")
    np.testing.assert_array_equal(got[:, :, 0], (1 + 2 + 11 + 12) / 4 + added[:, :, 0, 0])
    np.testing.assert_array_equal(got[:, :, 1], 20 + added[:, :, 0, 0])
    np.testing.assert_array_equal(got[:, :, 2], 0)  # outside


@every_kernel
def test_the_border_rule(plain):
    y = [-1.0, -0.25, 0.0, 1.5, 2.0, 2.75, 3.0, np.nextafter(-1, -2), np.nextafter(3, 4), 1e300, -1e300]
    expected = [1, 1, 1, 16, 21, 21, 21, 0, 0, 0, 0]
    planes = np.stack([MAP, MAP.T * 1.0])[np.newaxis]
    assert interpolate(planes, y, [1.0] * len(y), plain=plain)[0, 0].tolist() == expected
    assert interpolate(planes, [1.0] * len(y), y, plain=plain)[0, 1].tolist() == expected


@every_kernel
def test_all_four_neighbours_take_part(plain):
    planes = np.array([[[[1.0, np.nan], [3, 4]], [[1, np.inf], [3, 4]]]], np.float32)
    assert np.isnan(interpolate(planes, 0.0, 0.0, plain=plain)).all()  # NaN, and 0 * infinity


@every_kernel
@pytest.mark.parametrize(("N", "M", "P"), [(0, 2, 3), (2, 0, 3), (2, 3, 0)])
def test_nothing_to_read(plain, N, M, P):
    got = interpolate(np.zeros((N, M, 3, 3), np.float32), np.zeros(P), np.zeros(P), plain=plain)
    assert got.shape == (N, M, P)


@every_kernel
@pytest.mark.parametrize("dtype", [np.float16, ml_dtypes.bfloat16, np.float32, np.float64])
@pytest.mark.parametrize("layout", [np.ascontiguousarray, channels_last])
@pytest.mark.parametrize(("N", "M", "P"), [(1, 1, 7), (2, 9, 300), (1, 300, 3)])
def test_the_values_of_the_definition(plain, dtype, layout, N, M, P):
    random = np.random.default_rng(1)
    planes = layout(random.uniform(-1, 1, (N, M, 5, 6)).astype(dtype))
    y, x = random.uniform(-2, 6, P), random.uniform(-2, 7, P)
    got = interpolate(planes, y, x, plain=plain)
    with roikit.use_backend("reference"):
        expected = roikit.bilinear_interpolate(planes.astype(np.float64), y, x)
    digits = {np.float16: 5e-4, ml_dtypes.bfloat16: 4e-3, np.float32: 5e-7, np.float64: 1e-15}
    assert got.dtype == dtype
    np.testing.assert_allclose(got.astype(float), expected, rtol=0, atol=digits[dtype])


POINTS = st.floats(-3, 8)


@every_kernel
@settings(max_examples=40)
@given(points=st.lists(st.tuples(POINTS, POINTS), min_size=1, max_size=9), M=st.integers(1, 20))
def test_any_points(plain, points, M):
    y, x = np.array(points).T
    planes = np.random.default_rng(M).uniform(-1, 1, (1, M, 4, 5))
    with roikit.use_backend("plain"):
        expected = roikit.bilinear_interpolate(planes, y, x)
    got = interpolate(planes, y, x, plain=plain)
    np.testing.assert_allclose(got, expected, rtol=0, atol=1e-15)
    for order in ("reverse", "random:1"):
        np.testing.assert_array_equal(interpolate(planes, y, x, plain=plain, order=order), got)
