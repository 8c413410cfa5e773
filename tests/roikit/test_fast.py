"""The fast kernels through the front door: they agree with the plain ones in every dtype, layout and form.

Maxima and their places are the same bits; sums lie within what their rounding explains.
"""

import itertools
import multiprocessing
import sys
import threading
import warnings

import ml_dtypes
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import roikit
from roikit.convention import POOLING
from roikit.cpu.fast import blocks, simd

#: How far a sum may be off, by dtype, times the largest sum of magnitudes there could be.
ROUNDING = {"float16": 1e-3, "bfloat16": 1e-2, "float32": 1e-6, "float64": 1e-14}
#: Empty bins, and bins that stick out of the map and find a 0 there.
ODD = roikit.Convention("floor", "exclusive", "truncate", 0, float("nan"), 0.25, "zero")

ratios = st.sampled_from([-1, 1, (2, 3)])
modes = st.sampled_from(["avg", "max"])


def both(operation, *arguments, level, **options):
    """What the plain and the fast kernel compute, the latter with the vectors of `level`."""
    with roikit.use_backend("plain"):
        expected = operation(*arguments, **options)
    with pytest.MonkeyPatch.context() as patch, roikit.use_backend("fast"):
        patch.setattr(simd, "LEVEL", level)
        got = operation(*arguments, **options)
    return expected, got


@st.composite
def calls(draw):
    """features, rois, bins and other options, such as the layout; the memory may be laid out as the other."""
    N, C = draw(st.integers(1, 3)), draw(st.one_of(st.integers(0, 4), st.sampled_from([9, 64, 65, 131])))
    H, W = draw(st.integers(1, 20)), draw(st.sampled_from([1, 5, 16, 17, 33, 70]))
    dtype = draw(st.sampled_from(["float16", ml_dtypes.bfloat16, "float32", "float64"]))
    rng = np.random.default_rng(draw(st.integers(0, 2**32)))
    features = rng.standard_normal((N, C, H, W)).astype(dtype)
    if draw(st.booleans()):  # ties
        features = np.round(features.astype(np.float64)).astype(dtype)
    if draw(st.sampled_from([True, False, False])) and features.size:
        features[rng.random(features.shape) < 0.01] = draw(st.sampled_from([np.nan, np.inf, -np.inf]))
    if draw(st.booleans()):
        features = features.transpose(0, 2, 3, 1).copy().transpose(0, 3, 1, 2)
    layout = draw(st.sampled_from(["NCHW", "NHWC"]))
    if layout == "NHWC":
        features = features.transpose(0, 2, 3, 1)
    K = draw(st.integers(0, 5))
    corner, size = rng.uniform(-4, [W, H], (K, 2)), rng.uniform(-2, [W + 3, H + 3], (K, 2))
    rois = np.column_stack([rng.integers(0, N, K), corner, corner + size])
    bins = draw(st.sampled_from([(1, 1), (2, 3), (7, 7), (3, 18)]))
    options = {"num_threads": draw(st.integers(1, 4)), "level": draw(st.integers(0, simd.LEVEL))}
    return features, rois, bins, {"layout": layout, **options}


def close(got, expected, largest):
    """Not further off than rounding explains; NaN and infinities in the same places."""
    atol = ROUNDING[got.dtype.name] * (1 + largest)
    np.testing.assert_allclose(got.astype(np.float64), expected.astype(np.float64), rtol=0, atol=atol)


def magnitude(array):
    return np.abs(array[np.isfinite(array)].astype(np.float64)).max(initial=0)


@pytest.fixture(autouse=True)
def small_pieces(monkeypatch):
    """Threads and blocks as in large calls."""
    monkeypatch.setattr(blocks, "A_THREAD", 1)
    monkeypatch.setattr(blocks, "PLANES_BYTES", 2000)


def test_the_hand_worked_map():
    features = np.array(roikit.examples.MAP_8X8_BATCH, np.float32)
    for layout in ("NCHW", "NHWC"):
        maps = features if layout == "NCHW" else features.transpose(0, 2, 3, 1)
        with roikit.use_backend("fast"):
            got = roikit.roi_pool(maps, roikit.examples.ROI_8X8, 2, convention="disjoint", layout=layout)
        assert got.ravel().tolist() == np.float32([0.85, 0.84, 0.97, 0.96]).tolist()


@settings(max_examples=200)
@given(call=calls(), ratio=ratios, aligned=st.booleans(), mode=modes)
def test_roi_align(call, ratio, aligned, mode):
    features, rois, bins, options = call
    expected, got = both(roikit.roi_align, features, rois, bins, 0.7, ratio, aligned, mode=mode, **options)
    close(got, expected, magnitude(features))


@settings(max_examples=200)
@given(call=calls(), convention=st.sampled_from([*POOLING, ODD]), argmax=st.booleans(), mode=modes)
def test_roi_pool(call, convention, argmax, mode):
    features, rois, bins, options = call
    options |= {"convention": convention, "mode": mode, "return_argmax": argmax and mode == "max"}
    expected, got = both(roikit.roi_pool, features, rois, bins, 0.7, **options)
    if mode == "avg":
        close(got, expected, magnitude(features))
        return
    for ours, theirs in zip(got if argmax else [got], expected if argmax else [expected], strict=True):
        assert ours.dtype == theirs.dtype
        np.testing.assert_array_equal(ours.astype(np.float64), theirs.astype(np.float64))


