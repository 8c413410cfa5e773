"""The gradient of RoIAlign on a pyramid by the boxes, each on the map of its level."""

import numpy as np
import pytest
from gradients import central_differences
from test_roi_align_pyramid import SCALES, boxes
from test_roi_align_pyramid_backward import SAMPLING, SHAPES, gradient

from roikit.ops.pyramid_levels import pyramid_levels
from roikit.ops.roi_align_backward_rois import roi_align_backward_rois
from roikit.ops.roi_align_pyramid import roi_align_pyramid
from roikit.ops.roi_align_pyramid_backward_rois import roi_align_pyramid_backward_rois
from roikit.reference.roi_align_pyramid_backward_rois import roi_align_pyramid_backward_rois as definition

pytestmark = pytest.mark.usefixtures("backend")


def maps(dtype=np.float64):
    rng = np.random.default_rng(8)
    return [rng.uniform(-1, 1, shape).astype(dtype) for shape in SHAPES]


def test_by_hand():
    """Maps that rise by 1 a column: the middle moves by half of an end, in cells of 4 and of 8 pixels."""
    slopes = [np.tile(np.arange(60.0), (1, 1, 60, 1))] * 2
    rois = [[0, 8, 8, 24, 24], [0, 160, 160, 280, 280]]
    got = roi_align_pyramid_backward_rois(np.ones((2, 1, 1, 1)), slopes, rois, SCALES[:2], 1)
    assert got.tolist() == [[1 / 8, 0, 1 / 8, 0], [1 / 16, 0, 1 / 16, 0]]


def test_each_row_is_that_of_roi_align_on_its_map():
    grad, rois, features = gradient().astype(np.float32), boxes(), maps(np.float32)
    got = roi_align_pyramid_backward_rois(grad, features, rois, *SAMPLING)
    assert got.dtype == np.float64
    for k, level in enumerate(pyramid_levels(rois)):
        arguments = grad[[k]], features[level], rois[[k]], SCALES[level]
        assert np.array_equal(got[k], roi_align_backward_rois(*arguments, *SAMPLING[1:])[0])


@pytest.mark.parametrize("mode", ["avg", "max", "max_corners"])
def test_it_is_its_definition(mode):
    grad, rois, features = gradient(), boxes(), maps()
    expected = np.empty((len(rois), 4))
    definition(grad, features, rois, pyramid_levels(rois), expected, *SAMPLING, mode)
    got = roi_align_pyramid_backward_rois(grad, features, rois, *SAMPLING, mode=mode)
    assert np.array_equal(got, expected)


@pytest.mark.parametrize("mode", ["avg", "max"])
def test_central_differences(mode):
    grad, rois, features = gradient(), boxes(), maps()
    batch = rois[:, :1]

    def loss(ends):
        rows = np.column_stack([batch, ends])
        return (grad * roi_align_pyramid(features, rows, (2, 3), SCALES, 2, True, mode=mode)).sum()

    rois[:, 3:] += 0.3  # off the border of two levels
    got = roi_align_pyramid_backward_rois(grad, features, rois, SCALES, 2, True, mode=mode)
    np.testing.assert_allclose(got, central_differences(loss, rois[:, 1:]), rtol=0, atol=1e-7)


def test_channels_last():
    grad, rois, features = gradient(), boxes(), maps()
    last = [each.transpose(0, 2, 3, 1) for each in features]
    got = roi_align_pyramid_backward_rois(grad.transpose(0, 2, 3, 1), last, rois, *SAMPLING, layout="NHWC")
    assert np.array_equal(got, roi_align_pyramid_backward_rois(grad, features, rois, *SAMPLING))


def test_no_boxes():
    got = roi_align_pyramid_backward_rois(np.empty((0, 2, 2, 3)), maps(), [], *SAMPLING)
    assert got.shape == (0, 4)


def test_a_wrong_argument_is_one_sentence():
    with pytest.raises(TypeError, match=r"^grad must be float32, as features is; got float64"):
        roi_align_pyramid_backward_rois(gradient(), maps(np.float32), boxes(), *SAMPLING)
    with pytest.raises(ValueError, match=r"^grad must have the map's channels: it has 2, and features has 3"):
        roi_align_pyramid_backward_rois(gradient(), [np.zeros((2, 3, 4, 4))], boxes(), [0.25])
