"""The operations that are sums of weighted cells: the fast kernel of each agrees with the plain one."""

import ml_dtypes
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from test_fast import both, close, magnitude

import roikit
from roikit import _dispatch
from roikit.cpu.fast import blocks, simd, weighted_cells

OPERATIONS = [
    "crop_and_resize", "deform_roi_pool", "precise_roi_pool", "ps_roi_align", "ps_roi_pool",
    "roi_align_rotated", "riroi_align_rotated",
]  # fmt: skip
DTYPES = ["float16", ml_dtypes.bfloat16, "float32", "float64"]


@pytest.fixture(autouse=True)
def small_pieces(monkeypatch):
    """Threads and tables as in large calls."""
    monkeypatch.setattr(blocks, "A_THREAD", 1)
    monkeypatch.setattr(weighted_cells, "MANY_TAPS", 3000)
    monkeypatch.setattr(weighted_cells, "FEW_TAPS", 500)
    monkeypatch.setattr(weighted_cells, "WORTH_OF_RUNS", 0)
    monkeypatch.setattr(weighted_cells, "WORTH", 0)


class Call:
    """One of the operations with arguments of its kind: some boxes on the map, some off it, some reversed."""

    def __init__(
        self, operation, rng, *, C=5, H=20, W=33, bins=(2, 3), K=4, dtype="float32", last=False, wild=False
    ):
        self.operation, self.bins, self.layout = operation, bins, "NHWC" if last else "NCHW"
        self.groups = 4 if operation.startswith("ps") else 1
        self.orientations = next(count for count in (8, 5, 3, 2, 1) if C % count == 0)
        self.features = rng.standard_normal((2, C * self.groups, H, W)).astype(dtype)
        if wild:
            odd = rng.choice([np.nan, np.inf, -np.inf], self.features.shape).astype(dtype)
            self.features = np.where(rng.random(self.features.shape) < 0.003, odd, self.features)
        corner, size = rng.uniform(-4, [W, H], (K, 2)), rng.uniform(-2, [W + 3, H + 3], (K, 2))
        self.rois = np.column_stack([rng.integers(0, 2, K), corner, corner + size])
        self.ratio = [-1, 2, (3, 1)][int(rng.integers(3))]
        self.offset = rng.standard_normal((K, 2, *bins))
        self.turned = np.column_stack(
            [self.rois[:, 0], corner + size / 2, np.abs(size), rng.uniform(-200, 200, K)]
        )
        self.convention = ["exclusive", "rfcn", "chainercv"][int(rng.integers(3))]
        self.mode = ["avg", "avg", "max"][int(rng.integers(3))]
        self.method = ["bilinear", "nearest"][int(rng.integers(2))]
        self.wild, self.rng = wild, rng
        if last:
            self.features = np.ascontiguousarray(self.features.transpose(0, 2, 3, 1))

    def forward(self):
        """The operation, its arguments and its options."""
        rois, options = self.rois, {"layout": self.layout}
        if self.operation.endswith("rotated"):
            rois = self.turned
        arguments = [self.features, rois, self.bins]
        if self.operation == "deform_roi_pool":
            arguments.insert(2, self.offset)
        if self.operation.startswith("ps"):
            options["group_size"] = 2
        if self.operation == "ps_roi_pool":
            options |= {"convention": self.convention, "mode": self.mode}
        if self.operation == "crop_and_resize":
            options |= {"coordinates": "cells", "method": self.method, "extrapolation_value": -0.5}
        else:
            options["spatial_scale"] = 0.7
        if self.operation in ("ps_roi_align", "deform_roi_pool") or self.operation.endswith("rotated"):
            options["sampling_ratio"] = self.ratio
        if self.operation == "riroi_align_rotated":
            options["num_orientations"] = self.orientations
        return getattr(roikit, self.operation), arguments, options

    def backward(self):
        _, (features, rois, *more), options = self.forward()
        options.pop("extrapolation_value", None)
        C = features.shape[3 if self.layout == "NHWC" else 1] // self.groups
        shape = (len(rois), *self.bins, C) if self.layout == "NHWC" else (len(rois), C, *self.bins)
        grad = self.rng.standard_normal(shape).astype(features.dtype)
        if self.wild and grad.size:
            grad.flat[self.rng.integers(grad.size)] = np.nan
        if options.get("mode") == "max":
            options["features"] = features
        arguments = [grad, rois, *more[:-1], features.shape]
        return getattr(roikit, self.operation + "_backward"), arguments, options


