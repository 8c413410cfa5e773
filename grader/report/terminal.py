"""What a person sees at the terminal: the class after ``roikit grade``, the checks after ``roikit check``.

Fits 80 columns and says nothing by colour alone. Text of students is never read as markup; on a terminal
without Unicode the signs become letters.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import groupby

from rich.box import SIMPLE_HEAD
from rich.columns import Columns
from rich.console import Console, OverflowMethod
from rich.table import Table
from rich.text import Text

from grader import feedback
from grader.records import (
    CaseResult,
    ClassResult,
    Diagnosis,
    ItemResult,
    RubricItem,
    SandboxReport,
    SubmissionResult,
)
from grader.report import ideas, identical
from grader.report.overview import overview
from grader.report.summary import (
    LEGEND,
    TRACEBACK_LIMIT,
    ClassSummary,
    Sign,
    case_for_student,
    diagnosis_for_student,
    first_public,
    number,
    sign,
    summarize,
)
from grader.sandbox.text import clean, clean_line
from grader.where import Where

_STYLES = {"good": "green", "part": "yellow", "bad": "red", "none": "magenta"}
_STUDENT_WIDTH = 18
_MOST_ROWS = 100
#: Sections to teach again, and ideas of each; the report has all of them.
_MOST_SECTIONS, _MOST_IDEAS = 5, 3
_ALL_WELL = "All were graded, and all code ran to its end: see report/index.html"
_KINDS = {"misconception": "", "convention": " (another convention)", "behaviour": ""}
NOTHING = Diagnosis()
_MISSING = " is not defined: "  # and why, as the loader has it
_UNWRITTEN = Sign("–", "-", "not written yet", "part")
# The signs that our own sentences use, for terminals without Unicode.
_PLAIN = str.maketrans(
    {"×": "x", "·": ".", "−": "-", "–": "-", "…": "...", "→": "->", "’": "'", "“": '"', "”": '"'}
)


def print_class(result: ClassResult, console: Console) -> None:
    """Print a graded class: one row a student, one sign a rubric item, the numbers, and any warning.

    Of a large class only those whom a person should look at.
    """
    result = overview(result)
    shown = replace(result, submissions=_shown(result.submissions))
    if shown.submissions or not result.submissions:
        console.print(_class_table(shown, console))
        for key in _keys(shown, console):
            console.print(Columns(key, padding=(0, 3)))
    left = len(result.submissions) - len(shown.submissions)
    if left:
        console.print(f"and {left} more: see report/index.html" if shown.submissions else _ALL_WELL)
    _print_ideas(result, console)
    console.print()
    console.print(_numbers(summarize(result), console))
    for item in result.assignment.manual:
        console.print(safe_line(console, f"By hand: {item.title} ({number(item.max_score)} points)"))
    same = len(identical.groups(result))
    if same:
        who = "1 group of students" if same == 1 else f"{same} groups of students"
        console.print(safe_line(console, f"Identical wrong outputs: {who}, see report/identical.html"))
    for warning in _warnings(result):
        console.print(safe_line(console, warning, style="bold red"))


def print_check(
    cases: Sequence[CaseResult],
    console: Console,
    diagnosis: Diagnosis = NOTHING,
    where: Mapping[str, Where] | None = None,
    following: str = "",
) -> None:
    """Print a student's self-check: each case with its idea, what was found, and what is next.

    A sentence that several cases in a row have is printed once, below the last of them.

    Parameters
    ----------
    diagnosis : Diagnosis, optional
        The idea behind it, to be told.
    where : mapping of str to Where, optional
        Where cases went wrong, by their names, to be told.
    following : str, optional
        The command that tells more; printed where a case fails, and not for functions that are not there yet.
    """
    for reason, same in groupby(map(case_for_student, cases), key=_reason):
        *others, last = same
        said = f"not defined: {reason}" if others and reason != last.sentence else last.sentence
        for case in (*others, last):
            console.print(_case_rows(case, said if case is last else "", console))
            if where and case.case in where:
                _print_where(case, where[case.case], console)
    told = feedback.told(diagnosis_for_student(diagnosis), first_public(cases))
    if told:
        _print_told(told, console)
    console.print(_closing(cases, told, console))
    if following and any(case.outcome != "correct" and not _is_absent(case) for case in cases):
        line = as_shown(console, clean_line(following, 4000))
        console.print(f"Hint: {line}", soft_wrap=True, markup=False, highlight=False)


# ------------------------------------------------------------------ the class
def _shown(submissions: Sequence[SubmissionResult]) -> tuple[SubmissionResult, ...]:
    """All of a small class; of a large one those not graded, then those whose code did not run to its end."""
    if len(submissions) <= _MOST_ROWS:
        return tuple(submissions)
    unusual = [one for one in submissions if one.score is None or one.outcome not in ("correct", "wrong")]
    return tuple(sorted(unusual, key=lambda one: one.score is not None)[:_MOST_ROWS])


def _class_table(result: ClassResult, console: Console) -> Table:
    rubric = result.assignment.rubric
    table = Table(box=SIMPLE_HEAD, pad_edge=False, padding=(0, 1, 0, 0), expand=True)
    cut = "crop" if console.options.ascii_only else "ellipsis"
    table.add_column("Student", no_wrap=True, max_width=_STUDENT_WIDTH, overflow=cut)
    table.add_column(f"of {number(result.assignment.max_score)}", justify="right", no_wrap=True)
    for place in range(1, len(rubric) + 1):
        table.add_column(str(place), justify="center", no_wrap=True)
    table.add_column("What came of it", no_wrap=True, overflow=cut, ratio=1)
    for submission in result.submissions:
        table.add_row(*_row(submission, rubric, console))
    return table


def _row(submission: SubmissionResult, rubric: Sequence[RubricItem], console: Console) -> list[Text]:
    items = {item.id: item for item in submission.items}
    signs = [symbol(sign(items[r.id]), console) if r.id in items else Text(" ") for r in rubric]
    return [
        safe_line(console, submission.student, style="bold", overflow=None),
        Text(number(submission.score) if submission.score is not None else "?"),
        *signs,
        safe_line(console, _finding(submission), style=_STYLES[sign(submission).tone], overflow=None),
    ]


def _finding(submission: SubmissionResult) -> str:
    """Return the ideas behind it in a few words, the sentence of the first item that is not correct, or the
    outcome's word.
    """
    if submission.diagnosis.findings:
        return feedback.short(submission.diagnosis)
    failing: list[ItemResult] = [item for item in submission.items if item.outcome != "correct"]
    for item in failing:
        if item.sentence:
            return item.sentence
    return sign(submission).word


def _keys(result: ClassResult, console: Console) -> tuple[list[Text], list[Text]]:
    """Return what the numbers above the columns, and the signs in them, stand for."""
    titles = [
        safe_line(console, f"{place} {item.title} ({number(item.max_score)})", style="dim")
        for place, item in enumerate(result.assignment.rubric, start=1)
    ]
    seen = {sign(item).word for submission in result.submissions for item in submission.items}
    signs = [
        Text.assemble(symbol(shown, console), (f" {shown.word}", "dim"))
        for shown in LEGEND
        if shown.word in seen
    ]
    return titles, signs


def _print_ideas(result: ClassResult, console: Console) -> None:
    """The class by idea: what to teach again, how many need it, who."""
    sections = ideas.by_section(result)
    if not sections:
        return
    table = Table(box=None, pad_edge=False, padding=(0, 1, 0, 0), expand=True, show_header=False)
    cut: OverflowMethod = "crop" if console.options.ascii_only else "ellipsis"
    table.add_column(justify="right", no_wrap=True)
    table.add_column(no_wrap=True, overflow=cut, ratio=1)
    left = sum(len(section.ideas) for section in sections[_MOST_SECTIONS:])
    for section in sections[:_MOST_SECTIONS]:
        title = section.title or "Seen, and no known idea"
        several = len(section.places)
        who = f"{title}: {several} student{'' if several == 1 else 's'}"
        table.add_row("", safe_line(console, who, "bold", None))
        for row in section.ideas[:_MOST_IDEAS]:
            who = ", ".join(result.submissions[place].student for place in row.places[:_MOST_ROWS])
            about = f"{row.idea.name.replace('_', ' ')}{_KINDS[row.idea.kind]}: {who}"
            table.add_row(str(len(row.places)), safe_line(console, about, overflow=None))
        left += len(section.ideas[_MOST_IDEAS:])
    console.print(Text("\nTo teach again", style="bold"))
    console.print(table)
    if left:
        console.print(f"and {left} more idea{'' if left == 1 else 's'}: see report/index.html")


def _numbers(numbers: ClassSummary, console: Console) -> Text:
    average = f", mean {number(numbers.mean)}, median {number(numbers.median)} of {number(numbers.max_score)}"
    return Text.assemble(
        (f"{numbers.students} student{'' if numbers.students == 1 else 's'}", "bold"),
        safe_line(console, average),
        f", {numbers.full} with full score",
        (f", {numbers.not_graded} not graded" if numbers.not_graded else "", "bold magenta"),
    )


def _warnings(result: ClassResult) -> list[str]:
    found = []
    if not result.sandbox.is_full:
        found.append(missing_walls(result.sandbox))
    if not result.complete:
        found.append("The run was interrupted: submissions that are not in the report were not graded.")
    return found


def missing_walls(sandbox: SandboxReport) -> str:
    """Return the warning of a sandbox that lacks some."""
    missing = ", ".join(sandbox.missing)
    return f"Sandbox {sandbox.rung}: student code is not fully walled in (missing: {missing})."


# ------------------------------------------------------------------ a student's self-check
def _case_rows(case: CaseResult, sentence: str, console: Console) -> Table:
    """The case's idea and a sentence, of one that fails its item too; a hidden one says its outcome."""
    shown = _UNWRITTEN if feedback.is_unwritten(case.sentence) else sign(case)
    style = _STYLES[shown.tone]
    says_outcome = case.visibility == "hidden" and case.outcome not in ("correct", "wrong")
    head = Text.assemble(
        safe_line(console, case.idea) if shown.tone == "good" else safe_line(console, _named(case), "bold"),
        (f"  ({shown.word})" if says_outcome else "", style),
        overflow="fold",
    )
    rows = Table.grid(padding=(0, 1))
    rows.add_row(symbol(shown, console), head)
    if sentence:
        rows.add_row("", safe_line(console, sentence, style=style))
    return rows


