"""``check("roi_pool")`` in a notebook: one rubric item's public cases, for the notebook's functions.

What does not hold is told step by step: what differs at once, where on a click, and then the idea behind it.
"""

from __future__ import annotations

import html
import re
import sys
import types
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from grader import feedback, selfcheck
from grader.errors import GraderError
from grader.records import CaseResult, Diagnosis
from grader.student import LocalBox
from grader.where import Where

NOTHING_FOUND = Diagnosis()
#: How long the idea behind wrong numbers is looked for: what differs, and where, is shown by then.
IDEA_SECONDS = 5.0
#: The colours of the page around, light or dark; of other pages one that can be read on both.
_GOOD = "var(--jp-success-color1,var(--vscode-testing-iconPassed,#2e8540))"
_BAD = "var(--jp-error-color1,var(--vscode-testing-iconFailed,#d83a3a))"
_CODE = (
    "margin:0.3em 0;padding:0.2em 0;overflow-x:auto;white-space:pre;color:inherit;"
    "font-family:var(--jp-code-font-family,monospace)"
)


class CheckFailed(Exception):
    """A check that did not pass; shown as one line, without a traceback."""

    def _render_traceback_(self) -> list[str]:  # IPython asks for this
        return [f"CheckFailed: {self}"]


class CheckResult:
    """What a check found: HTML with the picture in a notebook, plain lines elsewhere.

    Parameters
    ----------
    rubric : str
    cases : sequence of CaseResult
    where : mapping of str to Where
        Of cases that did not pass, by their names.
    diagnosis : Diagnosis
    """

    def __init__(
        self,
        rubric: str,
        cases: Sequence[CaseResult],
        where: Mapping[str, Where] | None = None,
        diagnosis: Diagnosis = NOTHING_FOUND,
    ) -> None:
        self.rubric = rubric
        self.cases = cases
        self.where = where or {}
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
                parts = (case.sentence, str(self.where.get(case.case, "")), case.traceback.rstrip())
                lines += [f"     {line}" for part in parts if part for line in part.split("\n")]
        lines += [f"{' ' * indent}{line}" for indent, line in self._told()]
        lines.append(f"{self.rubric}: {self._count()}")
        return "\n".join(lines)

    __repr__ = __str__

    def _repr_html_(self) -> str:
        colour = _GOOD if self.has_passed else _BAD
        rows = "".join(_row(case, self.where.get(case.case, Where())) for case in self.cases)
        closing = f"<b>{html.escape(self.rubric)}</b>: {self._count()}"
        return (
            f'<div style="border-left:4px solid {colour};padding:0.2em 0 0.2em 0.8em">{rows}{self._idea()}'
            f'<div style="color:{colour};margin-top:0.4em">{closing}</div></div>'
        )

    def _idea(self) -> str:
        lines = "".join(
            f'<div style="margin:0.2em 0 0.2em {indent * 0.5}em">{_html(line)}</div>'
            for indent, line in self._told()
        )
        return _folded("Why? The idea behind it", lines)

    def _told(self) -> list[tuple[int, str]]:
        """What the wrong numbers look like."""
        return feedback.lines(feedback.told(self.diagnosis))

    def _count(self) -> str:
        return f"{self.passed} of {len(self.cases)} checks passed"


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
        If a case does not pass; the result, with its picture, is shown before. Also if there is nothing to
        check by.
    """
    namespace, files = _caller()
    try:
        found = selfcheck.of_folder(Path(folder).resolve(), LocalBox(namespace, files=files), rubric)
    except GraderError as problem:
        raise CheckFailed(str(problem)) from None
    if not found.cases:
        raise CheckFailed(f"test_public.py has no check named {rubric!r}")
    _show(rubric, found)
    failed = sum(case.outcome != "correct" for case in found.cases)
    if failed:
        raise CheckFailed(f"{failed} of {len(found.cases)} checks of {rubric} did not pass; see above")


# ------------------------------------------------------------------ the page
def _html(text: str) -> str:
    """Escaped; what stands in backticks is code."""
    return re.sub(r"`([^`]+)`", r"<code>\1</code>", html.escape(text))


def _row(case: CaseResult, where: Where) -> str:
    idea = _html(case.idea)
    if case.outcome == "correct":
        return f'<div><span style="color:{_GOOD}">✓</span> {idea}</div>'
    found = f"<b>{_html(case.sentence)}</b>{_where(case, where)}"
    return (
        f'<div><span style="color:{_BAD}">✗</span> {idea}'
        f'<div style="margin:0.2em 0 0.6em 0.6em">{found}</div></div>'
    )


def _where(case: CaseResult, where: Where) -> str:
    """The student's own lines of an exception, the picture, else the numbers, and the call to try."""
    parts = []
    if case.traceback:
        parts.append(_code(case.traceback))
    if case.picture:
        parts.append(f'<div style="overflow-x:auto">{case.picture}</div>')
    elif where.table:
        parts.append(_code(where.table))
    if where.call:
        parts.append(f"<div>To try it in a cell of your own:</div>{_code(where.call)}")
    return _folded("Where?", "".join(parts))


def _code(text: str) -> str:
    return f'<pre style="{_CODE}">{html.escape(text.rstrip())}</pre>'


def _folded(summary: str, content: str) -> str:
    """What a click shows; nothing where there is nothing to show."""
    if not content:
        return ""
    look = "cursor:pointer;margin:0.2em 0"
    return f'<details><summary style="{look}">{summary}</summary>{content}</details>'


# ------------------------------------------------------------------ the shell
def _show(rubric: str, found: selfcheck.SelfCheck) -> None:
    """Show at once what differs and where; the idea when it is found."""
    shown = CheckResult(rubric, found.cases, found.where)
    if _shell() is None:
        print(_with_idea(shown, found))
        return
    from IPython.display import display

    handle = display(shown, display_id=True)
    more = _with_idea(shown, found)
    if feedback.told(more.diagnosis):
        handle.update(more)


def _with_idea(shown: CheckResult, found: selfcheck.SelfCheck) -> CheckResult:
    return CheckResult(shown.rubric, shown.cases, shown.where, found.diagnosis(IDEA_SECONDS))


def _caller() -> tuple[dict[str, Any], dict[str, str]]:
    """The caller's names; in a notebook also the files of its cells, and what the cells are called."""
    shell = _shell()
    if shell is None:
        return sys._getframe(2).f_globals, {}
    functions = (value for value in shell.user_ns.values() if isinstance(value, types.FunctionType))
    files = {function.__code__.co_filename for function in functions}
    named = {file: shell.compile.format_code_name(file) for file in files}
    return shell.user_ns, {file: f"cell {name[1]}" for file, name in named.items() if name}


def _shell():
    """IPython's shell where there is one; IPython is not imported for it."""
    ipython = sys.modules.get("IPython")
    return ipython.get_ipython() if ipython is not None else None
