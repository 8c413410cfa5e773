"""README's table operation × {reference, cpu, gpu, gradient, box gradient, presets}: one test a cell."""

import doctest
import inspect
from importlib import import_module

import family
import numpy as np
import pytest
from family import CALLS, COLUMNS, PRESETS, boxes_of, gradient, operation
from gradients import central_differences

import roikit

CELLS = [(name, column) for name in CALLS for column in COLUMNS]


@pytest.mark.parametrize(("name", "column"), CELLS)
def test_a_cell_of_the_table(name, column):
    CHECKS[column](name)


def check_reference(name):
    """The docstring's worked numbers come from the definition, too."""
    assert worked_examples_fail(name, "reference") == 0
    assert import_module(f"roikit.reference.{name}").__doc__


def check_cpu(name):
    assert worked_examples_fail(name, "cpu") == 0
    with roikit.use_backend("reference"):
        expected = operation(name)(**CALLS[name])
    for backend in ("plain", "fast"):
        with roikit.use_backend(backend):
            got = operation(name)(**CALLS[name])
        np.testing.assert_allclose(got, expected, rtol=0, atol=0 if backend == "plain" else 1e-12)


def check_gpu(name):
    """The CUDA source, on the CPU."""
    expected = operation(name)(**CALLS[name])
    with roikit.use_backend("simt-plain"):
        got = operation(name)(**CALLS[name])
    np.testing.assert_allclose(got, expected, rtol=0, atol=1e-12)


def check_gradient(name):
    """By the map, and by offsets: against differences of the operation itself."""
    call = CALLS[name]
    for argument, kind in (("features", "backward"), ("masks", "backward"), ("offset", "backward_offset")):
        if argument in call:
            found, differences = both_gradients(name, kind, call, argument)
            for ours, theirs in zip(found, differences, strict=True):
                np.testing.assert_allclose(ours, theirs, rtol=0, atol=1e-7)


def check_box_gradient(name):
    if name in family.NO_BOX_GRADIENT:
        assert not hasattr(roikit, f"{name}_backward_rois")
        return
    (found,), (differences,) = both_gradients(name, "backward_rois", CALLS[name], boxes_of(CALLS[name]))
    np.testing.assert_allclose(found, differences[:, 1:], rtol=0, atol=1e-6)


def check_presets(name):
    """Each is a call that is understood; what it computes, test_presets.py compares."""
    for options in PRESETS.get(name, {}).values():
        result = operation(name)(**{**CALLS[name], **options})
        assert result.shape == operation(name)(**CALLS[name]).shape


CHECKS = {
    "reference": check_reference, "cpu": check_cpu, "gpu": check_gpu, "gradient": check_gradient,
    "box gradient": check_box_gradient, "presets": check_presets,
}


def worked_examples_fail(name, backend):
    examples = doctest.DocTestFinder().find(operation(name), name)
    assert any(example.examples for example in examples)
    with roikit.use_backend(backend):
        return sum(doctest.DocTestRunner().run(example).failed for example in examples)


def both_gradients(name, kind, call, argument):
    """Ours and the differences', of a sum with some weights; for a list of maps, of each."""
    with roikit.use_backend("plain"):
        bins = operation(name)(**call)
        weights = np.random.default_rng(6).standard_normal(bins.shape)
        found = gradient(name, kind, call, weights)
        given = call[argument]
        several = isinstance(given, list)
        differences = []
        for i, array in enumerate(given if several else [given]):

            def loss(moved, i=i):
                there = [*given[:i], moved, *given[i + 1 :]] if several else moved
                return np.sum(weights * operation(name)(**{**call, argument: there}))

            differences.append(sampled_differences(loss, array, argument))
    return (found if several else [found]), differences


def sampled_differences(loss, array, argument):
    """By boxes of their ends alone: a batch index does not move by a little."""
    if argument not in ("rois", "boxes"):
        return central_differences(loss, array)
    differences = np.zeros(array.shape)
    ends = central_differences(lambda moved: loss(np.column_stack([array[:, 0], moved])), array[:, 1:])
    differences[:, 1:] = ends
    return differences


# --- the tables are what they say -------------------------------------------------------------------------


def test_the_tables_are_in_the_readme():
    """Else: ``python tests/roikit/family.py``."""
    text = family.README.read_text(encoding="utf-8")
    assert family.written(text) == text


def test_every_operation_with_a_gradient_is_in_the_table():
    forward = {name.partition("_backward")[0] for name in roikit.__all__ if "_backward" in name}
    assert forward == set(CALLS)


def test_gradients_have_the_operations_arguments():
    """In its order and with its defaults: what is given to one can be given to the other."""
    for name in CALLS:
        ours = inspect.signature(operation(name)).parameters
        for kind in ("backward", "backward_rois", "backward_offset"):
            function = getattr(roikit, f"{name}_{kind}", None)
            theirs = inspect.signature(function).parameters if function else {}
            for argument in ours.keys() & theirs.keys() - {"features"}:  # averages give back without them
                assert theirs[argument].default == ours[argument].default, (name, kind, argument)


