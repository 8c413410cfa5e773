"""Levels of a feature pyramid: the borders between them, what is clamped, and the peers' formulas."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from roikit.ops.pyramid_levels import pyramid_levels

pytestmark = pytest.mark.usefixtures("backend")

LEVELS = [2, 3, 4, 5]


def level_of(width, height=None, levels=LEVELS, **options):
    """The number of the level that a box of this size is read from."""
    box = [0, 10, 20, 10 + width, 20 + (width if height is None else height)]
    (index,) = pyramid_levels([box], levels, **options)
    return levels[index]


# --- one border after the other ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("side", "level"),
    [(112, 3), (223.99, 3), (224, 4), (224.01, 4), (447.99, 4), (448, 5), (111.99, 2), (56, 2), (895.99, 5)],
)
def test_a_box_of_224_belongs_to_level_4_and_twice_the_side_to_the_next(side, level):
    assert level_of(side) == level


def test_the_area_counts():
    """448 × 112 has the area of 224 × 224."""
    assert level_of(448, 112) == level_of(112, 448) == 4
    assert level_of(448, 111.9) == 3


@pytest.mark.parametrize(("side", "level"), [(0.001, 2), (0, 2), (896, 5), (1e9, 5)])
def test_beyond_the_last_level_a_box_is_read_from_the_last(side, level):
    assert level_of(side) == level


@pytest.mark.parametrize("size", [(0, 0), (0, 500), (-500, 500), (500, -500)])
def test_a_box_without_area_or_reversed_along_one_axis_belongs_to_the_finest(size):
    assert level_of(*size) == 2


def test_a_level_that_is_left_out_is_read_from_the_next_finer():
    levels = [2, 4, 5]
    assert [level_of(side, levels=levels) for side in (56, 112, 224, 448)] == [2, 2, 4, 5]
    assert [level_of(side, levels=[4]) for side in (1, 224, 1000)] == [4, 4, 4]


def test_eps_lifts_over_the_border():
    """To the level: 224 · 2**-eps is the border. To the ratio: 224 · (1 - eps)."""
    just_below = 224 * 2**-0.01
    assert level_of(just_below + 1e-9, eps=0.01) == 4
    assert level_of(just_below - 1e-9, eps=0.01) == 3
    assert level_of(0.99 * 224 + 1e-9, eps=0.01, eps_of="ratio") == 4
    assert level_of(0.99 * 224 - 1e-9, eps=0.01, eps_of="ratio") == 3
    assert level_of(np.nextafter(224, 0), eps=0) == 3


def test_without_eps_no_border_is_missed_by_rounding():
    """A logarithm of 2**n, divided by another, may come out just below n."""
    sides = [[0, 0, 0, 7 * 2**n, 7 * 2**n] for n in range(-8, 30)]
    levels = list(range(-20, 40))
    found = pyramid_levels(sides, levels, canonical_level=0, canonical_size=7, eps=0)
    assert [levels[index] for index in found] == list(range(-8, 30))


def test_any_canonical_box():
    assert level_of(56, canonical_size=56, canonical_level=3) == 3
    assert level_of(55, canonical_size=56, canonical_level=3) == 2


def test_boxes_of_each_image():
    boxes = [[[0, 0, 448, 448]], np.empty((0, 4)), [[0, 0, 224, 224], [0, 0, 1, 1]]]
    assert pyramid_levels(boxes).tolist() == [3, 2, 0]
    assert pyramid_levels([]).shape == (0,)
    assert pyramid_levels([]).dtype == np.int64


# --- the peers' formulas, in their order ------------------------------------------------------------------


def by_logarithm(side, levels, inside, outside):
    """eq. 1 of the paper with a clamp, as peers compute it: `inside` is added before the logarithm."""
    target = math.floor(4 + math.log2(side / 224 + inside) + outside)
    return min(max(target, levels[0]), levels[-1]) - levels[0]


@pytest.mark.parametrize(
    ("inside", "outside", "options"),
    [
        (0, 1e-6, {}),  # torchvision's LevelMapper
        (1e-6, 0, {"eps_of": "ratio"}),  # that of maskrcnn-benchmark, and of older torchvision
        (1e-8, 0, {"eps": 1e-8, "eps_of": "ratio"}),  # detectron2's assign_boxes_to_levels
    ],
)
@given(side=st.floats(1e-3, 3000), first=st.integers(1, 5), count=st.integers(1, 4))
def test_what_peers_compute(inside, outside, options, side, first, count):
    levels = list(range(first, first + count))
    place = 4 + math.log2(side / 224 + inside) + outside
    if abs(place - round(place)) > 1e-12:  # on a border the logarithm's rounding decides
        (index,) = pyramid_levels([[0, 0, 0, side, side]], levels, **options)
        assert index == by_logarithm(side, levels, inside, outside)


# --- errors -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("levels", "options", "error", "sentence"),
    [
        ([], {}, TypeError, "levels must be a list of whole numbers, finest first; got []"),
        (4, {}, TypeError, "levels must be a list of whole numbers, finest first; got 4"),
        ([2, 3.5], {}, TypeError, "levels must be a list of whole numbers, finest first; got [2, 3.5]"),
        ([3, 2], {}, ValueError, "levels must rise, within -1000 .. 1000; got [3, 2]"),
        ([3, 3], {}, ValueError, "levels must rise, within -1000 .. 1000; got [3, 3]"),
        ([3, 1001], {}, ValueError, "levels must rise, within -1000 .. 1000; got [3, 1001]"),
        (LEVELS, {"canonical_level": 4.0}, TypeError, "canonical_level must be a whole number; got 4.0"),
        (LEVELS, {"canonical_size": 0}, ValueError, "canonical_size must be above 0; got 0"),
        (LEVELS, {"canonical_size": "224"}, TypeError, "canonical_size must be a real number; got '224'"),
        (LEVELS, {"eps": 2}, ValueError, "eps must be at most 1; got 2"),
        (LEVELS, {"eps": -1}, ValueError, "eps must be 0 or more, and finite; got -1"),
        (LEVELS, {"eps_of": "log"}, ValueError, "eps_of must be 'level' or 'ratio'; got 'log'"),
        (LEVELS, {"eps_of": 1}, TypeError, "eps_of must be 'level' or 'ratio'; got 1"),
    ],
)
def test_a_wrong_argument_is_one_sentence(levels, options, error, sentence):
    with pytest.raises(error) as caught:
        pyramid_levels([[0, 0, 0, 1, 1]], levels, **options)
    assert str(caught.value) == sentence


def test_boxes_are_checked():
    with pytest.raises(ValueError, match=r"^rois\[0\] holds nan"):
        pyramid_levels([[0, 0, 0, math.nan, 1]])
    with pytest.raises(ValueError, match=r"^rois\[0\] reaches 1e\+300 pixels"):
        pyramid_levels([[0, 0, 0, 1e300, 1]])
