"""`out` shares no memory with what is read on a GPU: each argument of each operation, by CuPy's stand-in.

On the CPU boxes and offsets are copied; on a GPU kernels read them where they are.
"""

import inspect
import re
import sys

import numpy as np
import pytest

import roikit
from roikit import _on_gpu

sys.path.append(str(__file__.rpartition("/")[0]))
import fake_cupy

RNG = np.random.default_rng(0)
MAPS = RNG.normal(size=(1, 4, 6, 6))
ROIS = np.array([[0, 0.5, 0.5, 4, 3], [0, 1, 2, 6, 5.5]])
TURNED = np.array([[0, 2, 2, 3, 2, 30], [0, 3, 3, 4, 1, 80.0]])
BINS, ONE, SIDES = RNG.normal(size=(2, 4, 2, 2)), RNG.normal(size=(2, 1, 2, 2)), RNG.normal(size=(2, 1, 4))
OFFSET, PLACES = RNG.normal(size=(2, 2, 2, 2)), np.arange(32).reshape(2, 4, 2, 2)
MASKS, IMAGES, BOXES = RNG.normal(size=(2, 3, 3)), RNG.normal(size=(2, 7, 8)), ROIS[:, 1:]

MAXIMA = {"input_shape": MAPS.shape, "mode": "max"}

#: By operation, and what of it: the arrays of a call by name, and its other arguments.
CALLS = {
    "border_align": ({"features": MAPS, "rois": ROIS}, {"pool_size": 3, "return_argmax": True}),
    "border_align_backward": (
        {"grad": SIDES, "rois": ROIS, "argmax": PLACES[:, :1, 0, :1].repeat(4, 2) % 3},
        {"input_shape": MAPS.shape, "pool_size": 3},
    ),
    "crop_and_resize": ({"features": MAPS, "rois": ROIS}, {"output_size": 2}),
    "crop_and_resize_backward": ({"grad": BINS, "rois": ROIS}, {"input_shape": MAPS.shape}),
    "deform_roi_pool": ({"features": MAPS, "rois": ROIS, "offset": OFFSET}, {"output_size": 2}),
    "deform_roi_pool_backward": (
        {"grad": BINS, "rois": ROIS, "offset": OFFSET}, {"input_shape": MAPS.shape}
    ),
    "paste_masks": ({"masks": MASKS, "boxes": BOXES}, {"image_size": (7, 8)}),
    "paste_masks_backward": ({"grad": IMAGES, "boxes": BOXES}, {"mask_size": (3, 3)}),
    "precise_roi_pool": ({"features": MAPS, "rois": ROIS}, {"output_size": 2}),
    "precise_roi_pool_backward": ({"grad": BINS, "rois": ROIS}, {"input_shape": MAPS.shape}),
    "ps_roi_align": ({"features": MAPS, "rois": ROIS}, {"output_size": 2}),
    "ps_roi_align_backward": ({"grad": ONE, "rois": ROIS}, {"input_shape": MAPS.shape}),
    "ps_roi_align_backward of maxima": ({"grad": ONE, "rois": ROIS, "features": MAPS}, MAXIMA),
    "ps_roi_pool": ({"features": MAPS, "rois": ROIS}, {"output_size": 2}),
    "ps_roi_pool_backward": ({"grad": ONE, "rois": ROIS}, {"input_shape": MAPS.shape}),
    "ps_roi_pool_backward of maxima": ({"grad": ONE, "rois": ROIS, "features": MAPS}, MAXIMA),
    "riroi_align_rotated": ({"features": MAPS, "rois": TURNED}, {"output_size": 2, "num_orientations": 4}),
    "riroi_align_rotated_backward": (
        {"grad": BINS, "rois": TURNED}, {"input_shape": MAPS.shape, "num_orientations": 4}
    ),
    "roi_align": ({"features": MAPS, "rois": ROIS}, {"output_size": 2}),
    "roi_align_backward": ({"grad": BINS, "rois": ROIS}, {"input_shape": MAPS.shape}),
    "roi_align_backward of maxima": ({"grad": BINS, "rois": ROIS, "features": MAPS}, MAXIMA),
    "roi_align_rotated": ({"features": MAPS, "rois": TURNED}, {"output_size": 2}),
    "roi_align_rotated_backward": ({"grad": BINS, "rois": TURNED}, {"input_shape": MAPS.shape}),
    "roi_pool": ({"features": MAPS, "rois": ROIS}, {"output_size": 2, "return_argmax": True}),
    "roi_pool_backward": ({"grad": BINS, "rois": ROIS, "argmax": PLACES}, {"input_shape": MAPS.shape}),
}
#: Kernels read a copy: cosines in place of angles, boxes in float64.
COPIED = {
    ("paste_masks", "boxes"), ("paste_masks_backward", "boxes"),
    ("riroi_align_rotated", "rois"), ("riroi_align_rotated_backward", "rois"),
    ("roi_align_rotated", "rois"), ("roi_align_rotated_backward", "rois"),
}
ARGUMENTS = [(name, argument) for name, (arrays, _) in CALLS.items() for argument in arrays]


