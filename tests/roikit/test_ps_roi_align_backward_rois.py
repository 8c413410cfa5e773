"""The gradient of position-sensitive RoIAlign by the boxes: the slope of each bin's own map."""

import numpy as np
import pytest
from gradients import central_differences
from hypothesis import assume, given
from hypothesis import strategies as st
from test_roi_align_backward_rois import far_from_kinks

import roikit
from roikit import examples, ps_roi_align, ps_roi_align_backward_rois, roi_align_backward_rois

pytestmark = pytest.mark.usefixtures("backend")

#: Two maps: y * 10 + x, and 100 x.
RAMPS = np.stack([examples.ramp(6, 6, a=10.0, b=1.0), examples.ramp(6, 6, a=0.0, b=100.0)])[None]


def by_box(box, grad=((1.0, 1.0),), features=RAMPS, **options):
    """The gradient of one box's bins by x1, y1, x2, y2."""
    grad = np.array(grad)[None, None]
    return ps_roi_align_backward_rois(grad, features, [[0, *box]], **options)[0].tolist()


# --- by hand ----------------------------------------------------------------------------------------------


def test_each_bin_feels_the_slope_of_its_own_map():
    """Centres at a quarter and three quarters of the width: x1 moves them by 3/4 and 1/4."""
    assert by_box([1, 1, 3, 2], grad=[[1.0, 0.0]]) == [0.75, 5, 0.25, 5]
    assert by_box([1, 1, 3, 2], grad=[[0.0, 1.0]]) == [25, 0, 75, 0]
    assert by_box([1, 1, 3, 2]) == [25.75, 5, 75.25, 5]


def test_channels_add_up():
    features, grad = np.concatenate([RAMPS, -RAMPS], axis=1), np.ones((1, 2, 1, 2))
    grad[0, 1] = 0.5
    got = ps_roi_align_backward_rois(grad, features, [[0, 1, 1, 3, 2]])
    assert got[0].tolist() == [25.75 / 2, 2.5, 75.25 / 2, 2.5]


def test_pixels_are_not_cells():
    assert by_box([2, 2, 6, 4], spatial_scale=0.5) == [25.75 / 2, 2.5, 75.25 / 2, 2.5]


def test_a_box_that_was_made_one_cell_moves_with_its_start():
    assert by_box([1, 1, 1.5, 1.5], grad=[[1.0, 0.0]], aligned=False) == [1, 10, 0, 0]


def test_an_empty_box_has_no_adaptive_samples_and_no_gradient():
    assert by_box([2, 2, 1, 1]) == [0, 0, 0, 0]


def test_a_nan_on_another_map_is_not_seen():
    features = RAMPS.copy()
    features[0, 1] = np.nan
    assert by_box([1, 1, 3, 2], [[1.0]], features, group_size=(1, 2)) == [0.5, 5, 0.5, 5]


# --- it is the gradient -----------------------------------------------------------------------------------


@given(
    seed=st.integers(0, 2**32), ratio=st.sampled_from([-1, 1, 2]), aligned=st.booleans(),
    scale=st.sampled_from([1.0, 0.5]), groups=st.sampled_from([None, 1, 2, (1, 4)]),
)
def test_it_is_what_central_differences_say(seed, ratio, aligned, scale, groups):
    """Boxes inside, over every border, outside and reversed."""
    rng = np.random.default_rng(seed)
    features, size, K = rng.normal(size=(2, 12, 6, 5)), (2, 3), 2
    rois = np.column_stack([rng.integers(0, 2, K), rng.uniform(-2, 9, (K, 4))])
    assume(far_from_kinks(rois, features.shape, size, scale, ratio, aligned))
    options = {"group_size": groups, "aligned": aligned}

    def loss(boxes):
        table = np.column_stack([rois[:, 0], boxes])
        return (grad * ps_roi_align(features, table, size, scale, ratio, **options)).sum()

    with roikit.use_backend("cpu"):
        grad = rng.normal(size=ps_roi_align(features, rois, size, scale, ratio, **options).shape)
        expected = central_differences(loss, rois[:, 1:])
    got = ps_roi_align_backward_rois(grad, features, rois, scale, ratio, **options)
    np.testing.assert_allclose(got, expected, rtol=0, atol=1e-7)  # 1e-16 of rounding over steps of 1e-6


def case(dtype=np.float64):
    rng = np.random.default_rng(1)
    rois = np.column_stack([rng.integers(0, 2, 4), rng.integers(-4, 18, (4, 4)) / 2])
    return rng.normal(size=(4, 2, 2, 3)).astype(dtype), rng.normal(size=(2, 12, 5, 6)).astype(dtype), rois


@pytest.mark.parametrize("aligned", [True, False])
def test_one_group_is_roi_align(aligned):
    grad, features, rois = case()
    got = ps_roi_align_backward_rois(grad, features[:, :2], rois, group_size=1, aligned=aligned)
    assert np.array_equal(got, roi_align_backward_rois(grad, features[:, :2], rois, aligned=aligned))


@pytest.mark.parametrize("convention", ["roi_align", "chainercv_align"])
def test_a_convention_takes_the_place_of_aligned(convention):
    grad, features, rois = case()
    given = (grad, features[:, :2], rois)
    got = ps_roi_align_backward_rois(*given, group_size=1, convention=convention)
    assert np.array_equal(got, roi_align_backward_rois(*given, convention=convention))


# --- the arrays -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("dtype", [np.float16, np.float32])
def test_it_is_float64_whatever_the_features_are(dtype):
    grad, features, rois = case(dtype)
    got = ps_roi_align_backward_rois(grad, features, rois)
    assert got.dtype == np.float64
    wide = grad.astype(np.float64), features.astype(np.float64)
    assert np.array_equal(got, ps_roi_align_backward_rois(*wide, rois))


def test_any_layout():
    grad, features, rois = case()
    expected = ps_roi_align_backward_rois(grad, features, rois)
    last = grad.transpose(0, 2, 3, 1).copy(), features.transpose(0, 2, 3, 1).copy()
    assert np.array_equal(ps_roi_align_backward_rois(*last, rois, layout="NHWC"), expected)


def test_no_boxes_and_no_channels():
    assert ps_roi_align_backward_rois(np.zeros((0, 1, 1, 2)), RAMPS, []).shape == (0, 4)
    assert by_box([0, 0, 3, 3], np.zeros((1, 2)), RAMPS) == [0, 0, 0, 0]
    none = np.zeros((1, 0, 2, 2))
    assert ps_roi_align_backward_rois(none, RAMPS[:, :0], [[0, 0, 0, 3, 3]]).tolist() == [[0, 0, 0, 0]]


def test_what_does_not_fit():
    grad, features, rois = case()
    with pytest.raises(TypeError, match="grad must be float64, as features is; got float32"):
        ps_roi_align_backward_rois(grad.astype(np.float32), features, rois)
    with pytest.raises(ValueError, match="each 2 × 3 of the map: it has 1, and features has 12"):
        ps_roi_align_backward_rois(grad[:, :1], features, rois)
    with pytest.raises(ValueError, match="one row for each box: it has 3, and rois has 4"):
        ps_roi_align_backward_rois(grad[:3], features, rois)
