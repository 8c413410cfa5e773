"""Writing into memory that is there: out= holds what the call would have returned, or says why it cannot."""

import numpy as np
import pytest
from numpy.lib.stride_tricks import as_strided

import roikit
from roikit import _dispatch

pytestmark = pytest.mark.usefixtures("backend")

MAPS = np.random.default_rng(0).normal(size=(2, 3, 5, 6)).astype(np.float32)
ROIS = [[0, 0, 0, 4, 4], [1, -1, 0.5, 3, 9]]
SHAPE = (2, 3, 3, 2)
OPERATIONS = {
    "roi_pool": lambda maps=MAPS, **options: roikit.roi_pool(maps, ROIS, (3, 2), **options),
    "roi_align": lambda maps=MAPS, **options: roikit.roi_align(maps, ROIS, (3, 2), **options),
    "roi_align of arrays": lambda maps=MAPS, **options: roikit.roi_align(
        maps, np.array(ROIS), (3, 2), **options
    ),
}


@pytest.fixture(params=OPERATIONS)
def operation(request):
    return OPERATIONS[request.param]


def memory(dtype=np.float32, shape=SHAPE):
    return np.full(shape, 77, dtype)


# --- what fits --------------------------------------------------------------------------------------------

PLACES = {
    "C order": lambda: memory(),
    "Fortran order": lambda: np.asfortranarray(memory()),
    "backwards": lambda: memory()[::-1, ::-1, ::-1, ::-1],
    "part of more": lambda: np.full((4, 4, 5, 9), 77, np.float32)[1:3, ::-1, :3, 1:5:2][:, :3],
    "channels last": lambda: memory(shape=(2, 3, 2, 3)).transpose(0, 3, 1, 2),
}


@pytest.mark.parametrize("place", PLACES)
def test_out_is_filled_and_returned(operation, place):
    out = PLACES[place]()
    assert operation(out=out) is out
    assert np.array_equal(out, operation())


def test_nothing_beside_it_is_touched(operation):
    around = np.full((2, 3, 5, 4), 77, np.float32)
    operation(out=around[:, :, 1:4, 1:3])
    around[:, :, 1:4, 1:3] = 77
    assert np.all(around == 77)


@pytest.mark.parametrize("dtype", [np.float16, np.float64])
def test_out_has_the_features_dtype(operation, dtype):
    out = memory(dtype)
    assert operation(MAPS.astype(dtype), out=out) is out
    assert np.array_equal(out, operation(MAPS.astype(dtype)))


def test_no_boxes():
    out = np.empty((0, 3, 2, 2), np.float32)
    assert roikit.roi_align(MAPS, [], 2, out=out) is out


@pytest.mark.parametrize("dtype", [np.int64, np.int32])
def test_with_argmax_it_is_a_pair(dtype):
    expected = OPERATIONS["roi_pool"](return_argmax=True)
    out = memory(), memory(dtype)
    values, argmax = OPERATIONS["roi_pool"](return_argmax=True, out=out)
    assert values is out[0]
    assert argmax is out[1]
    assert np.array_equal(values, expected[0])
    assert np.array_equal(argmax, expected[1])


def test_values_and_argmax_may_lie_side_by_side():
    table = np.zeros(SHAPE, [("value", np.float32), ("where", np.int32)])
    OPERATIONS["roi_pool"](return_argmax=True, out=(table["value"], table["where"]))
    assert np.array_equal(table["where"], OPERATIONS["roi_pool"](return_argmax=True)[1])


@pytest.mark.parametrize("index", [np.int32, np.int64])
@pytest.mark.parametrize("step", [2, -1])
def test_an_argmax_with_gaps_between_its_channels(step, index):
    maps = np.random.default_rng(0).normal(size=(1, 8, 9, 12))
    options = {"layout": "NHWC", "convention": "caffe", "return_argmax": True}
    box = [[0, 1, 1, 6, 7], [0, 9, 9, 20, 20]]
    with roikit.use_backend("fast"):
        values, argmax = roikit.roi_pool(maps, box, (3, 2), **options)
        memory = np.full((2, 3, 2, 24 * 2), -7, index)
        place = memory[..., 12 : 12 + 24 : 2] if step == 2 else memory[..., 23:11:-1]
        roikit.roi_pool(maps, box, (3, 2), **options, out=(np.empty_like(values), place))
    assert np.array_equal(place, argmax)
    place[...] = -7
    assert np.all(memory == -7)


def test_maps_and_out_may_lie_side_by_side():
    """In one piece of memory, but no number in both."""
    table = np.zeros((2, 3, 5, 12), np.float32)
    maps, out = table[..., :6], table[:, :, :3, 6:8]
    maps[...] = MAPS
    assert np.array_equal(roikit.roi_align(maps, ROIS, (3, 2), out=out), OPERATIONS["roi_align"]())


