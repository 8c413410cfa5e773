"""Reading a map between its cells."""

import numpy as np
import pytest

from roikit import bilinear_interpolate, examples

pytestmark = pytest.mark.usefixtures("backend")

#      column 0   1   2
MAP = np.array([[0.0, 1, 2], [10, 11, 12], [20, 21, 22]])


def test_half_way_between_four_cells_is_their_mean():
    assert bilinear_interpolate(MAP, 0.5, 1.5) == (1 + 2 + 11 + 12) / 4


@pytest.mark.parametrize(
    ("y", "expected"),
    [
        (-1.0, 0 + 1),  # -1 itself is still inside, and clamped to row 0
        (-0.25, 0 + 1),
        (0.0, 1),
        (1.5, 16),
        (2.0, 21),
        (2.75, 21),  # clamped to the last row
        (3.0, 21),  # H itself is still inside
        (np.nextafter(-1, -2), 0),  # outside
        (np.nextafter(3, 4), 0),
        (1e300, 0),
        (-1e300, 0),
    ],
)
def test_the_border_rule_along_y(y, expected):
    assert bilinear_interpolate(MAP, y, 1.0) == expected
    assert bilinear_interpolate(MAP.T.copy(), 1.0, y) == expected  # and along x


def test_a_map_of_one_cell():
    y = [-1.5, -1, -0.5, 0, 0.5, 1, 1.5]
    assert bilinear_interpolate(np.array([[7.0]]), y, 0).tolist() == [0, 7, 7, 7, 7, 7, 0]


def test_a_linear_map_is_read_exactly():
    rng = np.random.default_rng(1)
    features = examples.ramp(9, 7, a=3.0, b=-2.0, c=0.5)
    y, x = rng.uniform(0, 8, 100), rng.uniform(0, 6, 100)
    np.testing.assert_allclose(bilinear_interpolate(features, y, x), 3 * y - 2 * x + 0.5, rtol=0, atol=1e-13)


def test_a_ramp_of_whole_numbers_is_a_feature_map_too():
    features = examples.ramp(9, 7, a=3, b=-2, c=0)
    assert features.dtype == np.float64
    assert bilinear_interpolate(features, 1.5, 2.5) == 3 * 1.5 - 2 * 2.5


def test_a_value_lies_between_its_neighbours():
    rng = np.random.default_rng(2)
    features = rng.uniform(3, 4, (8, 8))
    values = bilinear_interpolate(features, rng.uniform(-1, 8, 500), rng.uniform(-1, 8, 500))
    assert values.min() >= features.min()
    assert values.max() <= features.max()


@pytest.mark.parametrize("leading", [(), (3,), (2, 3), (0,), (2, 0)])
@pytest.mark.parametrize(("y_shape", "x_shape"), [((), ()), ((4,), (4,)), ((4, 1), (5,)), ((0,), ())])
def test_the_shape_is_the_leading_axes_and_then_the_points(leading, y_shape, x_shape):
    got = bilinear_interpolate(np.ones((*leading, 3, 3)), np.ones(y_shape), np.ones(x_shape))
    assert isinstance(got, np.ndarray)
    assert got.shape == leading + np.broadcast_shapes(y_shape, x_shape)
    assert (got == 1).all()


def test_points_in_a_grid_read_every_plane():
    planes = np.stack([MAP, MAP + 100])
    got = bilinear_interpolate(planes, np.array([[0.0], [1.5]]), np.array([0.0, 1.0, 2.0]))
    assert got.tolist() == [[[0, 1, 2], [15, 16, 17]], [[100, 101, 102], [115, 116, 117]]]


def test_all_four_neighbours_take_part_even_with_weight_0():
    features = np.array([[1.0, np.nan], [3.0, 4.0]])
    assert np.isnan(bilinear_interpolate(features, 0.0, 0.0))  # the NaN has weight 0 here
    infinite = np.array([[1.0, np.inf], [3.0, 4.0]])
    assert np.isnan(bilinear_interpolate(infinite, 0.0, 0.0))  # 0 * inf
    assert bilinear_interpolate(infinite, 0.0, 0.5) == np.inf


def test_the_last_row_and_column_have_no_further_neighbours():
    features = np.array([[np.nan, 1.0], [2.0, 3.0]])
    assert bilinear_interpolate(features, 1.0, 1.0) == 3


def test_a_point_outside_does_not_see_a_nan():
    assert bilinear_interpolate(np.full((2, 2), np.nan), -2.0, 0.0) == 0


def test_float32_is_computed_in_float64_and_rounded_once():
    rng = np.random.default_rng(3)
    features = rng.normal(size=(6, 6)).astype(np.float32)
    y, x = rng.uniform(0, 5, 50), rng.uniform(0, 5, 50)
    got = bilinear_interpolate(features, y, x)
    assert got.dtype == np.float32
    assert np.array_equal(got, bilinear_interpolate(features.astype(np.float64), y, x).astype(np.float32))
