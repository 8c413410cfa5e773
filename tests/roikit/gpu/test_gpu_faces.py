"""Arrays of CuPy go in and come out of the public functions; boxes that the kernels alone see are told later.

On a machine without a GPU a stand-in of CuPy runs the launches (fake_cupy.py).
"""

import re
import sys

import numpy as np
import pytest

import roikit
import roikit.gpu
from roikit import _validate

sys.path.append(str(__file__.rpartition("/")[0]))
import fake_cupy

MAP = roikit.examples.MAP_8X8_BATCH.astype(np.float32)
BOX = np.array(roikit.examples.ROI_8X8, np.float64)


@pytest.fixture
def cupy():
    with fake_cupy.installed() as module:
        yield module


def test_the_8x8_map(cupy):
    """Columns 0..6 and rows 3..7 in 2 × 2 bins, the course's worked example, on a GPU."""
    bins = roikit.roi_pool(cupy.asarray(MAP), cupy.asarray(BOX), 2, convention="disjoint")

    assert isinstance(bins, cupy.ndarray)
    np.testing.assert_array_equal(bins.get()[0, 0], np.float32([[0.85, 0.84], [0.97, 0.96]]))


@pytest.mark.parametrize("layout", ["NCHW", "NHWC"])
def test_every_operation(cupy, layout):
    maps = np.random.default_rng(0).standard_normal((2, 8, 9, 7)).astype(np.float32)
    features = maps if layout == "NCHW" else maps.transpose(0, 2, 3, 1).copy()
    shape = features.shape
    rois = np.array([[1, 0.5, 0.5, 6, 7], [0, 2, 2, 5, 9]], np.float32)

    def all_of(array):
        given, boxes = array(features), array(rois)
        aligned = roikit.roi_align(given, boxes, 2, 1.0, 2, layout=layout)
        pooled, argmax = roikit.roi_pool(given, boxes, 2, return_argmax=True, layout=layout)
        grads = roikit.roi_align_backward(aligned, boxes, shape, 1.0, 2, layout=layout)
        places = roikit.roi_pool_backward(pooled, boxes, argmax, shape, layout=layout)
        points = roikit.bilinear_interpolate(array(maps), array(np.array([0.5, 3.25])), [1.5, 2.0])
        return aligned, pooled, argmax, grads, places, points

    for ours, expected in zip(all_of(cupy.asarray), all_of(np.asarray), strict=True):
        assert ours.dtype == expected.dtype
        np.testing.assert_allclose(ours.get(), expected, rtol=1e-5, atol=1e-6)


def test_the_gradient_of_a_maximum_reads_the_maps_again(cupy):
    """Samples of 4 and 5: all goes to the second one's neighbours."""
    maps, box = cupy.asarray(np.array([[[[8, 4, 0], [0, 4, 12]]]], np.float32)), [[0, 0, 0, 2, 1]]
    grad = cupy.asarray(np.full((1, 1, 1, 1), 8, np.float32))
    how = {"sampling_ratio": (1, 2), "mode": "max"}
    back = roikit.roi_align_backward(grad, box, maps.shape, features=maps, **how)
    assert back.get().tolist() == [[[[0, 2, 2], [0, 2, 2]]]]
    assert roikit.roi_align_backward_rois(grad, maps, box, **how).get().tolist() == [[4, 24, 12, 24]]
    with pytest.raises(TypeError, match=r"^grad and features must both be on a GPU, or neither"):
        roikit.roi_align_backward(grad, box, maps.shape, features=maps.get(), **how)


def test_it_writes_where_it_is_told_to(cupy):
    out = cupy.empty((1, 1, 2, 2), np.float32)
    assert roikit.roi_pool(cupy.asarray(MAP), BOX, 2, convention="disjoint", out=out) is out
    assert out.get()[0, 0, 0, 0] == np.float32(0.85)


