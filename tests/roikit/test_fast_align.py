"""The fast kernels of RoIAlign and its gradient: by hand, then against the plain kernels."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from roikit.cpu._roi_align import roi_align as plain
from roikit.cpu._roi_align_backward import roi_align_backward as plain_backward
from roikit.cpu.fast import blocks, simd
from roikit.cpu.fast import roi_align as forward
from roikit.cpu.fast import roi_align_backward as backward

MAP = np.arange(16, dtype=np.float32).reshape(1, 1, 4, 4)


#: The vectors of each kind of processor that this one can be.
LEVELS = simd.LEVELS[: simd.LEVEL + 1]


@pytest.fixture(params=LEVELS)
def level(request, monkeypatch):
    monkeypatch.setattr(simd, "LEVEL", LEVELS.index(request.param))


def align(features, rois, bins, scale=1.0, ratio=-1, aligned=False, mode="avg", num_threads=1, kernel=None):
    rois = np.array(rois, np.float64).reshape(-1, 5)
    out = np.full((len(rois), features.shape[1], *bins), 99, features.dtype)
    how = (scale, ratio if isinstance(ratio, tuple) else (ratio, ratio), aligned, mode)
    if kernel is plain:
        plain(features, rois, out, *how)
    else:
        forward.roi_align(features, rois, out, *how, num_threads=num_threads)
    return out


def align_backward(grad, rois, shape, scale=1.0, ratio=-1, aligned=False, num_threads=1, kernel=None):
    rois = np.array(rois, np.float64).reshape(-1, 5)
    out = np.full(shape, 99, grad.dtype)
    how = (scale, ratio if isinstance(ratio, tuple) else (ratio, ratio), aligned)
    if kernel is plain_backward:
        plain_backward(grad, rois, out, *how)
    else:
        backward.roi_align_backward(grad, rois, out, *how, num_threads=num_threads)
    return out


# --- by hand ----------------------------------------------------------------------------------------------


def test_one_sample_between_four_cells(level):
    assert align(MAP, [0, 0, 0, 1, 1], (1, 1), ratio=1) == (0 + 1 + 4 + 5) / 4


def test_two_by_two_samples_and_their_largest(level):
    """Samples at 0.5 and 1.5 on both axes: 2.5, 3.5, 6.5, 7.5."""
    assert align(MAP, [0, 0, 0, 2, 2], (1, 1), ratio=2) == 5
    assert align(MAP, [0, 0, 0, 2, 2], (1, 1), ratio=2, mode="max") == 7.5
    assert align(MAP, [0, 0, 0, 2, 2], (2, 2), ratio=1).tolist() == [[[[2.5, 3.5], [6.5, 7.5]]]]


def test_a_box_off_the_map_is_zero(level):
    for mode in ("avg", "max"):
        assert align(MAP, [0, 50, 50, 60, 60], (2, 3), mode=mode).tolist() == [[[[0, 0, 0], [0, 0, 0]]]]


def test_samples_off_the_map_take_part_as_zero(level):
    """Two samples along x, at 2.5 and at 7.5, which is off the map."""
    assert align(MAP, [0, 0, 0, 10, 1], (1, 1), ratio=(1, 2)) == 4.5 / 2
    assert align(-MAP, [0, 0, 0, 10, 1], (1, 1), ratio=(1, 2), mode="max") == 0


def test_an_empty_box_has_no_samples(level):
    for mode in ("avg", "max"):
        assert align(MAP, [0, 2, 2, 2, 2], (2, 1), aligned=True, mode=mode).tolist() == [[[[0], [0]]]]


def test_the_gradient_is_the_weights(level):
    """One sample at (0.5, 0.25)."""
    got = align_backward(np.ones((1, 1, 1, 1), np.float32), [0, -0.25, 0, 0.75, 1], (1, 1, 3, 3), ratio=1)
    assert got.tolist() == [[[[0.375, 0.125, 0], [0.375, 0.125, 0], [0, 0, 0]]]]


def test_what_no_roi_reads_has_gradient_zero(level):
    got = align_backward(np.empty((0, 3, 2, 2), np.float32), [], (2, 3, 4, 5))
    assert not got.any()


# --- odd values -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("odd", [np.nan, np.inf, -np.inf, 3e38])
@pytest.mark.parametrize("mode", ["avg", "max"])
def test_odd_values_are_what_the_plain_kernel_makes_of_them(level, odd, mode):
    features = np.random.default_rng(0).standard_normal((1, 3, 20, 30)).astype(np.float32)
    features[0, 1, 10, 10:13] = odd
    rois = [[0, 0, 0, 29, 19], [0, 9, 9, 11, 11], [0, 20, 0, 29, 5]]
    for some in (rois, rois[1:]):  # the windows cover the map, or they do not
        how = {"ratio": 2, "mode": mode}
        expected = align(features, some, (3, 3), **how, kernel=plain)
        np.testing.assert_allclose(align(features, some, (3, 3), **how), expected, rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize("odd", [np.nan, np.inf])
def test_an_odd_gradient_stays_in_its_window(level, odd):
    grad = np.ones((2, 2, 3, 3), np.float32)
    grad[0, 1, 1, 1] = odd
    rois = [[0, 1, 1, 4, 4], [0, 3, 3, 9, 9]]
    expected = align_backward(grad, rois, (1, 2, 12, 12), ratio=2, kernel=plain_backward)
    np.testing.assert_allclose(align_backward(grad, rois, (1, 2, 12, 12), ratio=2), expected, rtol=1e-6)


# --- against the plain kernels ------------------------------------------------------------------------------


@st.composite
def calls(draw):
    """Maps from a cell to wider than any vectors, boxes of all sizes on, over and off them."""
    N, C = draw(st.integers(1, 2)), draw(st.integers(0, 5))
    H, W = draw(st.integers(1, 40)), draw(st.one_of(st.integers(1, 40), st.integers(60, 200)))
    bins = (draw(st.integers(1, 20)), draw(st.integers(1, 35)))
    rng = np.random.default_rng(draw(st.integers(0, 2**32)))
    K = draw(st.integers(0, 6))
    ends = np.sort(rng.uniform(-5, [W + 5, H + 5], (K, 2, 2)), axis=1)
    if draw(st.booleans()):
        ends = ends[:, ::-1]  # reversed
    rois = np.column_stack([rng.integers(0, N, K), ends.reshape(K, 4)])
    dtype = draw(st.sampled_from([np.float16, np.float32, np.float64]))
    features = rng.standard_normal((N, C, H, W)).astype(dtype)
    layout = draw(st.sampled_from(["rows", "columns", "channels", "steps"]))
    if layout == "columns":
        features = features.transpose(0, 1, 3, 2).copy().transpose(0, 1, 3, 2)
    elif layout == "channels":
        features = features.transpose(0, 2, 3, 1).copy().transpose(0, 3, 1, 2)
    elif layout == "steps":
        features = np.repeat(features, 2, axis=2)[:, ::-1, ::-2]
    ratio = draw(st.sampled_from([-1, 1, 2, (0, 3), (2, 0)]))
    how = {"ratio": ratio, "aligned": draw(st.booleans()), "scale": draw(st.sampled_from([1.0, 0.5, 3.0]))}
    return features, rois, bins, how


def tolerance(dtype, largest):
    return largest * {np.float16: 1e-3, np.float32: 1e-6, np.float64: 1e-14}[np.dtype(dtype).type]


def wide(array):
    return array.astype(np.float32) if array.dtype == np.float16 else array


@settings(max_examples=150)
@given(call=calls(), mode=st.sampled_from(["avg", "max"]), threads=st.integers(1, 3))
def test_forward(call, mode, threads):
    features, rois, bins, how = call
    expected = align(wide(features), rois, bins, **how, mode=mode, kernel=plain)
    for vectors in range(len(LEVELS)):
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(simd, "LEVEL", vectors)
            got = align(features, rois, bins, **how, mode=mode, num_threads=threads)
        assert got.dtype == features.dtype
        largest = np.abs(features).max(initial=0).astype(np.float64)
        np.testing.assert_allclose(got, expected, rtol=0, atol=tolerance(features.dtype, largest))


@settings(max_examples=150)
@given(call=calls(), threads=st.integers(1, 3))
def test_backward(call, threads):
    features, rois, bins, how = call
    rng = np.random.default_rng(0)
    grad = rng.standard_normal((len(rois), features.shape[1], *bins)).astype(features.dtype)
    expected = align_backward(wide(grad), rois, features.shape, **how, kernel=plain_backward)
    sums = align_backward(np.abs(wide(grad)), rois, features.shape, **how, kernel=plain_backward)
    for vectors in range(len(LEVELS)):
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(simd, "LEVEL", vectors)
            got = align_backward(grad, rois, features.shape, **how, num_threads=threads)
        np.testing.assert_allclose(got, expected, rtol=0, atol=tolerance(grad.dtype, sums.max(initial=0)))


def test_any_number_of_threads_gives_the_same_bits(monkeypatch):
    monkeypatch.setattr(blocks, "A_THREAD", 1)
    monkeypatch.setattr(blocks, "PLANES_BYTES", 10_000)
    rng = np.random.default_rng(0)
    features = rng.standard_normal((2, 40, 30, 40)).astype(np.float32)
    rois = np.column_stack([rng.integers(0, 2, 60), rng.uniform(0, 25, (60, 2)), rng.uniform(3, 40, (60, 2))])
    values = [align(features, rois, (7, 7), num_threads=threads) for threads in (1, 2, 3, 8)]
    grads = [align_backward(values[0], rois, features.shape, num_threads=threads) for threads in (1, 2, 3, 8)]
    assert all(np.array_equal(each, values[0]) for each in values)
    assert all(np.array_equal(each, grads[0]) for each in grads)


def test_plans_of_bounded_size_give_the_same(monkeypatch):
    rng = np.random.default_rng(0)
    features = rng.standard_normal((1, 3, 30, 40)).astype(np.float32)
    rois = np.column_stack([np.zeros(50), rng.uniform(0, 25, (50, 2)), rng.uniform(3, 40, (50, 2))])
    values = align(features, rois, (7, 7))
    grad = align_backward(values, rois, features.shape)
    monkeypatch.setattr(blocks, "TABLES_BYTES", 1)
    np.testing.assert_array_equal(align(features, rois, (7, 7)), values)
    np.testing.assert_allclose(align_backward(values, rois, features.shape), grad, atol=1e-5)
