"""RoI pooling in CUDA, thread by thread on the CPU: each kernel, also where it would not be chosen."""

from dataclasses import replace

import ml_dtypes
import numpy as np
import pytest
from drawn import conventions
from hypothesis import given, settings
from hypothesis import strategies as st

import roikit
from roikit import CONVENTIONS
from roikit.gpu import _simt, roi_pool

KERNELS = (roi_pool.pool_plain, roi_pool.pool_planes, roi_pool.pool_bins)
every_kernel = pytest.mark.parametrize("kernel", KERNELS)

#                     0   1   2   3
ARANGE = np.arange(16, dtype=np.float32).reshape(1, 1, 4, 4)
#                     4   5   6   7
#                     8   9  10  11
#                    12  13  14  15


def channels_last(array):
    """The same values, in memory as (N, H, W, C)."""
    return np.ascontiguousarray(array.transpose(0, 2, 3, 1)).transpose(0, 3, 1, 2)


def pool(
    kernel, features, boxes, bins, *,
    scale=1.0, convention="disjoint", mode="max", index=np.int64, device=None,
):
    """Values, and the argmax unless `index` is None; laid out in memory as the features are."""
    rules = CONVENTIONS[convention] if isinstance(convention, str) else convention
    rois = np.atleast_2d(boxes)
    shape = (len(rois), features.shape[1], *bins)
    out = np.zeros(shape, features.dtype)
    argmax = None if index is None else np.zeros(shape, index)
    if features.strides[1] == features.itemsize:
        out = channels_last(out)
        argmax = argmax if argmax is None else channels_last(argmax)
    device = device or _simt.SimtDevice()
    _simt.run(kernel, device, (2, 3), features, rois, out, argmax, scale, rules, mode)
    return out if argmax is None else (out, argmax)


def expected(features, boxes, bins, *, scale=1.0, convention="disjoint", mode="max"):
    with roikit.use_backend("plain"):
        return roikit.roi_pool(
            features, np.atleast_2d(boxes), bins, scale,
            convention=convention, mode=mode, return_argmax=mode == "max",
        )


def same_bits(got, wanted):
    """Also -0.0 is not 0.0; a NaN is any NaN."""
    np.testing.assert_array_equal(got, wanted)
    np.testing.assert_array_equal(np.signbit(got) & (got == got), np.signbit(wanted) & (wanted == wanted))


# --- by hand -----------------------------------------------------------------------------------------------


@every_kernel
def test_the_whole_map_in_four_bins(kernel):
    checked = _simt.SimtDevice(mode="check")
    values, argmax = pool(kernel, ARANGE, [0.0, 0, 0, 4, 4], (2, 2), device=checked)
    assert values.tolist() == [[[[5, 7], [13, 15]]]]
    assert argmax.tolist() == [[[[5, 7], [13, 15]]]]
    means = pool(kernel, ARANGE, [0.0, 0, 0, 4, 4], (2, 2), mode="avg", index=None, device=checked)
    assert means.tolist() == [[[[2.5, 4.5], [10.5, 12.5]]]]
    assert [report.findings for report in checked.reports] == [()] * len(checked.reports)


@every_kernel
@pytest.mark.parametrize("layout", [np.ascontiguousarray, channels_last])
def test_images_channels_and_boxes_do_not_mix(kernel, layout):
    """Cell (y, x) of channel c of image n is 1000 n + 100 c + 10 y + x."""
    n, c, y, x = np.indices((2, 6, 3, 5))
    features = layout((1000.0 * n + 100 * c + 10 * y + x).astype(np.float32))
    checked = _simt.SimtDevice(mode="check")
    rois = np.array([[1, 0, 0, 2, 1], [0, 3, 1, 5, 3], [1, 4, 2, 5, 3]], np.float32)
    values, argmax = pool(kernel, features, rois, (1, 2), index=np.int32, device=checked)
    for k, (first, last) in enumerate([(1000, 1001), (23, 24), (0, 1024)]):
        channels = 100 * np.arange(6)
        empty = k == 2  # one column in two bins: nothing is left for the first
        np.testing.assert_array_equal(values[k, :, 0, 0], 0 * channels if empty else first + channels)
        np.testing.assert_array_equal(values[k, :, 0, 1], last + channels)
    assert argmax[:, 0, 0].tolist() == [[0, 1], [2 * 5 + 3, 2 * 5 + 4], [-1, 2 * 5 + 4]]
    assert argmax.dtype == np.int32


