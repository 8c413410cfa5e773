r"""What a person or a log sees while a class is graded, and the line that a log always ends with.

On a terminal a bar with count, rate, time left and the outcomes so far, each with its sign. Elsewhere a
plain line a submission; of more than `FEW` a line now and then, some hundreds in all. At the end, however it
came, one line whose form does not change, for ``grep``::

    graded 300 of 300: 241 correct, 40 wrong, 12 error, 7 timeout in 61.2 s (294/min)
    graded 17 of 300: 17 correct in 3.4 s (300/min)
    graded 0 of 0: nothing in 0.0 s (0/min)

The outcomes are those of ``results.json``, in the order of `grader.records.OUTCOMES`, without those that
nobody has; what an earlier run graded is not counted. `LAST_LINE` reads it.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING

from grader.records import OUTCOMES

if TYPE_CHECKING:
    from rich.console import Console, RenderableType

    from grader.records import Outcome, SubmissionResult

#: Submissions up to which each has a line in a log, and the lines of a longer log.
FEW, LINES = 200, 200
#: Seconds after which a slow run says something again.
SILENCE = 300.0

#: The last line, as a regular expression.
LAST_LINE = r"^graded (\d+) of (\d+): (nothing|\d+ \w+(?:, \d+ \w+)*) in (\d+\.\d) s \((\d+)/min\)$"

Clock = Callable[[], float]
Tick = Callable[["SubmissionResult"], None]


class Tally:
    """How many are graded, how fast, and what came of them."""

    def __init__(self, count: int, clock: Clock = time.monotonic) -> None:
        self.count = count
        self.graded = 0
        self.outcomes: Counter[Outcome] = Counter()
        self._clock = clock
        self._began = clock()

    def add(self, result: SubmissionResult) -> None:
        self.graded += 1
        self.outcomes[result.outcome] += 1

    @property
    def seconds(self) -> float:
        return max(self._clock() - self._began, 0.0)

    def found(self) -> list[tuple[Outcome, int]]:
        """The outcomes that somebody has, from best to worst."""
        return [(outcome, self.outcomes[outcome]) for outcome in OUTCOMES if self.outcomes[outcome]]

    def told(self) -> str:
        return ", ".join(f"{count} {outcome}" for outcome, count in self.found()) or "nothing"

    def pace(self) -> str:
        """Return ``"812/min, 23 min left"``, at the rate of the whole run."""
        seconds, left = self.seconds, self.count - self.graded
        rest = f", {_span(seconds / self.graded * left)} left" if self.graded and left else ""
        return f"{_rate(self.graded, seconds):.0f}/min{rest}"

    def last_line(self) -> str:
        seconds = self.seconds
        pace = f"in {seconds:.1f} s ({_rate(self.graded, seconds):.0f}/min)"
        return f"graded {self.graded} of {self.count}: {self.told()} {pace}"


@contextmanager
def progress(console: Console, count: int, clock: Clock = time.monotonic) -> Iterator[Tick]:
    """Show how `count` submissions are graded; what this gives is called with each that is."""
    tally = Tally(count, clock)
    show = _bar if console.is_terminal else _each if count <= FEW else _now_and_then
    try:
        with show(console, tally) as tick:
            yield tick
    finally:  # of an interrupted run too
        console.print(tally.last_line(), markup=False, highlight=False, soft_wrap=True)


# ------------------------------------------------------------------ in a log
@contextmanager
def _each(console: Console, tally: Tally) -> Iterator[Tick]:
    from grader.report.summary import sign

    def tick(result: SubmissionResult) -> None:
        tally.add(result)
        line = f"{tally.graded}/{tally.count} {_plain(result.student)}: {sign(result).word}"
        console.print(line, markup=False, highlight=False)

    yield tick


@contextmanager
def _now_and_then(console: Console, tally: Tally) -> Iterator[Tick]:
    """A line for each of `LINES` equal parts of the class, and after a long silence."""
    step = -(-tally.count // LINES)
    said_at, said = tally.seconds, 0

    def tick(result: SubmissionResult) -> None:
        nonlocal said_at, said
        tally.add(result)
        if tally.graded - said >= step or tally.seconds - said_at >= SILENCE:
            said_at, said = tally.seconds, tally.graded
            line = f"{tally.graded}/{tally.count}: {tally.told()}; {tally.pace()}"
            console.print(line, markup=False, highlight=False, soft_wrap=True)

    yield tick


# ------------------------------------------------------------------ on a terminal
@contextmanager
def _bar(console: Console, tally: Tally) -> Iterator[Tick]:
    """A bar with its numbers; below it the outcomes so far, and who was graded last."""
    from rich.live import Live

    from grader.report.summary import sign

    signs: Counter[str] = Counter()
    last = ""

    def tick(result: SubmissionResult) -> None:
        nonlocal last
        tally.add(result)
        signs[sign(result).word] += 1
        last = _plain(result.student)

    def drawn() -> RenderableType:
        return _drawn(console, tally, signs, last)

    with Live(console=console, transient=True, refresh_per_second=8, get_renderable=drawn):
        yield tick


def _drawn(console: Console, tally: Tally, signs: Mapping[str, int], last: str) -> RenderableType:
    from rich.console import Group
    from rich.progress_bar import ProgressBar
    from rich.table import Table
    from rich.text import Text

    from grader.report.terminal import as_shown

    bar = Table.grid(padding=(0, 1), expand=True)
    bar.add_column(ratio=1)
    for _ in range(2):
        bar.add_column(no_wrap=True)
    whole = max(tally.count, 1)  # of nobody, all
    done = ProgressBar(total=whole, completed=tally.graded if tally.count else whole)
    bar.add_row(done, Text(f"{tally.graded}/{tally.count}"), Text(tally.pace()))
    name = Text(as_shown(console, last), "dim", no_wrap=True, overflow="crop")
    return Group(bar, _outcomes(console, signs), name)


def _outcomes(console: Console, signs: Mapping[str, int]) -> RenderableType:
    """Each outcome as its sign, its number and its word."""
    from rich.columns import Columns
    from rich.text import Text

    from grader.report.summary import LEGEND
    from grader.report.terminal import symbol

    seen = [shown for shown in LEGEND if shown.word in signs]
    told = (Text.assemble(symbol(one, console), f" {signs[one.word]} {one.word}") for one in seen)
    return Columns(told, padding=(0, 3))


def _plain(name: str) -> str:
    from grader.sandbox.text import clean_line

    return clean_line(name, 40)


def _span(seconds: float) -> str:
    """Return a time as people say it.

    >>> _span(42.4), _span(1390), _span(40_000)
    ('42 s', '23 min', '11 h 7 min')
    """
    if seconds < 99.5:
        return f"{seconds:.0f} s"
    minutes = round(seconds / 60)
    return f"{minutes} min" if minutes < 100 else f"{minutes // 60} h {minutes % 60} min"


def _rate(graded: int, seconds: float) -> float:
    """Submissions a minute."""
    return graded * 60 / seconds if seconds else 0.0
