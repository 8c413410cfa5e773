"""Explanations in words: a value's derivation step by step, as text and as HTML in a notebook."""

from xml.etree import ElementTree

import numpy as np
import pytest

from roikit import Convention, examples, explain

MAP, ROI = examples.MAP_8X8_BATCH, examples.ROI_8X8
RAMP = examples.ramp(25, 25)[None, None]  # 10 y + x


def test_a_pooled_bin_in_words():
    record = explain.roi_pool(MAP, ROI, 2, convention="disjoint").bin(0, 0, 1, 0)
    assert str(record).split("\n") == [
        "bin (1, 0) of RoI 0, channel 0: rows 5..7, columns 0..2; maximum 0.97 at (7, 2).",
        "1. box in pixels: x 0 to 7, y 3 to 8, on image 0",
        "2. times spatial_scale 1: x 0 to 7, y 3 to 8",
        "3. quantized (floor, ends exclusive)",
        "     x: floor(0) = 0, floor(7) = 7: columns 0..6 (7 cells)",
        "     y: floor(3) = 3, floor(8) = 8: rows 3..7 (5 cells)",
        "4. bin edges (disjoint, 2×2 bins)",
        "     x: floor(0·7/2) = 0 to floor(1·7/2) = 3 of 7 cells, from column 0 on: columns 0..2",
        "     y: floor(1·5/2) = 2 to floor(2·5/2) = 5 of 5 cells, from row 3 on: rows 5..7",
        "5. cells (rows 5..7, columns 0..2)",
        "     row 5: 0.20 0.14 0.16",
        "     row 6: 0.19 0.69 0.09",
        "     row 7: 0.83 0.24 0.97",
        "6. maximum: 0.97 at (7, 2)",
    ]


def test_the_steps_of_caffe():
    """Rounded, the end cell included; bins overlap; the last row is off the map."""
    record = explain.roi_pool(MAP, ROI / 0.5, 2, 0.5).bin(0, 0, 1, 1)
    _, scaled, quantized, edges, cells, maximum = record.steps
    assert scaled == ("times spatial_scale 0.5", ("x 0 to 7, y 3 to 8",))
    assert quantized.title == "quantized (round half away, ends inclusive)"
    assert quantized.lines[1] == "y: round(3) = 3, round(8) = 8 included: rows 3..8 (6 cells)"
    assert edges.title == "bin edges (overlap, 2×2 bins)"
    assert edges.lines[1] == "y: floor(1·6/2) = 3 to ceil(2·6/2) = 6 of 6 cells, from row 3 on: rows 6..8"
    assert cells.lines[-1] == "4 cells off the map: left out"
    assert maximum == ("maximum", ("0.91 at (7, 7)",))


def test_the_steps_of_other_conventions():
    """5 cells in bins of 2; an offset; a minimum size; an average's sum."""
    truncated = explain.roi_pool(MAP, ROI, 2, convention="truncate").bin(0, 0, 1, 0)
    assert truncated.steps[3].lines[1] == "y: 1·2 = 2 to 2·2 = 4 of 5 cells, from row 3 on: rows 5..6"
    short = explain.roi_pool(MAP, [[0, 2, 3, 2, 4]], 3, convention="truncate").bin(0, 0, 1, 1)
    assert short.steps[3].lines[1].startswith("y: 1·1 = 1 to 2·1 = 2 of 1 cell, cut off at 1")
    mine = Convention("round_half_even", "exclusive", "disjoint", offset=0.5, minimum_size=2)
    record = explain.roi_pool(MAP, [[0, 2, 3, 2, 5]], 1, convention=mine, mode="avg").bin(0, 0, 0, 0)
    assert record.steps[2].lines == (
        "x: round_half_even(2 - 0.5) = 2, round_half_even(2 - 0.5) = 2, at least 2 cells: "
        "columns 2..3 (2 cells)",
        "y: round_half_even(3 - 0.5) = 2, round_half_even(5 - 0.5) = 4: rows 2..3 (2 cells)",
    )
    assert record.steps[-1].lines == ("(0.82 + 0.64 + 0.76 + 0.84) / 4 = 0.765",)


