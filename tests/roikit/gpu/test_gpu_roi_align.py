"""RoIAlign in CUDA, thread by thread on the CPU: the readable kernel and the fast ones."""

import ml_dtypes
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import roikit
from roikit.gpu import _simt, roi_align

#                     0   1   2   3
ARANGE = np.arange(16, dtype=np.float32).reshape(1, 1, 4, 4)
#                     4   5   6   7
#                     8   9  10  11
#                    12  13  14  15

WHOLE = [0, 0, 0, 2, 2]


def channels_last(array):
    """The same values, in memory as (N, H, W, C)."""
    return np.ascontiguousarray(array.transpose(0, 2, 3, 1)).transpose(0, 3, 1, 2)


def as_it_is(array):
    return array


@pytest.fixture(params=[as_it_is, channels_last])
def layout(request):
    return request.param


@pytest.fixture(params=["fast", "plain"])
def device(request):
    return _simt.SimtDevice(plain=request.param == "plain", mode="check")


def align(
    device, features, boxes, bins, *,
    scale=1.0, ratio=-1, aligned=False, mode="avg", box=np.float64, out_layout=None,
):
    """The output lies in memory as the features do, unless `out_layout` says how."""
    rois = np.array(boxes, box).reshape(-1, 5)
    out = np.full((len(rois), features.shape[1], *bins), 99, features.dtype)
    if out_layout is None:
        out_layout = channels_last if features.strides[1] == features.itemsize else as_it_is
    out = out_layout(out)
    ratio = ratio if isinstance(ratio, tuple) else (ratio, ratio)
    _simt.run(roi_align.roi_align, device, (2,), features, rois, out, scale, ratio, aligned, mode)
    return out


def by_the_cpu(features, boxes, bins, *, scale=1.0, ratio=-1, aligned=False, mode="avg"):
    """The same bits as the definition, in double."""
    with roikit.use_backend("plain"):
        features = features.astype(np.float64)
        return roikit.roi_align(features, boxes, bins, scale, ratio, aligned, mode=mode)


def assert_close(got, wanted, features, tolerance=1e-6):
    """Within 1e-6 of the largest magnitude in the map; the same NaN and infinities."""
    finite = features[np.isfinite(features)].astype(np.float64)
    scale = np.abs(finite).max(initial=1e-30)
    np.testing.assert_allclose(got.astype(np.float64), wanted, rtol=0, atol=tolerance * scale)


def random_map(shape, dtype=np.float32, seed=0):
    return np.random.default_rng(seed).standard_normal(shape).astype(dtype)


# --- by hand -----------------------------------------------------------------------------------------------


def test_one_sample_between_four_cells(device, layout):
    assert align(device, layout(ARANGE), [0, 0, 0, 1, 1], (1, 1), ratio=1) == (0 + 1 + 4 + 5) / 4
    assert not device.reports[0].findings


def test_two_by_two_samples_and_their_largest(device, layout):
    """Samples at 0.5 and 1.5 on both axes: 2.5, 3.5, 6.5, 7.5."""
    features = layout(ARANGE)
    assert align(device, features, WHOLE, (1, 1), ratio=2) == 5
    assert align(device, features, WHOLE, (1, 1), ratio=2, mode="max") == 7.5
    assert align(device, features, WHOLE, (2, 2), ratio=1).tolist() == [[[[2.5, 3.5], [6.5, 7.5]]]]


def test_a_reversed_box_is_sampled_backwards(device, layout):
    """From 2.5 to 0.5 with aligned=True: samples at 1.5, then at 0.5."""
    out = align(device, layout(ARANGE), [0, 2.5, 2.5, 0.5, 0.5], (2, 2), ratio=1, aligned=True)
    assert out.tolist() == [[[[7.5, 6.5], [3.5, 2.5]]]]


def test_each_box_has_its_image_and_each_channel_its_values(device, layout):
    features = layout(np.arange(2 * 3 * 16, dtype=np.float32).reshape(2, 3, 4, 4))
    out = align(device, features, [[1, 0, 0, 1, 1], [0, 0, 0, 1, 1]], (1, 1), ratio=1)
    assert out[:, :, 0, 0].tolist() == [[50.5, 66.5, 82.5], [2.5, 18.5, 34.5]]


