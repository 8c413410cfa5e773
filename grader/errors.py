"""What can go wrong in the grader, as one tree. None of these is ever a student's wrong answer."""

from __future__ import annotations

import difflib
from collections.abc import Iterable


class GraderError(Exception):
    """The grader cannot go on; the message is one sentence for the person at the terminal."""


class AssignmentError(GraderError):
    """An assignment's folder, its toml or its tests are not what they must be."""


class SubmissionError(GraderError):
    """A submission cannot be read; it is reported as ``refused`` with this sentence."""


class UnreadableError(SubmissionError):
    """The same for what is not the student's doing: not graded, and nobody's zero."""


class SandboxError(GraderError):
    """The sandbox itself failed or cannot be had: our fault or the machine's, never a student's zero."""


def meant(word: str, known: Iterable[str]) -> str:
    """The end of a sentence about a word that is not one of the `known`.

    >>> meant("titel", ["title", "points"]), meant("x", ["title", "points"])
    ('did you mean title?', 'known are title, points')
    """
    names = list(known)
    near = difflib.get_close_matches(word, names, 1)
    return f"did you mean {near[0]}?" if near else f"known are {', '.join(names)}"
