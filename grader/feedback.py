"""The sentences about results that a student reads, in one place. Pure: facts in, text out.

What a call came to (an exception, a limit) is worded by ``grader.sandbox``, where it is known.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING, Any

from grader.sandbox.loader import UNWRITTEN

if TYPE_CHECKING:
    from grader.compare import Axis, Comparison
    from grader.records import Diagnosis, Finding

#: How sure a finding is, in words: from this confidence on.
_SURE = ((0.99, "certain"), (0.9, "very likely"), (0.0, "likely"))


# ------------------------------------------------------------------ a result that differs
def mismatch(found: Comparison) -> str:
    """Return the sentence of a comparison that failed.

    >>> import numpy as np; from grader.compare import compare
    >>> mismatch(compare(np.array([[[[1.0, 0.0]]]]), [[[[1.0, 2.0]]]]))
    'RoI 0, channel 0, bin (0, 1): expected 2, got 0'
    """
    return _SENTENCES[found.difference](found)


def _kind(found: Comparison) -> str:
    if found.found == "None":
        return "the result is None: is a `return` missing?"
    wanted = "true or false" if found.expected.dtype.kind == "b" else "a number"
    if found.expected.ndim:
        wanted = f"{'booleans' if wanted != 'a number' else 'numbers'} of shape {found.expected.shape}"
    return f"the result is {found.found}, expected {wanted}"


def _ragged(found: Comparison) -> str:
    return f"the rows of the result have different lengths, expected shape {found.wanted}"


def _shape(found: Comparison) -> str:
    if found.wanted == "()":
        return f"the result has shape {found.found}, expected a single number"
    if found.found == "()":
        return f"the result is a single number, expected shape {found.wanted}"
    return f"the result has shape {found.found}, expected {found.wanted}"


def _dtype(found: Comparison) -> str:
    return f"the result is {found.found}, expected {found.wanted}"


def _values(found: Comparison) -> str:
    expected, got = pair(found.expected[found.index].item(), found.actual[found.index].item())
    place = _place(found.index, found.axes)
    others = found.differing - 1
    more = f" (and {others} more of {found.expected.size} differ)" if others else ""
    return f"{place}expected {expected}, got {got}{more}"


_SENTENCES = {"kind": _kind, "ragged": _ragged, "shape": _shape, "dtype": _dtype, "values": _values}


def _place(index: tuple[int, ...], axes: tuple[Axis, ...] | None) -> str:
    """``"RoI 0, channel 0, bin (1, 0): "``, or ``"x1: "`` by name; nothing for a single number."""
    if not index:
        return ""
    if axes is None:
        return f"entry {index[0] if len(index) == 1 else index}: "
    places = []
    for name, group in groupby(zip(axes, index, strict=True), key=lambda pair: pair[0]):
        at = tuple(i for _, i in group)
        if isinstance(name, tuple):
            places.append(name[at[0]])
        else:
            places.append(f"{name} {at[0] if len(at) == 1 else at}")
    return ", ".join(places) + ": "


def pair(expected: Any, got: Any) -> tuple[str, str]:
    """Two numbers with as few digits as still tell them apart."""
    for digits in (6, 9, 12, 17):
        texts = number(expected, digits), number(got, digits)
        if texts[0] != texts[1]:
            return texts
    return texts


def number(value: Any, digits: int = 6) -> str:
    """One number in a sentence."""
    if isinstance(value, (bool, int)):
        return str(value)
    value = float(value)  # a long double too
    return f"{value:.{digits}g}" if math.isfinite(value) else str(value)


# ------------------------------------------------------------------ a case, a submission
def is_unwritten(sentence: str) -> bool:
    """Whether it says that a function is still the stub."""
    return sentence.endswith(UNWRITTEN)


def not_so(idea: str) -> str:
    """A plain ``assert`` without a message: the case's idea has to do."""
    return f"this does not hold: {idea}"


def not_graded(reason: str) -> str:
    """For the instructor: our failure, which is nobody's zero."""
    return f"not graded: {reason}"


# ------------------------------------------------------------------ what is behind wrong numbers
@dataclass(frozen=True)
class Advice:
    """One finding as its student reads it: no number, nothing of a hidden input."""

    sentence: str  # what was thought, or seen
    label: str  # how sure that is
    explains: str  # which functions
    then: str  # where to go on; empty where nobody knows

    @property
    def rest(self) -> str:
        """All but the sentence and its label."""
        return f"{self.explains} {self.then}".rstrip()


