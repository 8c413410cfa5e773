"""The kernels for maps with the channels last: by hand, then against the plain kernels."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from roikit import CONVENTIONS, Convention
from roikit.convention import POOLING
from roikit.cpu._roi_align import roi_align as plain_align
from roikit.cpu._roi_align_backward import roi_align_backward as plain_align_backward
from roikit.cpu._roi_pool import roi_pool as plain_pool
from roikit.cpu._roi_pool_backward import roi_pool_backward as plain_pool_backward
from roikit.cpu.fast import simd
from roikit.cpu.fast._channels_last import AlignPlan
from roikit.cpu.fast._channels_last_pool import pool_backward, roi_pool

LEVELS = range(simd.LEVEL + 1)
#: Empty bins, and bins that stick out of the map and find a 0 there.
ODD = Convention("floor", "exclusive", "truncate", 0, -7.0, 0.25, "zero")
#: 4 x 4 cells of two channels: 0, 1, 2 ... along the rows, and the same below 0.
MAP = np.stack([np.arange(16.0), -np.arange(16.0)], axis=-1).reshape(4, 4, 2).astype(np.float32)


def first(array):
    """(..., H, W, C) as (..., C, H, W), a view."""
    return np.moveaxis(array, -1, -3)


def plan_of(rois, cells, bins, how, mode, gradient, dtype, level):
    order = np.argsort(rois[:, 2], kind="stable").astype(np.intp)
    is_double = dtype == np.float64
    return AlignPlan(rois, order, cells, bins, *how, mode, gradient, is_double, 1 << 30, level), order


def align(features, rois, bins, scale=1.0, ratio=(2, 2), aligned=False, mode="avg", level=0, out=None):
    """Values (K, PH, PW, C), and which RoIs were found wild."""
    rois = np.array(rois, np.float64).reshape(-1, 5)
    plan, order = plan_of(
        rois, features.shape[:2], bins, (scale, ratio, aligned), mode, False, features.dtype, level
    )
    if out is None:
        out = np.full((len(rois), *bins, features.shape[2]), 99, features.dtype)
    wild, by_roi = np.zeros((len(rois), 1), np.uint8), np.zeros(len(rois), bool)
    window = features[plan.top : plan.bottom, plan.left : plan.right]
    plan.forward(window, out, wild, 0, plan.count, False)
    by_roi[order] = wild[:, 0]
    return out, by_roi


def align_backward(grad, rois, cells, scale=1.0, ratio=(2, 2), aligned=False, level=0):
    rois = np.array(rois, np.float64).reshape(-1, 5)
    plan, _ = plan_of(rois, cells, grad.shape[1:3], (scale, ratio, aligned), "avg", True, grad.dtype, level)
    out, wild = np.zeros((*cells, grad.shape[3]), grad.dtype), np.zeros((len(rois), 1), np.uint8)
    plan.backward(grad, out, wild, 0, plan.count, False)
    return out, wild


def pool(features, rois, bins, scale=1.0, convention=CONVENTIONS["caffe"], level=0, argmax=np.int64):
    rois = np.array(rois, np.float64).reshape(-1, 5)
    out = np.full((len(rois), *bins, features.shape[2]), 99, features.dtype)
    where = None if argmax is None else np.full(out.shape, 99, argmax)
    wild = np.zeros((len(rois), 1), np.uint8)
    order = np.arange(len(rois), dtype=np.intp)
    roi_pool(features, rois, order, out, where, scale, convention, wild, False, level)
    return out, where, wild[:, 0].astype(bool)


# --- by hand ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("level", LEVELS)
def test_four_samples_and_their_largest(level):
    """Samples at 0.5 and 1.5 on both axes: 2.5, 3.5, 6.5, 7.5 in the first channel."""
    assert align(MAP, [0, 0, 0, 2, 2], (1, 1), level=level)[0].tolist() == [[[[5, -5]]]]
    assert align(MAP, [0, 0, 0, 2, 2], (1, 1), mode="max", level=level)[0].tolist() == [[[[7.5, -2.5]]]]
    bins = align(MAP, [0, 0, 0, 2, 2], (2, 2), ratio=(1, 1), level=level)[0]
    assert bins[0, :, :, 0].tolist() == [[2.5, 3.5], [6.5, 7.5]]


@pytest.mark.parametrize("level", LEVELS)
def test_samples_off_the_map_take_part_as_zero(level):
    """Two samples along x, at 2.5 and at 7.5, which is off the map."""
    box = [0, 0, 0, 10, 1]
    assert align(MAP, box, (1, 1), ratio=(1, 2), level=level)[0].tolist() == [[[[2.25, -2.25]]]]
    assert align(MAP, box, (1, 1), ratio=(1, 2), mode="max", level=level)[0].tolist() == [[[[4.5, 0]]]]


@pytest.mark.parametrize("level", LEVELS)
def test_the_gradient_is_the_weights(level):
    """One sample at (0.5, 0.25)."""
    grad = np.array([1, 2], np.float32).reshape(1, 1, 1, 2)
    got = align_backward(grad, [0, -0.25, 0, 0.75, 1], (2, 3), ratio=(1, 1), level=level)[0]
    assert got[..., 0].tolist() == [[0.375, 0.125, 0], [0.375, 0.125, 0]]
    assert np.array_equal(got[..., 1], 2 * got[..., 0])


@pytest.mark.parametrize("level", LEVELS)
def test_the_largest_cell_and_the_first_of_equal_ones(level):
    values, argmax, _ = pool(MAP, [0, 0, 0, 2, 1], (1, 1), level=level)
    assert (values.tolist(), argmax.tolist()) == ([[[[6, 0]]]], [[[[6, 0]]]])
    values, argmax, _ = pool(MAP * 0, [0, 1, 1, 3, 3], (1, 1), level=level)
    assert (values.tolist(), argmax.tolist()) == ([[[[0, 0]]]], [[[[5, 5]]]])


def test_a_bin_gives_its_gradient_to_one_cell():
    grad, argmax = np.array([2, 3], np.float32), np.array([5, -1])
    shape, total = (1, 1, 1, 2), np.zeros((4, 4, 2), np.float32)
    order = np.zeros(1, np.intp)
    assert not pool_backward(grad.reshape(shape), argmax.reshape(shape), order, total, False)
    assert total[1, 1].tolist() == [2, 0]
    assert total.sum() == 2
    assert pool_backward(grad.reshape(shape), argmax.reshape(shape) + 11, order, total, False)  # 16 is astray


# --- odd values -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize("odd", [np.nan, np.inf, -np.inf])
@pytest.mark.parametrize("mode", ["avg", "max"])
@pytest.mark.parametrize("C", [2, 100, 300])
def test_an_odd_value_marks_the_boxes_that_read_it(level, odd, mode, C):
    features = np.zeros((9, 9, C), np.float32)
    features[4, 4, C - 1] = odd
    wild = align(features, [[0, 3, 3, 5, 5], [0, 0, 0, 3, 3]], (2, 2), mode=mode, level=level)[1]
    assert wild.tolist() == [True, False]
    wild = pool(features, [[0, 3, 3, 5, 5], [0, 0, 0, 3, 3]], (2, 2), level=level)[2]
    assert wild.tolist() == [odd != odd, False]
    grad = np.zeros((2, 3, 3, C), np.float32)
    grad[1, 2, 2, C - 1] = odd
    got, wild = align_backward(grad, [[0, 0, 0, 3, 3], [0, 4, 4, 5, 5]], (9, 9), level=level)
    assert wild.tolist() == [[0], [1]]
    assert not got.any()


# --- against the plain kernels ------------------------------------------------------------------------------


sides = st.tuples(st.integers(1, 20), st.integers(1, 30))
numbers_of_bins = st.tuples(st.integers(1, 8), st.integers(1, 17))
hows = st.tuples(
    st.sampled_from([1.0, 0.5, 3.0]), st.sampled_from([(-1, -1), (1, 1), (2, 2), (0, 3)]), st.booleans()
)


@st.composite
def calls(draw):
    """Slices of channels of a wider map, few and many; boxes of all sizes on, over and off it."""
    C, H, W = draw(st.one_of(st.integers(1, 130), st.sampled_from([256, 300, 321]))), *draw(sides)
    dtype = draw(st.sampled_from([np.float32, np.float64]))
    rng = np.random.default_rng(draw(st.integers(0, 2**32)))
    features = rng.standard_normal((H, W, C + 5)).astype(dtype)
    if draw(st.booleans()):
        features = np.round(features)  # ties
    K = draw(st.integers(0, 5))
    ends = np.sort(rng.uniform(-5, [W + 5, H + 5], (K, 2, 2)), axis=1)
    if draw(st.booleans()):
        ends = ends[:, ::-1]  # reversed
    if draw(st.booleans()):
        ends = ends * draw(st.sampled_from([0, 50]))  # empty, or huge
    rois = np.column_stack([np.zeros(K), ends.reshape(K, 4)])
    return features[:, :, 2 : 2 + C], rois, draw(numbers_of_bins)


def close(got, expected, largest):
    atol = largest * {np.float32: 1e-6, np.float64: 1e-14}[got.dtype.type]
    np.testing.assert_allclose(got, expected, rtol=0, atol=atol)


@settings(max_examples=150)
@given(call=calls(), how=hows, mode=st.sampled_from(["avg", "max"]))
def test_align(call, how, mode):
    features, rois, bins = call
    expected = np.empty((len(rois), features.shape[2], *bins), features.dtype)
    plain_align(first(features)[None], rois, expected, *how, mode)
    for level in LEVELS:
        got, wild = align(features, rois, bins, *how, mode, level)
        assert not wild.any()
        close(first(got), expected, np.abs(features).max())


@settings(max_examples=150)
@given(call=calls(), how=hows)
def test_align_backward(call, how):
    features, rois, bins = call
    H, W, C = features.shape
    rng = np.random.default_rng(0)
    grad = rng.standard_normal((len(rois), *bins, C + 3)).astype(features.dtype)[..., 1:-2]
    expected, sums = np.empty((2, 1, C, H, W), features.dtype)
    plain_align_backward(first(grad), rois, expected, *how)
    plain_align_backward(first(np.abs(grad)), rois, sums, *how)
    for level in LEVELS:
        close(first(align_backward(grad, rois, (H, W), *how, level)[0]), expected[0], sums.max())


@settings(max_examples=150)
@given(
    call=calls(), scale=st.sampled_from([1.0, 0.5, 3.0]), dtype=st.sampled_from([np.int32, np.int64, None]),
    convention=st.sampled_from([*map(CONVENTIONS.get, POOLING), ODD]),
)
def test_pool_and_its_gradient(call, scale, dtype, convention):
    features, rois, bins = call
    H, W, C = features.shape
    expected = np.empty((len(rois), C, *bins), features.dtype)
    where = np.empty(expected.shape, np.int64)
    plain_pool(first(features)[None], rois, expected, where, scale, convention, "max")
    for level in LEVELS:
        got, argmax, wild = pool(features, rois, bins, scale, convention, level, dtype)
        assert not wild.any()
        np.testing.assert_array_equal(first(got), expected)
        if dtype is not None:
            np.testing.assert_array_equal(first(argmax), where)
    if dtype is not None:
        gradient, order = np.empty((1, C, H, W), features.dtype), np.arange(len(rois), dtype=np.intp)
        plain_pool_backward(expected, rois, where, gradient)
        wider, longer = np.zeros((H, W, C + 1), features.dtype), np.zeros((H, W + 2, C), features.dtype)
        for part in (wider[..., 1:], longer[:, 1:-1]):
            assert not pool_backward(got, argmax, order, part, False)
            close(first(part), gradient[0], 1 + np.abs(expected).sum())


@pytest.mark.parametrize("level", LEVELS)
def test_a_large_output_whether_its_cells_begin_on_cache_lines_or_not(level):
    rng = np.random.default_rng(0)
    features = rng.standard_normal((20, 20, 272)).astype(np.float32)
    rois = np.column_stack([np.zeros(170), rng.uniform(0, 9, (170, 2)), rng.uniform(9, 20, (170, 2))])
    memory = np.zeros(170 * 49 * 272 + 32, np.float32)
    start = -memory.ctypes.data // 4 % 16
    outs = [memory[start + shift :][: 170 * 49 * 272].reshape(170, 7, 7, 272) for shift in (0, 1)]
    streamed, written = (align(features, rois, (7, 7), level=level, out=out)[0].copy() for out in outs)
    assert np.array_equal(streamed, written)
    assert np.ptp(streamed) > 1
