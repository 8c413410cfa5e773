"""A class by idea: what was misunderstood, by how many, by whom, and which section to teach again. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from grader.records import ClassResult, Diagnosis, Finding, Idea, ItemResult


@dataclass(frozen=True)
class IdeaRow:
    """One idea over the whole class."""

    idea: Idea
    functions: tuple[str, ...]  # in which it was found
    places: tuple[int, ...]  # of the submissions in the class


@dataclass(frozen=True)
class SectionRow:
    """One section of the notebook and the ideas that lead back to it, the most frequent first."""

    title: str  # empty for ideas that lead nowhere
    ideas: tuple[IdeaRow, ...]
    places: tuple[int, ...]  # of the submissions, each once


def of_item(item: ItemResult, diagnosis: Diagnosis) -> tuple[Finding, ...]:
    """The findings that explain a wrong case of this rubric item."""
    failing = {case.case for case in item.cases if case.outcome != "correct"}
    return tuple(finding for finding in diagnosis.findings if failing.intersection(finding.cases))


def by_section(result: ClassResult) -> tuple[SectionRow, ...]:
    """What to teach again: sections by how many students need them; what has no section comes last."""
    found: dict[Idea, dict[int, tuple[str, ...]]] = {}
    for place, submission in enumerate(result.submissions):
        for finding in submission.diagnosis.findings:
            found.setdefault(finding.idea, {})[place] = finding.functions
    sections: dict[str, list[IdeaRow]] = {}
    for idea, functions in found.items():
        row = IdeaRow(idea, _in_order(result, functions), tuple(functions))
        sections.setdefault(idea.section, []).append(row)
    rows = [_section(title, ideas) for title, ideas in sections.items()]
    return tuple(sorted(rows, key=lambda row: (not row.title, -len(row.places), row.title)))


def unexplained(result: ClassResult) -> tuple[tuple[str, tuple[int, ...]], ...]:
    """Each function with wrong results that nothing explains, and the places of their submissions."""
    places: dict[str, list[int]] = {}
    for place, submission in enumerate(result.submissions):
        for function in submission.diagnosis.unexplained:
            places.setdefault(function, []).append(place)
    return tuple((name, tuple(places[name])) for name in _order(result, places))


def _section(title: str, ideas: list[IdeaRow]) -> SectionRow:
    places = sorted({place for row in ideas for place in row.places})
    ideas = sorted(ideas, key=lambda row: (-len(row.places), row.idea.name))
    return SectionRow(title, tuple(ideas), tuple(places))


def _in_order(result: ClassResult, functions: Mapping[int, tuple[str, ...]]) -> tuple[str, ...]:
    return _order(result, {name for each in functions.values() for name in each})


def _order(result: ClassResult, functions: Iterable[str]) -> tuple[str, ...]:
    """Functions in the assignment's order."""
    asked = result.assignment.functions
    return tuple(sorted(functions, key=lambda name: asked.index(name) if name in asked else len(asked)))
