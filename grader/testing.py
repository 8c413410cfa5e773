"""What an assignment's tests import: ``from grader.testing import expect``.

A test calls the student's functions through the fixture ``student`` and hands what came back to `expect`.
Whatever goes wrong on the student's side travels as `Mismatch` or `StudentFailure`; any other exception is
the test's own, and becomes ``internal_error``.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from grader import feedback, pictures
from grader.compare import Axis, Comparison, compare
from grader.records import CallOutcome

__all__ = ["Mismatch", "StudentFailure", "expect"]


class Mismatch(AssertionError):
    """A result that differs from the expected one: the sentence, the facts, the picture."""

    def __init__(self, comparison: Comparison, explanation: Any = None) -> None:
        super().__init__(feedback.mismatch(comparison))
        self.comparison = comparison
        self._explanation = explanation

    @property
    def sentence(self) -> str:
        return str(self)

    def picture(self) -> str:
        """The failing bin as SVG text, expected and got beside it; empty without an explanation."""
        if self._explanation is None:
            return ""
        return pictures.drawn(self._explanation, self.comparison)

    def bin(self) -> str:
        """The failing bin in words; empty without an explanation, and where no bin is the wrong one."""
        return self.derivation().partition("\n")[0]

    def derivation(self) -> str:
        """How the failing bin comes about, step by step; empty as above."""
        if self._explanation is None or self.comparison.index is None:
            return ""
        return str(self._explained().bin(*self.comparison.index))

    def _explained(self) -> Any:
        return pictures.explained(self._explanation)


class StudentFailure(Exception):
    """A call that gave no value: it raised, timed out, ran out of memory, ...; tests do not catch it."""

    def __init__(self, outcome: CallOutcome) -> None:
        super().__init__(outcome.sentence or outcome.status)
        self.outcome = outcome


def expect(
    actual: Any,
    expected: Any,
    *,
    rtol: float = 1e-6,
    atol: float = 1e-6,
    dtype: Any = None,
    axes: Sequence[Axis] | None = None,
    explanation: Any | Callable[[], Any] = None,
) -> None:
    """Hold a student's result against the expected one.

    Parameters
    ----------
    actual : anything
        What the student's function returned. Arrays, lists and tuples of numbers are interchangeable.
    expected : array_like
        Numbers or booleans; integers against integers are compared exactly.
    rtol, atol : float, default 1e-6
        ``|actual - expected| <= atol + rtol * |expected|``.
    dtype : data type, optional
        Ask for an exact one (then `actual` must be an array of it), or for a family such as ``np.integer``.
    axes : sequence of str or of tuples of str, optional
        What the axes of `expected` are, for the sentence: ``("channel", "point")``, or what stands at each
        position: ``(("x1", "y1", "x2", "y2"),)``. A 4-d `expected` is (RoI, channel, bin, bin) by itself.
    explanation : roikit Explanation, or a function without arguments that makes one, optional
        Draws the picture of the failing bin; asked only when the results differ.

    Raises
    ------
    Mismatch
        "RoI 0, channel 0, bin (1, 0): expected 0.97, got 0.69 (and 2 more of 4 differ)".
    """
    __tracebackhide__ = True
    comparison = compare(actual, expected, rtol=rtol, atol=atol, dtype=dtype, axes=axes)
    if not comparison.matches:
        raise Mismatch(comparison, explanation)
