"""Where a public case went wrong, as text: the call, to try by oneself, and expected beside got.

For one's own code alone: of a hidden case nobody is told any of this.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from grader import feedback, written
from grader.compare import Axis, Comparison
from grader.records import CallRecord
from grader.testing import Mismatch

#: Rows and columns of a table: those around the first number that differs.
WINDOW = 8
MARK = "*"


@dataclass(frozen=True)
class Where:
    """A failing case, looked at closely; each part may be empty."""

    call: str = ""  # lines of Python that make the call again
    bin: str = ""  # the bin that differs, in words
    table: str = ""  # expected beside got, what differs marked

    def __str__(self) -> str:
        return "\n".join(part for part in (self.call, self.bin, self.table) if part)


def of(raised: BaseException | None, calls: Sequence[CallRecord]) -> Where:
    """Where a case went wrong, from what it raised and the calls that it made.

    >>> from grader.records import CallOutcome
    >>> from grader.testing import expect
    >>> got = np.array([[0.85, 0.96], [0.97, 0.91]])
    >>> try:
    ...     expect(got, [[0.85, 0.84], [0.97, 0.91]])
    ... except Mismatch as raised:
    ...     print(of(raised, [CallRecord("pool", (2,), {}, CallOutcome("returned", value=got))]))
    pool(2)
    expected      got
    0.85  0.84    0.85   0.96*
    0.97  0.91    0.97   0.91
    """
    if raised is None:
        return Where()
    if feedback.is_unwritten(str(raised)):
        return Where()  # no call of it says more
    if not isinstance(raised, Mismatch):
        return Where(written.call(calls[-1]) if calls else "")
    record = _compared(raised.comparison, calls)
    return Where(written.call(record) if record else "", _bin(raised), _table(raised.comparison))


def _compared(found: Comparison, calls: Sequence[CallRecord]) -> CallRecord | None:
    """The call whose result was compared, as far as that can be told."""
    if len(calls) < 2 or found.actual is None:
        return calls[-1] if calls else None
    return next((call for call in reversed(calls) if _gave(call, found.actual)), None)


def _bin(raised: Mismatch) -> str:
    try:
        return raised.bin()
    except Exception:  # an assignment's own explanation; the rest stands without it
        return ""


def _gave(call: CallRecord, numbers: np.ndarray) -> bool:
    try:
        return np.array_equal(np.asarray(call.outcome.value), numbers, equal_nan=numbers.dtype.kind == "f")
    except (TypeError, ValueError):  # no array at all
        return False


# ------------------------------------------------------------------ expected beside got
def _table(found: Comparison) -> str:
    """The numbers around the first that differs; a single number stands in the sentence already."""
    if found.difference != "values" or not found.expected.ndim:
        return ""
    expected, got = (np.atleast_2d(array[found.index[:-2]]) for array in (found.expected, found.actual))
    wrong = ~np.isclose(got, expected, *found.tolerances, equal_nan=True)
    rows, columns = map(_around, (0, *found.index)[-2:], expected.shape)
    axes = ("", *(found.axes or ("",) * found.expected.ndim))[-2:]
    labels, heads = _names(axes[0], rows), _names(axes[1], columns)
    pairs = [[_pair(expected[i, j].item(), got[i, j].item(), wrong[i, j]) for j in columns] for i in rows]
    sides = [[[pair[side] for pair in row] for row in pairs] for side in (0, 1)]
    left = _block("expected", sides[0], labels, heads)
    right = _block("got", sides[1], labels, [head and f"{head} " for head in heads])
    return "\n".join(f"{one}    {other}".rstrip() for one, other in zip(left, right, strict=True))


def _pair(expected: float, got: float, is_wrong: bool) -> tuple[str, str]:
    if not is_wrong:
        return feedback.number(expected), f"{feedback.number(got)} "
    one, other = feedback.pair(expected, got)
    return one, other + MARK


def _around(place: int, size: int) -> range:
    start = min(max(place - WINDOW // 2, 0), max(size - WINDOW, 0))
    return range(start, min(start + WINDOW, size))


def _names(axis: Axis, places: range) -> list[str]:
    """What stands at each place of an axis, where its places have names."""
    return [axis[place] if isinstance(axis, tuple) else "" for place in places]


def _block(title: str, cells: list[list[str]], labels: list[str], heads: list[str]) -> list[str]:
    """Lines of one width: the title, and below it the cells, each column flush right."""
    rows = [[label, *row] for label, row in zip(labels, cells, strict=True)]
    if any(heads):
        rows.insert(0, ["", *heads])
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = ["  ".join(map(str.rjust, row, widths)) for row in rows]
    lines = [line[2:] if not widths[0] else line for line in lines]
    width = max(map(len, (title, *lines)))
    return [f"{line:{width}}" for line in (title, *lines)]
