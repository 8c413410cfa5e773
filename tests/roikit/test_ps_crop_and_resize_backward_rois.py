"""The gradient of position-sensitive crop_and_resize by the boxes: how parts move, and maps' slopes."""

import numpy as np
import pytest
from drawn import case
from gradients import central_differences
from hypothesis import assume, given
from hypothesis import strategies as st

import roikit
from roikit import crop_and_resize_backward_rois, ps_crop_and_resize, ps_crop_and_resize_backward_rois
from roikit.reference.crop_and_resize import crop_points
from roikit.reference.ps_crop_and_resize import part_of_roi
from roikit.reference.ps_crop_and_resize_backward_rois import ps_crop_and_resize_backward_rois as definition

pytestmark = pytest.mark.usefixtures("backend")

#: Two maps that rise by 1 and by 10 a column.
RAMPS = np.array([[[[0.0, 1.0, 2.0, 3.0]] * 4, [[0.0, 10.0, 20.0, 30.0]] * 4]])


def by_box(box, grad, group_size, features=RAMPS, coordinates="cells"):
    grad = np.array(grad, np.float64).reshape(1, -1, 1, len(grad))
    options = {"group_size": group_size, "coordinates": coordinates}
    return ps_crop_and_resize_backward_rois(grad, features, [[0, *box]], **options)[0].tolist()


# --- by hand ----------------------------------------------------------------------------------------------


def test_a_part_moves_by_how_near_it_lies_to_an_end():
    """The left half's middle moves by 3/4 of what the left end does, the right half's by 1/4; and each counts
    for half."""
    assert by_box([0.25, 0.5, 2.5, 1.25], [1.0], (1, 2)) == [
        (0.75 * 1 + 0.25 * 10) / 2, 0, (0.25 * 1 + 0.75 * 10) / 2, 0,
    ]


def test_the_ends_of_parts_move_with_those_of_the_box():
    """The left part's left end with the box's left end alone, the right part's by half of it."""
    assert by_box([0.25, 0.5, 2.5, 1.25], [1.0, 0.0], (1, 2)) == [(1 + 5) / 2, 0, 5 / 2, 0]


def test_parts_above_each_other():
    turned = RAMPS.transpose(0, 1, 3, 2)
    assert by_box([0.5, 0.25, 1.25, 2.5], [1.0], (2, 1), turned) == [0, 3.25 / 2, 0, 7.75 / 2]


def test_normalized_ends_move_points_by_the_map():
    box = np.array([0.25, 0.5, 2.5, 1.25]) / 3
    np.testing.assert_allclose(by_box(box, [1.0], (1, 2), coordinates="normalized"), [4.875, 0, 11.625, 0])


def test_off_the_map_there_is_no_slope():
    """The right half's point lies at column 3.75: the left half's alone moves."""
    assert by_box([0.25, 0, 4.917, 0], [2.0], (1, 2)) == [0.75, 0, 0.25, 0]
    assert by_box([9, 0, 12, 0], [np.nan], (1, 2)) == [0, 0, 0, 0]


# --- it is the gradient -----------------------------------------------------------------------------------


@given(case("ps_crop_and_resize_backward_rois"))
def test_it_is_what_the_definition_says(drawn):
    (grad, features, rois), options = drawn
    groups = options["group_size"]
    GH, GW = groups if isinstance(groups, tuple) else (groups, groups)
    expected = np.empty((len(rois), 4))
    definition(grad, features, rois, expected, options["coordinates"], (GH, GW))
    got = ps_crop_and_resize_backward_rois(grad, features, rois, **options)
    np.testing.assert_array_equal(got, expected)


def far_from_kinks(rois, shape, size, groups, least=1e-3):
    """Whether no point is near a cell, or the map's border."""
    for roi in rois:
        for gh, gw in np.ndindex(groups):
            _, x1, y1, x2, y2 = part_of_roi(roi, gh, gw, groups)
            for (start, end), count, length in zip(((y1, y2), (x1, x2)), size, shape[2:], strict=True):
                points = crop_points(start, end, count, length, "normalized")
                if np.any(np.abs(points - np.round(points)) < least):
                    return False
    return True