@settings(max_examples=200)
@given(call=calls(), ratio=ratios, aligned=st.booleans(), odd=st.booleans())
def test_roi_align_backward(call, ratio, aligned, odd):
    features, rois, bins, options = call
    rng = np.random.default_rng(0)
    last = options["layout"] == "NHWC"
    C = features.shape[3 if last else 1]
    shape = (len(rois), *bins, C) if last else (len(rois), C, *bins)
    grad = rng.standard_normal(shape).astype(features.dtype)
    if odd and grad.size:
        grad.flat[0] = np.nan
    arguments = grad, rois, features.shape, 0.7, ratio, aligned
    expected, got = both(roikit.roi_align_backward, *arguments, **options)
    close(got, expected, magnitude(grad) * bins[0] * bins[1] * len(rois))


@settings(max_examples=200)
@given(call=calls(), dtype=st.sampled_from([np.int32, np.int64]))
def test_roi_pool_backward(call, dtype):
    features, rois, bins, options = call
    expected, _ = both(roikit.roi_pool, features, rois, bins, 0.7, return_argmax=True, **options)
    argmax = expected[1].astype(dtype)
    grad = np.random.default_rng(0).standard_normal(argmax.shape).astype(features.dtype)
    expected, got = both(roikit.roi_pool_backward, grad, rois, argmax, features.shape, **options)
    close(got, expected, magnitude(grad) * bins[0] * bins[1] * len(rois))


# --- out= -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("layout", ["NCHW", "NHWC"])
@pytest.mark.parametrize("order", [(0, 1, 2, 3), (0, 2, 3, 1), (3, 2, 1, 0), (0, 3, 1, 2)])
def test_an_output_of_any_strides(layout, order):
    rng = np.random.default_rng(0)
    shape = (1, 6, 9, 70) if layout == "NCHW" else (1, 9, 70, 6)
    features, rois = rng.standard_normal(shape).astype(np.float32), [[0, 1, 1, 60, 8], [0, 0, 0, 20, 3]]
    expected = roikit.roi_align(features, rois, 7, layout=layout), roikit.roi_pool(
        features, rois, 7, layout=layout, return_argmax=True
    )
    size = expected[0].shape
    made = [np.empty([size[axis] for axis in order], dtype).transpose(np.argsort(order)) for dtype in "ffi"]
    with roikit.use_backend("fast"):
        assert roikit.roi_align(features, rois, 7, layout=layout, out=made[0]) is made[0]
        roikit.roi_pool(features, rois, 7, layout=layout, return_argmax=True, out=(made[1], made[2]))
        grad = roikit.roi_align_backward(made[0], rois, shape, layout=layout)
        given = np.empty(shape[::-1], np.float32).T
        roikit.roi_align_backward(made[0], rois, shape, layout=layout, out=given)
    np.testing.assert_allclose(made[0], expected[0], atol=3e-6)
    np.testing.assert_array_equal(made[1], expected[1][0])
    np.testing.assert_array_equal(made[2], expected[1][1])
    np.testing.assert_allclose(given, grad, atol=1e-5)


# --- threads ----------------------------------------------------------------------------------------------


def test_any_number_of_threads_gives_the_same_bits():
    rng = np.random.default_rng(0)
    features = rng.standard_normal((2, 70, 30, 40)).astype(np.float32)
    rois = np.column_stack([rng.integers(0, 2, 60), rng.uniform(0, 25, (60, 2)), rng.uniform(3, 40, (60, 2))])
    for layout in ("NCHW", "NHWC"):
        maps = features if layout == "NCHW" else features.transpose(0, 2, 3, 1).copy()
        with roikit.use_backend("fast"):
            results = []
            for threads in (1, 2, 3, 8):
                how = {"layout": layout, "num_threads": threads}
                values = roikit.roi_align(maps, rois, 7, **how)
                maxima, argmax = roikit.roi_pool(maps, rois, 7, return_argmax=True, **how)
                spread = roikit.roi_align_backward(values, rois, maps.shape, **how)
                scattered = roikit.roi_pool_backward(values, rois, argmax, maps.shape, **how)
                results.append([each.tobytes() for each in (values, maxima, argmax, spread, scattered)])
        assert all(result == results[0] for result in results)


def test_several_python_threads_call_at_once():
    rng = np.random.default_rng(0)
    features = rng.standard_normal((1, 16, 30, 40)).astype(np.float32)
    rois = np.column_stack([np.zeros(50), rng.uniform(0, 25, (50, 2)), rng.uniform(3, 40, (50, 2))])
    expected = roikit.roi_align(features, rois, 7, num_threads=1)
    results = [None] * 8

    def call(i):
        results[i] = roikit.roi_align(features, rois, 7, num_threads=2)

    callers = [threading.Thread(target=call, args=[i]) for i in range(8)]
    for caller in callers:
        caller.start()
    for caller in callers:
        caller.join()
    assert all(np.array_equal(result, expected) for result in results)