@every_kernel
def test_a_bin_between_real_ends_takes_every_cell_that_it_touches(kernel):
    """mmcv: from 0 to (1 + 1) * 0.75 = 1.5, [0, 0.75) and [0.75, 1.5); reversed it is empty."""
    boxes = [[0.0, 0, 0, 1, 1], [0, 3, 3, 1, 1]]
    values, argmax = pool(kernel, ARANGE, boxes, (2, 2), scale=0.75, convention="mmcv")
    assert values[:, 0].tolist() == [[[0, 1], [4, 5]], [[0, 0], [0, 0]]]
    assert argmax[:, 0].tolist() == [[[0, 1], [4, 5]], [[-1, -1], [-1, -1]]]


@every_kernel
def test_float_bins_reach_past_the_box_now_and_then(kernel):
    """57 cells in 7 bins: float32 makes the last one [48, 58)."""
    row = np.arange(60, dtype=np.float32).reshape(1, 1, 1, 60)
    for convention, last in (("caffe", 56), ("caffe_float32", 57)):
        values, _ = pool(kernel, row, [0.0, 0, 0, 56, 0], (1, 7), convention=convention)
        assert values[0, 0, 0, -1] == last


# --- the rules ---------------------------------------------------------------------------------------------


@every_kernel
@pytest.mark.parametrize(
    ("cells", "value", "place"),
    [
        ([1, 3, 3, 2], 3, 1),  # the first of equals
        ([-1, -2, -3, -4], -1, 0),
        ([-np.inf, -np.inf, -np.inf, -np.inf], -np.inf, 0),
        ([-np.inf, -5, -np.inf, -5], -5, 1),
        ([1, np.nan, np.inf, np.nan], np.nan, 1),  # NaN is more than anything; the first one
        ([np.nan, 1, 2, 3], np.nan, 0),
        ([-0.0, 0.0, -0.0, 0.0], -0.0, 0),  # equal: the first
        ([0.0, -0.0, 0.0, -0.0], 0.0, 0),
    ],
)
def test_which_cell_is_the_maximum(kernel, cells, value, place):
    features = np.array(cells, np.float32).reshape(1, 1, 2, 2)
    values, argmax = pool(kernel, features, [0.0, 0, 0, 2, 2], (1, 1))
    same_bits(values.ravel(), np.array([value], np.float32))
    assert argmax.item() == place


ZERO = replace(CONVENTIONS["disjoint"], outside="zero", empty_value=7.0)


@every_kernel
@pytest.mark.parametrize(
    ("convention", "box", "value", "place"),
    [
        ("disjoint", [5, 5, 9, 9], 0, -1),  # off the map: empty
        (replace(CONVENTIONS["disjoint"], empty_value=7.0), [5, 5, 9, 9], 7, -1),
        (ZERO, [5, 5, 9, 9], 0, -1),  # zeros, not empty
        (replace(ZERO, minimum_size=0), [1, 1, 1, 3], 7, -1),  # no column at all
        (replace(ZERO, minimum_size=0), [9, 1, 9, 3], 7, -1),
        (ZERO, [-2, 0, 1, 1], 0, -1),  # 0, 0 and -1
        ("disjoint", [-2, 0, 1, 1], -1, 0),
        (ZERO, [0, 0, 2, 1], -1, 0),  # all on the map
        ("disjoint", [3, 2, 1, 1], -1 - 11, 11),  # reversed: the one cell (2, 3)
        ("disjoint", [-(2.0**40), -(2.0**40), 2.0**40, 2.0**40], -1, 0),  # lies around the whole map
        (ZERO, [-(2.0**40), -(2.0**40), 2.0**40, 2.0**40], 0, -1),
    ],
)
def test_the_border_and_what_is_empty(kernel, convention, box, value, place):
    values, argmax = pool(kernel, -1 - ARANGE, [0, *map(float, box)], (1, 1), convention=convention)
    assert (values.item(), argmax.item()) == (value, place)


@every_kernel
def test_an_average_with_zeros_divides_by_them_too(kernel):
    box = [0.0, -2, 0, 2, 2]  # 8 cells, of which 0, 1, 4 and 5 are on the map
    assert pool(kernel, ARANGE, box, (1, 1), mode="avg", index=None).item() == 10 / 4
    assert pool(kernel, ARANGE, box, (1, 1), mode="avg", index=None, convention=ZERO).item() == 10 / 8
    far = [0.0, -(2.0**30), 0, 2**30, 2**30]
    mean = pool(kernel, ARANGE, far, (1, 1), mode="avg", index=None, convention=ZERO).item()
    assert mean == np.float32(120 / 2.0**61)


