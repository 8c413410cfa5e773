"""What a simulated student is, and what their hand-in must come to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from grader.records import SubmissionResult

Kind = Literal["right", "wrong", "broken", "hostile"]
#: What a hand-in must come to: full marks, less, nothing, refused (and so nothing), or any score at all.
Expectation = Literal["full", "less", "zero", "refused", "any"]
#: A file's name and its bytes.
File = tuple[str, bytes]

#: How many of a class are what, if nobody says otherwise.
SHARES: Mapping[Kind, float] = {"right": 0.55, "wrong": 0.3, "broken": 0.12, "hostile": 0.03}


@dataclass(frozen=True)
class Simulated:
    """One student of a simulated class."""

    name: str
    kind: Kind
    variety: str  # what kind of wrong, broken or hostile
    expectation: Expectation
    files: tuple[File, ...]

    def is_met_by(self, result: SubmissionResult) -> bool:
        """Whether the hand-in got what it deserves."""
        score = result.score
        if score is None:  # not graded: nobody deserves that
            return False
        return {
            "full": score == result.max_score,
            "less": score < result.max_score,
            "zero": score == 0 and result.outcome != "refused",
            "refused": result.outcome == "refused",
            "any": True,
        }[self.expectation]
