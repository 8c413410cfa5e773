"""RoIAlign on a feature pyramid: every box from its own map, in the order of the boxes."""

import numpy as np
import pytest

import roikit
from roikit.ops.pyramid_levels import pyramid_levels
from roikit.ops.roi_align_pyramid import roi_align_pyramid
from roikit.reference.roi_align_pyramid import roi_align_pyramid as definition

pytestmark = pytest.mark.usefixtures("backend")

SCALES = [1 / 4, 1 / 8, 1 / 16, 1 / 32]
SIDES = (56, 112, 224, 448, 30, 500, 150)


def pyramid(images=2, channels=3, dtype=np.float64, side=512):
    rng = np.random.default_rng(1)
    shapes = [(images, channels, int(side * scale), int(side * scale)) for scale in SCALES]
    return [rng.uniform(-1, 1, shape).astype(dtype) for shape in shapes]


def boxes(rng=None):
    """Of all levels, mixed, in both images."""
    rng = rng or np.random.default_rng(2)
    corners = rng.uniform(-20, 100, (len(SIDES), 2))
    return np.column_stack([np.arange(len(SIDES)) % 2, corners, corners + np.array(SIDES)[:, None]])


# --- what it computes -------------------------------------------------------------------------------------


def test_by_hand():
    """Maps of constants tell which one was read: of sides 448, 100 and 224 the levels are 5, 2 and 4."""
    maps = [np.full((1, 1, 512 >> level, 512 >> level), float(level)) for level in (2, 3, 4, 5)]
    rois = [[0, 0, 0, 448, 448], [0, 9, 9, 109, 109], [0, 50, 50, 274, 274]]
    got = roi_align_pyramid(maps, rois, (1, 2), SCALES)
    assert got[:, 0, 0].tolist() == [[5, 5], [2, 2], [4, 4]]


@pytest.mark.parametrize("aligned", [True, False])
@pytest.mark.parametrize("mode", ["avg", "max", "max_corners"])
@pytest.mark.parametrize("layout", ["NCHW", "NHWC"])
def test_each_row_is_roi_align_on_the_map_of_its_level(aligned, mode, layout):
    rois, maps = boxes(), pyramid(dtype=np.float32)
    if layout == "NHWC":
        maps = [each.transpose(0, 2, 3, 1) for each in maps]
    options = {"mode": mode, "layout": layout}
    got = roi_align_pyramid(maps, rois, (2, 3), SCALES, 2, aligned, **options)
    assert got.dtype == np.float32
    for k, level in enumerate(pyramid_levels(rois)):
        alone = roikit.roi_align(maps[level], rois[[k]], (2, 3), SCALES[level], 2, aligned, **options)
        assert np.array_equal(got[k], alone[0])


def test_it_is_its_definition():
    rois, maps = boxes(), pyramid()
    levels, expected = pyramid_levels(rois), np.empty((len(rois), 3, 2, 2))
    definition(maps, rois, levels, expected, SCALES, (0, 2), True, "avg")
    assert np.array_equal(roi_align_pyramid(maps, rois, 2, SCALES, (0, 2), True), expected)


def test_one_level_is_roi_align():
    rois, maps = boxes(), pyramid()[1]
    assert np.array_equal(roi_align_pyramid([maps], rois, 2, [1 / 8]), roikit.roi_align(maps, rois, 2, 1 / 8))


def test_permuting_boxes_permutes_rows():
    rois, maps = boxes(), pyramid()
    order = np.random.default_rng(3).permutation(len(rois))
    got = roi_align_pyramid(maps, rois[order], 2, SCALES)
    assert np.array_equal(got, roi_align_pyramid(maps, rois, 2, SCALES)[order])


def test_boxes_of_each_image():
    rois, maps = boxes(), pyramid()
    mixed = [rois[0::2, 1:], rois[1::2, 1:]]
    sorted_rows = np.concatenate([rois[0::2], rois[1::2]])
    got = roi_align_pyramid(maps, mixed, 2, SCALES)
    assert np.array_equal(got, roi_align_pyramid(maps, sorted_rows, 2, SCALES))


@pytest.mark.parametrize("rois", [[], [np.empty((0, 4)), np.empty((0, 4))]])
def test_no_boxes(rois):
    assert roi_align_pyramid(pyramid(), rois, (2, 5), SCALES).shape == (0, 3, 2, 5)


def test_a_level_may_be_left_out():
    maps, rois = pyramid(), boxes()
    got = roi_align_pyramid([maps[0], maps[2]], rois, 2, [1 / 4, 1 / 16], 2)
    for k, index in enumerate(pyramid_levels(rois, [2, 4])):
        level = (0, 2)[index]
        assert np.array_equal(got[k], roikit.roi_align(maps[level], rois[[k]], 2, SCALES[level], 2)[0])


def test_other_canonical_boxes():
    maps, rois = pyramid(), boxes()
    options = {"canonical_level": 3, "canonical_size": 100, "eps": 0, "eps_of": "ratio"}
    got = roi_align_pyramid(maps, rois, 1, SCALES, **options)
    for k, level in enumerate(pyramid_levels(rois, **options)):
        assert np.array_equal(got[k], roikit.roi_align(maps[level], rois[[k]], 1, SCALES[level])[0])


