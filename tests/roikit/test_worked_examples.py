"""The course's worked examples: every number worked out by hand, as an exact fraction where there is one."""

from fractions import Fraction

import numpy as np
import pytest

from roikit import Convention, bilinear_interpolate, bin_edges, examples, quantize_rois, roi_align, roi_pool
from roikit.convention import TAUGHT
from roikit.reference.roi_align import sample_points, scale_axis

pytestmark = pytest.mark.usefixtures("backend")

# A handful of roundings of float64 on values below 1.
FEW_ROUNDINGS = 1e-15


def widths(edges):
    return [int(end - start) for start, end in edges]


# --- axes and boxes ---------------------------------------------------------------------------------------


def test_an_image_of_1056_by_640_is_a_map_of_66_by_40_at_one_sixteenth():
    image = [[0, 0, 0, 1056, 640]]
    assert quantize_rois(image, 1 / 16, convention="disjoint").tolist() == [[0, 0, 0, 66, 40]]
    # with the end cell inside, and it is column 66, row 40: off the map
    assert quantize_rois(image, 1 / 16, convention="caffe").tolist() == [[0, 0, 0, 67, 41]]


@pytest.mark.parametrize(("H", "W"), [(8, 8), (25, 25), (40, 66)])
def test_the_output_size_depends_on_the_parameters_alone(H, W):
    features = np.zeros((1, 3, H, W))
    rois = [[0, 0, 0, 5, 5], [0, 1, 2, 7, 6]]
    assert roi_pool(features, rois, (7, 5)).shape == (2, 3, 7, 5)
    assert roi_align(features, rois, (7, 5)).shape == (2, 3, 7, 5)


# --- two quantizations ------------------------------------------------------------------------------------


def test_665_over_32_is_20_cells_by_floor_and_21_by_rounding():
    assert examples.BOX_665[0, 3] / 32 == 20.78125
    assert quantize_rois(examples.BOX_665, 1 / 32, convention="disjoint")[0, 3:].tolist() == [20, 20]
    rounded = Convention(rounding="round_half_away", ends="exclusive", split="disjoint")
    assert quantize_rois(examples.BOX_665, 1 / 32, convention=rounded)[0, 3:].tolist() == [21, 21]


@pytest.mark.parametrize(("length", "bins", "expected"), [(5, 2, [2, 3]), (7, 2, [3, 4]), (4, 2, [2, 2])])
def test_disjoint_bins_share_the_cells_out(length, bins, expected):
    edges = bin_edges(length, bins, convention="disjoint")
    assert widths(edges) == expected
    assert edges[0, 0] == 0
    assert edges[-1, 1] == length


def test_20_cells_in_7_truncated_bins_are_7_times_2_and_6_cells_are_dropped():
    assert pytest.approx(2.857, abs=0.0005) == 20 / 7
    edges = bin_edges(20, 7, convention="truncate")
    assert edges.tolist() == [[0, 2], [2, 4], [4, 6], [6, 8], [8, 10], [10, 12], [12, 14]]


def test_overlapping_bins_round_the_start_down_and_the_end_up():
    assert bin_edges(5, 2, convention="caffe").tolist() == [[0, 3], [2, 5]]
    assert bin_edges(7, 2, convention="caffe").tolist() == [[0, 4], [3, 7]]


def test_what_the_two_quantizations_of_665_pixels_lose():
    x1, x2 = quantize_rois(examples.BOX_665, 1 / 32, convention="truncate")[0, [1, 3]]
    covered = bin_edges(int(x2 - x1), 7, convention="truncate")[-1, 1]
    first_loss = Fraction(665, 32) - int(x2)
    assert (first_loss, first_loss * 32) == (Fraction("0.78125"), 25)
    assert (x2 - covered, (x2 - covered) * 32) == (6, 192)
    assert (covered * 32, 665 - covered * 32) == (448, 217)


# --- the edges of the contract ----------------------------------------------------------------------------


@pytest.mark.parametrize("convention", TAUGHT)
def test_a_reversed_box_is_one_cell(convention):
    assert quantize_rois([[0, 6, 5, 2, 1]], convention=convention).tolist() == [[0, 6, 5, 7, 6]]


def test_rounding_takes_halves_away_from_zero_and_floor_goes_down():
    box = [[0, -2.5, -0.5, 0.5, 2.5]]
    assert quantize_rois(box, convention="caffe").tolist() == [[0, -3, -1, 2, 4]]  # -3, -1, 1, 3 and one more
    assert quantize_rois(box, convention="disjoint").tolist() == [[0, -3, -1, 0, 2]]


def test_one_cell_in_two_disjoint_bins_leaves_the_first_empty():
    assert bin_edges(1, 2, convention="disjoint").tolist() == [[0, 0], [0, 1]]
    assert bin_edges(1, 2, convention="caffe").tolist() == [[0, 1], [0, 1]]
    assert bin_edges(1, 2, convention="truncate").tolist() == [[0, 1], [1, 1]]


# --- the 8×8 map ------------------------------------------------------------------------------------------


def test_the_region_is_7_wide_and_5_high():
    assert quantize_rois(examples.ROI_8X8, convention="disjoint").tolist() == [[0, 0, 3, 7, 8]]
    # read with inclusive ends the box leaves the map of 8 rows
    assert quantize_rois(examples.ROI_8X8, convention="caffe").tolist() == [[0, 0, 3, 8, 9]]


