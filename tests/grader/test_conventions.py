"""A student who computed another convention is told which one it is, and who uses it."""

from functools import partial

import numpy as np
import pytest

import roikit
from grader import conventions
from grader.testing import Mismatch, expect
from roikit import examples

WORKED = (examples.MAP_8X8_BATCH, examples.ROI_8X8, (2, 2), 1.0)


def said(got, expected, otherwise):
    with pytest.raises(Mismatch) as caught:
        expect(got, expected, otherwise=otherwise)
    return caught.value.sentence.partition("; these are the numbers of ")[2]


@pytest.mark.parametrize(
    ("got", "words"),
    [
        ([[0.85, 0.84], [0.69, 0.88]], "bins of floor(n/P) cells with the rest dropped"),
        ([[0.85, 0.96], [0.97, 0.96]], "overlapping bins, as Caffe and torchvision cut them"),
        # 8×6 cells into 2×2 bins: every split gives Caffe's numbers, so the ends alone are named
        ([[0.85, 0.96], [0.97, 0.91]], "inclusive ends, as in Caffe and torchvision"),
        ([[0.85, 0.84], [0.97, 0.11]], ""),  # nobody's
    ],
)
def test_the_8x8_map_under_other_conventions(got, words):
    otherwise = partial(conventions.pooled, *WORKED, convention="disjoint")
    assert said([[got]], [[[[0.85, 0.84], [0.97, 0.96]]]], otherwise) == words


def test_caffe_s_layer_by_name():
    """Fractional ends and 3 bins tell every convention apart."""
    arguments = (np.random.default_rng(5).standard_normal((1, 1, 16, 16)), [[0, 1.6, 2.7, 9.4, 12.6]], 3, 1.0)
    expected = roikit.roi_pool(*arguments, convention="disjoint")
    otherwise = partial(conventions.pooled, *arguments, convention="disjoint")
    assert said(roikit.roi_pool(*arguments), expected, otherwise) == conventions.CAFFE


def test_a_box_rounded_to_the_nearest_cell():
    """665/32 = 20.78 is 21 for Caffe."""
    otherwise = partial(conventions.quantized, [30, 0, 665, 665], 1 / 32)
    words = "ends rounded to the nearest cell, as in Caffe and torchvision"
    assert said((1, 0, 21, 21), (0, 0, 20, 20), otherwise) == words


def test_seven_cells_into_two_overlapping_bins():
    otherwise = partial(conventions.split, 7, 2, convention="disjoint")
    assert said([(0, 4), (3, 7)], [(0, 3), (3, 7)], otherwise).startswith("overlapping bins")


@pytest.mark.parametrize(("options", "words"), [
    ({"aligned": False}, "aligned=False, without the half cell"),
    ({"mode": "max"}, "the maximum of the samples"),
])  # fmt: skip
def test_roi_align_read_otherwise(options, words):
    asked = {"sampling_ratio": 2, "aligned": True, "mode": "avg"}
    expected, got = roikit.roi_align(*WORKED, **asked), roikit.roi_align(*WORKED, **asked | options)
    assert said(got, expected, partial(conventions.aligned, *WORKED, **asked)) == words


def test_every_convention_is_another_one_than_asked():
    rng = np.random.default_rng(5)
    features = rng.standard_normal((1, 1, 16, 16))
    rois = [[0, 1.6, 2.7, 9.4, 12.6]]
    for asked in ("disjoint", "truncate", "caffe"):
        found = list(conventions.pooled(features, rois, 3, 1.0, convention=asked))
        assert len({words for words, _ in found}) == len(found) == 11
