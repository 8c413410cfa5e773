"""Cases with something that only pytest does; those called ``test_log...`` are plain, and see when it did."""

import sys
import warnings

import pytest

from grader.testing import expect

pytestmark = pytest.mark.rubric("scale", points=1)
log = []


@pytest.fixture
def two():
    log.append("two is up")
    yield 2
    log.append("two is down")


@pytest.fixture
def spoilt():
    yield 2
    raise ValueError("in the end")


@pytest.fixture(scope="module")
def of_module():
    log.append("of_module is up")
    yield 2
    log.append("of_module is down")


@pytest.fixture
def plus_one(request):
    return request.param + 1


def test_log_first(student):
    """Idea."""
    student.scale(list(log), 1)


def test_fixture(student, two):
    """Idea."""
    expect(student.scale([1], two), [two])


def test_log_between(student):
    """Idea."""
    student.scale(list(log), 1)


def test_fixture_that_fails_in_the_end(student, spoilt):
    """Idea."""
    expect(student.scale([1], spoilt), [spoilt])


def test_fixture_of_the_module(student, of_module):
    """Idea."""
    student.scale(list(log), of_module)


def test_log_while_it_is_up(student):
    """Idea."""
    student.scale(list(log), 1)


def test_fixture_of_the_module_again(student, of_module):
    """Idea."""
    expect(student.scale([2], of_module), [2])


class TestAll:
    def setup_method(self):
        self.n = 2

    def test_method(self, student):
        """Idea."""
        self.n += 1
        expect(student.scale([1], self.n), [3])


class TestWithoutSetUp:
    n = 1

    def test_own_object(self, student):
        """Idea."""
        self.n += 1
        expect(student.scale([self.n], 2), [4])


def test_request(student, request):
    """Idea."""
    request.addfinalizer(lambda: log.append("finalized"))
    student.scale(list(log), 1)


@pytest.mark.filterwarnings("error")
def test_mark(student):
    """Idea."""
    student.scale([1], 2)
    warnings.warn("now an error", stacklevel=1)


@pytest.mark.parametrize("plus_one", [1], indirect=True)
def test_indirect(student, plus_one):
    """Idea."""
    expect(student.scale([plus_one], 2), [4])


def test_fixture_of_pytest(student, monkeypatch):
    """Idea."""
    monkeypatch.setattr(sys, "roikit_is_here", 1, raising=False)
    student.scale([sys.roikit_is_here], 2)


def test_exit_takes_all_down(student, of_module):
    """Idea."""
    pytest.exit("so")


def test_fixture_of_the_module_in_the_end(student, of_module):
    """Idea."""
    expect(student.scale([2], of_module), [2])


def test_log_last(student):
    """Idea."""
    assert not hasattr(sys, "roikit_is_here")
    student.scale(list(log), 1)
