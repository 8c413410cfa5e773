"""One case of one student at the terminal: the call, expected beside got, and how the result comes about."""

from __future__ import annotations

from pathlib import Path

from rich.console import Console
from rich.text import Text

from grader import feedback
from grader.records import CaseResult
from grader.replay import Replay
from grader.report.summary import score_text, sign
from grader.report.terminal import as_shown, safe_line
from grader.sandbox.text import clean

#: Characters and lines of one part.
_LONGEST, _MOST_LINES = 6000, 60


def print_replay(replay: Replay, graded: Path, console: Console) -> None:
    """Print a replayed case; its picture and its long inputs are written into the folder `graded`."""
    case = replay.case
    head = f"{replay.student} · {replay.item.title} · {case.case} ({case.visibility})"
    console.print(safe_line(console, head, style="bold"))
    console.print(safe_line(console, case.idea))
    console.print(_comparison(replay, console))
    for sentence in replay.changed:
        console.print(safe_line(console, sentence, style="bold red"))
    picture, inputs = replay.write(graded)
    load = f'import numpy as np\ngiven = np.load("{inputs}")\n' if inputs else ""
    call = replay.where.call.replace("import numpy as np\n", "", 1) if load else replay.where.call
    expected, got = replay.values
    parts = {
        "What came of it": case.sentence,
        "Traceback": case.traceback,
        "The call": load + call,
        "Expected": expected,
        "Got": got,
        "Expected beside got": replay.where.table,
        "How the expected value comes about": replay.derivation,
        "Printed by the student's code": case.printed,
    }
    for title, text in parts.items():
        _print_part(title, text, console)
    _print_part("What is behind it, as the run found", _behind(replay), console)
    if picture is not None:
        console.print(safe_line(console, f"\nPicture: {picture}"), soft_wrap=True)


def _comparison(replay: Replay, console: Console) -> Text:
    """Whether it came to what it came to in the run."""
    now, before = _marks(replay.case), replay.before
    if before is None:
        return safe_line(console, f"In the run no case of this item was run. Now: {now}.")
    if replay.is_as_before:
        again = "" if before.sentence == clean(replay.case.sentence, 600) else f": {before.sentence}"
        return safe_line(console, f"In the run: {now}{again}. Now: the same.")
    why = "" if replay.changed else " The code does not do the same each time, or runs at a limit."
    text = f"Not as in the run. In the run: {_marks(before)}. Now: {now}.{why}"
    return safe_line(console, text, style="bold red")


def _marks(case: CaseResult) -> str:
    points = f", {score_text(case.score, case.max_score)}" if case.max_score else ""
    return sign(case).word + points


def _behind(replay: Replay) -> str:
    advice = feedback.told(replay.diagnosis).advice
    return "\n".join(f"{one.sentence} ({one.label}) {one.rest}" for one in advice)


def _print_part(title: str, text: str, console: Console) -> None:
    """A title and its lines, as they are: they can be copied."""
    lines = clean(text, _LONGEST).rstrip().split("\n")
    if lines == [""]:
        return
    if len(lines) > _MOST_LINES:
        lines = [*lines[:_MOST_LINES], "…"]
    console.print(Text(f"\n{title}", style="bold"))
    for line in lines:
        console.print(Text(as_shown(console, f"  {line}")), soft_wrap=True)
