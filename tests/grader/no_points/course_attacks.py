"""Hand-ins for the course's own assignments that want points they do not deserve, or to spoil others' runs.

``../attacks/course/*.py`` are submissions. Their first lines say what is expected::

    # expect: wrong|error      the submission's outcome
    # why: ...                 what is tried
    # points: 0.5              what an honest run of the same answers earns; without the line nothing
    # for: roi_align           the assignment; without the line roi_pool

A file with lines ``# %%`` is a notebook; what follows on such a line is ``[markdown]`` or fields of the cell
as JSON. A line ``from solution import *`` stands for the course's solution, ``from zeros import *`` for
functions that give zeros of the right shape, and ``answer`` for every function that is asked for.
"""

import json
import re
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

import numpy as np

from grader import assignment, cases, pipeline
from grader.errors import SubmissionError
from grader.examiner import Examiner
from grader.intake import extract
from grader.records import Cell, Source, Submission
from grader.student import LocalBox

COURSE = Path(__file__).parents[1] / "attacks" / "course"
ZEROS = (COURSE / "parts" / "zeros.py").read_text(encoding="utf-8")
#: As long as those that a run draws for itself: what is small can be guessed.
SEED = 4087312696018774533
OUTCOMES = {"correct", "wrong", "error", "timeout", "memory", "output_limit", "crashed", "refused"}


# ------------------------------------------------------------------ the corpus
@dataclass(frozen=True)
class Attack:
    """One hostile hand-in."""

    name: str
    expect: frozenset
    why: str
    points: float
    lesson: str
    file: str
    data: bytes

    @property
    def submission(self):
        try:
            return Submission(self.name, self.file, extract.source(self.file, self.data))
        except SubmissionError as problem:
            return Submission(self.name, self.file, None, str(problem))


@cache
def load(name):
    return assignment.load(str(assignment.home() / name))


@cache
def solution_text(name):
    """The functions of the course's solution, as a module."""
    lesson = load(name)
    cells = extract.source(lesson.notebook.name, lesson.notebook.read_bytes()).cells
    texts = [cell.text for cell in cells if "### BEGIN SOLUTION" in cell.text or "def bilinear_" in cell.text]
    return "\n\n".join(("import numpy as np\n", *texts))


def read_attack(path):
    text = path.read_text(encoding="utf-8")
    said = dict(re.findall(r"^# (expect|why|points|for): (.+)$", text, re.M))
    lesson = load(said.get("for", "roi_pool"))
    parts = {"solution": solution_text(lesson.name), "zeros": ZEROS}
    text = re.sub(r"^from (solution|zeros) import \*$", lambda line: parts[line[1]], text, flags=re.M)
    if re.search(r"^def answer\b", text, re.M):
        own = re.findall(r"^(?:async )?(?:def|class) (\w+)|\b(\w+) = ", text, re.M)
        missing = [name for name in lesson.functions if name not in {a or b for a, b in own}]
        text += f"\n{' = '.join(missing)} = answer\n"
    is_notebook = re.search("^# %%", text, re.M)
    return Attack(
        name=path.stem,
        expect=frozenset(said["expect"].split("|")),
        why=said["why"],
        points=float(said.get("points", 0)),
        lesson=lesson.name,
        file=path.stem + (".ipynb" if is_notebook else ".py"),
        data=(notebook(text) if is_notebook else text).encode(),
    )


def notebook(text):
    """The text of an .ipynb: a cell for each line ``# %%``; what stands before the first is left out."""
    made = []
    for piece in re.split("^# %%", text, flags=re.M)[1:]:
        head, _, source = piece.partition("\n")
        cell = {"cell_type": "code", "metadata": {}, "execution_count": None, "outputs": [], "source": source}
        if head.strip() == "[markdown]":
            source = re.sub("^# ?", "", source, flags=re.M)
            cell = {"cell_type": "markdown", "metadata": {}, "source": source}
        elif head.strip():
            cell |= json.loads(head)
        made.append(cell)
    return json.dumps({"cells": made, "metadata": {}, "nbformat": 4, "nbformat_minor": 5})


ATTACKS = {path.stem: read_attack(path) for path in sorted(COURSE.glob("*.py"))}
NAMES = list(ATTACKS)


def honest(name, lesson):
    source = Source((Cell("solution.py", solution_text(lesson)),), is_notebook=False)
    return Submission(name, f"{name}.py", source)


# ------------------------------------------------------------------ grading
def plan_for(lesson, rung, seconds):
    limits = {"call_seconds": seconds, "cpu_seconds": 20, "memory": 300 << 20}
    return pipeline.Plan(replace(load(lesson), limits=limits), rung, SEED)


def grade(plan, submission, **options):
    """One submission by itself, in place 0 of this process."""

    def body(attempts):
        with pipeline.Boxes(plan) as boxes:
            return pipeline.grade(submission, plan, Examiner(plan.assignment, attempts, SEED), boxes)

    return cases.with_attempts(plan.assignment, plan.seed, body, **options)


def cases_of(result):
    return [case for item in result.items for case in item.cases]


def told(result):
    return [(case.case, case.outcome, case.score, case.sentence) for case in cases_of(result)]


# ------------------------------------------------------------------ the numbers that nobody is told
class Recorder:
    """Keeps the numbers that go into the course's solution and come out of it."""

    def __init__(self, lesson):
        self._box = LocalBox.from_source(honest("right", lesson).source)
        self.seen = set()

    def call(self, function, args, kwargs, seed=0):
        outcome = self._box.call(function, args, kwargs, seed)
        for value in (*args, *kwargs.values(), outcome.value):
            self.seen |= set(as_written(value))
        return outcome


def as_written(value):
    """The long numbers of a value, as a sentence or a shape might write them."""
    if isinstance(value, (list, tuple)):
        for entry in value:
            yield from as_written(entry)
    elif isinstance(value, (np.ndarray, float)):
        for number in np.ravel(value).tolist():
            yield from (text for text in (repr(number), str(abs(int(number * 1000)))) if len(text) > 5)


@cache
def hidden_numbers(name):
    """Inputs and expected values of this run's hidden cases that no public case has."""
    seen = {}
    for visibility in ("public", "hidden"):
        box = Recorder(name)
        cases.with_cases(load(name), SEED, lambda run, box=box: run(box), visibility=visibility)
        seen[visibility] = box.seen
    return seen["hidden"] - seen["public"]


def leaked(lesson, text):
    return set(re.findall(r"-?\d+(?:\.\d+)?", text)) & hidden_numbers(lesson)
