"""The pairs of ``grader.similarity`` for the instructor: a table at the terminal, a page with the texts."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table
from rich.text import Text

from grader.errors import GraderError
from grader.report.files import write_whole
from grader.report.html import templates
from grader.report.terminal import safe_line
from grader.sandbox.text import clean
from grader.similarity import COMMON, MAX_TEXT, Half, Likeness, Pair

#: Pairs at the terminal, pairs whose texts stand in the page, and lines of each of these texts.
_MOST_ROWS, _MOST_SHOWN, _MOST_LINES = 20, 30, 800
_LINE_LENGTH = 200
HOW_TO_READ = (
    "Names, strings, comments and spacing do not count, nor does what was handed out, nor what more than a "
    f"tenth of the class (and more than {COMMON} students) wrote. What is left may be alike because the "
    "task is small: a sign, not a proof. It weighs more where wrong results are identical too."
)

#: student -> function -> digest of its unexplained wrong results
Digests = Mapping[str, Mapping[str, str]]


def digests_of(results: Mapping[str, Any]) -> Digests:
    """What a ``results.json``, as `results_json.read` gives it, knows of wrong results that nothing explains.

    Raises
    ------
    GraderError
        It is damaged, or of a roikit that knew no diagnosis.
    """
    try:
        signatures = {one["student"]: one["diagnosis"]["signatures"] for one in results["submissions"]}
        return {
            student: {one["function"]: one["digest"] for one in given if one["explained"] is False}
            for student, given in signatures.items()
        }
    except (KeyError, TypeError, AttributeError):
        raise GraderError("results.json has no diagnosis: grade the class again") from None


def same_wrong(pair: Pair, digests: Digests) -> tuple[str, ...]:
    """The functions in which both gave the same wrong results."""
    first, second = (digests.get(half.student, {}) for half in (pair.first, pair.second))
    return tuple(name for name, digest in first.items() if second.get(name) == digest)


def print_pairs(likeness: Likeness, digests: Digests, console: Console) -> None:
    """Print the pairs that are most alike."""
    for line in _beside(likeness):
        console.print(safe_line(console, line, style="dim"))
    if not likeness.pairs:
        console.print(f"No two of {likeness.compared} submissions are alike.")
        return
    table = Table(box=SIMPLE_HEAD, pad_edge=False, padding=(0, 1, 0, 0))
    for name in ("One", "Another"):
        table.add_column(name, overflow="fold")
        table.add_column("shared", justify="right", no_wrap=True)
    table.add_column("Same wrong results in", overflow="fold")
    for pair in likeness.pairs[:_MOST_ROWS]:
        row = [cell for half in (pair.first, pair.second) for cell in _cells(half, console)]
        table.add_row(*row, safe_line(console, ", ".join(same_wrong(pair, digests))))
    console.print(table)
    left = len(likeness.pairs) - _MOST_ROWS
    if left > 0:
        console.print(f"and {left} more")
    console.print(safe_line(console, HOW_TO_READ, style="dim"))


def _cells(half: Half, console: Console) -> tuple[Text, Text]:
    return safe_line(console, half.student, style="bold"), Text(f"{half.share:.0%}")


def write(
    likeness: Likeness, texts: Mapping[str, str], digests: Digests, title: str, directory: Path
) -> Path:
    """Write ``similar.html`` into the folder of a report, and return its path."""
    rows = [
        (pair, same_wrong(pair, digests), place < _MOST_SHOWN) for place, pair in enumerate(likeness.pairs)
    ]
    page = templates().get_template("similar.html").render(
        title=title, rows=rows, likeness=likeness, beside=_beside(likeness), how_to_read=HOW_TO_READ,
        lines=lambda half: _marked(texts[half.student], half),
    )  # fmt: skip
    return write_whole(directory / "similar.html", page)


def _beside(likeness: Likeness) -> list[str]:
    """What was not compared, or not in full."""
    found = []
    if likeness.left_out:
        found.append(f"Not compared, since it could not be read: {', '.join(likeness.left_out)}")
    if likeness.cut:
        found.append(f"Compared in the first {MAX_TEXT} characters only: {', '.join(likeness.cut)}")
    return found


def _marked(text: str, half: Half) -> list[tuple[str, bool]]:
    """The lines of a text, and whether the other half has each of them too."""
    lines = text.split("\n")[:_MOST_LINES]
    shared = set(half.lines)
    return [(clean(line, _LINE_LENGTH), number in shared) for number, line in enumerate(lines)]
