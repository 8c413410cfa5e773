"""Every operation has its twins (face, definition, compiled kernel, tests) and the twins agree bit for bit.

Bit for bit, because both follow one order of operations: coordinates and sums in float64, one rounding at the
end, and the compiler is told not to fuse a product with a sum.
"""

import inspect
import itertools
from importlib import import_module
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import roikit

PUBLIC = {name: getattr(roikit, name) for name in roikit.__all__}
OPERATIONS = [name for name, it in PUBLIC.items() if getattr(it, "__module__", "") == f"roikit.ops.{name}"]


# --- the twins are there ----------------------------------------------------------------------------------


def public_modules(package):
    folder = Path(import_module(package).__file__).parent
    return {path.stem for path in folder.glob("*.py")} - {"__init__", "build"}


def test_operations_are_found():
    assert {"roi_pool", "roi_align", "bilinear_interpolate", "quantize_rois", "bin_edges"} <= set(OPERATIONS)


def test_faces_definitions_and_kernels_are_the_public_operations():
    kernels = {path.stem.removeprefix("_") for path in Path(roikit.__file__).parent.glob("cpu/_*.pyx")}
    kernels -= {"ordinary"}  # what the faces ask first
    assert public_modules("roikit.ops") == public_modules("roikit.reference") == kernels == set(OPERATIONS)


@pytest.mark.parametrize("name", OPERATIONS)
def test_an_operation_has_its_twins(name):
    definition = getattr(import_module(f"roikit.reference.{name}"), name)
    kernel = getattr(import_module(f"roikit.cpu._{name}"), name)
    assert list(inspect.signature(definition).parameters) == list(inspect.signature(kernel).parameters)
    assert getattr(roikit, name).__module__ == f"roikit.ops.{name}"
    assert Path(__file__).with_name(f"test_{name}.py").is_file()
    assert name in CASES, f"say below how to draw the arguments of {name}"


# --- and agree --------------------------------------------------------------------------------------------

CONVENTIONS = [
    roikit.Convention(*fields, minimum_size, empty_value, offset, outside)
    for *fields, (minimum_size, empty_value, offset, outside) in itertools.product(
        ("floor", "round_half_away", "round_half_even"),
        ("inclusive", "exclusive"),
        ("overlap", "disjoint", "truncate"),
        [(1, 0.0, 0.0, "ignore"), (0, float("nan"), 0.5, "zero"), (3, -1.0, -0.25, "zero")],
    )
]
conventions = st.sampled_from([*roikit.CONVENTIONS, *CONVENTIONS])
modes = st.sampled_from(["max", "avg"])
scales = st.sampled_from([1.0, 0.5, 1 / 3, 2.0, 0.1])
sizes = st.tuples(st.integers(1, 5), st.integers(1, 5))

# Ends on halves, which is where rounding decides, beside ends anywhere; most boxes touch or leave the map.
near_coordinates = st.one_of(st.integers(-12, 24).map(lambda i: i / 2), st.floats(-9, 15))
coordinates = st.one_of(near_coordinates, st.sampled_from([-1e9, 1e9]))


map_shapes = st.tuples(st.integers(1, 2), st.integers(0, 11), st.integers(1, 7), st.integers(1, 7))


@st.composite
def filled(draw, shapes):
    """An array of either dtype; few distinct values, so that ties occur, and odd ones."""
    shape = draw(shapes)
    rng = np.random.default_rng(draw(st.integers(0, 2**32)))
    features = rng.integers(-3, 4, shape) / 2 + rng.choice([0.0, 0.1], shape)
    if draw(st.booleans()):
        odd = rng.choice([np.nan, np.inf, -np.inf, -0.0, 1e300], shape)
        with np.errstate(over="ignore"):
            features = np.where(rng.random(shape) < 0.1, odd, features)
    with np.errstate(over="ignore"):
        return features.astype(draw(st.sampled_from([np.float32, np.float64])))


