"""The CUDA kernels of the gradient of rotation-invariant RoIAlign by the map, on the CPU."""

import sys

import numpy as np
import pytest
from gpu_gradients import KINDS, assert_close, channels_last, device
from hypothesis import given, settings
from hypothesis import strategies as st
from turned import DEGREE, frames, rotated_boxes

import roikit
from roikit import _validate_orientations, _validate_rotated
from roikit.gpu import _simt, riroi_align_rotated_backward

sys.path.append(str(__file__.rpartition("/")[0]))
import fake_cupy

KINDS = [kind for kind in KINDS if kind != "tiles"]
every_kind = pytest.mark.parametrize("kind", KINDS)


def give_back(on, grad, rois, shifts, shape, scale=1.0, ratio=(1, 1), aligned=True, count=4, last=False):
    """The gradient by a map of this shape, every element of which held NaN before; rois (K, 7)."""
    grad, rois, shifts = np.asarray(grad), np.asarray(rois, np.float64), np.asarray(shifts, np.float64)
    out = np.full(shape, np.nan, grad.dtype)
    if last:
        grad, out = channels_last(grad), channels_last(out)
    compute = riroi_align_rotated_backward.riroi_align_rotated_backward
    _simt.run(compute, on, (3,), grad, rois, shifts, out, scale, ratio, aligned, count)
    return out


def shifts_of(rois, count):
    how = _validate_orientations.Mixing(count, DEGREE, as_redet=False)
    return _validate_orientations.shifts(_validate_rotated.Regions(rois, False), how)


def random_case(seed, N=2, C=6, H=9, W=12, K=6, bins=(3, 2)):
    rng = np.random.default_rng(seed)
    return rng.standard_normal((K, C, *bins)).astype(np.float32), rotated_boxes(rng, K, N, 10), (N, C, H, W)


@every_kind
def test_an_orientation_gives_to_both_that_it_was_mixed_of(kind):
    grad = np.array([8, 0, 0, 16], np.float32).reshape(1, 4, 1, 1)
    upright = [[0, 0.5, 0.5, 1, 1, 1, 0]]
    got = give_back(device(kind, mode="check"), grad, upright, [[1, 0.25]], (1, 4, 1, 1))
    assert got[0, :, 0, 0].tolist() == [12, 6 + 4, 2, 0]


@every_kind
def test_a_faulty_box_gives_nothing_and_is_noted(kind):
    on = device(kind, mode="check")
    boxes = np.tile([0.0, 1.5, 1.5, 1, 1, 1, 0], (4, 1))
    boxes[0, 0], boxes[1, 5], boxes[2, 4] = 7, np.nan, -1
    on.fault = np.zeros(4)
    shifts = [[1e300, 0], [np.nan, np.nan], [0, 0], [0, 0]]
    got = give_back(on, np.ones((4, 4, 1, 1), np.float32), boxes, shifts, (1, 4, 3, 3))
    assert got[0, 2].tolist() == [[0, 0, 0], [0, 1, 0], [0, 0, 0]]
    assert on.fault.view(np.uint64)[0] in (1, 2, 3)


def test_the_same_bits_in_every_order_of_threads():
    grad, rois, shape = random_case(1)
    arrays = grad, frames(rois), shifts_of(rois, 3), shape
    runs = [
        give_back(device("plain", order=order), *arrays, ratio=(2, 2), count=3).tobytes()
        for order in ("forward", "reverse", "random:1")
    ]
    assert len(set(runs)) == 1


@settings(max_examples=30)
@given(
    seed=st.integers(0, 10**6), kind=st.sampled_from(KINDS), last=st.booleans(), aligned=st.booleans(),
    scale=st.sampled_from([1.0, 0.3, 2.0]), ratio=st.tuples(st.integers(-1, 2), st.integers(-1, 2)),
    count=st.sampled_from([1, 2, 3, 6]),
)  # fmt: skip
def test_agrees_with_the_definition(seed, kind, last, scale, ratio, aligned, count):
    grad, rois, shape = random_case(seed)
    how = scale, ratio, aligned, count, last
    got = give_back(device(kind), grad, frames(rois), shifts_of(rois, count), shape, *how)
    expected = roikit.riroi_align_rotated_backward(
        grad.astype(np.float64), rois, shape, scale, ratio, aligned=aligned, num_orientations=count
    )
    assert_close(got, expected)


@pytest.mark.parametrize("deterministic", [True, False])
def test_the_face_takes_arrays_of_cupy(deterministic):
    grad, rois, shape = random_case(3)
    expected = roikit.riroi_align_rotated_backward(grad, rois, shape, 0.7, num_orientations=3)
    with fake_cupy.installed() as cupy:
        for boxes in (rois, cupy.asarray(rois)):
            got = roikit.riroi_align_rotated_backward(
                cupy.asarray(grad), boxes, shape, 0.7, num_orientations=3, deterministic=deterministic
            )
            np.testing.assert_allclose(got.get(), expected, rtol=0, atol=1e-5)
