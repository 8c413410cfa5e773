"""The CUDA kernels of average RoIAlign's gradient, on the CPU."""

import ml_dtypes
import numpy as np
import pytest
from gpu_gradients import KINDS, assert_close, channels_last, device
from gradients import boxes_anywhere
from hypothesis import given, settings
from hypothesis import strategies as st

import roikit
from roikit.gpu import _simt, roi_align_backward

every_kind = pytest.mark.parametrize("kind", KINDS)


def give_back(on, grad, rois, shape, spatial_scale=1.0, sampling_ratio=(2, 2), aligned=True, last=False):
    """The gradient by a map of this shape, every element of which held NaN before."""
    grad, rois = np.asarray(grad), np.asarray(rois)
    out = np.full(shape, np.nan, grad.dtype)
    if last:
        grad, out = channels_last(grad), channels_last(out)
    how = (spatial_scale, sampling_ratio, aligned)
    _simt.run(roi_align_backward.roi_align_backward, on, (2,), grad, rois, out, *how)
    return out


def expected(grad, rois, shape, spatial_scale=1.0, sampling_ratio=(2, 2), aligned=True):
    """By the definition, in float64."""
    with roikit.use_backend("plain"):
        values = np.asarray(grad).astype(np.float64)
        return roikit.roi_align_backward(values, rois, shape, spatial_scale, sampling_ratio, aligned)


def random_case(seed, N=2, C=5, H=13, W=21, K=9, bins=(3, 2), dtype="float32"):
    rng = np.random.default_rng(seed)
    grad = rng.standard_normal((K, C, *bins)).astype(dtype)
    return grad, boxes_anywhere(rng, K, N, min(H, W)), (N, C, H, W)


# --- by hand -----------------------------------------------------------------------------------------------


@every_kind
def test_one_sample_gives_to_its_four_neighbours_by_their_weights(kind):
    grad, box = np.full((1, 1, 1, 1), 8, np.float32), [[0, 0.25, 0.5, 1.25, 1.5]]  # sample at y 0.5, x 0.25
    got = give_back(device(kind, mode="check"), grad, box, (1, 1, 3, 3), sampling_ratio=(1, 1))
    assert got[0, 0].tolist() == [[3, 1, 0], [3, 1, 0], [0, 0, 0]]


@every_kind
def test_what_several_boxes_give_adds_up(kind):
    grad = np.array([1, 10, 100], np.float32).reshape(3, 1, 1, 1)
    boxes = [[0, 1, 1, 2, 2], [1, 1, 1, 2, 2], [0, 1, 1, 2, 2]]  # each on the centre of cell (1, 1)
    got = give_back(device(kind, mode="check"), grad, boxes, (2, 1, 3, 3), sampling_ratio=(1, 1))
    assert got[:, 0, 1, 1].tolist() == [101, 10]
    assert np.count_nonzero(got) == 2


@every_kind
def test_the_share_of_a_sample_outside_is_lost(kind):
    grad = np.ones((1, 1, 1, 1), np.float32)
    got = give_back(device(kind), grad, [[0, 0, 0, 8, 2]], (1, 1, 2, 3), sampling_ratio=(1, 2), aligned=False)
    assert got.sum() == 0.5  # x = 2 is on the map, x = 6 is not


@every_kind
def test_a_clamped_sample_gives_to_the_cell_that_it_read(kind):
    grad = np.ones((1, 1, 1, 1), np.float32)
    got = give_back(device(kind), grad, [[0, -0.5, 2, 1, 4]], (1, 1, 3, 3), sampling_ratio=(1, 1))
    assert got[0, 0, 2].tolist() == [1, 0, 0]  # y = 2.5 and x = -0.25


# --- NaN and inf -------------------------------------------------------------------------------------------


@every_kind
@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
def test_all_four_neighbours_take_part_also_by_weight_0(kind, value):
    grad, box = np.full((1, 1, 1, 1), value, np.float32), [[0, 1, 1, 2, 2]]  # on cell (1, 1)
    got = give_back(device(kind), grad, box, (1, 1, 4, 4), sampling_ratio=(1, 1))
    finite_or_inf = np.argwhere(np.isnan(got[0, 0])).tolist()
    neighbours = [[1, 2], [2, 1], [2, 2]]
    assert finite_or_inf == ([[1, 1]] if np.isnan(value) else []) + neighbours
    assert np.count_nonzero(got) == 4  # and no other cell, of the same tile or not


