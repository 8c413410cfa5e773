"""Every operation has its twins (face, definition, compiled kernel, tests) and the twins agree bit for bit.

Bit for bit, because both follow one order of operations: coordinates and sums in float64, one rounding at the
end, and the compiler is told not to fuse a product with a sum.
"""

import inspect
from importlib import import_module
from pathlib import Path

import numpy as np
import pytest
from drawn import case, parts
from hypothesis import given, settings
from hypothesis import strategies as st

import roikit

PUBLIC = {name: getattr(roikit, name) for name in roikit.__all__}
OPERATIONS = [name for name, it in PUBLIC.items() if getattr(it, "__module__", "") == f"roikit.ops.{name}"]


# --- the twins are there ----------------------------------------------------------------------------------


def public_modules(package):
    folder = Path(import_module(package).__file__).parent
    return {path.stem for path in folder.glob("[!_]*.py")} - {"build"}


def test_operations_are_found():
    assert {"roi_pool", "roi_align", "bilinear_interpolate", "quantize_rois", "bin_edges"} <= set(OPERATIONS)


#: Made of other operations, which are dispatched: they have a definition, and no kernel of their own.
COMPOSED = {
    name for name in OPERATIONS if "kernel(" not in inspect.getsource(import_module(f"roikit.ops.{name}"))
}


def test_faces_definitions_and_kernels_are_the_public_operations():
    kernels = {path.stem.removeprefix("_") for path in Path(roikit.__file__).parent.glob("cpu/_*.pyx")}
    kernels -= {"ordinary"}  # what the faces ask first
    assert public_modules("roikit.ops") == public_modules("roikit.reference") == set(OPERATIONS)
    assert kernels == set(OPERATIONS) - COMPOSED


@pytest.mark.parametrize("name", OPERATIONS)
def test_an_operation_has_its_twins(name):
    definition = getattr(import_module(f"roikit.reference.{name}"), name)
    if name not in COMPOSED:
        kernel = getattr(import_module(f"roikit.cpu._{name}"), name)
        assert list(inspect.signature(definition).parameters) == list(inspect.signature(kernel).parameters)
    assert getattr(roikit, name).__module__ == f"roikit.ops.{name}"
    assert Path(__file__).with_name(f"test_{name}.py").is_file()
    assert case(name) is not None, "and its arguments can be drawn"


# --- and agree --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", OPERATIONS)
@settings(max_examples=100)
@given(data=st.data())
def test_definition_and_kernel_agree_bit_for_bit(name, data):
    operation = getattr(roikit, name)
    arguments, options = data.draw(case(name))
    with roikit.use_backend("reference"):
        expected = operation(*arguments, **options)
    with roikit.use_backend("cpu"):
        got = operation(*arguments, **options)
    for ours, theirs in zip(parts(got), parts(expected), strict=True):
        assert ours.dtype == theirs.dtype
        np.testing.assert_array_equal(ours, theirs)  # equal, or NaN on both sides
