"""The gradient of border align by the map: weights worked by hand, differences, transposes, refusals."""

import numpy as np
import pytest
from gradients import boxes_anywhere, central_differences
from hypothesis import given
from hypothesis import strategies as st

from roikit import border_align, border_align_backward, use_backend
from roikit._dispatch import kernel

pytestmark = pytest.mark.usefixtures("backend")

FEW_ROUNDINGS = 1e-12


def give_back(box, argmax, grad=(1.0, 10.0, 100.0, 1000.0), pool_size=2):
    """What one channel a side gives to maps of 3 by 3, whose maxima are at these points."""
    grad, argmax = np.array([[grad]]), np.array([[argmax]])
    return border_align_backward(grad, [[0, *box]], argmax, (1, 4, 3, 3), pool_size)[0].tolist()


# --- by hand ----------------------------------------------------------------------------------------------


def test_each_side_gives_to_its_own_channels_from_its_own_corner():
    """One step from the corner: (1, 0) on the top, (0, 1) left, (1, 2) on the bottom, (2, 1) right."""
    assert give_back([0, 0, 2, 2], [1, 1, 1, 1]) == [
        [[0, 1, 0], [0, 0, 0], [0, 0, 0]],
        [[0, 0, 0], [10, 0, 0], [0, 0, 0]],
        [[0, 0, 0], [0, 0, 0], [0, 100, 0]],
        [[0, 0, 0], [0, 0, 1000], [0, 0, 0]],
    ]
    assert give_back([0, 0, 2, 2], [0, 2, 0, 2]) == [
        [[1, 0, 0], [0, 0, 0], [0, 0, 0]],
        [[0, 0, 0], [0, 0, 0], [10, 0, 0]],
        [[0, 0, 0], [0, 0, 0], [0, 0, 100]],
        [[0, 0, 1000], [0, 0, 0], [0, 0, 0]],
    ]


def test_a_point_between_four_cells_gives_by_their_weights():
    """On the top at x = 1.25, y = 0.5."""
    assert give_back([0.25, 0.5, 2.25, 1], [1, 0, 0, 0], (8.0, 0.0, 0.0, 0.0))[0] == [
        [0, 3, 1], [0, 3, 1], [0, 0, 0]
    ]


def test_a_maximum_off_the_map_gives_nothing():
    assert not np.any(give_back([9, 9, 12, 12], [0, 1, 2, 0]))
    assert np.sum(give_back([-1, -1, 3, 3], [0, 0, 0, 0])) == 1111  # clamped


def test_a_nan_goes_to_all_four_neighbours_also_by_weight_0():
    got = give_back([0, 0, 2, 2], [0, 0, 0, 0], (np.nan, 0.0, 0.0, 0.0))
    assert np.argwhere(np.isnan(got)).tolist() == [[0, 0, 0], [0, 0, 1], [0, 1, 0], [0, 1, 1]]


def test_boxes_on_one_place_add_up_and_images_are_apart():
    grad, box = np.zeros((3, 1, 4)), [0, 0, 1, 1]
    grad[:, 0, 0] = [1, 10, 100]
    argmax = np.zeros((3, 1, 4), int)
    got = border_align_backward(grad, [[0, *box], [1, *box], [0, *box]], argmax, (2, 4, 2, 2), 1)
    assert got[:, 0, 0, 0].tolist() == [101, 10]
    assert got.sum() == 111


# --- it is the gradient -----------------------------------------------------------------------------------


@given(seed=st.integers(0, 2**32), pool_size=st.integers(1, 4), scale=st.sampled_from([1.0, 0.5, 1.25]))
def test_it_is_what_central_differences_say(seed, pool_size, scale):
    """A small step changes no maximum's place; between, the maxima are linear in the map."""
    rng = np.random.default_rng(seed)
    features, rois = rng.normal(size=(2, 4, 4, 5)), boxes_anywhere(rng, 2, around=4)
    grad = rng.normal(size=(2, 1, 4))
    _, argmax = border_align(features, rois, pool_size, scale, return_argmax=True)

    def loss(maps):
        return (grad * border_align(maps, rois, pool_size, scale)).sum()

    with use_backend("cpu"):
        expected = central_differences(loss, features, step=1e-7)
    got = border_align_backward(grad, rois, argmax, features.shape, pool_size, scale)
    np.testing.assert_allclose(got, expected, rtol=0, atol=1e-7)


@given(seed=st.integers(0, 2**32), pool_size=st.integers(1, 5))
def test_it_is_the_transpose(seed, pool_size):
    rng = np.random.default_rng(seed)
    features, rois = rng.normal(size=(2, 8, 5, 6)), boxes_anywhere(rng, 3)
    maxima, argmax = border_align(features, rois, pool_size, return_argmax=True)
    grad = rng.normal(size=maxima.shape)
    back = border_align_backward(grad, rois, argmax, features.shape, pool_size)
    assert abs(np.vdot(maxima, grad) - np.vdot(features, back)) < FEW_ROUNDINGS


# --- the arrays -------------------------------------------------------------------------------------------


