"""Maps of float16, bfloat16, float32 and float64: the output has their dtype, and is rounded once."""

import subprocess
import sys

import ml_dtypes
import numpy as np
import pytest

import roikit
from roikit import _arrays

BFLOAT16 = np.dtype(ml_dtypes.bfloat16)
HALVES = [np.dtype(np.float16), BFLOAT16]
MAPS = np.random.default_rng(0).normal(size=(2, 3, 5, 6))
ROIS = [[0, 0, 0, 4, 4], [1, -1, 0.5, 3, 9]]
OPERATIONS = {
    "roi_pool": lambda maps, **options: roikit.roi_pool(maps, ROIS, (3, 2), **options),
    "roi_pool avg": lambda maps, **options: roikit.roi_pool(maps, ROIS, (3, 2), mode="avg", **options),
    "roi_align": lambda maps, **options: roikit.roi_align(maps, ROIS, (3, 2), aligned=True, **options),
    "bilinear": lambda maps, **options: roikit.bilinear_interpolate(maps, [0.25, 9, 1.5], 2.75, **options),
}


@pytest.fixture(params=OPERATIONS)
def operation(request):
    return OPERATIONS[request.param]


def rounded(values, dtype):
    """Each float64 as the nearest number of the dtype, which is the way that NumPy goes for float16."""
    out = np.empty(values.shape, dtype)
    _arrays.round_into(out, values)
    return out


# --- what comes out ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("dtype", HALVES, ids=str)
def test_halves_are_computed_in_float64_and_rounded_once(backend, operation, dtype):
    maps = MAPS.astype(dtype)
    got = operation(maps)
    assert got.dtype == dtype
    assert np.array_equal(got, rounded(operation(maps.astype(np.float64)), dtype))


@pytest.mark.parametrize("dtype", HALVES, ids=str)
def test_where_a_maximum_is(backend, dtype):
    maps = MAPS.astype(dtype)
    expected = roikit.roi_pool(maps.astype(float), ROIS, 2, return_argmax=True)
    out = np.empty(expected[0].shape, dtype), np.empty(expected[1].shape, np.int32)
    for values, argmax in (roikit.roi_pool(maps, ROIS, 2, return_argmax=True),
                           roikit.roi_pool(maps, ROIS, 2, return_argmax=True, out=out)):
        assert values.dtype == dtype
        assert np.array_equal(values.astype(float), expected[0])
        assert np.array_equal(argmax, expected[1])


@pytest.mark.parametrize("dtype", HALVES, ids=str)
def test_halves_of_any_layout(backend, operation, dtype):
    maps = MAPS.astype(dtype)
    expected = operation(maps)
    for same in (np.asfortranarray(maps), maps[::-1].copy()[::-1], maps.astype(dtype.newbyteorder(">"))):
        got = operation(same)
        assert got.dtype == dtype
        assert got.dtype.isnative
        assert np.array_equal(got, expected)


def test_odd_halves(backend):
    """NaN stays NaN, infinity is a number, beyond 65504 there is none for float16."""
    maps = np.array([np.nan, np.inf, -np.inf, -0.0, 65504, 65504], np.float16).reshape(1, 1, 1, 6)
    boxes = [[0, i, 0, i, 0] for i in range(6)]
    got = roikit.roi_pool(maps, boxes, 1).ravel()
    assert np.array_equal(got, maps.ravel(), equal_nan=True)
    empty = roikit.Convention("floor", "exclusive", "disjoint", minimum_size=0, empty_value=1e5)
    assert roikit.roi_pool(maps, boxes[:1], 1, convention=empty).item() == np.inf


@pytest.mark.parametrize("dtype", HALVES, ids=str)
def test_boxes_may_be_halves(backend, dtype):
    boxes = np.array(ROIS, dtype)
    assert np.array_equal(roikit.roi_align(MAPS, boxes, 2), roikit.roi_align(MAPS, ROIS, 2))


@pytest.mark.parametrize("dtype", [ml_dtypes.float8_e5m2, ml_dtypes.int4], ids=lambda dtype: dtype.__name__)
def test_other_small_numbers_are_refused(operation, dtype):
    with pytest.raises(TypeError, match=r"^features must be float16, bfloat16, float32 or float64; got "):
        operation(np.zeros((1, 1, 2, 2), dtype))


def test_a_name_makes_no_bfloat16():
    class Bfloat16(np.void):
        pass

    Bfloat16.__name__ = "bfloat"  # NumPy adds the bits: bfloat16
    liar = np.zeros((1, 1, 2, 2), np.dtype((Bfloat16, 2)))
    assert liar.dtype.name == "bfloat16"
    with pytest.raises(TypeError, match=r"^features must be float16, bfloat16, float32 or float64; got "):
        roikit.roi_pool(liar, ROIS[:1], 2)


def test_roikit_does_without_ml_dtypes():
    code = "import sys, numpy, roikit; roikit.roi_pool(numpy.ones((1, 1, 2, 2), 'f2'), [[0, 0, 0, 1, 1]], 1)"
    done = subprocess.run(
        [sys.executable, "-I", "-c", f"{code}; print('ml_dtypes' in sys.modules)"],
        capture_output=True, text=True, check=True,
    )
    assert done.stdout.strip() == "False"


# --- rounding ---------------------------------------------------------------------------------------------


def test_bfloat16_is_rounded_once():
    """Its neighbours at 1 are 2**-7 apart. By way of float32 the second would be a tie, and become 1."""
    values = np.array([1 + 2**-8, 1 + 2**-8 + 2**-40, 1 + 3 * 2**-8 - 2**-40, 1 + 3 * 2**-8])
    expected = [1, 1 + 2**-7, 1 + 2**-7, 1 + 2**-6]  # a tie goes to the even one
    assert rounded(values, BFLOAT16).astype(float).tolist() == expected
    assert rounded(-values, BFLOAT16).astype(float).tolist() == [-value for value in expected]


def test_every_bfloat16_and_what_lies_between():
    bits = np.arange(0, 0x7F80, dtype=np.uint16)  # from 0 to the largest finite number, in order
    numbers = bits.view(BFLOAT16).astype(np.float64)
    assert np.array_equal(rounded(numbers, BFLOAT16).view(np.uint16), bits)
    middle = (numbers[:-1] + numbers[1:]) / 2
    even = bits[:-1] + bits[:-1] % 2
    assert np.array_equal(rounded(middle, BFLOAT16).view(np.uint16), even)
    assert np.array_equal(rounded(np.nextafter(middle, 0), BFLOAT16).view(np.uint16), bits[:-1])
    assert np.array_equal(rounded(np.nextafter(middle, np.inf), BFLOAT16).view(np.uint16), bits[1:])


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf, 1e300, -1e300, 5e-324, -5e-324, 0.0, 3.4e38])
def test_odd_numbers_as_bfloat16(value):
    got = rounded(np.array([value]), BFLOAT16).astype(float)
    with np.errstate(over="ignore"):
        expected = np.array([value]).astype(np.float32)
    if abs(value) == 5e-324:
        expected *= 0
    if value == 3.4e38:  # the largest is 3.39e38, and the next would be 2**128 = 3.403e38
        expected[:] = np.inf
    assert np.array_equal(got, expected, equal_nan=True)
    assert np.array_equal(np.signbit(got), np.signbit(expected))