@dataclass(frozen=True)
class Told:
    """A diagnosis as its student reads it; all of it is empty for a right submission."""

    opening: str
    advice: tuple[Advice, ...]  # in the order in which they were found
    together: tuple[str, ...]  # a sentence for functions in which several of them act
    unexplained: str

    def __bool__(self) -> bool:
        return bool(self.advice or self.unexplained)


def told(diagnosis: Diagnosis, first: str | None = None) -> Told:
    """Put a diagnosis into words.

    Parameters
    ----------
    first : str, optional
        The idea of the first public check that fails; empty if all hold. None where that is not known.
    """
    if not (diagnosis.findings or diagnosis.unexplained):
        return Told("", (), (), "")
    advice = tuple(map(_advice, diagnosis.findings))
    return Told(_opening(diagnosis), advice, _together(diagnosis), _unexplained(diagnosis, first))


def lines(told: Told) -> list[tuple[int, str]]:
    """The same for a cell's output: how far each line is set in, and what it says."""
    found = [(0, told.opening)]
    for number, advice in enumerate(told.advice, 1):
        found.append((2, f"{number}. {advice.sentence} ({advice.label})"))
        found.append((5, advice.rest))
    found += [(0, sentence) for sentence in (*told.together, told.unexplained)]
    return [(indent, line) for indent, line in found if line]


def _advice(finding: Finding) -> Advice:
    idea, functions = finding.idea, names(finding.functions)
    back = f"Go back to “{idea.section}”." if idea.section else ""
    sure = next(words for least, words in _SURE if finding.confidence >= least)
    if idea.kind == "behaviour":
        return Advice(idea.sentence, "seen in the results", f"Seen in {functions}.", back)
    label = sure
    if idea.kind == "convention":
        label = "another convention" if sure == _SURE[0][1] else f"another convention, {sure}"
    return Advice(idea.sentence, label, f"This explains {functions}.", back)


def _opening(diagnosis: Diagnosis) -> str:
    kinds = {finding.idea.kind for finding in diagnosis.findings}
    if not kinds:
        return ""
    if kinds == {"behaviour"}:
        return "None of the usual mistakes gives these numbers, but there is a rule in how they differ."
    if kinds == {"convention"} and not diagnosis.unexplained:
        return (
            "Where your numbers differ, they follow another convention of the field: "
            "not a slip, but not what is asked for here."
        )
    several = sum(finding.idea.kind != "behaviour" for finding in diagnosis.findings) > 1
    whose = "Some of your" if diagnosis.unexplained or "behaviour" in kinds else "Your"
    return f"{whose} results are what {'these ideas give' if several else 'this idea gives'}."


def _together(diagnosis: Diagnosis) -> tuple[str, ...]:
    acting: dict[tuple[int, ...], list[str]] = {}
    for function in dict.fromkeys(name for finding in diagnosis.findings for name in finding.functions):
        places = tuple(
            place
            for place, finding in enumerate(diagnosis.findings, 1)
            if function in finding.functions and finding.idea.kind != "behaviour"
        )
        if len(places) > 1:
            acting.setdefault(places, []).append(function)
    return tuple(
        f"In {names(functions)}, {_listed(places)} act together: "
        f"the results agree once {'both' if len(places) == 2 else 'all of them'} are mended."
        for places, functions in acting.items()
    )


def _unexplained(diagnosis: Diagnosis, first: str | None) -> str:
    """Of functions that nothing explains; and where to start, when no finding says so."""
    start = ""
    if first is not None:
        start = "The public checks hold: read again what the hidden ones ask for."
    if first:
        start = f"Start with the first public check that fails: {first}"
    if diagnosis.unexplained:
        these = names(diagnosis.unexplained)
        return f"None of the usual mistakes gives the numbers of {these}. {start}".rstrip()
    return "" if any(finding.idea.section for finding in diagnosis.findings) else start


def short(diagnosis: Diagnosis) -> str:
    """The findings in a few words, for a table: ``"nearest ends + overlapping bins"``."""
    return " + ".join(finding.idea.name.replace("_", " ") for finding in diagnosis.findings)


def names(functions: Iterable[str]) -> str:
    """Function names as a sentence has them: ```a`, `b` and `c```."""
    return _listed(f"`{function}`" for function in functions)


def _listed(words: Iterable[Any]) -> str:
    *most, last = map(str, words)
    return f"{', '.join(most)} and {last}" if most else last
