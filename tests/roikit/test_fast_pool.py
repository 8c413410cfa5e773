"""The fast kernels of RoI pooling and the plain one: the same bits, on every kind of processor at hand.

Averages are added up in float32 for a float32 map, and so agree to its last digits.
"""

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from roikit import CONVENTIONS, Convention
from roikit.convention import POOLING
from roikit.cpu._roi_pool import roi_pool as plain
from roikit.cpu._roi_pool_backward import roi_pool_backward as plain_backward
from roikit.cpu.fast._level import simd_level
from roikit.cpu.fast._roi_pool import PoolPlan
from roikit.cpu.fast._roi_pool_backward import pool_backward

LEVELS = range(simd_level() + 1)


def fast(planes, rois, bins, convention, mode="max", argmax=None, level=0, out=None, packed=False):
    """out, argmax and wild of all RoIs of one image; whatever is not computed stays as it was: 99."""
    planes, rois = np.asarray(planes), np.asarray(rois, np.float64).reshape(-1, 5)
    order = np.argsort(rois[:, 2], kind="stable").astype(np.intp)
    shape = (len(rois), len(planes), *bins)
    out = np.empty(shape, planes.dtype) if out is None else out
    out[...] = 99
    indices = None if argmax is None else np.full(shape, 99, argmax)
    wild = np.full(shape[:2], 99, np.uint8)
    done = 0
    while done < len(order):  # a plan of few bytes, and more plans
        plan = PoolPlan(
            rois, order[done:], planes.shape[1:], bins, 1.0, convention, mode, planes.dtype == np.float64,
            4000, level,
        )
        middle = plan.count // 2
        for begin, end in ((0, middle), (middle, plan.count)):
            rows, marks = order[done + begin : done + end], np.empty((end - begin, len(planes)), np.uint8)
            if packed:
                values = np.empty((end - begin, *shape[1:]), planes.dtype)
                places = None if argmax is None else np.full(values.shape, 99, argmax)
                plan.forward(planes, values, places, marks, begin, end, True)
                out[rows] = values
                if argmax is not None:
                    indices[rows] = places
            else:
                plan.forward(planes, out, indices, marks, begin, end, False)
            wild[rows] = marks
        done += plan.count
    return out, indices, wild


def expected(planes, rois, bins, convention, mode="max"):
    rois = np.asarray(rois, np.float64).reshape(-1, 5)
    out = np.empty((len(rois), len(planes), *bins), planes.dtype)
    argmax = np.empty(out.shape, np.int64)
    plain(planes[None], rois, out, argmax, 1.0, convention, mode)
    return out, argmax


def bits(array):
    return array.view(np.int64 if array.dtype == np.float64 else np.int32)


def agree(planes, rois, bins, convention, level, argmax, **options):
    """Bit for bit, wherever the fast kernel does not say "wild": of windows with a NaN, and of no other."""
    want, where = expected(planes, rois, bins, convention)
    got, indices, wild = fast(planes, rois, bins, convention, "max", argmax, level, **options)
    assert not wild.any() or np.isnan(planes).any()
    assert np.isin(wild, (0, 1)).all()
    np.testing.assert_array_equal(bits(got)[wild == 0], bits(want)[wild == 0])
    if argmax is not None:
        assert indices.dtype == argmax
        np.testing.assert_array_equal(indices[wild == 0], where[wild == 0])
    assert wild[np.isnan(want).any(axis=(2, 3)) & ~np.isnan(convention.empty_value)].all()


# --- by hand ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_an_8_by_8_map_by_hand(level, dtype):
    """Cell (y, x) holds 8 y + x; rows and columns 1..5 in 2 by 2 disjoint bins: 2 + 3 rows, 2 + 3 columns."""
    planes, box = np.arange(64, dtype=dtype).reshape(1, 8, 8), [0, 1, 1, 6, 6]
    got, argmax, wild = fast(planes, box, (2, 2), CONVENTIONS["disjoint"], argmax=np.int32, level=level)
    assert got[0, 0].tolist() == [[18, 21], [42, 45]]  # (2, 2), (2, 5), (5, 2), (5, 5)
    assert argmax[0, 0].tolist() == [[18, 21], [42, 45]]
    assert wild.tolist() == [[0]]
    got, _, _ = fast(planes, box, (2, 2), CONVENTIONS["disjoint"], "avg", level=level)
    # The middles: (1.5, 1.5), (1.5, 4), (4, 1.5), (4, 4). A third of a cell's value is rounded.
    np.testing.assert_allclose(got[0, 0], [[13.5, 16], [33.5, 36]], rtol=4 * np.finfo(dtype).eps)


