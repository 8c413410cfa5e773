"""TensorFlow's crop_and_resize on a CPU beside the preset with its name, values and both gradients."""

import numpy as np
import pytest

tensorflow = pytest.importorskip("tensorflow", reason="tensorflow is not installed here")

from random_calls import FLOAT32, boxes, drawn, maps  # noqa: E402

import roikit  # noqa: E402
from roikit import PRESETS  # noqa: E402

HOW = PRESETS["crop_and_resize"]["tensorflow"]
#: Of the map's width and height.
ROIS = boxes(1.0) / np.float32([1, 24, 20, 24, 20])
Y_FIRST = [2, 1, 4, 3]


def crop_and_resize(features, rois, size, *options):
    """Channels last, y first; also both gradients of the sum, weighted."""
    image = tensorflow.constant(features.transpose(0, 2, 3, 1))
    corners = tensorflow.constant(rois[:, Y_FIRST])
    with tensorflow.GradientTape() as tape:
        tape.watch([image, corners])
        crops = tensorflow.image.crop_and_resize(image, corners, rois[:, 0].astype(np.int32), size, *options)
        weights = drawn(crops.shape[0], crops.shape[3], *crops.shape[1:3])
        loss = tensorflow.reduce_sum(crops * weights.transpose(0, 2, 3, 1))
    by_image, by_corners = tape.gradient(loss, [image, corners])
    channels_first = [each.numpy().transpose(0, 3, 1, 2) for each in (crops, by_image)]
    return *channels_first, by_corners.numpy()[:, [1, 0, 3, 2]], weights


@pytest.mark.parametrize("method", ["bilinear", "nearest"])
@pytest.mark.parametrize("size", [(1, 1), (1, 4), (3, 1), (5, 6)])
def test_values_and_gradients(size, method):
    crops, by_image, by_corners, weights = crop_and_resize(maps(), ROIS, size, method, -1.5)
    ours = roikit.crop_and_resize(maps(), ROIS, size, -1.5, method=method, **HOW)
    np.testing.assert_allclose(ours, crops, **FLOAT32)
    ours = roikit.crop_and_resize_backward(weights, ROIS, maps().shape, method=method, **HOW)
    np.testing.assert_allclose(ours, by_image, **FLOAT32)
    if method == "bilinear":
        ours = roikit.crop_and_resize_backward_rois(weights, maps(), ROIS, **HOW)
        np.testing.assert_allclose(ours, by_corners, rtol=0, atol=1e-3)  # up to 1000


def test_its_last_point_is_rounded_off_the_map():
    rows = np.arange(9, dtype=np.float32).reshape(1, 1, 3, 3)
    box = np.float32([[0, 0, 0.2, 0, 1]])
    crops, *_ = crop_and_resize(rows, box, (4, 1), "bilinear", -1.0)
    assert crops.ravel()[3] == -1
    assert roikit.crop_and_resize(rows, box, (4, 1), -1.0, **HOW).ravel()[3] == 6


def test_its_slope_at_a_point_on_a_cell_is_0():
    """A box over the whole map, whose corners are cells."""
    rows = np.arange(9, dtype=np.float32).reshape(1, 1, 3, 3)
    box = np.float32([[0, 0, 0, 1, 1]])
    _, _, by_corners, weights = crop_and_resize(rows, box, (2, 2))
    assert not by_corners.any()
    assert roikit.crop_and_resize_backward_rois(weights, rows, box, **HOW).all()


def test_it_reads_no_neighbour_of_weight_0():
    cells = np.zeros((1, 1, 3, 3), np.float32)
    cells[0, 0, 1, 1] = np.nan
    box = np.zeros((1, 5), np.float32)
    crops, *_ = crop_and_resize(cells, box, (1, 1))
    assert crops.item() == 0
    assert np.isnan(roikit.crop_and_resize(cells, box, 1, **HOW)).all()
