"""The CUDA kernels of RoI max pooling's gradient, on the CPU."""

import ml_dtypes
import numpy as np
import pytest
from gpu_gradients import KINDS, assert_close, channels_last, device
from hypothesis import given, settings
from hypothesis import strategies as st

import roikit
from roikit.gpu import _simt, roi_pool_backward

every_kind = pytest.mark.parametrize("kind", KINDS)


def give_back(on, grad, rois, argmax, shape, last=False):
    """The gradient by a map of this shape, every element of which held NaN before."""
    grad, rois, argmax = np.asarray(grad), np.asarray(rois, float), np.asarray(argmax)
    out = np.full(shape, np.nan, grad.dtype)
    if last:
        grad, argmax, out = channels_last(grad), channels_last(argmax), channels_last(out)
    _simt.run(roi_pool_backward.roi_pool_backward, on, (3,), grad, rois, argmax, out)
    return out


def expected(grad, rois, argmax, shape):
    """By the definition, in float64; what is no cell gives nothing."""
    cells = shape[2] * shape[3]
    known = np.where((argmax >= 0) & (argmax < cells), argmax, -1)
    with roikit.use_backend("plain"):
        return roikit.roi_pool_backward(np.asarray(grad).astype(np.float64), rois, known, shape)


def random_case(seed, N=2, C=5, H=13, W=21, K=9, bins=(3, 2), dtype="float32", index="int32", spread=20):
    """Argmax as pooling gives it, near each other and often the same, and now and then none or anywhere."""
    rng = np.random.default_rng(seed)
    shape = (K, C, *bins)
    near = rng.integers(0, H * W, (K, 1, 1, 1)) + rng.integers(-spread, spread, shape)
    anywhere = rng.integers(0, H * W, shape)
    argmax = np.where(rng.random(shape) < 0.1, anywhere, np.clip(near, -1, H * W - 1))
    rois = np.zeros((K, 5))
    rois[:, 0] = rng.integers(0, N, K)
    return rng.standard_normal(shape).astype(dtype), rois, argmax.astype(index), (N, C, H, W)


# --- by hand -----------------------------------------------------------------------------------------------


@every_kind
@pytest.mark.parametrize("index", ["int32", "int64"])
def test_each_bin_gives_to_the_cell_of_its_maximum(kind, index):
    grad = np.array([[[[1, 10, 100, 1000]]], [[[1, 2, 3, 4]]]], np.float32)
    argmax = np.array([[[[5, 0, 5, -1]]], [[[5, 5, 5, 2]]]], index)
    got = give_back(device(kind, mode="check"), grad, [[0] * 5, [1] * 5], argmax, (2, 1, 2, 3))
    assert got[:, 0].tolist() == [[[10, 0, 0], [0, 0, 101]], [[0, 0, 4], [0, 0, 6]]]


@every_kind
def test_a_nan_goes_to_its_cell_alone(kind):
    grad = np.array([[[[np.nan, 2, np.inf]]]], np.float32)
    got = give_back(device(kind), grad, [[0] * 5], np.array([[[[1, 2, 3]]]]), (1, 1, 2, 2))
    assert np.array_equal(got[0, 0], [[0, np.nan], [2, np.inf]], equal_nan=True)


@every_kind
def test_the_nan_of_a_bin_without_a_cell_goes_nowhere(kind):
    grad = np.full((1, 1, 1, 2), np.nan, np.float32)
    assert not give_back(device(kind), grad, [[0] * 5], np.array([[[[-1, 7]]]]), (1, 1, 2, 2)).any()


# --- values that are no cells ------------------------------------------------------------------------------


@every_kind
@pytest.mark.parametrize("index", ["int32", "int64"])
def test_any_argmax_is_safe(kind, index):
    limits = np.iinfo(index)
    wild = np.array([limits.min, limits.max, -2, -1, 6, 2**31 - 1, -(2**31), limits.max - 5], index)
    grad, argmax = np.ones((1, 1, 2, 4), np.float32), wild.reshape(1, 1, 2, 4)
    assert not give_back(device(kind, mode="check"), grad, [[0] * 5], argmax, (1, 1, 2, 3)).any()


@every_kind
def test_int64_is_not_cut_to_32_bits(kind):
    argmax = np.array([[[[2**32, 2**32 + 1, 1]]]])
    got = give_back(device(kind), np.ones((1, 1, 1, 3), np.float32), [[0] * 5], argmax, (1, 1, 1, 3))
    assert got.tolist() == [[[[0, 1, 0]]]]