def _named(case: CaseResult) -> str:
    """The case's idea, and the item that a notebook's `check` knows it by."""
    return f"`{case.rubric}`: {case.idea}"


def _is_absent(case: CaseResult) -> bool:
    """Whether there is no function yet to look at."""
    return _MISSING in case.sentence or feedback.is_unwritten(case.sentence)


def _reason(case: CaseResult) -> str:
    """The sentence, without the name of a function that is missing: of a file that does not run, all are."""
    return case.sentence.partition(_MISSING)[2] or case.sentence


def _print_where(case: CaseResult, where: Where, console: Console) -> None:
    """As it stands, since it is code and columns; what is too long is wrapped by the terminal itself."""
    for text in (case.traceback.rstrip(), str(where)):
        for line in clean(text, TRACEBACK_LIMIT).split("\n") if text else ():
            console.print(
                f"    {as_shown(console, line)}", soft_wrap=True, markup=False, highlight=False, style="dim"
            )


def _print_told(told: feedback.Told, console: Console) -> None:
    console.print(Text("\nWhat this looks like", style="bold"))
    found = Table.grid(padding=(0, 1))
    for place, advice in enumerate(told.advice, 1):
        found.add_row(Text(f"{place}."), safe_line(console, f"{advice.sentence} ({advice.label})"))
        found.add_row("", safe_line(console, advice.rest))
    for shown in (told.opening, found, *told.together, told.unexplained):
        if shown:
            console.print(safe_line(console, shown) if isinstance(shown, str) else shown)