@given(
    seed=st.integers(0, 2**32), size=st.tuples(st.integers(1, 3), st.integers(1, 3)),
    groups=st.tuples(st.integers(1, 3), st.integers(1, 2)),
)
def test_it_is_what_central_differences_say(seed, size, groups):
    """Boxes inside, over every border, outside and flipped."""
    rng = np.random.default_rng(seed)
    features, K = rng.normal(size=(2, 2 * groups[0] * groups[1], 6, 5)), 2
    rois = np.column_stack([rng.integers(0, 2, K), rng.uniform(-0.3, 1.3, (K, 4))])
    assume(far_from_kinks(rois, features.shape, size, groups))
    grad = rng.normal(size=(K, 2, *size))

    def loss(boxes):
        table = np.column_stack([rois[:, 0], boxes])
        return (grad * ps_crop_and_resize(features, table, size, group_size=groups)).sum()

    with roikit.use_backend("cpu"):
        expected = central_differences(loss, rois[:, 1:])
    got = ps_crop_and_resize_backward_rois(grad, features, rois, group_size=groups)
    np.testing.assert_allclose(got, expected, rtol=0, atol=1e-7)  # 1e-16 of rounding over steps of 1e-6


def test_one_group_is_crop_and_resizes():
    rng = np.random.default_rng(0)
    grad, features = rng.normal(size=(3, 4, 2, 3)), rng.normal(size=(1, 4, 6, 5))
    rois = np.column_stack([np.zeros(3), rng.uniform(-0.2, 1.2, (3, 4))])
    expected = crop_and_resize_backward_rois(grad, features, rois)
    assert np.array_equal(ps_crop_and_resize_backward_rois(grad, features, rois, group_size=1), expected)


# --- the arrays -------------------------------------------------------------------------------------------


def test_channels_last_and_narrow():
    rng = np.random.default_rng(1)
    grad, features = rng.normal(size=(3, 2, 2, 3)), rng.normal(size=(2, 12, 6, 5))
    rois = np.column_stack([[0, 1, 1], rng.uniform(-0.2, 1.2, (3, 4))])
    for dtype in (np.float16, np.float32, np.float64):
        given = grad.astype(dtype), features.astype(dtype)
        exact = [each.astype(np.float64) for each in given]
        expected = ps_crop_and_resize_backward_rois(*exact, rois, group_size=(2, 3))
        last = [each.transpose(0, 2, 3, 1).copy() for each in given]
        got = ps_crop_and_resize_backward_rois(*last, rois, group_size=(2, 3), layout="NHWC")
        assert got.dtype == np.float64
        np.testing.assert_allclose(got, expected, rtol=0, atol=1e-13)


def test_no_boxes_and_no_channels():
    maps = np.zeros((1, 4, 3, 3))
    assert ps_crop_and_resize_backward_rois(np.zeros((0, 1, 2, 2)), maps, [], group_size=2).shape == (0, 4)
    got = ps_crop_and_resize_backward_rois(
        np.zeros((1, 0, 2, 2)), maps[:, :0], [[0, 0, 0, 1, 1]], group_size=2**20
    )
    assert got.tolist() == [[0, 0, 0, 0]]


def test_errors():
    maps, box = np.zeros((1, 4, 3, 3)), [[0, 0, 0, 1, 1]]
    with pytest.raises(TypeError, match=r"^grad must be float64, as features is; got float32"):
        ps_crop_and_resize_backward_rois(np.zeros((1, 1, 2, 2), np.float32), maps, box, group_size=2)
    with pytest.raises(ValueError, match=r"for each 2 × 2 of the map: it has 2, and features has 4$"):
        ps_crop_and_resize_backward_rois(np.zeros((1, 2, 2, 2)), maps, box, group_size=2)
