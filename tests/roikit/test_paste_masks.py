"""Masks pasted into an image: where a box's pixels lie, what is between them, what the image cuts off."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from roikit import paste_masks

pytestmark = pytest.mark.usefixtures("backend")

#: y * 10 + x
MASK = np.array([[0.0, 1.0], [10.0, 11.0]])
FEW_ROUNDINGS = 1e-12


def paste(box, size, mask=MASK, **options):
    return paste_masks(np.asarray(mask)[None], [box], size, **options)[0].tolist()


# --- torchvision's pixels, by hand ------------------------------------------------------------------------


def test_a_box_as_large_as_the_mask_holds_it_as_it_is():
    """Its last pixel belongs to it: x from 1 to 2 are two pixels."""
    assert paste([1, 0, 2, 1], (3, 4), padding=0) == [[0, 0, 1, 0], [0, 10, 11, 0], [0, 0, 0, 0]]


def test_twice_as_many_pixels_lie_a_quarter_of_a_cell_from_the_middles():
    """At cells -1/4 (clamped to 0), 1/4, 3/4 and 5/4 (clamped to 1)."""
    assert paste([0, 0, 3, 0], (1, 4), padding=0, mask=[[0.0, 4.0]]) == [[0, 1, 3, 4]]


def test_ends_are_cut_off_to_whole_pixels_towards_0():
    assert paste([0.9, 0, 1.9, 0], (1, 3), padding=0, mask=[[4.0]]) == [[4, 4, 0]]
    assert paste([-0.9, 0, 0.9, 0], (1, 3), padding=0, mask=[[4.0]]) == [[4, 0, 0]]


def test_padding_makes_the_box_grow_about_its_centre():
    """One cell over pixels 2 .. 4, and a cell of 0 on either side: three times as wide, from 0 to 6."""
    got = paste([2, 0, 4, 0], (1, 8), mask=[[9.0]])[0]
    zeros, ones = 0, 9
    # seven pixels over three cells: 3/7 of a cell each, the first middle at 3/14 - 1/2 of a cell, clamped
    cells = [max((x + 0.5) * 3 / 7 - 0.5, 0) for x in range(7)]
    expected = [np.interp(cell, [0, 1, 2], [zeros, ones, zeros]) for cell in cells]
    np.testing.assert_allclose(got, [*expected, 0], rtol=0, atol=FEW_ROUNDINGS)
    assert got[3] == 9


def test_what_lies_outside_the_image_is_cut_off():
    whole = paste([1, 1, 4, 4], (6, 6))
    shifted = paste([-1, 0, 2, 3], (6, 6))
    assert shifted == [[*row[2:], 0, 0] for row in [*whole[1:], [0] * 6]]


@pytest.mark.parametrize("box", [[-9, 0, -5, 2], [0, 9, 2, 12], [20, 20, 30, 30], [2, 0, 0, 1], [0, 3, 1, 1]])
def test_a_box_off_the_image_or_reversed_pastes_nothing(box):
    assert not np.any(paste(box, (4, 5), padding=0))


def test_an_empty_box_is_one_pixel():
    assert paste([1, 1, 1, 1], (3, 3), padding=0, mask=[[7.0]]) == [[0, 0, 0], [0, 7, 0], [0, 0, 0]]
    assert not np.any(paste([1, 1, 1, 1], (3, 3), convention="detectron2"))


# --- detectron2's pixels, by hand -------------------------------------------------------------------------


def test_pixels_and_cells_stand_at_their_middles():
    assert paste([1, 0, 3, 2], (3, 4), convention="detectron2") == [[0, 0, 1, 0], [0, 10, 11, 0], [0] * 4]


def test_ends_are_not_rounded():
    """The cell's middle is at 1.75 of the image, pixel 1's a quarter, pixel 2's three quarters further."""
    got = paste([1.25, 0, 2.25, 1], (1, 4), mask=[[4.0]], convention="detectron2")
    assert got == [[0, 3, 1, 0]]


def test_a_box_over_the_image_goes_on_outside():
    whole = paste([1.5, 1.25, 4.5, 3.75], (6, 6), convention="detectron2")
    shifted = paste([-0.5, 0.25, 2.5, 2.75], (6, 6), convention="detectron2")
    assert shifted == [[*row[2:], 0, 0] for row in [*whole[1:], [0] * 6]]


# --- both -------------------------------------------------------------------------------------------------

conventions = st.sampled_from(["torchvision", "detectron2"])
ends = st.one_of(st.floats(-9, 20), st.integers(-9, 20).map(float))


@given(st.tuples(ends, ends, ends, ends), conventions, st.integers(0, 2**32))
def test_turning_all_turns_the_image(box, convention, seed):
    mask = np.random.default_rng(seed).random((3, 3))
    x1, y1, x2, y2 = box
    got = paste_masks(mask[None], [box], (7, 9), convention=convention)[0]
    turned = paste_masks(mask.T[None], [[y1, x1, y2, x2]], (9, 7), convention=convention)[0]
    np.testing.assert_allclose(turned, got.T, rtol=0, atol=FEW_ROUNDINGS)


