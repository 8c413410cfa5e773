"""Cases that are called without pytest's steps, whatever comes of them."""

import sys
import unittest
import warnings

import pytest

from grader.testing import expect

pytestmark = pytest.mark.rubric("scale", points=1)


def test_right(student):
    """Idea."""
    expect(student.scale([1], 2), [2])


def test_wrong(student, rng):
    """Idea."""
    expect(student.scale([1], 2), rng.random(2))


def test_assert(student):
    """Idea."""
    assert student.scale([1], 2) == 3, "not 3"


def test_fail(student):
    """Idea."""
    pytest.fail("so")


def test_skip(student):
    """Idea."""
    student.scale([1], 2)
    pytest.skip("no GPU")


def test_unittest_skip(student):
    """Idea."""
    raise unittest.SkipTest("no GPU")


def test_xfail(student):
    """Idea."""
    pytest.xfail("so")


def test_importorskip(student):
    """Idea."""
    pytest.importorskip("no_such_module")


def test_exit(student):
    """Idea."""
    pytest.exit("so")


def test_system_exit(student):
    """Idea."""
    sys.exit(3)


def test_endless(student):
    """Idea."""
    while True:
        pass


def test_filters_of_its_own(student):
    """Idea."""
    warnings.warn("nobody sees this", stacklevel=1)
    warnings.simplefilter("error")


def test_is_not_warned(student):
    """Idea."""
    warnings.warn("nobody sees this", DeprecationWarning, stacklevel=1)


def test_returns_a_number(student):
    """Idea."""
    return 3


def test_returns_what_is_awaited(student):
    """Idea."""

    class Awaited:
        __await__ = 1

    return Awaited()


async def test_async_generator(student):
    """Idea."""
    yield


@pytest.mark.parametrize("n", [1, 2])
@pytest.mark.parametrize("rng", [3])
def test_parameters(n, rng, student):
    """Idea."""
    expect(student.scale([rng], n), [6])


@pytest.mark.usefixtures("rng")
def test_uses(student):
    """Idea."""
    student.scale([1], 2)
