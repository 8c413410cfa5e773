"""The fast CUDA kernels of RoIAlign of rotated boxes have the bits of the readable ones; on the CPU."""

import numpy as np
import pytest
from gpu_gradients import channels_last, device
from hypothesis import given, settings
from hypothesis import strategies as st
from turned import frames, rotated_boxes

from roikit.gpu import _simt, roi_align_rotated, roi_align_rotated_backward

RATIOS = st.tuples(st.sampled_from([-1, 1, 2, 40]), st.sampled_from([-1, 2, 3, 35]))


@pytest.fixture(autouse=True)
def small_device(monkeypatch):
    """A GPU that no call is too small for."""
    monkeypatch.setattr(_simt.SimtDevice, "processors", 0)


def both(compute, given_, out, *how):
    """What the readable kernel writes over NaN, and the fast one."""
    results = []
    for kind in ("plain", "tiles"):
        results.append(np.full_like(out, np.nan))
        _simt.run(compute, device(kind), (2,), *given_, results[-1], *how)
    return results


def boxes(rng, K):
    """Over all borders, some far larger than the map."""
    rois = rotated_boxes(rng, K, around=18)
    rois[::3, 3:5] *= rng.choice([1, 10, 100])
    return frames(rois)


@settings(max_examples=30)
@given(
    seed=st.integers(0, 10**6), C=st.sampled_from([2, 7, 33, 70]), last=st.booleans(), ratio=RATIOS,
    dtype=st.sampled_from([np.float32, np.float64]), aligned=st.booleans(),
)
def test_bins(seed, C, last, ratio, dtype, aligned):
    rng = np.random.default_rng(seed)
    features = rng.standard_normal((2, C, 11, 19)).astype(dtype)
    out = np.empty((5, C, 3, 2), dtype)
    if last:
        features, out = channels_last(features), channels_last(out)
    given_ = features, boxes(rng, 5)
    plain, fast = both(roi_align_rotated.roi_align_rotated, given_, out, 1.0, ratio, aligned)
    assert np.array_equal(fast, plain)
    assert np.any(fast)


@settings(max_examples=12)
@given(
    seed=st.integers(0, 10**6), C=st.sampled_from([1, 5, 33]), last=st.booleans(), ratio=RATIOS,
    dtype=st.sampled_from([np.float32, np.float64]), aligned=st.booleans(), odd=st.booleans(),
)
def test_gradient_by_the_map(seed, C, last, ratio, dtype, aligned, odd):
    """Of several tiles each way; with NaN and infinities, which go where the readable kernel sends them."""
    rng = np.random.default_rng(seed)
    grad = rng.standard_normal((4, C, 3, 2)).astype(dtype)
    if odd:
        grad[rng.random(grad.shape) < 0.1] = rng.choice([np.nan, np.inf])
    out = np.empty((2, C, 11, 19), dtype)
    if last:
        grad, out = channels_last(grad), channels_last(out)
    given_ = grad, boxes(rng, 4)
    compute = roi_align_rotated_backward.roi_align_rotated_backward
    with np.errstate(all="ignore"):
        plain, fast = both(compute, given_, out, 1.0, ratio, aligned)
    assert np.array_equal(fast, plain, equal_nan=True)


def test_more_boxes_than_a_block_lists_at_a_time():
    rng = np.random.default_rng(0)
    given_ = rng.standard_normal((1500, 2, 1, 1)), boxes(rng, 1500)
    compute = roi_align_rotated_backward.roi_align_rotated_backward
    plain, fast = both(compute, given_, np.empty((2, 2, 9, 17)), 1.0, (1, 1), True)
    assert np.array_equal(fast, plain)


def test_a_faulty_box_gives_nan_and_takes_nothing():
    on = device("tiles", mode="check")
    on.fault = np.zeros(4)
    rois = np.tile([0.0, 1.5, 1.5, 1, 1, 1, 0], (3, 1))
    rois[0, 0], rois[1, 3] = 7, np.nan
    bins, out = np.full((3, 2, 1, 1), 9.0), np.full((1, 2, 3, 3), 9.0)
    features = np.ones((1, 2, 3, 3))
    _simt.run(roi_align_rotated.roi_align_rotated, on, (2,), features, rois, bins, 1.0, (1, 1), True)
    assert np.isnan(bins[:2]).all()
    assert (bins[2] == 1).all()
    assert on.fault.view(np.uint64)[0] in (1, 3)
    compute = roi_align_rotated_backward.roi_align_rotated_backward
    _simt.run(compute, on, (2,), np.ones((3, 2, 1, 1)), rois, out, 1.0, (1, 1), True)
    assert out[0, 1].tolist() == [[0, 0, 0], [0, 1, 0], [0, 0, 0]]


@pytest.mark.parametrize("order", ["forward", "random:1"])
@pytest.mark.parametrize("last", [False, True])
def test_the_checker_finds_nothing(order, last):
    rng = np.random.default_rng(2)
    features = rng.standard_normal((2, 40, 9, 17)).astype(np.float32)
    bins = np.empty((3, 40, 2, 2), np.float32)
    if last:
        features, bins = channels_last(features), channels_last(bins)
    on, rois, how = device("tiles", mode="check", order=order), boxes(rng, 3), (1.0, (2, 33), True)
    _simt.run(roi_align_rotated.roi_align_rotated, on, (2,), features, rois, bins, *how)
    compute, by_map = roi_align_rotated_backward.roi_align_rotated_backward, np.empty_like(features)
    _simt.run(compute, on, (2,), bins, rois, by_map, *how)
    plain = np.empty_like(features)
    _simt.run(compute, device("plain"), (2,), bins, rois, plain, *how)
    assert np.array_equal(by_map, plain)