def test_the_steps_between_real_ends():
    """Pixels are rounded, and one is added; without rounding; a box without a size; a reversed one."""
    box, steps = [[0, 1.4, 2.5, 2.6, 6.6]], {}
    for name in ("rfcn", "chainercv", "mmcv"):
        steps[name] = explain.roi_pool(MAP, box, 2, 0.5, convention=name).bin(0, 0, 1, 0).steps
    _, scaled, region, edges, _, _ = steps["rfcn"]
    assert scaled.lines == ("x 0.7 to 1.3, y 1.25 to 3.3",)
    assert region.title == "region (round half away in pixels, ends inclusive pixel)"
    assert region.lines == (
        "x: round(1.4)·0.5 = 0.5, (round(2.6) + 1)·0.5 = 2: 1.5 cells",
        "y: round(2.5)·0.5 = 1.5, (round(6.6) + 1)·0.5 = 4: 2.5 cells",
    )
    assert edges.title == "bin edges (absolute, 2×2 bins)"
    assert edges.lines == (
        "x: floor(0.5 + 0·1.5/2) = 0 to ceil(0.5 + 1·1.5/2) = 2: columns 0..1",
        "y: floor(1.5 + 1·2.5/2) = 2 to ceil(1.5 + 2·2.5/2) = 4: rows 2..3",
    )
    assert steps["chainercv"][2] == (
        "region (not rounded, ends exclusive)", ("x: 0.7, 1.3: 0.6 cells", "y: 1.25, 3.3: 2.05 cells")
    )
    assert steps["mmcv"][2].lines[1] == "y: 1.25, (6.6 + 1)·0.5 = 3.8: 2.55 cells"
    point = explain.roi_pool(MAP, [[0, 3, 2, 3, 2]], 1, convention="chainercv").bin(0, 0, 0, 0)
    assert point.steps[2].lines[0] == "x: 3, 3, at least 0.1 cells: 0.1 cells"
    backward = explain.roi_pool(MAP, [[0, 3, 5, 4, 2]], 1, convention="mmcv").bin(0, 0, 0, 0)
    assert backward.steps[2].lines[1] == "y: 5, 2 + 1 = 3: -2 cells"
    assert backward.steps[3].lines[1] == "y: -2 cells: no rows"
    assert backward.sentence.endswith("no rows, columns 3..4; a bin without cells is 0")


def test_the_steps_of_moved_pixels_and_of_float_bins():
    moved = {"offset": 0.25, "pixel_offset": 0.5}
    mine = Convention("floor", "inclusive_pixel", "overlap", **moved, arithmetic="float32")
    record = explain.roi_pool(MAP, [[0, 1, 1, 6, 6]], 2, 0.5, convention=mine).bin(0, 0, 1, 1)
    assert record.steps[2] == (
        "quantized (floor, ends inclusive pixel)",
        (
            "x: floor((1 + 0.5)·0.5 - 0.25) = 0, floor((6 + 1.5)·0.5 - 0.25) = 3: columns 0..2 (3 cells)",
            "y: floor((1 + 0.5)·0.5 - 0.25) = 0, floor((6 + 1.5)·0.5 - 0.25) = 3: rows 0..2 (3 cells)",
        ),
    )
    assert record.steps[3].title == "bin edges (overlap in float32, 2×2 bins)"
    assert record.steps[3].lines[0] == (
        "x: floor(1·(3/2)) = 1 to ceil(2·(3/2)) = 3 of 3 cells, from column 0 on: columns 1..2"
    )


def test_large_bins_list_their_first_cells():
    """12 × 12 cells."""
    cells = explain.roi_pool(RAMP, [[0, 0, 0, 11, 11]], 1).bin(0, 0, 0, 0).steps[4]
    assert cells.lines[0].replace("\N{NO-BREAK SPACE}", " ") == "row 0: 0 1 2 3 4 5 6 7 ..."
    assert cells.lines[-1] == "and 4 rows more"
    assert len(cells.lines) == 9


def test_a_bin_that_leaves_the_map_says_so():
    """Caffe reads the bottom row past row 7: rows 6..8 of 0..7."""
    record = explain.roi_pool(MAP, ROI, 2).bin(0, 0, 1, 1)
    assert "rows 6..8, columns 4..7 (on the map: rows 6..7, columns 4..7)" in record.sentence
    assert record.rows_on_map == (6, 8)


def test_empty_bins_in_words():
    """One cell in two bins is [0, 0) and [0, 1); and a box beside the map has no cell at all."""
    one_cell = explain.roi_pool(MAP, [[0, 2, 3, 2, 3]], 2, convention="disjoint")
    assert one_cell.bin(0, 0, 0, 0).sentence.endswith("no rows, no columns; a bin without cells is 0")
    assert one_cell.bin(0, 0, 1, 1).sentence.endswith("row 3, column 2; maximum 0.76 at (3, 2)")
    outside = explain.roi_pool(MAP, [[0, 100, 3, 120, 5]], 1).bin(0, 0, 0, 0)
    assert "(none of it on the map); a bin without cells is 0" in outside.sentence