@st.composite
def calls(draw, operation):
    """A call, and how it is computed."""
    call = Call(
        operation,
        np.random.default_rng(draw(st.integers(0, 2**32))),
        C=draw(st.sampled_from([0, 1, 3, 16, 17, 40, 70])),
        H=draw(st.integers(1, 20)),
        W=draw(st.sampled_from([1, 5, 33])),
        bins=draw(st.sampled_from([(1, 1), (2, 2), (2, 3), (7, 7), (3, 1)])),
        K=draw(st.integers(0, 6)),
        dtype=draw(st.sampled_from(DTYPES)),
        last=draw(st.booleans()),
        wild=draw(st.sampled_from([True, False, False])),
    )
    if draw(st.booleans()):  # the memory is laid out as the other layout says
        call.features = call.features.transpose(3, 0, 1, 2).copy().transpose(1, 2, 3, 0)
    return call, {"num_threads": draw(st.integers(1, 4)), "level": draw(st.integers(0, simd.LEVEL))}


@pytest.mark.parametrize("operation", OPERATIONS)
def test_each_has_a_fast_kernel(operation):
    assert _dispatch._fast(operation)
    assert _dispatch._fast(operation + "_backward")


@pytest.mark.parametrize("operation", OPERATIONS)
def test_bins(operation):
    @settings(max_examples=100)
    @given(calls(operation))
    def agree(drawn):
        call, how = drawn
        compute, arguments, options = call.forward()
        expected, got = both(compute, *arguments, **options, **how)
        close(got, expected, magnitude(call.features))

    agree()


@pytest.mark.parametrize("operation", OPERATIONS)
def test_gradients(operation):
    @settings(max_examples=100)
    @given(calls(operation))
    def agree(drawn):
        call, how = drawn
        compute, arguments, options = call.backward()
        expected, got = both(compute, *arguments, **options, **how)
        close(got, expected, magnitude(arguments[0]) * call.bins[0] * call.bins[1] * len(call.rois))

    agree()


@pytest.mark.parametrize("operation", OPERATIONS)
@pytest.mark.parametrize("C", [3, 100])
@pytest.mark.parametrize("last", [False, True])
def test_threads_do_not_change_a_bit(operation, C, last):
    call = Call(operation, np.random.default_rng(0), C=C, K=30, last=last)
    for compute, arguments, options in (call.forward(), call.backward()):
        with roikit.use_backend("fast"):
            results = [compute(*arguments, **options, num_threads=threads) for threads in (1, 2, 5)]
        assert results[0].tobytes() == results[1].tobytes() == results[2].tobytes()


@pytest.mark.parametrize("operation", OPERATIONS)
@pytest.mark.parametrize("order", [(3, 2, 1, 0), (0, 2, 3, 1), (2, 0, 3, 1)])
@pytest.mark.parametrize("last", [False, True])
def test_an_output_of_any_strides(operation, order, last):
    call = Call(operation, np.random.default_rng(0), C=19, last=last)
    for compute, arguments, options in (call.forward(), call.backward()):
        with roikit.use_backend("fast"):
            expected = compute(*arguments, **options)
            shape = np.array(expected.shape)[list(order)]
            out = np.empty(shape, expected.dtype).transpose(np.argsort(order))
            assert compute(*arguments, **options, out=out) is out
        close(out, expected, 10)


@pytest.mark.parametrize("operation", OPERATIONS)
def test_boxes_far_off_the_map(operation):
    call = Call(operation, np.random.default_rng(0), K=3)
    call.rois[:, 1:] = [[1e9, 1e9, 1e9 + 9, 1e9 + 9], [-1e9, -1e9, -1e9 + 5, -1e9], [1e9, -1e9, 1e9, -1e9]]
    call.turned[:, 1:3] = call.rois[:, 1:3]
    for compute, arguments, options in (call.forward(), call.backward()):
        expected, got = both(compute, *arguments, **options, level=simd.LEVEL)
        np.testing.assert_array_equal(got, expected)


@pytest.mark.parametrize("operation", OPERATIONS)
def test_few_channels_are_computed_by_the_plain_kernel(operation, monkeypatch):
    monkeypatch.setattr(weighted_cells, "WORTH", 12)
    call = Call(operation, np.random.default_rng(0), C=2, K=30)
    for compute, arguments, options in (call.forward(), call.backward()):
        expected, got = both(compute, *arguments, **options, num_threads=3, level=simd.LEVEL)
        if call.groups == 1:
            np.testing.assert_array_equal(got, expected)
        else:
            close(got, expected, 30)


