"""The first quantization: boxes into ranges of cells."""

from dataclasses import replace

import numpy as np
import pytest

from roikit import CONVENTIONS, Convention, quantize_rois

pytestmark = pytest.mark.usefixtures("backend")

FLOOR = CONVENTIONS["disjoint"]


def cells(x1, x2, convention, scale=1.0):
    """Quantize one axis."""
    return quantize_rois([[0, x1, 0, x2, 9]], scale, convention=convention)[0, [1, 3]].tolist()


@pytest.mark.parametrize(
    ("rounding", "expected"),
    [
        ("floor", [-3, -2, -1, 0, 1, 2]),
        ("round_half_away", [-3, -2, -1, 1, 2, 3]),
        ("round_half_even", [-2, -2, 0, 0, 2, 2]),
    ],
)
def test_where_a_half_goes(rounding, expected):
    convention = replace(FLOOR, rounding=rounding)
    halves = [-2.5, -1.5, -0.5, 0.5, 1.5, 2.5]
    assert [cells(half, 9, convention)[0] for half in halves] == expected


def test_the_largest_number_below_a_half_is_rounded_down():
    """floor(x + 0.5) would make 1 of it."""
    assert cells(0.49999999999999994, 9, replace(FLOOR, rounding="round_half_away")) == [0, 9]
    assert cells(-0.49999999999999994, 9, replace(FLOOR, rounding="round_half_away")) == [0, 9]


def test_every_end_is_quantized_by_itself():
    """3.6 .. 5.5 is 1.9 wide: floor makes it 3 .. 5, rounding 4 .. 6 and with the end cell 4 .. 7."""
    assert cells(3.6, 5.5, "disjoint") == [3, 5]
    assert cells(3.6, 5.5, "caffe") == [4, 7]


def test_scaling_comes_before_rounding():
    assert cells(31.0, 64.0, "disjoint", scale=1 / 16) == [1, 4]
    assert cells(24.0, 40.0, "caffe", scale=1 / 16) == [2, 4]  # 1.5 and 2.5: halves away from zero


def test_the_minimum_size_grows_the_end():
    assert cells(5, 5, "disjoint") == [5, 6]
    assert cells(5, 3, replace(FLOOR, minimum_size=3)) == [5, 8]
    assert cells(5, 3, replace(FLOOR, minimum_size=0)) == [5, 5]
    assert cells(5, 3, replace(FLOOR, minimum_size=None)) == [5, 3]


def test_the_offset_is_subtracted_after_scaling():
    half_pixel = Convention("floor", "exclusive", "disjoint", offset=0.5)
    assert cells(8, 12.9, half_pixel, scale=0.5) == [3, 5]  # 4 - 0.5 and 6.45 - 0.5


def test_pixels_are_added_before_scaling():
    """7 and one more are 8, of which the half is 4; 3 + 0.5 and 7 + 0.5 are 1.75 and 3.75."""
    assert cells(3, 7, replace(FLOOR, ends="inclusive_pixel"), scale=0.5) == [1, 4]
    assert cells(3, 7, replace(FLOOR, pixel_offset=0.5), scale=0.5) == [1, 3]
    assert cells(3, 7, replace(FLOOR, pixel_offset=0.5, ends="inclusive_pixel"), scale=2.0) == [7, 17]


def test_in_float32_a_scaled_end_can_lie_on_a_half():
    """45 * 0.7 is 31.499999999999996 in float64, and 31.5 in float32."""
    assert cells(45, 90, "exclusive", scale=0.7) == [31, 63]
    assert cells(45, 90, replace(CONVENTIONS["exclusive"], arithmetic="float64"), scale=0.7) == [31, 63]
    assert cells(45, 90, replace(CONVENTIONS["exclusive"], arithmetic="float32"), scale=0.7) == [32, 63]


def test_what_float32_cannot_hold_is_scaled_in_float64():
    convention = replace(CONVENTIONS["exclusive"], arithmetic="float32")
    assert cells(4e300, 9e300, convention, scale=1e-300) == [4, 9]
    assert cells(-(2**40), 2**40, convention) == [-(2**40), 2**40]


@pytest.mark.parametrize("name", ["rfcn", "chainercv", "mmcv"])
def test_real_ends_are_refused(name):
    with pytest.raises(ValueError, match="leaves real ends, and quantize_rois is about whole cells: "):
        cells(0, 5, name)


def test_added_pixels_have_to_be_within_reach_as_well():
    with pytest.raises(ValueError, match="too large for a convention that moves an end by 1 px: that must"):
        cells(0, 0, replace(FLOOR, ends="inclusive_pixel"), scale=2.0**41)
    got = quantize_rois([[0] * 5], 2.0**40, convention=replace(FLOOR, ends="inclusive_pixel"))
    assert got.tolist() == [[0, 0, 0, 2**40, 2**40]]


def test_nothing_is_cut_off_at_a_map():
    assert cells(-1e6, 1e12, "disjoint") == [-(10**6), 10**12]


def test_a_list_of_boxes_for_each_image():
    got = quantize_rois([np.array([[0, 3, 7, 8]]), np.zeros((0, 4)), np.array([[1, 1, 2, 2], [2, 2, 4, 4]])])
    assert got[:, 0].tolist() == [0, 2, 2]
    assert got[0].tolist() == [0, 0, 3, 8, 9]


def test_boxes_keep_their_precision_whatever_their_dtype():
    """float16 cannot hold 2049: the boxes are taken as they come, but never computed in it."""
    box = np.array([[0, 2048, 0, 2050, 1]], np.float16)
    assert quantize_rois(box, 1.5, convention="disjoint")[0, [1, 3]].tolist() == [3072, 3075]
    assert quantize_rois(box.astype(np.uint16), convention="disjoint")[0, [1, 3]].tolist() == [2048, 2050]


def test_no_boxes():
    for nothing in ([], np.zeros((0, 5)), [np.zeros((0, 4))], [[], []]):
        got = quantize_rois(nothing)
        assert (got.shape, got.dtype) == ((0, 5), np.int64)