def test_averages_and_cells_that_count_as_zero_in_words():
    average = explain.roi_pool(MAP, [[0, 0, 3, 2, 5]], 1, convention="disjoint", mode="avg").bin(0, 0, 0, 0)
    assert average.result == pytest.approx((0.85 + 0.34 + 0.32 + 0.74) / 4)
    assert average.sentence.endswith("average 0.5625 of 4 cells")
    zero = Convention(rounding="floor", ends="exclusive", split="disjoint", outside="zero")
    two_rows_off = [[0, 0, 6, 2, 10]]
    mean = explain.roi_pool(MAP, two_rows_off, 1, convention=zero, mode="avg").bin(0, 0, 0, 0)
    assert mean.sentence.endswith("average 0.24375 of 8 cells")  # (.19 + .69 + .83 + .24) / 8
    negative = explain.roi_pool(-MAP, two_rows_off, 1, convention=zero).bin(0, 0, 0, 0)
    assert negative.sentence.endswith("maximum 0, that of the cells off the map")


def test_a_sampled_bin_in_words():
    lines = str(explain.roi_align(MAP, ROI, 2, 1.0, 2, True).bin(0, 0, 0, 0)).split("\n")
    assert lines[0] == (
        "bin (0, 0) of RoI 0, channel 0: y 2.5 to 5, x -0.5 to 3 in index coordinates; "
        "average 0.476953 of 2×2 samples: 0.636094, 0.702813, 0.365, 0.203906."
    )
    assert lines[2:] == [
        "2. times spatial_scale 1, minus 0.5: values stand at the cells' centres",
        "     x: 0 × 1 - 0.5 = -0.5 to 7 × 1 - 0.5 = 6.5",
        "     y: 3 × 1 - 0.5 = 2.5 to 8 × 1 - 0.5 = 7.5",
        "3. bins (2×2, not quantized)",
        "     x: 7 / 2 = 3.5 cells a bin; bin 0 from -0.5 + 0·3.5 = -0.5 to 3",
        "     y: 5 / 2 = 2.5 cells a bin; bin 0 from 2.5 + 0·2.5 = 2.5 to 5",
        "4. sample points (2×2, at the centres of the bin's parts)",
        "     x: -0.5 + (i + 0.5)·3.5/2 = 0.375, 2.125",
        "     y: 2.5 + (i + 0.5)·2.5/2 = 3.125, 4.375",
        "5. four neighbours, and their weights",
        "     (3.125, 0.375) = 0.546875 × 0.85 at (3, 0) + 0.328125 × 0.34 at (3, 1) +",
        "       0.078125 × 0.32 at (4, 0) + 0.046875 × 0.74 at (4, 1) = 0.636094",
        "     (3.125, 2.125) = 0.765625 × 0.76 at (3, 2) + 0.109375 × 0.84 at (3, 3) +",
        "       0.109375 × 0.21 at (4, 2) + 0.015625 × 0.39 at (4, 3) = 0.702813",
        "     (4.375, 0.375) = 0.390625 × 0.32 at (4, 0) + 0.234375 × 0.74 at (4, 1) +",
        "       0.234375 × 0.2 at (5, 0) + 0.140625 × 0.14 at (5, 1) = 0.365",
        "     (4.375, 2.125) = 0.546875 × 0.21 at (4, 2) + 0.078125 × 0.39 at (4, 3) +",
        "       0.328125 × 0.16 at (5, 2) + 0.046875 × 0.13 at (5, 3) = 0.203906",
        "6. average: (0.636094 + 0.702813 + 0.365 + 0.203906) / 4 = 0.476953",
    ]


def test_the_steps_of_other_variants():
    """Half a cell wide and not aligned: 1 cell, at least; adaptive: ceil(1.25) and ceil(3.5) points."""
    narrow = explain.roi_align(MAP, [[0, 2, 2, 2.5, 4]], 1).bin(0, 0, 0, 0)
    assert narrow.steps[1] == (
        "times spatial_scale 1",
        ("x: 2 × 1 = 2 to 2.5 × 1 = 2.5; at least 1 cell: 2 to 3", "y: 2 × 1 = 2 to 4 × 1 = 4"),
    )
    adaptive = explain.roi_align(MAP, ROI, (4, 2), aligned=True, mode="max").bin(0, 0, 1, 0)
    assert adaptive.steps[3] == (
        "sample points (2×4, at the centres of the bin's parts)",
        (
            "x: ceil(3.5) = 4 points, -0.5 + (i + 0.5)·3.5/4 = -0.0625, 0.8125, 1.6875, 2.5625",
            "y: ceil(1.25) = 2 points, 3.75 + (i + 0.5)·1.25/2 = 4.0625, 4.6875",
        ),
    )
    assert adaptive.steps[4].lines[0].startswith("(4.0625, -0.0625), clamped to the map (4.0625, 0), = ")
    assert adaptive.steps[5].lines[0].startswith("max(0.3125, ")


