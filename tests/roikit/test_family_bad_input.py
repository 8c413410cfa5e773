"""One argument of a right call is made wrong: every operation of the family, and every gradient, tells which.

Both backends say the same, and where the odd value is a good one they give the same bits.
"""

import inspect

import family
import numpy as np
import pytest
from family import CALLS, operation
from hostile_calls import Call, attempt, check
from hostile_values import BEYOND, CHOICES, FAR, INDICES, INTEGERS, JUNK, LAYOUTS, ODD, SCALES

import roikit

NAMES = sorted(name for name in roikit.__all__ if name.partition("_backward")[0] in CALLS)
#: Values that are wrong for some arguments, or odd.
MOST_BINS = next(value for value in INTEGERS if type(value) is tuple and value == (2**20, 2**20))
HOSTILE = [*JUNK, *INTEGERS, *SCALES, *CHOICES]


def right_call(name):
    """All arguments by name, defaults as well."""
    forward, backward, kind = name.partition("_backward")
    call = CALLS[forward]
    if backward:
        given = {}
        bins = operation(forward)(**call)
        with pytest.MonkeyPatch.context() as patch:  # what the gradient is called with
            noted = inspect.signature(operation(name))
            patch.setattr(roikit, name, recording(noted, given))
            family.gradient(forward, f"backward{kind}", call, np.ones_like(bins))
    else:
        given = dict(call)
    parameters = inspect.signature(operation(name)).parameters.values()
    return {each.name: given.get(each.name, each.default) for each in parameters}


def recording(signature, given):
    def function(**arguments):
        given.update(arguments)

    function.__signature__ = signature
    return function


@pytest.mark.parametrize("name", NAMES)
def test_one_wrong_argument(name):
    call = right_call(name)
    assert check(Call(operation(name), call)).error is None
    refused = 0
    for argument in call:
        for value in HOSTILE:
            if not is_endless(argument, value):
                refused += check(Call(operation(name), {**call, argument: value})).error is not None
    assert refused > len(call) * len(HOSTILE) // 3


def is_endless(argument, value):
    """A good value that asks for gigabytes."""
    sizes = ("output_size", "image_size", "pool_size", "mask_size", "classes", "group_size")
    many = type(value) is int and value == 2**20 + 1
    return (argument in sizes and value is MOST_BINS) or (argument == "classes" and many)


@pytest.mark.parametrize("name", NAMES)
def test_odd_numbers_in_an_array(name):
    """NaN, infinities, far and fractional numbers in each argument that is an array."""
    call = right_call(name)
    for argument, array in call.items():
        if isinstance(array, np.ndarray) and array.dtype.kind == "f":
            for value in [*ODD, *FAR, *BEYOND, *INDICES]:
                for place in (0, 1, array.size - 1):
                    odd = array.copy()
                    with np.errstate(all="ignore"):
                        odd.flat[place] = value
                    check(Call(operation(name), {**call, argument: odd}))


@pytest.mark.parametrize("name", NAMES)
def test_any_layout_in_memory(name):
    call = right_call(name)
    expected = attempt(Call(operation(name), call))
    for argument, array in call.items():
        if isinstance(array, np.ndarray):
            for lay in LAYOUTS[:8]:  # those that keep all that the array holds
                assert check(Call(operation(name), {**call, argument: lay(array)})) == expected