@given(st.tuples(ends, ends, ends, ends), conventions, st.integers(1, 5), st.integers(1, 5))
def test_between_the_least_and_the_largest_and_0(box, convention, h, w):
    mask = np.random.default_rng(h * w).uniform(0.5, 1, (1, h, w))
    got = paste_masks(mask, [box], (7, 9), convention=convention)
    assert got.min() >= 0
    assert got.max() <= mask.max() + FEW_ROUNDINGS


def test_permuting_boxes_permutes_images():
    rng = np.random.default_rng(0)
    masks, boxes, order = rng.random((5, 4, 4)), rng.uniform(-3, 12, (5, 4)), rng.permutation(5)
    got = paste_masks(masks[order], boxes[order], (8, 9))
    assert np.array_equal(got, paste_masks(masks, boxes, (8, 9))[order])


def test_no_neighbour_is_left_out():
    """The NaN has weight 0 at its neighbours' middles, where it is the one to the right, or below."""
    mask = np.ones((3, 3))
    mask[1, 1] = np.nan
    got = paste([0, 0, 2, 2], (3, 3), mask=mask, padding=0)
    assert np.argwhere(np.isnan(got)).tolist() == [[0, 0], [0, 1], [1, 0], [1, 1]]


# --- the arrays -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("dtype", [np.float16, np.float32])
def test_the_output_has_the_dtype_of_the_masks_and_is_rounded_once(dtype):
    masks, boxes = np.random.default_rng(3).random((2, 3, 3)).astype(dtype), [[0, 0, 5, 4], [2.2, 1.1, 9, 9]]
    got = paste_masks(masks, boxes, (8, 9))
    assert got.dtype == dtype
    assert np.array_equal(got, paste_masks(masks.astype(np.float64), boxes, (8, 9)).astype(dtype))


def test_out_is_written_over_whatever_it_held():
    out = np.full((2, 6, 8), np.nan)[:, ::2, 1:]
    masks, boxes = np.random.default_rng(4).random((2, 3, 3))[:, ::-1], [[0, 0, 2, 2], [3, 1, 5, 2]]
    assert paste_masks(masks, boxes, (3, 7), out=out, num_threads=1) is out
    assert np.array_equal(out, paste_masks(masks, boxes, (3, 7)))


def test_no_masks():
    assert paste_masks(np.zeros((0, 4, 4)), [], (3, 5)).shape == (0, 3, 5)


# --- errors -----------------------------------------------------------------------------------------------

ONE, BOX = MASK[None], [[0, 0, 1, 1]]


@pytest.mark.parametrize(
    ("call", "kind", "sentence"),
    [
        ((ONE[None], BOX, (3, 3)), ValueError, r"masks must have shape \(K, h, w\); got \(1, 1, 2, 2\)"),
        ((ONE[:, :0], BOX, (3, 3)), ValueError, r"masks must be 1 .. 2\*\*20 high and wide; got \(1, 0, 2\)"),
        ((ONE > 0, BOX, (3, 3)), TypeError, r"use masks.astype\(np.float64\)"),
        ((ONE, BOX * 2, (3, 3)), ValueError, "boxes must have one row for each of masks, here 1; got 2"),
        ((ONE, [[0, 0, 0, 1, 1]], (3, 3)), ValueError, r"boxes must have shape \(K, 4\): x1, y1"),
        ((ONE, [[0, np.nan, 1, 1]], (3, 3)), ValueError, r"boxes\[0, 1\] is nan: boxes must be finite"),
        ((ONE, [[0, 0, 1e13, 1]], (3, 3)), ValueError, r"within -2\*\*40 .. 2\*\*40 pixels"),
        ((ONE, BOX, 3), TypeError, r"image_size must be two whole numbers \(height, width\); got 3"),
        ((ONE, BOX, (0, 3)), ValueError, r"image_size must be 1 .. 2\*\*20 high and wide; got \(0, 3\)"),
    ],
)
def test_a_wrong_argument(call, kind, sentence):
    with pytest.raises(kind, match=sentence):
        paste_masks(*call)


def test_a_wrong_option():
    with pytest.raises(ValueError, match="convention must be 'torchvision' or 'detectron2'; got 'coco'"):
        paste_masks(ONE, BOX, (3, 3), convention="coco")
    with pytest.raises(ValueError, match=r"padding must lie within 0 .. 1024; got -1"):
        paste_masks(ONE, BOX, (3, 3), padding=-1)
    with pytest.raises(ValueError, match="leave it 1 with convention 'detectron2'; got 2"):
        paste_masks(ONE, BOX, (3, 3), padding=2, convention="detectron2")
