"""Pictures on matplotlib's axes: axes in, the same axes out, in the map's own units."""

import subprocess
import sys

import matplotlib
import numpy as np
import pytest

from roikit import compare, examples, explain

matplotlib.use("Agg")
from matplotlib import colors, pyplot
from matplotlib.patches import Circle, PathPatch

MAP, ROI = examples.MAP_8X8_BATCH, examples.ROI_8X8
POOLED = explain.roi_pool(MAP, ROI, 2, convention="disjoint")


@pytest.fixture
def ax():
    figure, axes = pyplot.subplots(figsize=(5, 6))
    yield axes
    pyplot.close(figure)


def words(ax):
    return [text.get_text() for text in ax.texts]


def extents(ax):
    """(left, top, right, bottom) of every outline on the axes."""
    boxes = [patch.get_path().get_extents() for patch in ax.patches if isinstance(patch, PathPatch)]
    return [tuple(np.round([box.x0, box.y0, box.x1, box.y1], 3)) for box in boxes]


def test_axes_in_the_same_axes_out(ax):
    assert POOLED.draw(ax) is ax
    assert POOLED.bin(0, 0, 1, 0).draw(ax) is ax
    assert POOLED.picture().draw(ax) is ax
    ax.figure.canvas.draw()


def test_the_axes_have_the_maps_units(ax):
    """The box is columns 0..6, rows 3..7; the maximum of bin (1, 0) is in the cell (7, 2)."""
    POOLED.bin(0, 0, 1, 0).draw(ax)
    assert (0, 3, 7, 8) in extents(ax)
    circles = [patch for patch in ax.patches if isinstance(patch, Circle)]
    rings = sorted(circle.center for circle in circles if np.isclose(circle.radius, 0.4, atol=0.01))
    assert np.allclose(rings, [(0.5, 3.5), (2.5, 7.5), (3.5, 3.5), (6.5, 5.5)], atol=0.01)
    assert ax.yaxis_inverted()


def test_the_words_are_those_of_the_picture(ax):
    POOLED.draw(ax, (0, 0, 1, 0), got=[[[[0.85, 0.84], [0.69, 0.96]]]])
    assert "got" in words(ax)
    red = [text.get_text() for text in ax.texts if colors.same_color(text.get_color(), "#c8102e")]
    assert red == ["0.69"]


def test_without_axes_there_is_a_figure_of_the_pictures_size():
    picture = POOLED.picture()
    ax = picture.draw()
    width, height = ax.figure.get_size_inches() * 96
    assert (width, height) == pytest.approx((picture.width, picture.height))
    pyplot.close(ax.figure)


def test_sample_points_are_dots(ax):
    """16 in the bins, and what a legend has: all in cells, at (y, x) + .5."""
    explain.roi_align(MAP, ROI, 2, 1.0, 2, True).draw(ax)
    centres = np.array([patch.center for patch in ax.patches if isinstance(patch, Circle)])
    assert np.isclose(centres, (0.875, 3.625), atol=0.01).all(axis=1).any()


def test_bars_of_bins_are_drawn_in_pixels(ax):
    """A picture of no map has no cells to measure in."""
    explain.bins(7, 2).draw(ax)
    assert "1: [3, 7)" in words(ax)
    assert ax.get_xlim()[1] == explain.bins(7, 2).picture().width


def test_comparisons_are_drawn_side_by_side(ax):
    """Three maps, each further right."""
    comparison = compare.roi_pool(MAP, ROI, 2)
    assert comparison.draw(ax) is ax
    titles = [text.get_position() for text in ax.texts if text.get_text() in comparison.outputs]
    assert len({y for _, y in titles}) == 1
    assert len({x for x, _ in titles}) == 3


def test_no_formula_in_a_name(ax):
    compare.roi_pool(MAP, ROI, 2, conventions={"$\\frac{": "caffe"}).draw(ax)
    ax.figure.canvas.draw()


def test_import_does_not_load_matplotlib():
    code = "import sys, roikit; print('matplotlib' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "False\n"