@pytest.mark.parametrize("level", LEVELS)
def test_of_equal_maxima_the_first_in_row_major_order_also_of_0_and_minus_0(level):
    planes = np.array([[[-1, 0.0], [-0.0, -1]], [[-1, -0.0], [0.0, -1]], [[7, 7], [7, 7]]], np.float32)
    box = [0, 0, 0, 2, 2]
    got, argmax, _ = fast(planes, box, (1, 1), CONVENTIONS["disjoint"], argmax=np.int64, level=level)
    assert argmax.ravel().tolist() == [1, 1, 0]
    assert np.signbit(got.ravel()).tolist() == [False, True, False]
    got, _, _ = fast(planes, box, (1, 1), CONVENTIONS["disjoint"], level=level)
    assert np.signbit(got.ravel()).tolist() == [False, True, False]


@pytest.mark.parametrize("level", LEVELS)
def test_a_nan_leaves_its_windows_to_the_plain_kernel(level):
    planes = np.ones((2, 8, 8), np.float32)
    planes[1, 0, 0] = np.nan
    rois = [[0, 0, 0, 3, 3], [0, 1, 1, 8, 8]]
    got, _, wild = fast(planes, rois, (2, 2), CONVENTIONS["disjoint"], level=level)
    assert wild.tolist() == [[0, 1], [0, 0]]
    assert (got[wild == 0] == 1).all()
    planes[1, 0, 0] = np.inf  # a value like another
    got, _, wild = fast(planes, [0, 0, 0, 3, 3], (1, 1), CONVENTIONS["disjoint"], level=level)
    assert (got.ravel().tolist(), wild.any()) == ([1, np.inf], False)


# --- against the plain kernel -----------------------------------------------------------------------------

conventions = st.sampled_from(
    [
        *map(CONVENTIONS.get, POOLING),
        *(
            Convention(rounding, ends, split, minimum_size, empty_value, 0.25, outside)
            for rounding, ends, split, (minimum_size, empty_value), outside in itertools.product(
                ("floor", "round_half_even"), ("inclusive", "exclusive"),
                ("overlap", "disjoint", "truncate"), [(1, 0.0), (0, -1.5), (0, np.nan)], ("ignore", "zero"),
            )
        ),
        *(
            Convention("none", ends, "absolute", minimum_size, -1.5, 0.25, outside, False, 0.5, arithmetic)
            for ends, minimum_size, outside, arithmetic in itertools.product(
                ("exclusive", "inclusive_pixel"), (None, 0.1), ("ignore", "zero"), ("exact", "float32"),
            )
        ),
    ]
)
dtypes = st.sampled_from([np.float32, np.float64])
indices = st.sampled_from([None, np.int32, np.int64])
bins = st.tuples(st.integers(1, 20), st.integers(1, 20)) | st.sampled_from([(7, 7), (1, 1), (2, 3), (14, 14)])


@st.composite
def maps(draw, odd=True):
    """(C, H, W) of few distinct values, with strides of any kind along C and H."""
    C, H, W = draw(st.tuples(st.integers(1, 3), st.integers(1, 40), st.integers(1, 200)))
    rng = np.random.default_rng(draw(st.integers(0, 2**32)))
    wide = rng.integers(-4, 3, (C, H + 1, W + 3)) * draw(st.sampled_from([0.5, 1e29]))
    if odd and draw(st.booleans()):
        some = rng.random(wide.shape) < draw(st.sampled_from([0.001, 0.3]))
        values = draw(st.sampled_from([[-0.0], [np.nan, np.inf, -np.inf, -0.0]]))
        wide = np.where(some, rng.choice(values, wide.shape), wide)
    wide = wide.astype(draw(dtypes))
    turned = draw(st.sampled_from([slice(None), slice(None, None, -1)]))
    views = wide[:, 1:, 2:-1], wide[:, 1:, 2:-1].copy(), wide[turned, :-1][:, turned, :W]
    return draw(st.sampled_from(views))