def case(dtype=np.float64, index=np.int64):
    rng = np.random.default_rng(1)
    grad, rois = rng.normal(size=(5, 3, 4)).astype(dtype), boxes_anywhere(rng, 5)
    return grad, rois, rng.integers(0, 4, grad.shape, index), (2, 12, 6, 7)


@pytest.mark.parametrize("dtype", [np.float16, np.float32])
def test_it_is_added_up_in_float64_and_rounded_once(dtype):
    grad, rois, argmax, shape = case(dtype)
    got = border_align_backward(grad, rois, argmax, shape, 3)
    assert got.dtype == dtype
    wide = border_align_backward(grad.astype(np.float64), rois, argmax, shape, 3)
    assert np.array_equal(got, wide.astype(dtype))


@pytest.mark.parametrize("index", [np.int32, np.int64, ">i8"])
def test_channels_last_and_out(index):
    grad, rois, argmax, (N, C, H, W) = case(index=np.int64)
    expected = border_align_backward(grad, rois, argmax, (N, C, H, W), 3).transpose(0, 2, 3, 1)
    last, places = grad.transpose(0, 2, 1).copy(), argmax.transpose(0, 2, 1).astype(index)
    out = np.full((N, H, W, C), np.nan)
    assert border_align_backward(last, rois, places, (N, H, W, C), 3, layout="NHWC", out=out) is out
    assert np.array_equal(out, expected)


def test_no_boxes_no_channels_and_no_images():
    none = np.zeros((0, 1, 4), int)
    assert not border_align_backward(np.zeros((0, 1, 4)), [], none, (2, 4, 4, 5), 1).any()
    empty = np.zeros((1, 0, 4), int)
    assert border_align_backward(np.zeros((1, 0, 4)), [[0, 0, 0, 1, 1]], empty, (1, 0, 4, 4), 1).size == 0
    assert border_align_backward(np.zeros((0, 1, 4)), [], none, (0, 4, 4, 4), 1).shape == (0, 4, 4, 4)


def sentence(error, **changed):
    grad, rois, argmax, shape = case()
    given = {"grad": grad, "rois": rois, "argmax": argmax, "input_shape": shape, "pool_size": 3} | changed
    with pytest.raises(error) as caught:
        border_align_backward(**given)
    return str(caught.value)


def points(value, index=np.int64):
    _, _, argmax, _ = case(index=index)
    argmax[4, 1, 2] = value
    return argmax


def test_wrong_arguments_get_a_sentence():
    grad, *_ = case()
    assert sentence(ValueError, grad=grad[0]) == "grad must have shape (K, C, 4); got (3, 4)"
    assert sentence(ValueError, grad=grad[..., :3]) == "grad must have shape (K, C, 4); got (5, 3, 3)"
    assert sentence(ValueError, grad=grad, layout="NHWC") == "grad must have shape (K, 4, C); got (5, 3, 4)"
    assert sentence(ValueError, grad=grad[:2]) == (
        "grad must have one row for each box: it has 2, and rois has 5"
    )
    assert sentence(ValueError, grad=grad[:, :2]) == (
        "grad must have a quarter of the map's channels: it has 2, and input_shape has 12"
    )
    assert sentence(ValueError, input_shape=(2, 13, 6, 7)) == (
        "input_shape must have a multiple of 4 channels: those of the top, left, bottom and right sides; "
        "got 13"
    )
    assert sentence(ValueError, pool_size=5000) == "pool_size must lie within 1 .. 4096; got 5000"


_POINTS = "a side of pool_size 3 has the points 0..3"


@pytest.mark.parametrize(
    ("argmax", "error", "expected"),
    [
        (points(4), ValueError, f"argmax[4, 1, 2] is 4: {_POINTS}"),
        (points(-1, np.int32), ValueError, f"argmax[4, 1, 2] is -1: {_POINTS}"),
        (points(0)[:1], ValueError, "argmax must have grad's shape (5, 3, 4); got (1, 3, 4)"),
        (points(0).astype(float), TypeError, "argmax must be int32 or int64; got float64"),
        (points(0).astype(np.int8), TypeError, "argmax must be int32 or int64; got int8"),
    ],
)
def test_an_argmax_that_is_none(argmax, error, expected):
    assert sentence(error, argmax=argmax) == expected


@pytest.mark.parametrize("index", [np.int32, np.int64])
def test_a_point_that_changes_after_the_check_is_left_out(index):
    """Another thread may write to the argmax: the kernels look again at each number that they use."""
    argmax = np.array([-1, 2, 2**31 - 1, 3], index).reshape(1, 1, 4)
    guarded = np.zeros((3, 4, 2, 2))
    kernel("border_align_backward")(np.ones((1, 1, 4)), np.zeros((1, 5)), argmax, guarded[1:2], 1.0, 2)
    assert guarded[1, :, 0, 0].tolist() == [0, 1, 0, 0]
    assert guarded.sum() == 1
    box = np.full((1, 4), np.nan)
    given_ = np.ones((1, 1, 4)), np.ones((1, 4, 2, 2)), np.zeros((1, 5)), argmax, box
    kernel("border_align_backward_rois")(*given_, 1.0, 2)
    assert np.isfinite(box).all()
