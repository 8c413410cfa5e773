"""The second quantization: cells into bins."""

import itertools
import math
from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest

from roikit import CONVENTIONS, Convention, bin_edges

pytestmark = pytest.mark.usefixtures("backend")


@pytest.mark.parametrize(
    ("convention", "expected"),
    [
        # 5 cells, 3 bins: the ends lie at 0, 5/3, 10/3, 5
        ("caffe", [[0, 2], [1, 4], [3, 5]]),
        ("disjoint", [[0, 1], [1, 3], [3, 5]]),
        ("truncate", [[0, 1], [1, 2], [2, 3]]),
    ],
)
def test_5_cells_in_3_bins(convention, expected):
    assert bin_edges(5, 3, convention=convention).tolist() == expected


@pytest.mark.parametrize("convention", ["caffe", "disjoint", "truncate"])
def test_as_many_bins_as_cells_are_the_cells(convention):
    assert bin_edges(4, 4, convention=convention).tolist() == [[0, 1], [1, 2], [2, 3], [3, 4]]


def test_more_bins_than_cells():
    assert bin_edges(2, 4, convention="caffe").tolist() == [[0, 1], [0, 1], [1, 2], [1, 2]]
    assert bin_edges(2, 4, convention="disjoint").tolist() == [[0, 0], [0, 1], [1, 1], [1, 2]]
    assert bin_edges(2, 4, convention="truncate").tolist() == [[0, 1], [1, 2], [2, 2], [2, 2]]


@pytest.mark.parametrize("convention", ["caffe", "disjoint", "truncate"])
def test_no_cells_make_empty_bins(convention):
    assert bin_edges(0, 3, convention=convention).tolist() == [[0, 0]] * 3


def test_edges_are_exact_where_float_bins_are_not():
    """float32 makes ceil(7 * (57 / 7)) 58, float64 makes ceil(7 * (29 / 7)) 30: one cell past the box."""
    assert math.ceil(np.float32(57) / np.float32(7) * np.float32(7)) == 58
    assert math.ceil(29 / 7 * 7) == 30
    assert bin_edges(57, 7, convention="caffe")[-1].tolist() == [48, 57]
    assert bin_edges(29, 7, convention="caffe")[-1].tolist() == [24, 29]


def test_edges_of_float_bins_for_those_who_ask():
    float64 = replace(CONVENTIONS["caffe"], arithmetic="float64")
    assert bin_edges(57, 7, convention="caffe_float32")[-1].tolist() == [48, 58]
    assert bin_edges(57, 7, convention=float64)[-1].tolist() == [48, 57]
    assert bin_edges(29, 7, convention="caffe_float32")[-1].tolist() == [24, 29]
    assert bin_edges(29, 7, convention=float64)[-1].tolist() == [24, 30]


def test_how_many_float_bins_are_wrong():
    """Of 540,672 bins: n = 1..1024 cells in P = 1..32 bins. Each has a cell too many, most beyond the box."""
    kinds = ["caffe", "caffe_float32", replace(CONVENTIONS["caffe"], arithmetic="float64")]
    wrong, beyond, count = [0, 0], [0, 0], 0
    for length, bins in itertools.product(range(1, 1025), range(1, 33)):
        exact, *floats = (bin_edges(length, bins, convention=kind) for kind in kinds)
        count += bins
        for i, edges in enumerate(floats):
            longer = np.diff(edges - exact)[:, 0]
            assert np.array_equal(longer, (edges != exact).any(axis=1))
            wrong[i] += int(longer.sum())
            beyond[i] += int((edges[:, 1] > length).sum())
    assert (wrong, beyond, count) == ([1138, 1148], [758, 770], 540_672)


def test_real_ends_are_refused():
    with pytest.raises(ValueError, match="convention leaves real ends, and bin_edges is about whole cells"):
        bin_edges(5, 2, convention="mmcv")


def test_edges_equal_rational_arithmetic():
    for length in range(41):
        for bins in range(1, 13):
            size = Fraction(length, bins)
            overlap = [[math.floor(p * size), math.ceil((p + 1) * size)] for p in range(bins)]
            disjoint = [[math.floor(p * size), math.floor((p + 1) * size)] for p in range(bins)]
            assert bin_edges(length, bins, convention="caffe").tolist() == overlap
            assert bin_edges(length, bins, convention="disjoint").tolist() == disjoint


def test_the_longest_range_in_the_most_bins():
    """(p + 1) * length nears 2**62 here: 64 bits still hold it."""
    length, bins = 4 * 2**40, 2**20
    edges = bin_edges(length, bins, convention="caffe")
    assert edges[-1].tolist() == [length - length // bins, length]
    assert (np.diff(edges) == 2**22).all()


def test_only_the_split_of_a_convention_matters():
    strange = Convention("round_half_even", "inclusive", "disjoint", minimum_size=9, offset=3.0)
    assert np.array_equal(bin_edges(7, 3, convention=strange), bin_edges(7, 3, convention="disjoint"))


def test_the_result_is_a_table_of_int64():
    edges = bin_edges(np.int32(7), np.uint8(2))
    assert (edges.dtype, edges.shape) == (np.int64, (2, 2))
