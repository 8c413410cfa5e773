"""JUnit XML, which every CI reads: a test suite for each rubric item, a test case for each case.

A case that is not correct is a ``failure`` with its outcome and its sentence; one that was not run is
``skipped``; where the grader itself failed it is an ``error``. What XML cannot hold is replaced.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import IO
from xml.etree import ElementTree

from grader.records import CaseResult, ClassResult, ItemResult, SubmissionResult
from grader.report.files import write_pieces
from grader.report.summary import SENTENCE_LIMIT, TRACEBACK_LIMIT
from grader.sandbox.text import clean, clean_line

_COUNTS = ("tests", "failures", "errors", "skipped")
_PIECE = 1 << 20  # characters
_ELEMENTS = {"skipped": "skipped", "internal_error": "error"}


def write(result: ClassResult, path: Path) -> Path:
    """Write a graded class: for the instructor, since it says everything about hidden cases."""
    name = result.assignment.name
    suites = (
        _suite(f"{one.student}: {item.title}", f"{one.student}.{name}.{item.id}", _cases(one, item))
        for one in result.submissions
        for item in one.items
    )
    return _write(suites, name, path)


def write_check(cases: Sequence[CaseResult], name: str, path: Path) -> Path:
    """Write a student's self-check of the assignment `name`; items go by their ids there."""
    by_item: dict[str, list[CaseResult]] = {}
    for case in cases:
        by_item.setdefault(case.rubric, []).append(case)
    return _write([_suite(item, f"{name}.{item}", group) for item, group in by_item.items()], name, path)


def _write(suites: Iterable[ElementTree.Element], name: str, path: Path) -> Path:
    """Write suites one after the other. The sums stand before them: they wait in a file without a name."""
    sums = dict.fromkeys(_COUNTS, 0)
    seconds = 0.0
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryFile("w+", encoding="utf-8", newline="", dir=path.parent) as waiting:
        for suite in suites:
            for count in _COUNTS:
                sums[count] += int(suite.get(count, "0"))
            seconds += float(suite.get("time", "0"))
            ElementTree.indent(suite, level=1)
            waiting.write(f"  {ElementTree.tostring(suite, encoding='unicode')}\n")
        attributes = {"name": _line(name), **{count: str(sums[count]) for count in _COUNTS}}
        root = ElementTree.Element("testsuites", attributes, time=_seconds([seconds]))
        return write_pieces(path, _pieces(root, waiting))


def _pieces(root: ElementTree.Element, inside: IO[str]) -> Iterator[str]:
    """The root with all that stands in a file."""
    root.text = "\n"
    before, after = ElementTree.tostring(root, encoding="unicode").split("\n")
    yield f"<?xml version='1.0' encoding='utf-8'?>\n{before}\n"
    inside.seek(0)
    while piece := inside.read(_PIECE):
        yield piece
    yield f"{after}\n"


def _cases(submission: SubmissionResult, item: ItemResult) -> Iterator[CaseResult]:
    """The cases of an item; where none was run, one that says why."""
    yield from item.cases
    if not item.cases:
        yield CaseResult(
            case="submission", rubric=item.id, idea=submission.path, visibility="public",
            outcome=item.outcome, score=item.score, max_score=item.max_score, sentence=item.sentence,
        )  # fmt: skip


def _suite(name: str, classname: str, cases: Iterable[CaseResult]) -> ElementTree.Element:
    rows = [(case, _case(case, classname)) for case in cases]
    suite = ElementTree.Element("testsuite", name=_line(name), tests=str(len(rows)))
    for count, element in (("failures", "failure"), ("errors", "error"), ("skipped", "skipped")):
        suite.set(count, str(sum(row.find(element) is not None for _, row in rows)))
    suite.set("time", _seconds(case.seconds for case, _ in rows))
    suite.extend(row for _, row in rows)
    return suite


def _case(case: CaseResult, classname: str) -> ElementTree.Element:
    row = ElementTree.Element(
        "testcase", name=_line(case.case), classname=_line(classname), time=_seconds([case.seconds])
    )
    if case.outcome == "correct":
        return row
    element = _ELEMENTS.get(case.outcome, "failure")
    found = ElementTree.SubElement(row, element, message=_line(case.sentence or case.idea))
    if element != "skipped":
        found.set("type", case.outcome)
    found.text = _text("\n\n".join(filter(None, [case.idea, case.sentence, case.traceback])))
    return row


def _seconds(values: Iterable[float]) -> str:
    return f"{sum(values):.3f}"


def _line(text: str) -> str:
    return _writable(clean_line(text, SENTENCE_LIMIT))


def _text(text: str) -> str:
    return _writable(clean(text, TRACEBACK_LIMIT))


def _writable(text: str) -> str:
    """The two characters of the basic plane, beyond controls and surrogates, that XML has no way to write."""
    return text.replace("\ufffe", "\ufffd").replace("\uffff", "\ufffd")
