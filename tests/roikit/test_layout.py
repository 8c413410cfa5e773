"""Channels last: the same numbers in another order."""

import numpy as np
import pytest

import roikit

pytestmark = pytest.mark.usefixtures("backend")

MAPS = np.random.default_rng(0).normal(size=(2, 3, 5, 6))
ROIS = np.array([[0, 0, 0, 4, 4], [1, -1, 0.5, 3, 9]])
OPERATIONS = {
    "roi_pool": lambda maps, **options: roikit.roi_pool(maps, ROIS, (3, 2), **options),
    "roi_align": lambda maps, **options: roikit.roi_align(maps, ROIS, (3, 2), aligned=True, **options),
    "argmax": lambda maps, **options: roikit.roi_pool(maps, ROIS, (3, 2), return_argmax=True, **options)[1],
}


@pytest.fixture(params=OPERATIONS)
def operation(request):
    return OPERATIONS[request.param]


def last(array):
    """The channels moved last, in memory too."""
    return np.ascontiguousarray(np.moveaxis(array, 1, -1))


@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64])
def test_channels_last(operation, dtype):
    maps = MAPS.astype(dtype)
    got = operation(last(maps), layout="NHWC")
    assert got.shape == (2, 3, 2, 3)
    assert got.flags.c_contiguous
    assert np.array_equal(got, last(operation(maps)))


def test_the_layout_says_what_the_axes_mean_and_not_how_they_lie(operation):
    """An NHWC view of memory that has its channels first."""
    assert np.array_equal(operation(np.moveaxis(MAPS, 1, -1), layout="NHWC"), last(operation(MAPS)))


def test_channels_last_into_memory_that_is_there():
    out = np.empty((2, 3, 2, 3))
    assert OPERATIONS["roi_align"](last(MAPS), layout="NHWC", out=out) is out
    assert np.array_equal(out, last(OPERATIONS["roi_align"](MAPS)))


def test_one_number():
    """Two channels of one cell: 1 and 2."""
    maps = np.array([1.0, 2.0]).reshape(1, 1, 1, 2)
    assert roikit.roi_pool(maps, [[0, 0, 0, 0, 0]], 1, layout="NHWC").tolist() == [[[[1, 2]]]]


@pytest.mark.parametrize(
    ("maps", "expected"),
    [
        (MAPS[0], "features must have shape (N, H, W, C); got (3, 5, 6)"),
        (MAPS[:, :0], "features must have at least one row and one column; got (2, 0, 5, 6)"),
    ],
)
def test_sentences_name_the_axes_as_they_were_given(operation, maps, expected):
    with pytest.raises(ValueError, match=r"^features") as caught:
        operation(maps, layout="NHWC")
    assert str(caught.value) == expected


def test_out_has_its_channels_last_too():
    with pytest.raises(ValueError, match=r"^out must have shape \(2, 3, 2, 3\); got \(2, 3, 3, 2\)$"):
        OPERATIONS["roi_align"](last(MAPS), layout="NHWC", out=np.empty((2, 3, 3, 2)))
