"""Any array that holds the numbers gives the result: dtype, layout, byte order, read-only, none at all."""

import numpy as np
import pytest

from roikit import bilinear_interpolate, roi_align, roi_pool

pytestmark = pytest.mark.usefixtures("backend")

LAYOUTS = {
    "C order": np.ascontiguousarray,
    "Fortran order": np.asfortranarray,
    "channels last": lambda a: np.moveaxis(np.moveaxis(a, 1, -1).copy(), -1, 1),
    "transposed": lambda a: a.T.copy().T,
    "reversed": lambda a: a[::-1, ::-1, ::-1, ::-1].copy()[::-1, ::-1, ::-1, ::-1],
    "every second cell": lambda a: np.repeat(np.repeat(a, 2, axis=2), 2, axis=3)[:, :, ::2, 1::2],
    "a field of records": lambda a: _field_of_records(a),
    "unaligned": lambda a: _unaligned(a),
    "big-endian": lambda a: a.astype(a.dtype.newbyteorder(">")),
    "little-endian": lambda a: a.astype(a.dtype.newbyteorder("<")),
    "nested lists": lambda a: a.tolist() if a.dtype == np.float64 else a,
}

OPERATIONS = {
    "roi_pool": lambda features, rois: roi_pool(features, rois, (3, 2), 0.75),
    "roi_pool avg": lambda features, rois: roi_pool(features, rois, (3, 2), 0.75, mode="avg"),
    "argmax": lambda features, rois: roi_pool(features, rois, (3, 2), 0.75, return_argmax=True)[1],
    "roi_align": lambda features, rois: roi_align(features, rois, (3, 2), 0.75, aligned=True),
    "roi_align max": lambda features, rois: roi_align(features, rois, (3, 2), 0.75, 2, mode="max"),
    "bilinear": lambda features, rois: bilinear_interpolate(features, rois[:, 1:2], rois[:, 2]),
}


def _field_of_records(array):
    records = np.zeros(array.shape, [("padding", "u1"), ("value", array.dtype)])
    records["value"] = array
    return records["value"]


def _unaligned(array):
    buffer = np.zeros(array.nbytes + 1, np.uint8)
    view = buffer[1:].view(array.dtype).reshape(array.shape)
    view[...] = array
    return view


def case(dtype):
    rng = np.random.default_rng(0)
    features = rng.normal(size=(2, 3, 5, 6)).astype(dtype)
    return features, np.column_stack([rng.integers(0, 2, 7), rng.integers(-4, 14, (7, 4)) / 2])


@pytest.fixture(params=OPERATIONS)
def operation(request):
    return OPERATIONS[request.param]


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("layout", LAYOUTS)
def test_layouts(operation, dtype, layout):
    features, rois = case(dtype)
    expected = operation(features, rois)
    laid_out = LAYOUTS[layout](features)
    got = operation(laid_out, rois)
    assert got.dtype == expected.dtype
    assert got.dtype.isnative
    assert np.array_equal(got, expected)


def test_read_only_arrays_and_none_is_written_to(operation):
    features, rois = case(np.float32)
    features.flags.writeable = rois.flags.writeable = False
    before = features.copy(), rois.copy()
    operation(features, rois)
    assert np.array_equal(features, before[0])
    assert np.array_equal(rois, before[1])


@pytest.mark.parametrize("dtype", ["i1", "u2", "i4", ">i8", "f2", "f4", ">f8", np.longdouble])
def test_any_real_dtype_of_boxes(operation, dtype):
    features, rois = case(np.float64)
    whole = np.abs(np.floor(rois))
    assert np.array_equal(operation(features, whole.astype(dtype)), operation(features, whole))


def test_boxes_of_any_layout(operation):
    features, rois = case(np.float64)
    expected = operation(features, rois)
    for same in (np.asfortranarray(rois), rois[::-1].copy()[::-1], np.repeat(rois, 2, axis=1)[:, ::2]):
        assert np.array_equal(operation(features, same), expected)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize(
    "rois",
    [
        [], np.zeros((0, 5)), np.zeros((0, 5), int),
        [[], np.zeros((0, 4))], [[], []], ((), ()), [np.zeros(0), np.zeros(0)],  # no box in either image
    ],
)
def test_no_rois(dtype, rois):
    features, _ = case(dtype)
    for function in (roi_pool, roi_align):
        got = function(features, rois, (3, 2))
        assert (got.shape, got.dtype) == ((0, 3, 3, 2), dtype)


@pytest.mark.parametrize("function", [roi_pool, roi_align])
def test_no_channels_and_no_images(function):
    assert function(np.zeros((1, 0, 4, 4)), [[0, 0, 0, 1, 1]], 2).shape == (1, 0, 2, 2)
    assert function(np.zeros((0, 3, 4, 4)), [], 2).shape == (0, 3, 2, 2)


@pytest.mark.parametrize("function", [roi_pool, roi_align])
@pytest.mark.parametrize("output_size", [2, (2, 2), [2, 2], np.int32(2), (np.uint8(2), 2)])
def test_output_size_is_an_int_or_a_pair(function, output_size):
    features, rois = case(np.float64)
    assert np.array_equal(function(features, rois, output_size), function(features, rois, (2, 2)))


@pytest.mark.parametrize("function", [roi_pool, roi_align])
@pytest.mark.parametrize("scale", [np.float32(0.5), np.float64(0.5), 0.5])
def test_scale_is_any_real_number(function, scale):
    features, rois = case(np.float64)
    assert np.array_equal(function(features, rois, 2, scale), function(features, rois, 2, spatial_scale=0.5))
