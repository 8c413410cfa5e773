"""The gradients by boxes and offsets: the fast kernel of each agrees with the plain one."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from test_fast import both
from test_fast_family import DTYPES, Call

import roikit
from roikit.cpu.fast import blocks, moving_cells, simd

OPERATIONS = {
    "crop_and_resize_backward_rois": "crop_and_resize",
    "deform_roi_pool_backward_rois": "deform_roi_pool",
    "deform_roi_pool_backward_offset": "deform_roi_pool",
    "precise_roi_pool_backward_rois": "precise_roi_pool",
    "ps_roi_align_backward_rois": "ps_roi_align",
    "roi_align_backward_rois": "roi_align",
    "roi_align_rotated_backward_rois": "roi_align_rotated",
}


@pytest.fixture(autouse=True)
def small_pieces(monkeypatch):
    """Threads and tables as in large calls."""
    monkeypatch.setattr(blocks, "A_THREAD", 1)
    monkeypatch.setattr(moving_cells, "TAPS", 500)
    monkeypatch.setattr(moving_cells, "WORTH", 1)


def gradient(name, call):
    """The gradient, its arguments and its options."""
    _, (features, rois, *more), options = call.forward()
    options = {key: value for key, value in options.items() if key not in ("method", "extrapolation_value")}
    C = features.shape[3 if call.layout == "NHWC" else 1] // call.groups
    shape = (len(rois), *call.bins, C) if call.layout == "NHWC" else (len(rois), C, *call.bins)
    grad = call.rng.standard_normal(shape).astype(features.dtype)
    if call.wild and grad.size:
        grad.flat[call.rng.integers(grad.size)] = np.inf
    return getattr(roikit, name), [grad, features, rois, *more[:-1]], options


@st.composite
def calls(draw, name):
    call = Call(
        OPERATIONS[name],
        np.random.default_rng(draw(st.integers(0, 2**32))),
        C=draw(st.sampled_from([0, 1, 3, 16, 17, 40, 70])),
        H=draw(st.integers(1, 20)),
        W=draw(st.sampled_from([1, 5, 33])),
        bins=draw(st.sampled_from([(1, 1), (2, 3), (7, 7)])),
        K=draw(st.integers(0, 6)),
        dtype=draw(st.sampled_from(DTYPES)),
        last=draw(st.booleans()),
        wild=draw(st.sampled_from([True, False, False])),
    )
    return call, {"threads": draw(st.integers(1, 4)), "level": draw(st.integers(0, simd.LEVEL))}


@pytest.mark.parametrize("name", OPERATIONS)
def test_they_agree(name):
    @settings(max_examples=100)
    @given(calls(name))
    def agree(drawn):
        call, how = drawn
        compute, arguments, options = gradient(name, call)
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("OMP_NUM_THREADS", str(how["threads"]))
            expected, got = both(compute, *arguments, **options, level=how["level"])
        np.testing.assert_allclose(got, expected, rtol=1e-9, atol=1e-9)

    agree()


@pytest.mark.parametrize("name", OPERATIONS)
@pytest.mark.parametrize("C", [3, 100])
def test_threads_do_not_change_a_bit(name, C, monkeypatch):
    compute, arguments, options = gradient(name, Call(OPERATIONS[name], np.random.default_rng(0), C=C, K=30))
    results = []
    for threads in ("1", "2", "5"):
        monkeypatch.setenv("OMP_NUM_THREADS", threads)
        with roikit.use_backend("fast"):
            results.append(compute(*arguments, **options).tobytes())
    assert results[0] == results[1] == results[2]


@pytest.mark.parametrize("name", OPERATIONS)
def test_few_channels_are_computed_by_the_plain_kernel(name, monkeypatch):
    monkeypatch.setattr(moving_cells, "WORTH", 8)
    compute, arguments, options = gradient(name, Call(OPERATIONS[name], np.random.default_rng(0), C=7, K=30))
    expected, got = both(compute, *arguments, **options, level=simd.LEVEL)
    np.testing.assert_array_equal(got, expected)


def test_a_region_that_no_table_holds():
    """513 × 512 samples with four neighbours each are more taps than a table may have."""
    features = np.random.default_rng(0).standard_normal((1, 9, 30, 40)).astype(np.float32)
    grad, rois = np.ones((1, 9, 1, 1), np.float32), [[0, 15, 12, 20, 15, 30]]
    expected, got = both(
        roikit.roi_align_rotated_backward_rois, grad, features, rois, 1.0, (513, 512), level=simd.LEVEL
    )
    np.testing.assert_array_equal(got, expected)


@pytest.mark.parametrize("axis", [2, 3])
def test_a_lone_row_or_column_has_no_slope_across_it(axis):
    """Exactly none: the lone cell is both neighbours of a point, and what they give cancels out."""
    rng = np.random.default_rng(0)
    features = np.take(rng.standard_normal((1, 64, 9, 9)), [0], axis)
    grad, rois = rng.standard_normal((30, 64, 3, 3)), np.zeros((30, 5))
    along = [1, 3] if axis == 2 else [2, 4]
    rois[:, along] = rng.uniform(0, 8, (30, 2))
    how = {"coordinates": "cells", "level": simd.LEVEL}
    expected, got = both(roikit.crop_and_resize_backward_rois, grad, features, rois, **how)
    np.testing.assert_allclose(got, expected, rtol=1e-9, atol=1e-9)
    across = [1, 3] if axis == 2 else [0, 2]
    assert not got[:, across].any()