@st.composite
def boxes(draw, planes):
    H, W = planes.shape[1:]
    odd = st.sampled_from([-1e9, 1e9, -3.5, 0.5])
    ends = st.tuples(*(st.floats(-0.5 * n, 1.5 * n) | st.floats(0, n) | odd for n in (W, H, W, H)))
    inside = st.tuples(*(st.integers(0, n - 1) for n in (W, H, W, H)))
    forward = inside.map(lambda b: (*np.minimum(b[:2], b[2:]), *np.maximum(b[:2], b[2:])))
    some = draw(st.lists(st.one_of(inside, forward, ends), min_size=1, max_size=4))
    return [(0, *box) for box in [*some, (0, 0, W - 1, H - 1)]]


@pytest.mark.parametrize("level", LEVELS)
@settings(max_examples=150)
@given(data=st.data())
def test_maxima_and_their_places_agree_bit_for_bit(level, data):
    planes = data.draw(maps())
    rois, shape, convention = data.draw(boxes(planes)), data.draw(bins), data.draw(conventions)
    agree(planes, rois, shape, convention, level, data.draw(indices), packed=data.draw(st.booleans()))


@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize("argmax", [None, np.int32, np.int64])
def test_every_width_agrees(level, argmax):
    """One vector or several, two rows in one vector, cells gathered from memory; more columns than lanes."""
    rng = np.random.default_rng(1)
    planes = rng.integers(-9, 9, (2, 9, 200)).astype(np.float32)
    sizes = itertools.product(range(1, 197, 3), (2, 9))
    rois = [(0, x % 3, 0, x % 3 + width, height) for x, (width, height) in enumerate(sizes)]
    for shape in ((7, 7), (2, 8), (3, 9), (5, 17), (1, 40)):
        agree(planes, rois, shape, CONVENTIONS["caffe"], level, argmax)


@pytest.mark.parametrize("level", LEVELS)
def test_outputs_with_gaps_agree(level):
    rng = np.random.default_rng(2)
    planes = rng.normal(size=(5, 30, 30)).astype(np.float32)
    rois = np.column_stack([np.zeros(6), rng.uniform(-5, 35, (6, 4))])
    wide = np.empty((6, 7, 9, 11), np.float32)
    for out in (wide[:, 1:6, 1:8, 2:9], wide[:, 5:0:-1, :7, :7], np.empty((6, 7, 7, 7), np.float32)[:, 1:6]):
        agree(planes, rois, (7, 7), CONVENTIONS["caffe"], level, np.int32, out=out)


@pytest.mark.parametrize("level", LEVELS)
def test_nothing_beside_the_output_is_written(level):
    """The last channels of a block lie before those of another thread's block."""
    planes = np.random.default_rng(3).normal(size=(3, 20, 20)).astype(np.float32)
    rois, order = np.array([[0, 1, 1, 12.0, 12]]), np.zeros(1, np.intp)
    values, where = np.full((1, 5, 7, 7), 99, np.float32), np.full((1, 5, 7, 7), 99, np.int32)
    plan = PoolPlan(rois, order, (20, 20), (7, 7), 1.0, CONVENTIONS["caffe"], "max", False, 2**20, level)
    for argmax in (None, where[:, 1:4]):
        plan.forward(planes, values[:, 1:4], argmax, np.empty((1, 3), np.uint8), 0, 1, False)
        assert np.argwhere((values == 99).all(axis=(2, 3)))[:, 1].tolist() == [0, 4]
    assert np.argwhere((where == 99).all(axis=(2, 3)))[:, 1].tolist() == [0, 4]


@pytest.mark.parametrize("level", LEVELS)
@settings(max_examples=80)
@given(data=st.data())
def test_averages_agree_to_rounding(level, data):
    planes = data.draw(maps(odd=False))
    rois, shape, convention = data.draw(boxes(planes)), data.draw(bins), data.draw(conventions)
    want, _ = expected(planes, rois, shape, convention, "avg")
    got, _, wild = fast(planes, rois, shape, convention, "avg", level=level)
    assert not wild.any()
    largest = np.abs(planes).max()
    # A sum of n numbers is off by about the root of n roundings; n is at most 40 * 200.
    np.testing.assert_allclose(got, want, rtol=0, atol=largest * 100 * np.finfo(planes.dtype).eps)


