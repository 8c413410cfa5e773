"""Graded classes made of choices: hostile text wherever a stranger's text goes, numbers that are none."""

from dataclasses import replace
from pathlib import Path

from grader.records import (
    OUTCOMES,
    Assignment,
    CaseResult,
    ClassResult,
    Diagnosis,
    Finding,
    Idea,
    ItemResult,
    RubricItem,
    SandboxReport,
    Signature,
    SubmissionResult,
)

NUMBERS = (1.0, 0.0, 0.5, 1 / 3, 2, 1e-9, 1e15, 5e-324)
ODD_NUMBERS = (float("nan"), float("inf"))
STAMPS = ("2025-03-03T14:02:11+00:00", "2025-03-03T14:02:11Z", "", "<evil>", "9999-99-99", "2025-03-03")
PICTURE = "<svg xmlns='http://www.w3.org/2000/svg'></svg>"


class Maker:
    """``result`` is a class; ``is_finite`` tells whether all of its numbers are numbers."""

    def __init__(self, choices):
        self._choices, self.is_finite = choices, True
        rubric = tuple(self._rubric(number) for number in range(choices.below(4)))
        missing = tuple(choices.several(choices.text, 2))
        self._items = rubric
        self.result = ClassResult(
            assignment=Assignment(
                "roi_pool", choices.text(), Path("roi_pool"), ("roi_pool",), rubric, (self._rubric(9),)
            ),
            submissions=tuple(choices.several(self._submission, 3)),
            sandbox=SandboxReport(choices.text(), missing),
            seed=choices.pick((0, 7, 2**200)),
            started=choices.pick(STAMPS),
            finished=choices.pick(STAMPS),
            roikit_version="0.1.0",
            complete=choices.below(2) == 0,
        )
        # last of all: cases that were found before there were diagnoses stay what they are
        told = tuple(replace(one, diagnosis=self._diagnosis()) for one in self.result.submissions)
        self.result = replace(self.result, submissions=told)

    def _number(self):
        if self._choices.below(40) == 39:
            self.is_finite = False
            return self._choices.pick(ODD_NUMBERS)
        return self._choices.pick(NUMBERS)

    def _score(self):
        return None if self._choices.below(5) == 4 else self._number()

    def _rubric(self, number):
        return RubricItem(f"item_{number}", self._choices.text(), self._number())

    def _submission(self):
        choices = self._choices
        return SubmissionResult(
            student=choices.text(),
            path=choices.text(),
            outcome=choices.pick(OUTCOMES),
            score=self._score(),
            max_score=self._number(),
            items=tuple(self._item(item) for item in self._items[: 4 - choices.below(5)]),
            notes=tuple(choices.several(choices.text, 2)),
            seconds=self._number(),
        )

    def _diagnosis(self):
        choices = self._choices
        return Diagnosis(
            findings=tuple(choices.several(self._finding, 3)),
            unexplained=tuple(choices.several(self._function, 2)),
            signatures=tuple(choices.several(self._signature, 3)),
            problem=choices.text(),
        )

    def _finding(self):
        choices = self._choices
        kind = choices.pick(("misconception", "convention", "behaviour"))
        name = choices.pick(("nearest_ends", "averaged", "x"))  # names are Python's: no text
        idea = Idea(name, kind, choices.text(), choices.text())
        functions = ("roi_pool", *choices.several(self._function, 2))
        return Finding(idea, functions, choices.below(9), choices.below(3), choices.pick((1.0, 0.5, 0.9)), ())

    def _signature(self):
        choices = self._choices
        digest, calls, explained = choices.pick(("a", "b", "")), choices.below(9), choices.below(2) == 1
        return Signature(self._function(), digest, calls, explained)

    def _function(self):
        return self._choices.pick(("roi_pool", "bin_edges"))

    def _item(self, item):
        choices = self._choices
        return ItemResult(
            item.id, item.title, choices.pick(OUTCOMES), self._score(), item.max_score, choices.text(),
            tuple(choices.several(lambda: self._case(item), 2)),
        )  # fmt: skip

    def _case(self, item):
        choices = self._choices
        return CaseResult(
            case="test_x",
            rubric=item.id,
            idea=choices.text(),
            visibility=choices.pick(("public", "hidden")),
            outcome=choices.pick(OUTCOMES),
            score=self._score(),
            max_score=self._number(),
            sentence=choices.text(),
            picture=choices.pick(("", PICTURE)),
            traceback=choices.text(),
            seconds=self._number(),
        )