@every_kind
@pytest.mark.parametrize("seed", range(4))
def test_nan_and_inf_go_where_the_definition_sends_them(kind, seed):
    grad, rois, shape = random_case(seed, W=40, C=3)
    rng = np.random.default_rng(seed)
    wild = rng.random(grad.shape) < 0.1
    grad[wild] = rng.choice([np.nan, np.inf, -np.inf], np.count_nonzero(wild))
    for ratio in ((1, 1), (3, 2), (-1, -1)):
        got = give_back(device(kind), grad, rois, shape, 1.5, ratio)
        assert_close(got, expected(grad, rois, shape, 1.5, ratio))


# --- boxes -------------------------------------------------------------------------------------------------


@every_kind
def test_nothing_to_give(kind):
    for K, N, C in ((0, 2, 3), (4, 0, 3), (4, 2, 0)):
        rois = np.ones((K if N else 0, 5))
        got = give_back(device(kind), np.ones((len(rois), C, 2, 2), np.float32), rois, (N, C, 3, 4))
        assert not got.any()


@every_kind
def test_empty_reversed_and_distant_boxes(kind):
    boxes = [[0, 3, 3, 3, 3], [0, 5, 5, 2, 1], [0, 90, 90, 99, 99], [0, -9, 2, 30, 3]]
    boxes.append([0, -1e9, -1e9, 1e9, 1e9])
    grad = np.random.default_rng(0).standard_normal((5, 2, 2, 3)).astype(np.float32)
    for aligned in (False, True):
        how = (1.0, (2, 3), aligned)
        got = give_back(device(kind), grad, boxes, (1, 2, 9, 20), *how)
        assert_close(got, expected(grad, boxes, (1, 2, 9, 20), *how))


@every_kind
def test_a_faulty_box_gives_nothing_and_is_noted(kind):
    on = device(kind, mode="check")
    grad, boxes = np.ones((5, 1, 1, 1), np.float32), np.tile([0.0, 0, 0, 2, 2], (5, 1))
    boxes[0, 0], boxes[1, 0], boxes[2, 3], boxes[3, 4] = 7, 0.5, np.nan, 1e30
    on.fault = np.zeros(4)
    got = give_back(on, grad, boxes, (1, 1, 4, 4))
    assert_close(got, expected(grad[4:], boxes[4:], (1, 1, 4, 4)))
    assert 1 <= on.fault.view(np.uint64)[0] <= 4


@every_kind
def test_too_many_samples_are_noted(kind):
    on = device(kind)
    on.fault = np.zeros(4)
    grad, box = np.ones((1, 1, 1, 1), np.float32), [[0, 0, 0, 5000.0, 2]]
    got = give_back(on, grad, box, (1, 1, 4, 4), 1.0, (-1, -1))
    assert not got.any()
    code = on.fault.view(np.uint64)[0]
    assert (code, *on.fault[1:]) == (5, 0, 5000, 4096)


def test_thousands_of_samples_a_bin_weigh_as_much_as_they_should():
    grad, boxes = np.ones((2, 1, 1, 2), np.float32), [[0, 1, 1, 39, 30], [0, 2, 2, 3, 3]]
    for ratio in ((4096, 4000), (-1, -1), (40, 3)):
        got = give_back(device(), grad, boxes, (1, 1, 32, 48), 1.0, ratio)
        assert_close(got, expected(grad, boxes, (1, 1, 32, 48), 1.0, ratio))


# --- arrays ------------------------------------------------------------------------------------------------


@every_kind
@pytest.mark.parametrize("dtype", ["float16", ml_dtypes.bfloat16, "float64"])
def test_other_dtypes(kind, dtype):
    grad, rois, shape = random_case(1, dtype=dtype)
    for last in (False, True):
        got = give_back(device(kind), grad, rois, shape, 0.7, (2, 2), last=last)
        assert_close(got, expected(grad, rois, shape, 0.7))