def test_samples_off_the_map_empty_boxes_and_many_samples_in_words():
    outside = explain.roi_align(MAP, [[0, -9, 0, -5, 2]], 1, 1.0, 1).bin(0, 0, 0, 0)
    assert "(1, -7) is outside: counts as 0" in str(outside)
    assert str(outside).endswith("6. average: 0, of one sample")
    empty = explain.roi_align(MAP, [[0, 2, 2, 2, 2]], 1, aligned=True).bin(0, 0, 0, 0)
    assert empty.sentence.endswith("an empty box has no samples and is 0")
    assert [step.title for step in empty.steps[3:]] == ["sample points", "average"]
    assert empty.steps[3].lines == ("none: the box is empty",)
    many = explain.roi_align(MAP, ROI, 1, 1.0, 8).bin(0, 0, 0, 0)
    assert many.steps[4].lines[-1] == "and 48 samples more"
    assert len(many.steps[4].lines) == 17


def test_a_point_in_words():
    """A quarter of the way down and halfway across."""
    point = explain.bilinear_interpolate(np.array([[0.0, 1.0], [2.0, 3.0]]), [0.25], [0.5]).bin(0)
    assert str(point).split("\n") == [
        "point (y, x) = (0.25, 0.5) = 0.375 × 0 at (0, 0) + 0.375 × 1 at (0, 1) "
        "+ 0.125 × 2 at (1, 0) + 0.125 × 3 at (1, 1) = 1.",
        "1. point: (0.25, 0.5)",
        "2. how far it is from the neighbour at the top left: y - 0 = 0.25 and x - 0 = 0.5",
        "3. weights: each the area of the rectangle to the opposite neighbour",
        "     at (0, 0): (1 - 0.25)·(1 - 0.5) = 0.375",
        "     at (0, 1): (1 - 0.25)·0.5 = 0.375",
        "     at (1, 0): 0.25·(1 - 0.5) = 0.125",
        "     at (1, 1): 0.25·0.5 = 0.125",
        "4. sum: 0.375 × 0 at (0, 0) + 0.375 × 1 at (0, 1) + 0.125 × 2 at (1, 0) + 0.125 × 3 at (1, 1) = 1",
    ]


def test_points_at_the_border_in_words():
    """Up to one cell outside a point is clamped; beyond, it counts as 0."""
    near = explain.bilinear_interpolate(examples.MAP_8X8, [-0.5, -5.0], 5.25)
    assert near.bin(0).steps[0].lines == ("(-0.5, 5.25), clamped to the map (0, 5.25)",)
    assert str(near.bin(1)).split("\n") == [
        "point (y, x) = (-5, 5.25) is outside: counts as 0.",
        "1. point: (-5, 5.25) is outside: counts as 0",
        "2. value: 0",
    ]


@pytest.mark.parametrize(
    "record",
    [
        explain.roi_pool(MAP, ROI, 2).bin(0, 0, 1, 0),
        explain.roi_align(MAP, ROI, 2, 1.0, 2).bin(0, 0, 1, 0),
        explain.bilinear_interpolate(examples.MAP_8X8, 3.125, 0.375).bin(),
    ],
    ids=lambda record: type(record).__name__,
)
def test_a_notebook_shows_the_derivation_beside_the_picture(record):
    """Well formed, every step in it, in the page's own colours: none is set outside of the picture."""
    root = ElementTree.fromstring(record._repr_html_())
    assert [item.find("b").text for item in root.iter("li")] == [step.title for step in record.steps]
    lines = [line.text for item in root.iter("li") for line in item.iter("div")]
    assert lines == [line for step in record.steps for line in step.lines]
    outside_of_the_picture = record._repr_html_().replace(record.picture().svg, "")
    assert "color" not in outside_of_the_picture
    assert not {"id", "class", "href", "src"} & {name for node in root.iter() for name in node.attrib}
    assert "script" not in record._repr_html_()


def test_a_range_of_cells_in_words():
    """7 -> 3 + 4; 20 cells in 7 bins of 2, the last ends at 14."""
    assert str(explain.bins(7, 2).bin(1)) == "bin 1: [3, 7), cells 3..6 (4 cells)"
    last = explain.bins(20, 7, convention="truncate").bin(6, 1)
    assert (last.p, last.start, last.end) == (6, 12, 14)
    assert str(explain.bins(1, 2).bin(0)) == "bin 0: [0, 0), no cells (0 cells)"