@pytest.mark.parametrize(
    ("convention", "expected"),
    [
        ("disjoint", [[0.85, 0.84], [0.97, 0.96]]),
        ("truncate", [[0.85, 0.84], [0.69, 0.88]]),
        ("caffe", [[0.85, 0.96], [0.97, 0.91]]),
    ],
)
def test_the_8x8_map_pooled_by_three_conventions(convention, expected):
    got = roi_pool(examples.MAP_8X8_BATCH, examples.ROI_8X8, (2, 2), convention=convention)
    assert got.tolist() == [[expected]]  # a maximum is copied, not computed


# --- bilinear interpolation -------------------------------------------------------------------------------


def test_each_neighbour_weighs_the_area_of_the_opposite_rectangle():
    """At (y, x) = (0.25, 0.625) between 10 20 / 30 40: one neighbour at a time is 1."""
    y, x = 0.25, 0.625
    weights = [bilinear_interpolate(corner, y, x) for corner in np.eye(4).reshape(4, 2, 2)]
    assert [float(weight) for weight in weights] == [0.75 * 0.375, 0.75 * 0.625, 0.25 * 0.375, 0.25 * 0.625]
    assert sum(weights) == 1
    assert bilinear_interpolate(np.array([[10.0, 20.0], [30.0, 40.0]]), y, x) == 10 + 0.25 * 20 + 0.625 * 10


def test_at_a_neighbour_the_value_is_the_neighbours():
    y, x = np.mgrid[0:8, 0:8]
    assert np.array_equal(bilinear_interpolate(examples.MAP_8X8, y, x), examples.MAP_8X8)


# --- RoIAlign ---------------------------------------------------------------------------------------------


def test_665_over_32_stays_20_78125_and_its_bin_is_95_over_32():
    start, size = scale_axis(0.0, 665.0, 1 / 32, aligned=False)
    assert (start, Fraction(size), Fraction(size) / 7) == (0, Fraction(665, 32), Fraction(95, 32))


def test_the_sample_points_of_the_first_bin():
    """Bins are 2.5 high and 3.5 wide; the points lie at 1/4 and 3/4 of them, less the half pixel."""
    start_y, height = scale_axis(3.0, 8.0, 1.0, aligned=True)
    start_x, width = scale_axis(0.0, 7.0, 1.0, aligned=True)
    assert (height / 2, width / 2) == (2.5, 3.5)
    assert sample_points(start_y, height, 2, 2)[0].tolist() == [3.125, 4.375]
    assert sample_points(start_x, width, 2, 2)[0].tolist() == [0.375, 2.125]


def test_the_first_sample_lies_between_rows_3_and_4_and_columns_0_and_1():
    exact = Fraction(7, 8) * (Fraction(5, 8) * Fraction("0.85") + Fraction(3, 8) * Fraction("0.34"))
    exact += Fraction(1, 8) * (Fraction(5, 8) * Fraction("0.32") + Fraction(3, 8) * Fraction("0.74"))
    got = bilinear_interpolate(examples.MAP_8X8, 3.125, 0.375)
    assert float(got) == pytest.approx(float(exact), abs=FEW_ROUNDINGS)


@pytest.mark.parametrize(
    ("aligned", "mode", "expected"),
    [
        (True, "max", ["2249/3200", "3919/6400", "493/640", "2541/3200"]),
        (True, "avg", ["1221/2560", "12057/25600", "11697/25600", "5827/12800"]),
        (False, "max", ["3719/6400", "5207/6400", "753/1280", "441/800"]),
        (False, "avg", ["4689/12800", "14083/25600", "11771/25600", "4803/12800"]),
    ],
)
def test_the_8x8_map_aligned_in_its_four_variants(aligned, mode, expected):
    got = roi_align(examples.MAP_8X8_BATCH, examples.ROI_8X8, 2, 1.0, 2, aligned, mode=mode)
    exact = [float(Fraction(value)) for value in expected]
    np.testing.assert_allclose(got.ravel(), exact, rtol=0, atol=FEW_ROUNDINGS)


@pytest.mark.parametrize(
    ("sampling_ratio", "aligned"), [(1, True), (2, True), (1, False), (2, False), (3, False), (-1, False)]
)
def test_665_pixels_on_a_25x25_ramp_have_a_closed_form(sampling_ratio, aligned):
    """On f = 10 y + x + 3 the average of a bin is f at its centre: (p + 1/2) 95/32, less the half pixel."""
    features = examples.ramp(25, 25, a=10.0, b=1.0, c=3.0)[None, None]
    got = roi_align(features, examples.BOX_665, 7, examples.SCALE_665, sampling_ratio, aligned)
    centres = [(p + Fraction(1, 2)) * Fraction(95, 32) - Fraction(int(aligned), 2) for p in range(7)]
    exact = [[float(10 * y + x + 3) for x in centres] for y in centres]
    np.testing.assert_allclose(got[0, 0], exact, rtol=0, atol=1e-12)  # values up to 220, a few roundings each


def test_three_aligned_points_begin_before_the_first_cells_centre():
    """The first of 3 points lies at 95/192 - 1/2 = -1/192: clamped to 0, it adds 1/192 / 3 to the average."""
    features = examples.ramp(25, 25, a=1.0, b=0.0)[None, None]
    got = roi_align(features, examples.BOX_665, 7, examples.SCALE_665, 3, True)
    exact = Fraction(95, 64) - Fraction(1, 2) + Fraction(1, 192) / 3
    assert got[0, 0, 0, 0] == pytest.approx(float(exact), abs=FEW_ROUNDINGS)
