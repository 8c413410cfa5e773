"""The gradient of RoIAlign on a pyramid by the maps: what each of them gets."""

import numpy as np
import pytest
from gradients import central_differences
from test_roi_align_pyramid import SCALES, boxes

from roikit.ops.pyramid_levels import pyramid_levels
from roikit.ops.roi_align_backward import roi_align_backward
from roikit.ops.roi_align_pyramid import roi_align_pyramid
from roikit.ops.roi_align_pyramid_backward import roi_align_pyramid_backward
from roikit.reference.roi_align_pyramid_backward import roi_align_pyramid_backward as definition

pytestmark = pytest.mark.usefixtures("backend")

SHAPES = [(2, 2, 20, 22), (2, 2, 10, 11), (2, 2, 5, 6), (2, 2, 3, 3)]
SAMPLING = (SCALES, (2, 0), True)


def gradient(rng=None):
    return (rng or np.random.default_rng(5)).uniform(-1, 1, (7, 2, 2, 3))


def test_by_hand():
    """One sample a box, on a cell: the second box is of level 3, at (28, 28) cells of 8 pixels."""
    rois = [[0, 0, 0, 8, 8], [0, 168, 168, 280, 280], [0, 4, 4, 12, 12]]
    grad = np.array([1.0, 10, 100]).reshape(3, 1, 1, 1)
    fine, coarse = roi_align_pyramid_backward(grad, rois, [(1, 1, 4, 4), (1, 1, 30, 30)], SCALES[:2], 1)
    assert {tuple(at): fine[tuple(at)] for at in np.argwhere(fine)} == {(0, 0, 1, 1): 1, (0, 0, 2, 2): 100}
    assert {tuple(at): coarse[tuple(at)] for at in np.argwhere(coarse)} == {(0, 0, 28, 28): 10}


def test_each_map_gets_what_the_boxes_of_its_level_give():
    grad, rois = gradient(), boxes()
    levels = pyramid_levels(rois)
    got = roi_align_pyramid_backward(grad, rois, SHAPES, *SAMPLING)
    for level, maps in enumerate(got):
        mine = levels == level
        alone = roi_align_backward(grad[mine], rois[mine], SHAPES[level], SCALES[level], *SAMPLING[1:])
        assert np.array_equal(maps, alone)


def test_it_is_its_definition():
    grad, rois = gradient(), boxes()
    expected = [np.empty(shape) for shape in SHAPES]
    definition(grad, rois, pyramid_levels(rois), expected, *SAMPLING)
    for ours, theirs in zip(roi_align_pyramid_backward(grad, rois, SHAPES, *SAMPLING), expected, strict=True):
        assert np.array_equal(ours, theirs)


def test_it_is_the_transposed_map():
    rng = np.random.default_rng(6)
    grad, rois, maps = gradient(rng), boxes(rng), [rng.uniform(-1, 1, shape) for shape in SHAPES]
    there = (grad * roi_align_pyramid(maps, rois, (2, 3), *SAMPLING)).sum()
    back = roi_align_pyramid_backward(grad, rois, SHAPES, *SAMPLING)
    assert sum((a * b).sum() for a, b in zip(maps, back, strict=True)) == pytest.approx(there, abs=1e-12)


def test_central_differences():
    rng = np.random.default_rng(7)
    grad, rois, maps = gradient(rng), boxes(rng), [rng.uniform(-1, 1, shape) for shape in SHAPES]

    def loss(coarsest):
        return (grad * roi_align_pyramid([*maps[:3], coarsest], rois, (2, 3), *SAMPLING)).sum()

    got = roi_align_pyramid_backward(grad, rois, SHAPES, *SAMPLING)[3]
    np.testing.assert_allclose(got, central_differences(loss, maps[3]), rtol=0, atol=1e-8)