@st.composite
def feature_maps(draw):
    """(N, C, H, W) of either dtype and some layout."""
    return draw(filled(map_shapes)).transpose(draw(st.sampled_from([(0, 1, 2, 3), (0, 1, 3, 2)])))


@st.composite
def rois_of(draw, images, ends=coordinates):
    return draw(st.lists(st.tuples(st.integers(0, images - 1), ends, ends, ends, ends), max_size=4))


@st.composite
def roi_pool(draw):
    features, mode = draw(feature_maps()), draw(modes)
    options = {"convention": draw(conventions), "mode": mode, "return_argmax": mode == "max"}
    return (features, draw(rois_of(len(features))), draw(sizes), draw(scales)), options


@st.composite
def roi_align(draw):
    features = draw(feature_maps())
    ratio = draw(st.sampled_from([-1, 1, 2, (0, 3), (2, 0)]))
    arguments = (features, draw(rois_of(len(features), near_coordinates)), draw(sizes), draw(scales), ratio)
    return (*arguments, draw(st.booleans())), {"mode": draw(modes)}


@st.composite
def bilinear_interpolate(draw):
    points = st.lists(near_coordinates, min_size=3, max_size=3)
    return (draw(feature_maps()), draw(points), draw(points)), {}


@st.composite
def quantize_rois(draw):
    return (draw(rois_of(3)), draw(scales)), {"convention": draw(conventions)}


@st.composite
def bin_edges(draw):
    return (draw(st.integers(0, 2**42)), draw(st.integers(1, 40))), {"convention": draw(conventions)}


@st.composite
def roi_align_backward(draw):
    (grad, rois, *sampling), shape = draw(gradients_of_roi_align())
    return (grad, rois, shape, *sampling), {}


@st.composite
def roi_align_backward_rois(draw):
    (grad, rois, *sampling), shape = draw(gradients_of_roi_align())
    with np.errstate(over="ignore"):
        features = draw(filled(st.just(shape))).astype(grad.dtype)
    return (grad, features, rois, *sampling), {}


@st.composite
def roi_pool_backward(draw):
    (grad, rois, *_), shape = draw(gradients_of_roi_align())
    rng = np.random.default_rng(draw(st.integers(0, 2**32)))
    argmax = rng.integers(-1, shape[2] * shape[3], grad.shape, draw(st.sampled_from([np.int32, np.int64])))
    return (grad, rois, argmax, shape), {}


@st.composite
def gradients_of_roi_align(draw):
    """The bins' gradient, boxes and how they are sampled; and the shape of the map."""
    shape = N, C, _, _ = draw(map_shapes)
    rois = np.array(draw(rois_of(N, near_coordinates)), np.float64).reshape(-1, 5)
    grad = draw(filled(st.tuples(st.just(len(rois)), st.just(C), st.integers(1, 5), st.integers(1, 5))))
    ratio = draw(st.sampled_from([-1, 1, 2, (0, 3), (2, 0)]))
    return (grad, rois, draw(scales), ratio, draw(st.booleans())), shape


CASES = {
    case.__name__: case
    for case in (
        roi_pool, roi_align, bilinear_interpolate, quantize_rois, bin_edges,
        roi_align_backward, roi_align_backward_rois, roi_pool_backward,
    )
}


def parts(result):
    return result if isinstance(result, tuple) else (result,)


@pytest.mark.parametrize("name", OPERATIONS)
@settings(max_examples=150)
@given(data=st.data())
def test_definition_and_kernel_agree_bit_for_bit(name, data):
    operation = getattr(roikit, name)
    arguments, options = data.draw(CASES[name]())
    with roikit.use_backend("reference"):
        expected = operation(*arguments, **options)
    with roikit.use_backend("cpu"):
        got = operation(*arguments, **options)
    for ours, theirs in zip(parts(got), parts(expected), strict=True):
        assert ours.dtype == theirs.dtype
        np.testing.assert_array_equal(ours, theirs)  # equal, or NaN on both sides