# --- the rules, one by one ---------------------------------------------------------------------------------


@pytest.mark.parametrize("mode", ["avg", "max"])
def test_a_box_off_the_map_is_zero(device, layout, mode):
    out = align(device, layout(ARANGE), [0, 50, 50, 60, 60], (2, 3), mode=mode)
    assert out.tolist() == [[[[0, 0, 0], [0, 0, 0]]]]


def test_samples_off_the_map_take_part_as_zero(device, layout):
    """Two samples along x, at 2.5 and at 7.5, which is off the map."""
    boxes = [0, 0, 0, 10, 1]
    assert align(device, layout(ARANGE), boxes, (1, 1), ratio=(1, 2)) == 4.5 / 2
    assert align(device, layout(-ARANGE), boxes, (1, 1), ratio=(1, 2), mode="max") == 0


def test_up_to_one_cell_off_the_map_a_point_is_moved_to_the_border(device, layout):
    """At -1 and at 4, the farthest; a hair beyond is outside."""
    features = layout(ARANGE + 1)
    for x, value in ((-1, 1), (-1.001, 0), (4, 4), (4.001, 0)):
        assert align(device, features, [0, x - 0.5, -0.5, x + 0.5, 0.5], (1, 1), ratio=1) == value


@pytest.mark.parametrize("mode", ["avg", "max"])
def test_an_empty_box_has_no_adaptive_samples(device, layout, mode):
    out = align(device, layout(ARANGE - 9), [0, 2, 2, 2, 2], (2, 1), aligned=True, mode=mode)
    assert out.tolist() == [[[[0], [0]]]]


@pytest.mark.parametrize("mode", ["avg", "max"])
def test_zero_has_no_sign(device, layout, mode):
    out = align(device, layout(np.full((1, 2, 4, 4), -0.0, np.float32)), WHOLE, (2, 2), mode=mode)
    assert not np.signbit(out).any()


@pytest.mark.parametrize("mode", ["avg", "max"])
@pytest.mark.parametrize("value", [np.nan, np.inf])
def test_a_neighbour_of_weight_zero_takes_part(device, layout, mode, value):
    """The sample is on cell (1, 1); column 2 is its neighbour with weight 0. Cell (3, 3) is nobody's."""
    features = ARANGE.copy()
    features[0, 0, 1, 2] = value
    features[0, 0, 3, 3] = np.nan
    out = align(device, layout(features), [0, 0, 0, 2, 2], (1, 1), ratio=1, mode=mode)
    assert np.isnan(out)


@pytest.mark.parametrize("mode", ["avg", "max"])
def test_weight_zero_of_one_sample_stays_beside_the_weight_of_another(device, layout, mode):
    """Samples at 1 and 1.5: cell 2 is tapped with weight 0, then 0.5. Infinite, it is NaN by the first."""
    features = ARANGE.copy()
    features[..., 2] = np.inf
    out = align(device, layout(features), [0, 0.75, 0, 1.75, 1], (1, 1), ratio=(1, 2), mode=mode)
    assert np.isnan(out)


def test_cells_between_samples_are_not_touched(device, layout):
    """Samples at columns 1.5 and 4.5: column 3 is nobody's."""
    features = np.ones((1, 1, 2, 6), np.float32)
    features[..., 3] = np.nan
    out = align(device, layout(features), [0, 0, 0, 6, 1], (1, 1), ratio=(1, 2))
    assert out == 1


def test_the_largest_floats_do_not_overflow_on_the_way(layout):
    """The fast kernels' weights of an average add up to 1."""
    features = np.full((1, 1, 4, 4), 3e38, np.float32)
    out = align(_simt.SimtDevice(mode="check"), layout(features), WHOLE, (1, 1), ratio=2)
    assert np.isfinite(out).all()


def test_a_faulty_box_gives_nan_and_is_noted(device, layout):
    """Row 1 names image 7 of 1 (code 3); the others are computed."""
    device.fault = np.zeros(4)
    out = align(device, layout(ARANGE), [[0, 0, 0, 1, 1], [7, 0, 0, 1, 1], [0, 0, 0, 1, 1]], (1, 1), ratio=1)
    np.testing.assert_array_equal(out[:, 0, 0, 0], [2.5, np.nan, 2.5])
    assert device.fault.view(np.uint64)[0] == 3
    assert device.fault[1:].tolist() == [1, 7, 1]