@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize("value", [np.nan, np.inf, 1e38])
def test_an_average_leaves_what_is_not_tame_to_the_plain_kernel(level, value):
    planes = np.ones((2, 8, 8), np.float32)
    planes[1, 3, 3] = value
    rois = [[0, 0, 0, 3, 3], [0, 1, 1, 8, 8]]
    got, _, wild = fast(planes, rois, (2, 2), CONVENTIONS["disjoint"], "avg", level=level)
    assert wild.tolist() == [[0, 0], [0, 1]]
    assert (got[wild == 0] == 1).all()


def test_a_map_too_large_for_32_bits_is_left_to_the_plain_kernel():
    row = np.zeros(2**16, np.float32)
    planes = np.lib.stride_tricks.as_strided(row, (1, 2**16, 2**16), (0, 0, 4))  # 16 GiB of the same row
    box = [0, 2**16 - 9, 2**16 - 9, 2**16, 2**16]
    _, _, wild = fast(planes, box, (1, 1), CONVENTIONS["disjoint"], argmax=np.int64)
    assert wild.all()


def test_a_plan_is_of_one_type():
    rois, order, wild = np.zeros((1, 5)), np.zeros(1, np.intp), np.zeros((1, 1), np.uint8)
    planes, out = np.zeros((1, 2, 2), np.float32), np.zeros((1, 1, 1, 1), np.float32)
    plan = PoolPlan(rois, order, (2, 2), (1, 1), 1.0, CONVENTIONS["caffe"], "max", True, 1000, 0)
    with pytest.raises(TypeError, match="another type"):
        plan.forward(planes, out, None, wild, 0, 1, False)


# --- the gradient -----------------------------------------------------------------------------------------


def test_a_gradient_by_hand():
    """Two RoIs of 1 by 3 bins; what is -1, or no cell of the map, gets nothing."""
    planes = np.zeros((1, 2, 3), np.float32)
    grad = np.array([[[[1, 2, 4]]], [[[8, 16, 32]]]], np.float32)
    argmax = np.array([[[[0, 5, 5]]], [[[5, -1, 6]]]], np.int32)
    pool_backward(grad, argmax, np.array([1, 0]), planes, False)
    assert planes[0].tolist() == [[1, 0, 0], [0, 0, 14]]


@settings(max_examples=150)
@given(st.data())
def test_gradients_agree(data):
    C, H, W = data.draw(st.tuples(st.integers(1, 9), st.integers(1, 6), st.integers(1, 6)))
    K, PH, PW = data.draw(st.tuples(st.integers(0, 5), st.integers(1, 5), st.integers(1, 5)))
    rng = np.random.default_rng(data.draw(st.integers(0, 2**32)))
    dtype, kind = data.draw(dtypes), data.draw(st.sampled_from([np.int32, np.int64]))
    grad = rng.integers(-9, 9, (K, C, PH + 1, PW + 1)).astype(dtype)
    grad = data.draw(st.sampled_from([grad[:, :, :PH, :PW], grad[:, ::-1]]))
    PW = grad.shape[3]
    argmax = rng.integers(-1, H * W, (*grad.shape[:3], 2 * PW)).astype(kind)
    argmax = data.draw(st.sampled_from([argmax[..., ::2], argmax[..., :PW], argmax[..., :PW].copy()]))
    planes = np.zeros((C, H, W + 2), dtype)[:, :, 1:-1]
    planes = data.draw(st.sampled_from([planes, planes.copy()]))
    want = np.empty((1, C, H, W), dtype)
    plain_backward(grad, np.zeros((K, 5)), argmax, want)
    order = rng.permutation(K).astype(np.intp)
    packed = data.draw(st.booleans())
    pool_backward(grad[order] if packed else grad, argmax, order, planes, packed)
    np.testing.assert_array_equal(planes, want[0])  # whole numbers: sums are exact in any order


def test_a_nan_in_the_gradient_reaches_its_cell_alone():
    planes = np.zeros((5, 2, 2), np.float32)
    grad = np.ones((1, 5, 1, 2), np.float32)
    grad[0, 3, 0, 0] = np.nan
    pool_backward(grad, np.tile(np.array([0, 3], np.int32), (1, 5, 1, 1)), np.array([0]), planes, False)
    assert np.argwhere(np.isnan(planes)).tolist() == [[3, 0, 0]]