@pytest.fixture
def cupy():
    with fake_cupy.installed() as module:
        yield module


def on_gpu(array, memory):
    """A CuPy array that begins where this memory does, and holds what `array` does."""
    view = memory[: array.nbytes].view(array.dtype).reshape(array.shape)
    view[...] = array
    return fake_cupy.ndarray(view)


def own(array):
    return on_gpu(array, np.zeros(array.nbytes, np.uint8))


def call(name, arrays, others):
    return getattr(roikit, name.split()[0])(**arrays, **others)


def parts(result):
    return result if isinstance(result, tuple) else (result,)


@pytest.mark.parametrize(("name", "argument"), [each for each in ARGUMENTS if each not in COPIED])
def test_out_must_not_share_memory_with(cupy, name, argument):
    """Each output, where one has two."""
    arrays, others = CALLS[name]
    wanted = parts(call(name, arrays, others))
    for i, its in enumerate(wanted):
        memory = np.zeros(4096, np.uint8)
        outs = [on_gpu(its, memory) if j == i else own(other) for j, other in enumerate(wanted)]
        given = {each: own(array) for each, array in arrays.items()}
        given[argument] = on_gpu(arrays[argument], memory)
        named, out = ("out", outs[0]) if len(outs) == 1 else (f"out[{i}]", tuple(outs))
        with pytest.raises(ValueError, match=re.escape(f"{named} must not share memory with {argument}")):
            call(name, given, {**others, "out": out})


@pytest.mark.parametrize(("name", "argument"), sorted(COPIED))
def test_what_is_copied_may_be_written_over(cupy, name, argument):
    arrays, others = CALLS[name]
    expected = call(name, arrays, others)
    memory = np.zeros(4096, np.uint8)
    out = on_gpu(expected, memory)
    given = {each: own(array) for each, array in arrays.items()}
    given[argument] = on_gpu(arrays[argument], memory)
    got = call(name, given, {**others, "out": out})
    assert got is out
    np.testing.assert_allclose(got.get(), expected, rtol=0, atol=1e-12)


@pytest.mark.parametrize("name", CALLS)
def test_memory_of_its_own_is_taken(cupy, name):
    arrays, others = CALLS[name]
    expected = parts(call(name, arrays, others))
    outs = tuple(own(np.zeros_like(each)) for each in expected)
    out = outs if len(outs) > 1 else outs[0]
    got = call(name, {each: own(array) for each, array in arrays.items()}, {**others, "out": out})
    for its, ours, theirs in zip(parts(got), outs, expected, strict=True):
        assert its is ours
        np.testing.assert_allclose(ours.get(), theirs, rtol=0, atol=1e-12)


def test_every_operation_that_writes_into_out_on_a_gpu_is_here():
    with_out = {
        name for name in _on_gpu.operations() if "out" in inspect.signature(getattr(roikit, name)).parameters
    }
    assert with_out == {name.split()[0] for name in CALLS}