@every_kind
def test_a_faulty_box_gives_nothing_and_is_noted(kind):
    on = device(kind, mode="check")
    on.fault = np.zeros(4)
    boxes = [[2, 0, 0, 1, 1], [0.5, 0, 0, 1, 1], [0, np.inf, 0, 1, 1], [0, 0, 0, 1e300, 1]]
    got = give_back(on, np.ones((4, 1, 1, 1), np.float32), boxes, np.ones((4, 1, 1, 1), int), (1, 1, 2, 2))
    assert got.tolist() == [[[[0, 1], [0, 0]]]]  # where a box lies does not matter
    assert 1 <= on.fault.view(np.uint64)[0] <= 3


# --- arrays ------------------------------------------------------------------------------------------------


@every_kind
def test_nothing_to_give(kind):
    for K, N, C in ((0, 2, 3), (4, 0, 3), (4, 2, 0)):
        K = K if N else 0
        values = np.ones((K, C, 2, 2), np.float32)
        assert not give_back(device(kind), values, np.zeros((K, 5)), values.astype(int), (N, C, 3, 4)).any()


@every_kind
@pytest.mark.parametrize("dtype", ["float16", ml_dtypes.bfloat16, "float64"])
def test_other_dtypes(kind, dtype):
    grad, rois, argmax, shape = random_case(1, dtype=dtype, spread=3)
    for last in (False, True):
        got = give_back(device(kind), grad, rois, argmax, shape, last)
        assert_close(got, expected(grad, rois, argmax, shape))


@every_kind
def test_halves_are_rounded_once(kind):
    grad = np.full((64, 1, 1, 1), 1 + 2**-10, np.float16)
    got = give_back(device(kind), grad, np.zeros((64, 5)), np.zeros((64, 1, 1, 1), int), (1, 1, 1, 1))
    assert got.item() == np.float16(64 + 64 * 2**-10)


@every_kind
@pytest.mark.parametrize("C", [1, 3, 9, 130])
@pytest.mark.parametrize("last", [False, True])
def test_any_number_of_channels_in_both_layouts(kind, C, last):
    grad, rois, argmax, shape = random_case(C, N=1, C=C, K=4)
    got = give_back(device(kind), grad, rois, argmax, shape, last)
    assert_close(got, expected(grad, rois, argmax, shape))


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_maps_of_several_tiles(dtype):
    grad, rois, argmax, shape = random_case(2, N=2, C=3, H=37, W=67, K=40, bins=(7, 7), dtype=dtype)
    assert_close(give_back(device(), grad, rois, argmax, shape), expected(grad, rois, argmax, shape))


def test_more_boxes_than_one_scan_looks_at():
    grad, rois, argmax, shape = random_case(3, C=2, K=2100, bins=(1, 2))
    assert_close(give_back(device(), grad, rois, argmax, shape), expected(grad, rois, argmax, shape))


# --- properties --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["plain", "tiles"])
@pytest.mark.parametrize("last", [False, True])
def test_the_same_bits_in_every_order_of_threads(kind, last):
    grad, rois, argmax, shape = random_case(5, C=3, K=30, bins=(7, 7), spread=4)
    results = [
        give_back(device(kind, order=order), grad, rois, argmax, shape, last).tobytes()
        for order in ("forward", "reverse", "random:1", "random:2")
    ]
    assert len(set(results)) == 1


def test_tiles_add_in_the_order_of_the_definition():
    """All 98 bins give to one cell: float32 sums in this order and in no other."""
    grad, rois, argmax, shape = random_case(6, N=1, C=2, K=2, bins=(7, 7))
    expected = np.zeros(2, np.float32)
    for values in grad.transpose(0, 2, 3, 1).reshape(-1, 2):
        expected += values
    got = give_back(device(order="random:4"), grad, rois, np.full_like(argmax, 30), shape)
    assert got[0, :, 1, 9].tolist() == expected.tolist()


@every_kind
@pytest.mark.parametrize("order", ["forward", "random:3"])
def test_the_checker_finds_nothing(kind, order):
    for last in (False, True):
        grad, rois, argmax, shape = random_case(7, C=10, bins=(5, 7), spread=5)
        got = give_back(device(kind, mode="check", order=order), grad, rois, argmax, shape, last)
        assert_close(got, expected(grad, rois, argmax, shape))


@settings(max_examples=60)
@given(
    seed=st.integers(0, 10**6), kind=st.sampled_from(list(KINDS)), last=st.booleans(),
    N=st.integers(1, 3), C=st.integers(1, 20), H=st.integers(1, 40), W=st.integers(1, 40),
    K=st.integers(1, 12), bins=st.tuples(st.integers(1, 7), st.integers(1, 7)),
    index=st.sampled_from(["int32", "int64"]), spread=st.integers(1, 50),
)
def test_agrees_with_the_definition(seed, kind, last, N, C, H, W, K, bins, index, spread):
    grad, rois, argmax, shape = random_case(seed, N, C, H, W, K, bins, index=index, spread=spread)
    got = give_back(device(kind), grad, rois, argmax, shape, last)
    assert_close(got, expected(grad, rois, argmax, shape))