def _closing(cases: Sequence[CaseResult], told: feedback.Told, console: Console) -> Text:
    passed = sum(case.outcome == "correct" for case in cases)
    if not cases:
        return Text("No checks to run.")
    if passed == len(cases):
        count = "The one check passes" if passed == 1 else f"All {passed} checks pass"
        return Text.assemble((f"\n{count}.", "bold green"), " Grading uses more inputs, by the same rules.")
    back = next((advice.then for advice in told.advice if advice.then), "")
    following = back or _next(next(case for case in cases if case.outcome != "correct"))
    count = f"{passed} of {len(cases)} checks pass"
    return Text.assemble((f"\n{count}.", "bold"), " Next: ", safe_line(console, following))


def _next(case: CaseResult) -> str:
    """What is not written or keeps the code from running, else what the first case that fails is about."""
    case = case_for_student(case)
    if feedback.is_unwritten(case.sentence):
        return f"write `{case.sentence.partition(' ')[0]}`."
    keeps = _reason(case) != case.sentence or case.outcome in ("crashed", "timeout", "memory")
    return f"mend this first: {_reason(case)}" if keeps and case.sentence else _named(case)


# ------------------------------------------------------------------ text that cannot do harm
def symbol(shown: Sign, console: Console) -> Text:
    """Return the sign as this terminal can show it, in its colour."""
    drawn = shown.ascii if console.options.ascii_only else shown.symbol
    return Text(drawn, style=f"bold {_STYLES[shown.tone]}")


def safe_line(console: Console, text: str, style: str = "", overflow: OverflowMethod | None = "fold") -> Text:
    """Return one line that the console can print as it is: no markup, no control or foreign characters.

    A word that is too long is folded (the mark of a cut one is not ASCII), or left to the table's column.
    """
    return Text(as_shown(console, clean_line(text)), style=style, overflow=overflow)


def as_shown(console: Console, text: str) -> str:
    """Return `text` as this terminal can show it."""
    if not console.options.ascii_only:
        return text
    return text.translate(_PLAIN).encode(console.encoding, "replace").decode(console.encoding)