def test_a_constant_pyramid_gives_the_constant():
    maps = [np.full((1, 2, 200, 200), 7.0)] * 4
    inside = boxes()[:, 1:].clip(0, None)
    assert np.unique(roi_align_pyramid(maps, [inside], 3, SCALES, 2)).tolist() == [7.0]


def test_an_image_twice_as_large_has_the_same_maps_a_level_higher():
    rois, maps = boxes(), pyramid()
    got = roi_align_pyramid(maps, rois * [1, 2, 2, 2, 2], 2, [scale / 2 for scale in SCALES])
    assert np.array_equal(got, roi_align_pyramid(maps, rois, 2, SCALES))


def test_into_memory_that_is_there():
    out = np.empty((len(SIDES), 2, 2, 3)).transpose(0, 3, 1, 2)
    assert roi_align_pyramid(pyramid(), boxes(), 2, SCALES, out=out) is out
    assert np.array_equal(out, roi_align_pyramid(pyramid(), boxes(), 2, SCALES))


def test_halves():
    got = roi_align_pyramid(pyramid(dtype=np.float16), boxes(), 2, SCALES)
    assert got.dtype == np.float16


# --- errors -----------------------------------------------------------------------------------------------


def call(maps=None, rois=((0, 0, 0, 9, 9),), scales=SCALES, **options):
    return roi_align_pyramid(pyramid() if maps is None else maps, rois, 2, scales, **options)


@pytest.mark.parametrize(
    ("given", "error", "sentence"),
    [
        ({"maps": []}, TypeError, "features must be a list of maps, finest first; got []"),
        (
            {"maps": pyramid()[0]},
            TypeError,
            "features must be a list of maps, finest first; got an object of <class 'numpy.ndarray'>",
        ),
        (
            {"maps": [np.zeros((1, 2, 3))]},
            ValueError,
            "features[0] must have shape (N, C, H, W), with at least one row and one column; got (1, 2, 3)",
        ),
        (
            {"maps": [np.zeros((1, 2, 3, 3)), np.zeros((1, 3, 3, 3))]},
            ValueError,
            "features[1] must have as many images and channels as features[0], 1 and 2; got 1 and 3",
        ),
        (
            {"maps": [np.zeros((1, 2, 3, 3)), np.zeros((1, 2, 3, 3), np.float32)]},
            TypeError,
            "features[1] must be float64, as features[0] is; got float32",
        ),
        (
            {"maps": [np.zeros((1, 2, 3, 3), int)]},
            TypeError,
            "features[0] must be float16, bfloat16, float32 or float64; got int64: "
            "use features[0].astype(np.float64)",
        ),
        (
            {"scales": 0.25},
            TypeError,
            "spatial_scales must be a list, one for each map; got 0.25",
        ),
        (
            {"scales": SCALES[:3]},
            ValueError,
            "spatial_scales must be one for each map: features has 4; got 3",
        ),
        (
            {"scales": SCALES[::-1]},
            ValueError,
            "spatial_scales must be powers of 2 that fall from map to map, as 1/4, 1/8, 1/16; "
            "got [0.03125, 0.0625, 0.125, 0.25]",
        ),
        (
            {"scales": [1, 1 / 2, 1 / 3, 1 / 4]},
            ValueError,
            "spatial_scales must be powers of 2 that fall from map to map, as 1/4, 1/8, 1/16; "
            "got [1, 0.5, 0.3333333333333333, 0.25]",
        ),
        ({"scales": [0.5, -1, 1, 1]}, ValueError, "spatial_scale must be positive and finite; got -1"),
        (
            {"rois": [[2, 0, 0, 1, 1]]},
            ValueError,
            "rois[0] names batch index 2, but features holds 2 images (0..1)",
        ),
        (
            {"rois": [[0, 0, 0, 9, 9], [1, 0, 0, 9, 1e9]]},
            ValueError,
            "rois[1] is 3.125e+07 cells high: over 2 bins that is more than 4096 sample points a side; "
            "give a sampling_ratio, or check the box",
        ),
        (
            {"rois": [[[0, 0, 9, 9]], [[0, 0, 9, 1], [0, 0, 9, 1e9]]]},
            ValueError,
            "rois[1][1] is 3.125e+07 cells high: over 2 bins that is more than 4096 sample points a side; "
            "give a sampling_ratio, or check the box",
        ),
        ({"mode": "median"}, ValueError, "mode must be 'avg', 'max' or 'max_corners'; got 'median'"),
        ({"aligned": 1}, TypeError, "aligned must be True or False; got 1"),
        ({"out": np.empty(1)}, ValueError, "out must have shape (1, 3, 2, 2); got (1,)"),
        ({"eps_of": "area"}, ValueError, "eps_of must be 'level' or 'ratio'; got 'area'"),
    ],
)
def test_a_wrong_argument_is_one_sentence(given, error, sentence):
    with pytest.raises(error) as caught:
        call(**given)
    assert str(caught.value) == sentence


def test_out_must_not_share_memory_with_a_map():
    maps = pyramid()
    with pytest.raises(ValueError, match=r"^out must not share memory with features\[1\]$"):
        call(maps, out=maps[1].reshape(-1)[:12].reshape(1, 3, 2, 2))