# --- what does not ----------------------------------------------------------------------------------------


def read_only():
    out = memory()
    out.flags.writeable = False
    return out


def unaligned():
    return np.zeros(4 * 36 + 1, np.uint8)[1:].view(np.float32).reshape(SHAPE)


@pytest.mark.parametrize(
    ("out", "error", "expected"),
    [
        ([], TypeError, "out must be a numpy.ndarray itself; got an object of <class 'list'>"),
        (np.ma.array(memory()), TypeError,
         "out must be a numpy.ndarray itself; got an object of <class 'numpy.ma.MaskedArray'>"),
        (memory(float), TypeError, "out must be float32; got float64"),
        (memory(">f4"), TypeError, "out must be float32; got >f4"),
        (memory()[0], ValueError, "out must have shape (2, 3, 3, 2); got (3, 3, 2)"),
        (memory(shape=(2, 3, 2, 3)), ValueError, "out must have shape (2, 3, 3, 2); got (2, 3, 2, 3)"),
        (read_only(), ValueError, "out must be writable; got a read-only array"),
        (unaligned(), ValueError, "out must be aligned in memory, as np.empty is"),
        (as_strided(np.zeros(36, np.float32), SHAPE, (72, 24, 0, 4)), ValueError,
         "out must hold each element in a place of its own; got strides (72, 24, 0, 4)"),
        (as_strided(np.zeros(36, np.float32), SHAPE, (4, 24, 8, 4)), ValueError,
         "out must hold each element in a place of its own; got strides (4, 24, 8, 4)"),
    ],
)
def test_an_out_that_does_not_fit(operation, out, error, expected):
    with pytest.raises(error) as caught:
        operation(out=out)
    assert str(caught.value) == expected


def test_an_out_within_the_maps(operation):
    maps = MAPS.copy()
    with pytest.raises(ValueError, match=r"^out must not share memory with features$"):
        operation(maps, out=maps[:, :, 1:4, 2:4])
    assert np.array_equal(maps, MAPS)


@pytest.mark.parametrize(
    ("out", "error", "expected"),
    [
        (memory(), TypeError, "out must be a pair of arrays (values, argmax) with return_argmax; got array("),
        ((memory(),), TypeError, "out must be a pair of arrays (values, argmax) with return_argmax; got (ar"),
        ((memory(), None), TypeError, "out must be a pair of arrays (values, argmax) with return_argmax;"),
        ((memory(float), memory(int)), TypeError, "out[0] must be float32; got float64"),
        ((memory(), memory()), TypeError, "out[1] must be int64 or int32; got float32"),
        ((memory(), memory(int)[:1]), ValueError, "out[1] must have shape (2, 3, 3, 2); got (1, 3, 3, 2)"),
    ],
)
def test_a_pair_that_does_not_fit(out, error, expected):
    with pytest.raises(error) as caught:
        OPERATIONS["roi_pool"](return_argmax=True, out=out)
    assert str(caught.value).startswith(expected)


def test_a_pair_in_one_place():
    out = memory()
    with pytest.raises(ValueError, match=r"^out\[1\] must not share memory with out\[0\]$"):
        OPERATIONS["roi_pool"](return_argmax=True, out=(out, out.view(np.int32)))


def test_a_pair_where_none_is_asked_for(operation):
    with pytest.raises(TypeError, match=r"^out must be a numpy.ndarray itself; got an object of <class 'tup"):
        operation(out=(memory(), memory(int)))


def test_int32_counts_no_more_cells_than_it_can():
    """2**31 cells, all of them one number in memory."""
    maps = np.broadcast_to(np.float32(1), (1, 1, 2**16, 2**15))
    out = np.empty((1, 1, 1, 1), np.float32), np.empty((1, 1, 1, 1), np.int32)
    with pytest.raises(TypeError, match=r"^out\[1\] must be int64; got int32$"):
        roikit.roi_pool(maps, [[0, 0, 0, 0, 0]], 1, return_argmax=True, out=out)


# --- what others do meanwhile -----------------------------------------------------------------------------


@pytest.mark.parametrize("name", OPERATIONS)
def test_out_cannot_be_moved_away_meanwhile(monkeypatch, name, backend):
    moved, getter = [], {"cpu": "_compiled", "reference": "_definition"}[backend]
    out, found = memory(), getattr(_dispatch, getter)

    def interrupted(operation):
        with pytest.raises(ValueError, match="resize"):
            out.resize((9, 9, 9, 9), refcheck=False)
        moved.append(False)
        return found(operation)

    monkeypatch.setattr(_dispatch, getter, interrupted)
    OPERATIONS[name](out=out)
    assert moved == [False]
    assert out.shape == SHAPE