def test_what_fails_in_one_thread_is_raised_by_the_call():
    def work(i):
        if i == 3:
            raise MemoryError("no room")

    for threads in (1, 4):
        with pytest.raises(MemoryError, match="no room"):
            blocks.run(work, ((i,) for i in range(9)), threads)


def test_each_piece_is_done_once():
    done = []
    blocks.run(lambda *piece: done.append(piece), itertools.product(range(20), range(3)), 4)
    assert sorted(done) == list(itertools.product(range(20), range(3)))


@pytest.mark.parametrize("layout", ["NCHW", "NHWC"])
@pytest.mark.parametrize("bins", [1, 2, 7])
def test_large_bins_round_no_worse(layout, bins):
    """A constant map is the hard case: all errors of rounding may go one way."""
    features = np.full((1, 2, 256, 256), 0.1, np.float32)
    maps = features if layout == "NCHW" else features.transpose(0, 2, 3, 1).copy()
    with roikit.use_backend("fast"):
        got = roikit.roi_align(maps, [[0, 0, 0, 255, 255]], bins, layout=layout)
        average = roikit.roi_pool(maps, [[0, 0, 0, 255, 255]], bins, mode="avg", layout=layout)
    np.testing.assert_allclose(got, np.float32(0.1), rtol=2e-6)
    np.testing.assert_allclose(average, np.float32(0.1), rtol=2e-6)


def test_an_interrupt_stops_all_threads():
    """It is raised once the pieces that were begun are done, and no more than those at hand are begun."""
    begun, done, interrupted = [], [], threading.Event()
    others = set(threading.enumerate())  # what earlier tests may have left running

    def work(i):
        begun.append(i)
        if threading.current_thread() is threading.main_thread():
            interrupted.set()
            raise KeyboardInterrupt
        assert interrupted.wait(60)
        done.append(i)

    with pytest.raises(KeyboardInterrupt):
        blocks.run(work, ((i,) for i in range(1000)), 4)
    assert len(begun) == len(done) + 1 < 500
    assert set(threading.enumerate()) <= others


@pytest.mark.skipif(sys.platform == "win32", reason="no fork")
def test_forked_processes_compute():
    """Threads of the parent ended with its calls: there is nothing that a child would wait for."""
    rng = np.random.default_rng(0)
    features, rois = rng.standard_normal((1, 64, 20, 20)).astype(np.float32), [[0, 1, 1, 18, 18]] * 40
    expected = roikit.roi_align(features, rois, 7, num_threads=2)
    reader, writer = multiprocessing.Pipe()
    child = multiprocessing.get_context("fork").Process(
        target=lambda: writer.send_bytes(roikit.roi_align(features, rois, 7, num_threads=2).tobytes()[:1000])
    )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # Python 3.12 warns where there were threads
        child.start()
    assert reader.poll(60)
    assert reader.recv_bytes() == expected.tobytes()[:1000]
    child.join()


def test_halves_far_apart_on_a_large_map_are_not_copied_with_all_between():
    features = np.zeros((1, 2, 2000, 2000), np.float16)
    features[0, 1, ::7] = 1
    corner = np.random.default_rng(0).uniform(0, 1990, (300, 2))
    rois = np.column_stack([np.zeros(300), corner, corner + 8])
    with roikit.use_backend("fast"):
        got = roikit.roi_align(features, rois, 3)
    expected = roikit.roi_align(features.astype(np.float32), rois, 3)
    np.testing.assert_allclose(got, expected, atol=1e-3)


def test_more_boxes_than_one_plan_takes(monkeypatch):
    monkeypatch.setattr(blocks, "MOST_ROIS", 10)
    features = np.random.default_rng(0).standard_normal((1, 2, 9, 9)).astype(np.float32)
    rois = [[0, i % 5, i % 4, 8, 8] for i in range(35)]
    for operation in (roikit.roi_align, roikit.roi_pool):
        expected, got = both(operation, features, rois, 2, level=simd.LEVEL)
        close(got, expected, 1)
    expected, got = both(roikit.roi_align_backward, got, rois, features.shape, level=simd.LEVEL)
    close(got, expected, 100)


# --- size -------------------------------------------------------------------------------------------------


def test_more_than_2_to_the_31_elements():
    """A map of 2**16 rows that are one and the same in memory: indices need 64 bits, the memory 256 KiB."""
    row = np.arange(2**16, dtype=np.float32)
    features = np.lib.stride_tricks.as_strided(row, (1, 2, 2**16, 2**16), (0, 0, 0, 4))
    box = [[0, 65000, 65000, 65400, 65400]]
    with roikit.use_backend("fast"):
        got = roikit.roi_align(features, box, 2, sampling_ratio=2)
        pooled = roikit.roi_pool(features, box, 2)
    np.testing.assert_allclose(got[0, 0], [[65100, 65300], [65100, 65300]])
    assert pooled[0, 1].tolist() == [[65200, 65400], [65200, 65400]]