def test_too_many_adaptive_samples_are_a_fault(device, layout):
    device.fault = np.zeros(4)
    assert np.isnan(align(device, layout(ARANGE), [0, 0, 0, 1, 5000], (1, 1)))
    assert device.fault.view(np.uint64)[0] == 5
    assert device.fault[1:].tolist() == [0, 5000, 4096]


# --- sizes -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("shape", [(0, 3), (2, 0), (0, 0)])
def test_nothing_to_compute(device, shape):
    boxes, channels = shape
    out = align(device, np.ones((1, channels, 4, 4), np.float32), [WHOLE] * boxes, (2, 2))
    assert out.shape == (boxes, channels, 2, 2)


def test_no_images_at_all(device):
    """Each box names an image that is not there."""
    device.fault = np.zeros(4)
    assert np.isnan(align(device, np.ones((0, 2, 4, 4), np.float32), [WHOLE], (2, 2))).all()
    assert device.fault.view(np.uint64)[0] == 3


BOXES = [[0, 1.3, 2.1, 9.7, 8.2], [1, -4, -3, 30, 25], [1, 5, 5, 5.5, 6], [0, 9, 8, 3, 2]]


@pytest.mark.parametrize("mode", ["avg", "max"])
@pytest.mark.parametrize("channels", [1, 3, 32, 130])
def test_any_number_of_channels(device, layout, channels, mode):
    features = random_map((2, channels, 11, 13))
    out = align(device, layout(features), BOXES, (3, 2), ratio=2, aligned=True, mode=mode)
    assert_close(out, by_the_cpu(features, BOXES, (3, 2), ratio=2, aligned=True, mode=mode), features)


@pytest.mark.parametrize("bins", [(1, 1), (14, 14), (32, 5), (33, 1), (1, 40)])
def test_any_number_of_bins(device, layout, bins):
    """Also more than there are tables for, and than a tile has room for at a time."""
    features = random_map((2, 4, 11, 60))
    assert_close(align(device, layout(features), BOXES, bins), by_the_cpu(features, BOXES, bins), features)


@pytest.mark.parametrize("mode", ["avg", "max"])
def test_more_samples_than_the_tables_have_room_for(layout, mode):
    """300 points a side of a bin, in windows of 128 of them; and a map wider than the tile."""
    features = random_map((1, 9, 7, 400))
    boxes = [[0, -20, 0.5, 390, 6], [0, 3, -9, 350.5, 20]]
    device = _simt.SimtDevice()
    for ratio in ((1, 300), (300, 1), (-1, -1)):
        out = align(device, layout(features), boxes, (1, 2), ratio=ratio, mode=mode)
        wanted = by_the_cpu(features, boxes, (1, 2), ratio=ratio, mode=mode)
        assert_close(out, wanted, features, 2e-6)


def test_windows_are_clean_in_check(layout):
    features = random_map((1, 9, 5, 60))
    device = _simt.SimtDevice(mode="check")
    out = align(device, layout(features), [0, -9, 0, 70, 5], (1, 1), ratio=(1, 140))
    assert_close(out, by_the_cpu(features, [[0, -9, 0, 70, 5]], (1, 1), ratio=(1, 140)), features, 2e-6)


# --- what arrays hold, and how -----------------------------------------------------------------------------


@pytest.mark.parametrize(("dtype", "rounding"), [
    (np.float16, 2**-11), (ml_dtypes.bfloat16, 2**-8), (np.float32, 0), (np.float64, 0),
])
def test_every_dtype(device, layout, dtype, rounding):
    """Halves are the float32 result, rounded once."""
    features = random_map((2, 16, 11, 13), dtype)
    out = align(device, layout(features), BOXES, (3, 3), aligned=True)
    wanted = by_the_cpu(features, BOXES, (3, 3), aligned=True)
    assert out.dtype == dtype
    assert_close(out, wanted, features, rounding + (1e-14 if dtype is np.float64 else 1e-6))