def test_boxes_may_come_for_each_image_or_from_the_cpu(cupy):
    maps = cupy.asarray(np.repeat(MAP, 2, axis=0))
    of_rows = roikit.roi_align(maps, np.array([[0, 0, 0, 4, 4], [1, 1, 1, 5, 5]]), 2).get()
    by_image = [cupy.asarray(np.array([[0.0, 0, 4, 4]])), cupy.asarray(np.array([[1.0, 1, 5, 5]]))]
    np.testing.assert_array_equal(roikit.roi_align(maps, by_image, 2).get(), of_rows)


@pytest.mark.parametrize(
    ("row", "sentence"),
    [
        ([0, 0, np.nan, 6, 7], "rois[1] holds nan: boxes must be finite numbers"),
        ([0.5, 0, 3, 6, 7], "rois[1] names batch index 0.5, which is not a whole number"),
        ([1, 0, 3, 6, 7], "rois[1] names batch index 1, but features holds 1 image (0)"),
        ([0, 0, 3, 6, 1e13], "rois[1] reaches 10000000000000.0 pixels at spatial_scale 1.0: scaled "
         "coordinates must lie within -2**40 .. 2**40 cells"),
    ],
)
def test_a_box_of_which_nothing_can_be_computed(cupy, row, sentence):
    """Its bins are NaN, the others' are right, and the next check says what was wrong, once."""
    boxes = cupy.asarray(np.array([BOX[0], row]))
    bins = roikit.roi_pool(cupy.asarray(MAP), boxes, 2, convention="disjoint").get()

    assert bins[0, 0, 0, 0] == np.float32(0.85)
    assert np.isnan(bins[1]).all()
    with pytest.raises(ValueError, match=re.escape(sentence)):
        roikit.gpu.check()
    roikit.gpu.check()


def test_boxes_on_the_cpu_are_looked_at_at_once(cupy):
    with pytest.raises(ValueError, match=r"rois\[0\] names batch index 3, but features holds 1 image \(0\)"):
        roikit.roi_align(cupy.asarray(MAP), [[3, 0, 0, 1, 1]], 2)


