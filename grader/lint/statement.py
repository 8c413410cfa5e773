"""The notebook, the rubric and the bank speak of the same things."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from grader.case import Case
from grader.diagnosis.bank import Bank
from grader.intake.extract import cell_text, nbgrader_of, notebook_cells
from grader.lint.records import Check
from grader.records import Assignment

#: A hint is read beside a picture: one or two short sentences.
LONGEST_SENTENCE = 200
_HEADING = re.compile(r"^#{1,6} +(.*?)[ #]*$", re.MULTILINE)


def points(assignment: Assignment, cases: Sequence[Case]) -> Check:
    """The rubric items are worth what the notebook says, and each has a hidden case."""
    declared = {
        marks["grade_id"]: (label, marks.get("points"))
        for label, cell in _cells(assignment)
        if (marks := nbgrader_of(cell)).get("grade") is True and marks.get("solution") is not True
    }
    problems = []
    for item in assignment.rubric:
        label, said = declared.pop(item.id, ("", None))
        if not label:
            problems.append(f"{item.id}: no graded cell of {assignment.notebook.name} has this id")
        elif said != item.max_score:
            where = f"{label} of {assignment.notebook.name}"
            problems.append(f"{where} says {said} points for {item.id}; its cases have {item.max_score:g}")
        hidden = [case for case in cases if case.visibility == "hidden" and case.rubric == item.id]
        if not any(case.points for case in hidden):
            problems.append(f"{item.id}: no hidden case gives points for it")
    problems += [f"{label}: {name} is no rubric item" for name, (label, _) in declared.items()]
    detail = f"{len(assignment.rubric)} rubric items, {len(cases)} cases, {assignment.max_score:g} points"
    return Check("points are those of the notebook", detail, tuple(problems))


def sections(assignment: Assignment, bank: Bank) -> Check:
    """The heading to go back to is in the notebook."""
    headings = {
        heading
        for label, cell in _cells(assignment)
        if cell.get("cell_type") == "markdown"
        for heading in _HEADING.findall(cell_text(cell, label))
    }
    problems = [
        f"misconceptions.py: {idea.name} leads to {idea.section!r}, no heading of {assignment.notebook.name}"
        for idea in bank.ideas
        if idea.section not in headings
    ]
    found = {idea.section for idea in bank.ideas}
    detail = f"{len(found)} of {len(headings)} headings"
    return Check("every idea leads to a section", detail, tuple(problems))


def sentences(bank: Bank) -> Check:
    """Every idea has its sentence, short enough to be read."""
    problems = [
        f"misconceptions.py: the sentence of {idea.name} has {len(idea.sentence)} characters"
        for idea in bank.ideas
        if not 0 < len(idea.sentence) <= LONGEST_SENTENCE
    ]
    longest = max((len(idea.sentence) for idea in bank.ideas), default=0)
    detail = f"{len(bank.ideas)} docstrings of at most {longest} characters; {LONGEST_SENTENCE} are allowed"
    return Check("every idea has its sentence", detail, tuple(problems))


def probes(bank: Bank, seed: int) -> Check:
    """There are probes for every function, and the solution has an answer to each."""
    calls = bank.probes(np.random.default_rng(seed))
    counts = Counter(call.function for call in calls)
    problems = [f"probes.py: none calls {name}" for name in bank.functions if not counts[name]]
    right = bank.candidate()
    for call in calls:
        outcome = right.call(call.function, call.args, call.kwargs)
        if outcome.status != "returned":
            problems.append(f"probes.py: the solution fails at a call of {call.function}: {outcome.sentence}")
    detail = f"{len(calls)} calls, {min(counts[name] for name in bank.functions)} or more of each"
    return Check("every function has its probes", detail, tuple(dict.fromkeys(problems)))


def solution_cells(assignment: Assignment) -> set[str]:
    """The cells that students fill."""
    return {label for label, cell in _cells(assignment) if nbgrader_of(cell).get("solution") is True}


def _cells(assignment: Assignment) -> Iterator[tuple[str, dict[str, Any]]]:
    for number, cell in enumerate(notebook_cells(assignment.notebook.read_bytes()), 1):
        yield f"cell {number}", cell