def test_a_region_that_no_table_holds():
    """512 × 512 samples with four neighbours each: as many taps as a table may have, and one row more."""
    features = np.random.default_rng(0).standard_normal((1, 3, 30, 40)).astype(np.float32)
    rois, grad = [[0, 5, 5, 25, 20], [0, 2, 3, 30, 28]], np.ones((2, 3, 1, 1), np.float32)
    for ratio in (512, (513, 512)):
        got = both(roikit.ps_roi_align, features, rois, 1, 1.0, ratio, level=simd.LEVEL)
        close(*got, 5)
        got = both(roikit.ps_roi_align_backward, grad, rois, features.shape, 1.0, ratio, level=simd.LEVEL)
        close(*got, 1)


@pytest.mark.parametrize("large", [0, 6], ids=["first", "last"])
@pytest.mark.parametrize("last", [False, True])
@pytest.mark.parametrize("name", ["roi_align_rotated", "deform_roi_pool", "riroi_align_rotated"])
def test_one_region_that_no_table_holds_among_others(name, last, large):
    """It is added to the maps, and no table writes over it."""
    rng = np.random.default_rng(0)
    shape, grad = (1, 32, 32, 16) if last else (1, 16, 32, 32), rng.standard_normal((7, 16, 2, 2))
    rois = np.column_stack([np.zeros(7), rng.uniform(4, 28, (7, 2)), rng.uniform(2, 9, (7, 2)), np.arange(7)])
    rois[large] = [0, 16, 16, 3000, 3000, 30]
    if name == "deform_roi_pool":
        rois = np.column_stack([rois[:, 0], rois[:, 1:3] - rois[:, 3:5] / 2, rois[:, 1:3] + rois[:, 3:5] / 2])
    offset = [None] if name == "deform_roi_pool" else []
    grad[large] *= 1000
    grad = np.ascontiguousarray(np.moveaxis(grad, 1, -1)) if last else grad
    expected, got = both(
        getattr(roikit, f"{name}_backward"), grad, rois, *offset, shape, layout="NHWC" if last else "NCHW",
        level=simd.LEVEL,
    )
    np.testing.assert_allclose(got, expected, rtol=1e-9, atol=1e-9)


def test_numbers_that_only_float64_can_add_up():
    """3e38 four times is more than a float32 can be; their average is not. The gradient is beyond it."""
    features = np.full((1, 40, 4, 4), 3e38, np.float32)
    rois = [[0, 0, 0, 3, 3], [0, 1, 1, 2, 2]]
    expected, got = both(roikit.precise_roi_pool, features, rois, 1, level=simd.LEVEL)
    np.testing.assert_array_equal(got, expected)
    assert np.isfinite(got).all()
    expected, got = both(
        roikit.precise_roi_pool_backward, features[:, :, :1, :1].repeat(2, 0), rois, features.shape,
        level=simd.LEVEL,
    )
    np.testing.assert_allclose(got, expected, rtol=1e-6)


@pytest.mark.parametrize("side", [2**15, 2**20])
def test_a_map_that_is_larger_than_memory(side):
    """One cell, seen as a whole map: no copy can be made, and in the larger one cells cannot be counted."""
    features = np.broadcast_to(np.float32(2), (1, 40, side, side))
    with roikit.use_backend("fast"):
        got = roikit.roi_align_rotated(features, [[0, side / 2, side / 2, 8, 8, 30]], 2)
    assert (got == 2).all()


@pytest.mark.parametrize("dtype", ["float16", "float32", "float64"])
@pytest.mark.parametrize("operation", OPERATIONS)
@pytest.mark.parametrize("bins", [(1, 1), (1, 4), (4, 1)])
def test_one_bin_channels_last(operation, bins, dtype):
    """NumPy tells another step for an axis of one than the array has."""
    call = Call(operation, np.random.default_rng(0), C=9, bins=bins, K=40, dtype=dtype, last=True)
    compute, arguments, options = call.backward()
    expected, got = both(compute, *arguments, **options, level=simd.LEVEL)
    close(got, expected, 40 * magnitude(arguments[0]))


@pytest.mark.parametrize("dtype", ["float16", "float64"])
@pytest.mark.parametrize("operation", OPERATIONS)
@pytest.mark.parametrize("last", [True, False])
def test_gradients_of_no_channels(operation, dtype, last):
    call = Call(operation, np.random.default_rng(0), C=0, dtype=dtype, last=last)
    compute, arguments, options = call.backward()
    with roikit.use_backend("fast"):
        assert compute(*arguments, **options).shape == arguments[-1]