def test_boxes_in_float32_are_what_they_are_in_float64(device, layout):
    boxes = np.array(BOXES, np.float32)
    features = layout(random_map((2, 5, 11, 13)))
    narrow = align(device, features, boxes, (3, 3), scale=0.3, box=np.float32)
    wide = align(device, features, boxes.astype(np.float64), (3, 3), scale=0.3)
    np.testing.assert_array_equal(narrow, wide)


@pytest.mark.parametrize("out_layout", [as_it_is, channels_last])
def test_output_in_another_layout_than_the_features(device, layout, out_layout):
    features = random_map((2, 36, 11, 13))
    out = align(device, layout(features), BOXES, (7, 7), out_layout=out_layout)
    assert_close(out, by_the_cpu(features, BOXES, (7, 7)), features)


@pytest.mark.parametrize("mode", ["avg", "max"])
def test_the_order_of_threads_changes_no_bit(layout, mode):
    features = layout(random_map((2, 40, 11, 13)))
    first, *others = [
        align(_simt.SimtDevice(order=order), features, BOXES, (5, 5), mode=mode)
        for order in ("forward", "reverse", "random:1", "random:2")
    ]
    for other in others:
        np.testing.assert_array_equal(other, first)


# --- which kernel ------------------------------------------------------------------------------------------


class Launches(_simt.SimtDevice):
    """Notes what is launched, and does not."""

    def launch(self, kernel, grid, block, arguments, shared_memory=0):
        assert grid[1] <= 65535
        assert shared_memory <= roi_align.TILE
        self.name = kernel.name


@pytest.mark.parametrize(("features", "bins", "name"), [
    (random_map((1, 8, 9, 9)), (7, 7), "roi_align_nchw"),
    (channels_last(random_map((1, 8, 9, 9))), (7, 7), "roi_align_nhwc"),
    (channels_last(random_map((1, 6, 9, 9))), (7, 7), "roi_align_nhwc_single"),
    (random_map((1, 8, 9, 9)), (33, 7), "roi_align_plain"),
    (random_map((1, 8, 9, 18))[..., ::2], (7, 7), "roi_align_plain"),
])
def test_the_kernel_fits_the_arrays(features, bins, name):
    device = Launches()
    out = np.empty((1, features.shape[1], *bins), np.float32)
    roi_align.roi_align(device, features, np.zeros((1, 5)), out, 1.0, (2, 2), False, "avg")
    assert device.name == name


# --- against the CPU, at random ----------------------------------------------------------------------------


@st.composite
def calls(draw):
    rng = np.random.default_rng(draw(st.integers(0, 2**32)))
    shape = [draw(st.integers(1, most)) for most in (2, 40, 20, 40)]
    features = rng.standard_normal(shape).astype(np.float32)
    if draw(st.booleans()):
        features[rng.random(shape) < 0.02] = draw(st.sampled_from([np.nan, np.inf, -np.inf]))
    count = draw(st.integers(1, 4))
    corners = rng.uniform(-10, 40, (count, 2))
    sizes = rng.uniform(-0.2, 1, (count, 2)) * draw(st.sampled_from([3, 20, 90]))
    batch = rng.integers(0, shape[0], (count, 1))
    boxes = np.hstack([batch, corners, corners + sizes])
    if draw(st.booleans()):
        boxes = np.round(boxes)  # many samples on cells
    how = {
        "scale": draw(st.sampled_from([1.0, 0.5, 0.3])),
        "ratio": (draw(st.integers(-1, 4)), draw(st.integers(-1, 4))),
        "aligned": draw(st.booleans()),
        "mode": draw(st.sampled_from(["avg", "max"])),
    }
    bins = (draw(st.integers(1, 9)), draw(st.integers(1, 9)))
    return features, boxes, bins, how


@settings(max_examples=50)
@given(calls(), st.booleans(), st.sampled_from([as_it_is, channels_last]))
def test_the_kernels_agree_with_the_definition(call, plain, layout):
    features, boxes, bins, how = call
    out = align(_simt.SimtDevice(plain=plain), layout(features), boxes, bins, **how)
    assert_close(out, by_the_cpu(features, boxes, bins, **how), features)
