"""What a student's function returned, held against numbers: a verdict and a sentence, never an exception."""

import math

import numpy as np
from targets import _values
from targets._choices import Choices
from targets.text import check_sentence

from grader import feedback
from grader.compare import compare
from grader.sandbox import codec

EXPECTED = (
    np.float64(0.5), np.array(3), np.array(True), np.array([1.0, np.nan, np.inf, -np.inf]),
    np.array([0, 2, 2**62]), np.zeros((2, 2)), np.zeros((0, 3)), np.zeros((1, 1, 2, 2), np.float32),
    np.array([True, False]), np.array([2**64 - 1, 0], np.uint64), np.array([1e308, 5e-324]),
    np.zeros((1,) * 32), np.zeros(0),
)  # fmt: skip
DTYPES = (None, None, np.integer, np.floating, np.float32, np.int64, bool)


def seeds():
    for kind in range(len(EXPECTED)):
        yield bytes([kind, 0]) + bytes(range(40))
        yield bytes([kind, 0, 1])


def check(data):
    choices = Choices(data)
    expected, dtype = choices.pick(EXPECTED), choices.pick(DTYPES)
    actual = near(choices, expected) if choices.below(2) else _values.value(choices)
    try:
        actual = codec.decode(codec.encode(actual))
    except codec.Refused:
        return
    axes = (("x", "y", "z", "w"),) if expected.ndim == 1 and choices.below(2) else None
    found = compare(actual, expected, dtype=dtype, axes=axes)
    if found.matches:
        assert agrees(actual, expected), (actual, expected)
    else:
        check_sentence(feedback.mismatch(found))


def near(choices, expected):
    """The expected numbers as nested lists, with one of them replaced by anything."""
    leaves = expected.ravel().tolist()
    if leaves and choices.below(2):
        leaves[choices.below(len(leaves))] = _values.value(choices)
    return nested(leaves, expected.shape, tuple if choices.below(2) else list)


def nested(leaves, shape, kind):
    if not shape:
        return leaves[0]
    step = len(leaves) // shape[0] if shape[0] else 0
    return kind(nested(leaves[k * step : (k + 1) * step], shape[1:], kind) for k in range(shape[0]))


def agrees(actual, expected):
    """The same question in plain Python: a value like nothing of the kind must not pass."""
    if expected.ndim:
        rows = list(actual)
        return len(rows) == len(expected) and all(map(agrees, rows, expected))
    actual = actual.item() if isinstance(actual, (np.ndarray, np.generic)) else actual
    expected = expected.item()
    assert type(actual) in (bool, int, float), actual
    assert (type(actual) is bool) == (type(expected) is bool)
    if type(actual) is not float and type(expected) is not float:
        return actual == expected
    if math.isnan(expected) or math.isinf(expected):
        return actual == expected or (math.isnan(expected) and math.isnan(actual))
    return abs(actual - expected) <= (1e-6 + 1e-6 * abs(expected)) * (1 + 1e-9)
