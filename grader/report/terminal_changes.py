"""Who has another score than before, at the terminal: bounded, and nothing by colour alone."""

from __future__ import annotations

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table
from rich.text import Text

from grader.records import ItemResult, SubmissionResult
from grader.report.changes import KINDS, Change, Changes, ItemChange
from grader.report.summary import number, sign
from grader.report.terminal import safe_line

#: Students shown; of those who lost something the first.
_MOST_ROWS = 100
_STUDENT_WIDTH = 18
_STYLES = {"not graded": "magenta", "down": "red", "gone": "red", "up": "green", "new": "green"}
_WORDS = {"outcome": "same score", "gone": "no longer there", "new": "new"}


def print_changes(changes: Changes, console: Console) -> None:
    """Print who changed, and by what, and the totals."""
    was, now = changes.seeds
    if was != now:
        text = f"Other inputs than before (seed {was}, now {now}): a change may be due to chance."
        console.print(safe_line(console, text, style="bold red"))
    if changes:
        console.print(_table(changes, console))
    left = len(changes.changed) - _MOST_ROWS
    if left > 0:
        console.print(f"and {left} more")
    console.print(_totals(changes, console))


def _table(changes: Changes, console: Console) -> Table:
    table = Table(box=SIMPLE_HEAD, pad_edge=False, padding=(0, 1, 0, 0), expand=True)
    cut = "crop" if console.options.ascii_only else "ellipsis"
    table.add_column("Student", no_wrap=True, max_width=_STUDENT_WIDTH, overflow=cut)
    table.add_column("", no_wrap=True)
    table.add_column("Score", no_wrap=True, justify="right")
    table.add_column("By item", ratio=1)
    for change in changes.changed[:_MOST_ROWS]:
        items = Text("\n").join(safe_line(console, _item(item)) for item in change.items)
        table.add_row(
            safe_line(console, change.student, style="bold", overflow=None),
            Text(_WORDS.get(change.what, change.what), style=_STYLES.get(change.what, "")),
            safe_line(console, _score(change)),
            items,
        )
    return table


def _score(change: Change) -> str:
    return _arrow(_points(change.before, change.after), _points(change.after, change.before))


def _item(item: ItemChange) -> str:
    """``"Span: 0 → 3, wrong → correct"``."""
    before, after = item.before, item.after
    points = _arrow(_points(before, after), _points(after, before))
    words = _arrow(sign(before).word if before else "", sign(after).word if after else "")
    return f"{item.title}: {', '.join(each for each in (points, words) if each)}"


def _points(
    graded: ItemResult | SubmissionResult | None, other: ItemResult | SubmissionResult | None
) -> str:
    """The score, with what it is out of where that is another one in `other`."""
    if graded is None or graded.score is None:
        return "–"
    is_other = other is not None and other.max_score != graded.max_score
    return number(graded.score) + (f"/{number(graded.max_score)}" if is_other else "")


def _arrow(before: str, after: str) -> str:
    return before if before == after else f"{before} → {after}".strip()


def _totals(changes: Changes, console: Console) -> Text:
    counts = [f"{changes.count(what)} {_WORDS.get(what, what)}" for what in KINDS if changes.count(what)]
    who = ", ".join([*counts, f"{changes.same} as before"])
    (was, now), (most_then, most) = changes.means, changes.max_scores
    of = f" of {number(most)}" if most == most_then else f" (of {number(most_then)}, now of {number(most)})"
    mean = _arrow(number(was), number(now))
    return Text.assemble(
        ("Changes: " if changes else "No changes: ", "bold"),
        safe_line(console, f"{who}; mean {mean}{of}"),
        (f"; {changes.not_graded} not graded" if changes.not_graded else "", "bold magenta"),
    )
