"""``check("roi_pool")`` in a notebook: one rubric item's public cases, for the notebook's functions."""

from __future__ import annotations

import html
import re
import sys
from pathlib import Path

from grader import feedback, selfcheck
from grader.records import CaseResult, Diagnosis
from grader.student import LocalBox

NOTHING_FOUND = Diagnosis()
_GOOD, _BAD = "#1a7f37", "#b3261e"


class CheckFailed(Exception):
    """A check that did not pass; shown as one line, without a traceback."""

    def _render_traceback_(self) -> list[str]:  # IPython asks for this
        return [f"CheckFailed: {self}"]


class CheckResult:
    """What a check found: HTML with the picture in a notebook, plain lines elsewhere."""

    def __init__(
        self, rubric: str, cases: tuple[CaseResult, ...], diagnosis: Diagnosis = NOTHING_FOUND
    ) -> None:
        self.rubric = rubric
        self.cases = cases
        self.diagnosis = diagnosis

    @property
    def passed(self) -> int:
        return sum(case.outcome == "correct" for case in self.cases)

    @property
    def has_passed(self) -> bool:
        return self.passed == len(self.cases)

    def __str__(self) -> str:
        lines = []
        for case in self.cases:
            is_correct = case.outcome == "correct"
            lines.append(f"{'ok  ' if is_correct else 'FAIL'} {case.idea}")
            if not is_correct:
                lines.append(f"     {case.sentence}")
                lines += [f"     {line}" for line in case.traceback.rstrip().split("\n") if line]
        lines += [f"{' ' * indent}{line}" for indent, line in self._told()]
        lines.append(f"{self.rubric}: {self.passed} of {len(self.cases)} checks passed")
        return "\n".join(lines)

    __repr__ = __str__

    def _repr_html_(self) -> str:
        rows = "".join(map(_row, self.cases))
        rows += "".join(
            f'<div style="margin:0.2em 0 0.2em {indent * 0.5}em">{_html(line)}</div>'
            for indent, line in self._told()
        )
        colour = _GOOD if self.has_passed else _BAD
        closing = f"{self.passed} of {len(self.cases)} checks passed"
        return (
            f'<div style="border-left:4px solid {colour};padding:0.2em 0 0.2em 0.8em">{rows}'
            f'<div style="color:{colour}"><b>{html.escape(self.rubric)}</b>: {closing}</div></div>'
        )

    def _told(self) -> list[tuple[int, str]]:
        """What the wrong numbers look like."""
        return feedback.lines(feedback.told(self.diagnosis))


def check(rubric: str, folder: str | Path = ".") -> None:
    """Check the functions of this notebook against the public tests of one rubric item.

    Parameters
    ----------
    rubric : str
        The rubric item's id, as it stands in the notebook: ``"roi_pool"``.
    folder : str or Path, default "."
        Where ``test_public.py`` lies: beside the notebook.

    Raises
    ------
    CheckFailed
        If a case does not pass; the result, with its picture, is shown before.
    AssignmentError
        If there is no such test file.
    """
    box = LocalBox(_caller_namespace())
    result = CheckResult(rubric, *selfcheck.of_folder(Path(folder).resolve(), box, rubric))
    if not result.cases:
        raise CheckFailed(f"test_public.py has no check named {rubric!r}")
    _show(result)
    if not result.has_passed:
        failed = len(result.cases) - result.passed
        raise CheckFailed(f"{failed} of {len(result.cases)} checks of {rubric} did not pass; see above")


def _html(text: str) -> str:
    """Escaped; what stands in backticks is code."""
    return re.sub(r"`([^`]+)`", r"<code>\1</code>", html.escape(text))


def _row(case: CaseResult) -> str:
    idea = _html(case.idea)
    if case.outcome == "correct":
        return f'<div><span style="color:{_GOOD}">✓</span> {idea}</div>'
    trace = f'<pre style="margin:0.3em 0">{html.escape(case.traceback)}</pre>' if case.traceback else ""
    details = f"<b>{_html(case.sentence)}</b>{trace}{case.picture}"
    return (
        f'<div><span style="color:{_BAD}">✗</span> {idea}'
        f'<div style="margin:0.2em 0 0.6em 1.3em">{details}</div></div>'
    )


def _show(result: CheckResult) -> None:
    shell = _shell()
    if shell is None:
        print(result)
    else:
        from IPython.display import display

        display(result)


def _caller_namespace() -> dict:
    shell = _shell()
    return shell.user_ns if shell is not None else sys._getframe(2).f_globals


def _shell():
    """IPython's shell where there is one; IPython is not imported for it."""
    ipython = sys.modules.get("IPython")
    return ipython.get_ipython() if ipython is not None else None