@pytest.mark.parametrize("mode", ["max", "max_corners"])
def test_of_maxima_each_map_gets_what_the_boxes_of_its_level_give(mode):
    rng = np.random.default_rng(8)
    grad, rois, maps = gradient(rng), boxes(rng), [rng.uniform(-1, 1, shape) for shape in SHAPES]
    levels = pyramid_levels(rois)
    got = roi_align_pyramid_backward(grad, rois, SHAPES, *SAMPLING, mode=mode, features=maps)
    expected = [np.empty(shape) for shape in SHAPES]
    definition(grad, rois, levels, expected, *SAMPLING, mode, maps)
    for ours, theirs in zip(got, expected, strict=True):
        assert np.array_equal(ours, theirs)
    bins = roi_align_pyramid(maps, rois, (2, 3), *SAMPLING, mode=mode)
    back = sum(np.vdot(each, total) for each, total in zip(maps, got, strict=True))
    assert back == pytest.approx(np.vdot(grad, bins), abs=1e-12)


def test_maxima_need_the_maps():
    grad, rois = gradient(), boxes()
    with pytest.raises(TypeError, match=r"^mode 'max' needs features=, the maps that the maxima are from$"):
        roi_align_pyramid_backward(grad, rois, SHAPES, *SAMPLING, mode="max")
    maps = [np.zeros(shape) for shape in (*SHAPES[:3], (2, 2, 3, 4))]
    with pytest.raises(ValueError, match=r"^features must have the shapes input_shapes, \[\(2, 2, 20, 22"):
        roi_align_pyramid_backward(grad, rois, SHAPES, *SAMPLING, features=maps)


def test_channels_last_into_memory_that_is_there():
    grad, rois = gradient().astype(np.float32), boxes()
    out = [np.full((N, H, W, C), np.nan, np.float32) for N, C, H, W in SHAPES]
    shapes = [each.shape for each in out]
    last = np.ascontiguousarray(grad.transpose(0, 2, 3, 1))
    got = roi_align_pyramid_backward(last, rois, shapes, *SAMPLING, layout="NHWC", out=out)
    expected = roi_align_pyramid_backward(grad, rois, SHAPES, *SAMPLING)
    for ours, theirs, mine in zip(got, expected, out, strict=True):
        assert ours is mine
        assert np.array_equal(ours.transpose(0, 3, 1, 2), theirs)


def test_no_boxes_give_zeros():
    for maps, shape in zip(
        roi_align_pyramid_backward(np.empty((0, 2, 2, 3)), [], SHAPES, *SAMPLING), SHAPES, strict=True
    ):
        assert maps.shape == shape
        assert not maps.any()


@pytest.mark.parametrize(
    ("options", "error", "sentence"),
    [
        (
            {"input_shapes": (2, 2, 20, 22)},
            TypeError,
            "input_shapes must be a list of shapes, finest first; got (2, 2, 20, 22)",
        ),
        (
            {"input_shapes": [SHAPES[0], (2, 3, 5, 5)], "spatial_scales": SCALES[:2]},
            ValueError,
            "input_shapes must have the same images and channels; got [(2, 2, 20, 22), (2, 3, 5, 5)]",
        ),
        (
            {"spatial_scales": SCALES[:3]},
            ValueError,
            "spatial_scales must be one for each map: input_shapes has 4; got 3",
        ),
        ({"out": []}, TypeError, "out must be a list of 4 arrays, one for each map; got []"),
        (
            {"out": [np.empty(shape) for shape in [*SHAPES[:3], (1,)]]},
            ValueError,
            "out[3] must have shape (2, 2, 3, 3); got (1,)",
        ),
        ({"rois": boxes()[:3]}, ValueError, "grad must have one row for each box: it has 7, and rois has 3"),
        ({"aligned": None}, TypeError, "aligned must be True or False; got None"),
    ],
)
def test_a_wrong_argument_is_one_sentence(options, error, sentence):
    given = {"rois": boxes(), "input_shapes": SHAPES, "spatial_scales": SCALES, **options}
    with pytest.raises(error) as caught:
        roi_align_pyramid_backward(gradient(), **given)
    assert str(caught.value) == sentence