@every_kind
def test_halves_are_rounded_once(kind):
    grad, boxes = np.full((64, 1, 1, 1), 1 + 2**-10, np.float16), np.tile([0.0, 1, 1, 2, 2], (64, 1))
    got = give_back(device(kind), grad, boxes, (1, 1, 3, 3), sampling_ratio=(1, 1))
    assert got[0, 0, 1, 1] == np.float16(64 + 64 * 2**-10)


@every_kind
def test_float32_boxes(kind):
    grad, rois, shape = random_case(2)
    narrow = rois.astype(np.float32)
    got = give_back(device(kind), grad, narrow, shape)
    assert_close(got, expected(grad, narrow.astype(np.float64), shape))


@every_kind
@pytest.mark.parametrize("C", [1, 3, 33, 130])
@pytest.mark.parametrize("last", [False, True])
def test_any_number_of_channels_in_both_layouts(kind, C, last):
    grad, rois, shape = random_case(C, N=1, C=C, H=9, W=18, K=4)
    assert_close(give_back(device(kind), grad, rois, shape, last=last), expected(grad, rois, shape))


def test_more_boxes_than_one_scan_looks_at():
    grad, rois, shape = random_case(3, C=2, K=2100, bins=(1, 2))
    assert_close(give_back(device(), grad, rois, shape), expected(grad, rois, shape))


def test_more_bins_than_shared_memory_holds():
    """Gradients are then read from where they are; without room for a box's weights, it goes by cells."""
    for bins, kernel in (((28, 28), "tiles"), ((2, 700), "plain")):
        grad, rois, shape = random_case(4, N=1, C=2, H=9, W=17, K=2, bins=bins)
        on = Recorded()
        assert_close(give_back(on, grad, rois, shape), expected(grad, rois, shape))
        assert on.kernels[-1] == f"roi_align_backward_{kernel}"


class Recorded(_simt.SimtDevice):
    """Knows which kernels were launched."""

    def __init__(self):
        super().__init__()
        self.kernels = []

    def launch(self, kernel, *arguments, **more):
        self.kernels.append(kernel.name)
        super().launch(kernel, *arguments, **more)


# --- properties --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["plain", "tiles"])
@pytest.mark.parametrize("last", [False, True])
def test_the_same_bits_in_every_order_of_threads(kind, last):
    grad, rois, shape = random_case(5, C=3, K=30)
    results = [
        give_back(device(kind, order=order), grad, rois, shape, last=last).tobytes()
        for order in ("forward", "reverse", "random:1", "random:2")
    ]
    assert len(set(results)) == 1


@every_kind
@pytest.mark.parametrize("order", ["forward", "random:3"])
def test_the_checker_finds_nothing(kind, order):
    for last in (False, True):
        grad, rois, shape = random_case(6, C=34)
        got = give_back(device(kind, mode="check", order=order), grad, rois, shape, 0.9, (-1, 2), last=last)
        assert_close(got, expected(grad, rois, shape, 0.9, (-1, 2)))


@settings(max_examples=60)
@given(
    seed=st.integers(0, 10**6), kind=st.sampled_from(list(KINDS)), last=st.booleans(),
    N=st.integers(1, 3), C=st.integers(1, 40), H=st.integers(1, 20), W=st.integers(1, 40),
    K=st.integers(1, 12), bins=st.tuples(st.integers(1, 5), st.integers(1, 5)),
    scale=st.sampled_from([1.0, 0.3, 2.0]), aligned=st.booleans(),
    ratio=st.tuples(st.sampled_from([-1, 1, 2, 5]), st.sampled_from([-1, 1, 2, 5])),
)
def test_agrees_with_the_definition(seed, kind, last, N, C, H, W, K, bins, scale, ratio, aligned):
    grad, rois, shape = random_case(seed, N, C, H, W, K, bins)
    got = give_back(device(kind), grad, rois, shape, scale, ratio, aligned, last)
    assert_close(got, expected(grad, rois, shape, scale, ratio, aligned))