@pytest.mark.parametrize(
    ("kernel", "rows"), [(roi_pool.pool_plain, 1000), (roi_pool.pool_planes, 30), (roi_pool.pool_bins, 1000)]
)
def test_an_average_of_thousands_of_cells_is_exact(kernel, rows):
    """Added up in float32 a hundred thousand 0.1 are off in the third digit, and four 3e38 infinite."""
    features = np.full((1, 1, rows, 100), 0.1, np.float32)
    assert pool(kernel, features, [0.0, 0, 0, 100, rows], (1, 1), mode="avg", index=None) == np.float32(0.1)
    huge = np.full((1, 1, 2, 2), 3e38, np.float32)
    assert pool(kernel, huge, [0.0, 0, 0, 2, 2], (1, 1), mode="avg", index=None) == np.float32(3e38)


@every_kernel
def test_a_box_that_cannot_be_computed_gives_nan_and_a_note(kernel):
    """The other boxes are as ever."""
    rois = np.array([[1, 0, 0, 2, 2], [0, np.nan, 0, 2, 2], [2, 0, 0, 2, 2], [0, 0, 0, 2, 2]])
    device = _simt.SimtDevice()
    device.fault = np.zeros(4)
    features = np.broadcast_to(ARANGE, (2, 5, 4, 4))
    values, argmax = pool(kernel, features, rois, (1, 2), device=device)
    for k in (0, 3):
        assert values[k, 4].tolist() == [[4, 5]]
        assert argmax[k, 4].tolist() == [[4, 5]]
    assert np.isnan(values[1:3]).all()
    assert (argmax[1:3] == -1).all()
    code, k, value, _ = device.fault
    assert (code.view(np.uint64), k, np.isnan(value)) in {(1, 1.0, True), (3, 2.0, False)}


@pytest.mark.parametrize(("K", "C", "N"), [(0, 3, 1), (2, 0, 1), (0, 3, 0)])
def test_where_there_is_nothing_to_compute_nothing_is_launched(K, C, N):
    device = _simt.SimtDevice()
    features, rois = np.zeros((N, C, 4, 4), np.float32), np.zeros((K, 5))
    assert pool(roi_pool.roi_pool, features, rois, (2, 2), device=device)[0].shape == (K, C, 2, 2)
    assert device.reports == []


# --- sizes -------------------------------------------------------------------------------------------------


@every_kernel
@pytest.mark.parametrize(
    ("K", "C", "bins"),
    [
        (300, 3, (1, 1)),  # more boxes than a block has threads
        (13, 4, (7, 7)),  # five boxes at a time
        (2, 5, (17, 17)),  # more bins than threads
        (1, 2, (300, 1)),
        (3, 130, (2, 3)),  # a second chunk of channels
    ],
)
@pytest.mark.parametrize("layout", [np.ascontiguousarray, channels_last])
def test_numbers_of_boxes_channels_and_bins(kernel, K, C, bins, layout):
    random = np.random.default_rng(1)
    features = layout(random.standard_normal((2, C, 9, 11)).astype(np.float32))
    rois = np.concatenate([random.integers(0, 2, (K, 1)), random.uniform(-3, 14, (K, 4))], axis=1)
    device = _simt.SimtDevice()
    device.processors = 100  # so that several blocks copy the same planes
    values, argmax = pool(kernel, features, rois, bins, convention="caffe", device=device)
    wanted, places = expected(features, rois, bins, convention="caffe")
    same_bits(values, wanted)
    np.testing.assert_array_equal(argmax, places)


@every_kernel
@pytest.mark.parametrize("dtype", [np.float16, ml_dtypes.bfloat16, np.float64])
@pytest.mark.parametrize("mode", ["max", "avg"])
def test_other_dtypes_have_the_same_bits(kernel, dtype, mode):
    random = np.random.default_rng(2)
    features = random.standard_normal((1, 5, 6, 7)).astype(dtype)
    rois = np.array([[0, 0, 0, 6, 5], [0, 2.5, 1, 4, 9]])
    wanted = expected(features, rois, (2, 3), mode=mode)
    if mode == "max":
        values, argmax = pool(kernel, features, rois, (2, 3))
        np.testing.assert_array_equal(argmax, wanted[1])
        wanted = wanted[0]
    else:
        values = pool(kernel, features, rois, (2, 3), mode=mode, index=None)
    assert values.dtype == dtype
    same_bits(values.astype(float), wanted.astype(float))