@pytest.mark.parametrize(
    ("call", "sentence"),
    [
        (lambda on: roikit.roi_align(MAP, on(BOX), 2), "rois is on a GPU, and the other arrays are not"),
        (lambda on: roikit.roi_align(on(MAP.astype(int)), on(BOX), 2), "features must be float16, bfloat16"),
        (lambda on: roikit.roi_align(on(MAP), on(BOX[:, 1:]), 2), "rois must have shape (K, 5): batch index"),
        (lambda on: roikit.roi_align(on(MAP), on(BOX), 2, out=np.empty((1, 1, 2, 2), np.float32)),
         "out must be a CuPy array, as the others are"),
        (lambda on: roikit.quantize_rois(on(BOX)), "quantize_rois has no CUDA kernel: copy rois to the CPU"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_in_one_sentence(cupy, call, sentence):
    with pytest.raises((TypeError, ValueError)) as caught:
        call(cupy.asarray)
    assert str(caught.value).startswith(sentence)


def test_cupy_is_not_imported_before_an_array_of_it_comes():
    roikit.roi_align(MAP, BOX, 2)
    assert "cupy" not in sys.modules


def test_a_check_without_cupy():
    with pytest.raises(RuntimeError, match="there is no CuPy here"):
        roikit.gpu.check()



# --- calls of one form -------------------------------------------------------------------------------------


def example(seed):
    rng = np.random.default_rng(seed)
    features = rng.standard_normal((2, 4, 9, 8)).astype(np.float32)
    rois = np.column_stack([rng.integers(0, 2, 30), rng.uniform(0, 7, (30, 4))])
    return features, rois.astype(np.float32)


def align_and_pool(features, rois):
    aligned = roikit.roi_align(features, rois, (3, 2), 0.5, 2, True)
    return aligned, *roikit.roi_pool(features, rois, 3, 0.5, return_argmax=True)


@pytest.mark.parametrize("backend", ["cpu", "plain"])
def test_a_second_call_of_one_form_is_the_same_launches(cupy, monkeypatch, backend):
    """With other numbers in the arrays: it is not checked again, and computes what the CPU does."""
    expected = [align_and_pool(*example(seed)) for seed in range(3)]
    checks = []
    first = _validate.feature_maps
    monkeypatch.setattr(_validate, "feature_maps", lambda *given: checks.append(given) or first(*given))

    with roikit.use_backend(backend):
        got = [align_and_pool(*map(cupy.asarray, example(seed))) for seed in range(3)]

    assert len(checks) == 2  # one of each operation
    for ours, theirs in zip(got, expected, strict=True):
        np.testing.assert_allclose(ours[0].get(), theirs[0], rtol=1e-5, atol=1e-6)
        np.testing.assert_array_equal(ours[1].get(), theirs[1])
        np.testing.assert_array_equal(ours[2].get(), theirs[2])


@pytest.mark.parametrize(
    "change",
    [
        {"aligned": 1}, {"output_size": 2.0}, {"output_size": (2, 2.0)}, {"mode": "min"}, {"layout": "CHW"},
        {"sampling_ratio": True}, {"spatial_scale": float("nan")},
    ],
)  # fmt: skip
def test_a_call_that_is_like_a_known_one_but_wrong_is_refused(cupy, change):
    options = {"output_size": (2, 2), "spatial_scale": 1.0, "sampling_ratio": 1, "aligned": True}
    features, rois = map(cupy.asarray, example(0))
    roikit.roi_align(features, rois, **options)
    with pytest.raises((TypeError, ValueError)):
        roikit.roi_align(features, rois, **(options | change))


def test_a_known_call_still_tells_of_faulty_boxes(cupy):
    features, rois = example(0)
    for faulty in (False, True):
        rois[3, 0] = 7 if faulty else 0
        bins = roikit.roi_align(cupy.asarray(features), cupy.asarray(rois), 2).get()
        assert np.isnan(bins[3]).all() == faulty
    with pytest.raises(ValueError, match=r"rois\[3\] names batch index 7, but features holds 2 images"):
        roikit.gpu.check()


def test_features_and_boxes_in_one_memory_are_not_taken_for_each_other(cupy):
    """A call whose arrays begin at one address cannot be repeated by their places."""
    memory = np.zeros((1, 1, 5, 5))
    memory[0, 0, 0] = [0, 1, 1, 3, 3]
    for _ in range(2):
        shared = cupy.asarray(memory)
        boxes = fake_cupy.ndarray(shared.array[0, 0, :1])
        expected = roikit.roi_align(memory, memory[0, 0, :1], 2)
        np.testing.assert_array_equal(roikit.roi_align(shared, boxes, 2).get(), expected)
        roikit.roi_align(cupy.asarray(memory), cupy.asarray(memory[0, 0, :1]), 2)


def test_as_many_arrays_of_boxes_as_images(cupy):
    maps = cupy.asarray(np.zeros((3, 1, 4, 4), np.float32))
    with pytest.raises(ValueError, match="rois is a list of 1 array, but features holds 3 images"):
        roikit.roi_align(maps, [cupy.asarray(np.zeros((2, 4)))], 2)


def test_points_that_are_not_finite(cupy):
    maps, y = cupy.asarray(MAP), cupy.asarray(np.array([np.nan, 1, np.inf]))
    values = roikit.bilinear_interpolate(maps, y, cupy.asarray(np.ones(3))).get()
    np.testing.assert_array_equal(np.isnan(values[0, 0]), [True, False, True])


@pytest.mark.parametrize("bins", [(18, 19), (14, 24), (5, 5)])
def test_more_shared_memory_than_a_block_has_unasked(cupy, bins):
    """It is asked for: the kernel's own variables count, too."""
    rng = np.random.default_rng(0)
    grad, rois = rng.standard_normal((2, 3, *bins)).astype(np.float32), np.float32([[0, 1, 1, 9, 9]] * 2)
    expected = roikit.roi_align_backward(grad, rois, (1, 3, 12, 12), 1.0, 1)
    got = roikit.roi_align_backward(cupy.asarray(grad), cupy.asarray(rois), (1, 3, 12, 12), 1.0, 1)
    np.testing.assert_allclose(got.get(), expected, rtol=1e-4, atol=1e-5)