@every_kernel
def test_the_order_of_the_threads_does_not_matter(kernel):
    random = np.random.default_rng(3)
    features = random.standard_normal((1, 6, 8, 8)).astype(np.float32)
    rois = np.array([[0, 0, 0, 7, 7], [0, 3, 2, 8, 5.0]])
    orders = ("forward", "reverse", "random:1", "random:2")
    runs = [
        pool(kernel, features, rois, (3, 3), device=_simt.SimtDevice(order=order), mode="avg", index=None)
        for order in orders
    ]
    for run in runs[1:]:
        same_bits(run, runs[0])


# --- any call ----------------------------------------------------------------------------------------------

CELLS = st.sampled_from([-np.inf, -2.0, -1.5, -0.0, 0.0, 0.25, 1.0, 3.0, np.inf, np.nan])
EDGES = st.one_of(st.integers(-12, 12).map(lambda half: half / 2), st.sampled_from([-(2.0**40), 2.0**40]))


@every_kernel
@settings(max_examples=50)
@given(data=st.data())
def test_any_call_has_the_bits_of_the_cpu(kernel, data):
    N, C, H, W, K, PH, PW = data.draw(st.tuples(*(st.integers(1, most) for most in (2, 6, 5, 5, 3, 4, 4))))
    values = data.draw(st.lists(CELLS, min_size=H * W, max_size=H * W))
    features = np.resize(np.array(values, np.float32), (N, C, H, W))
    features[:, ::2] *= -1
    if data.draw(st.booleans()):
        features = channels_last(features)
    rois = [[data.draw(st.integers(0, N - 1)), *(data.draw(EDGES) for _ in range(4))] for _ in range(K)]
    options = {"convention": data.draw(conventions), "mode": data.draw(st.sampled_from(["max", "avg"]))}
    wanted = expected(features, rois, (PH, PW), **options)
    index = np.int64 if options["mode"] == "max" else None
    got = pool(kernel, features, np.array(rois, float), (PH, PW), index=index, **options)
    if index:
        np.testing.assert_array_equal(got[1], wanted[1])
        got, wanted = got[0], wanted[0]
    same_bits(got, wanted)


# --- which one ---------------------------------------------------------------------------------------------


def chosen(shape, K, bins=(7, 7), layout=np.ascontiguousarray, dtype=np.float32, **attributes):
    """The kernel for a map of this shape on a large GPU; nothing is computed."""
    device = _simt.SimtDevice()
    device.shared_memory = 227 * 1024
    device.processors = 132
    for name, value in attributes.items():
        setattr(device, name, value)
    features = layout(np.empty(shape, dtype))
    out = np.broadcast_to(np.empty((), dtype), (K, shape[1], *bins))
    return roi_pool._fastest(device, features, out)


def test_which_kernel_is_chosen():
    vgg = (1, 512, 38, 63)
    assert chosen(vgg, 300) is roi_pool.pool_planes
    assert chosen(vgg, 300, plain=True) is roi_pool.pool_plain
    assert chosen(vgg, 300, layout=channels_last) is roi_pool.pool_bins  # lanes along the channels
    assert chosen(vgg, 30) is roi_pool.pool_bins  # fewer bins than cells to copy
    assert chosen(vgg, 10) is roi_pool.pool_plain  # few outputs
    assert chosen((1, 256, 100, 168), 600) is roi_pool.pool_bins  # too large for shared memory
    assert chosen((1, 3, 30, 30), 6000) is roi_pool.pool_plain  # hardly any channels


@pytest.mark.parametrize("shape", [(2, 9, 6, 7), (1, 40, 12, 40)])
def test_what_is_chosen_agrees_too(shape):
    random = np.random.default_rng(4)
    features = random.standard_normal(shape).astype(np.float32)
    rois = np.concatenate([np.zeros((9, 1)), random.uniform(0, 12, (9, 4))], axis=1)
    device = _simt.SimtDevice()
    device.processors = 0
    values, argmax = pool(roi_pool.roi_pool, features, rois, (4, 4), convention="caffe", device=device)
    wanted, places = expected(features, rois, (4, 4), convention="caffe")
    same_bits(values, wanted)
    np.testing.assert_array_equal(argmax, places)
