"""``roikit regrade``: what another grading would change, before anything of it is written."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from grader import interrupts
from grader.errors import GraderError

if TYPE_CHECKING:
    from rich.console import Console

    from grader.grading import Order
    from grader.intake.collect import HandIn
    from grader.records import Assignment, ClassResult
    from grader.report.changes import Changes


def with_before(order: Order) -> Order:
    """The order with the results that are in its folder, and their seed unless another is asked for.

    Raises
    ------
    GraderError
        There are none, or they are of another assignment.
    """
    from grader import assignment
    from grader.report import stored
    from grader.report.overview import overview

    before = overview(stored.read(order.output))
    name = assignment.find(order.assignment).name
    if before.assignment.name != name:
        raise GraderError(f"{order.output} holds results of {before.assignment.name}, not of {name}")
    seed = before.seed if order.seed is None else order.seed
    return dataclasses.replace(order, before=before, seed=seed)


def look(console: Console, order: Order) -> Changes:
    """Grade as `grader.grading.grade_class` does, write nothing, and say what would change.

    What the journal holds is not graded again; it is read, and closed before the grading begins.
    """
    from grader import grading
    from grader.report.changes import between
    from grader.report.terminal_changes import print_changes

    with interrupts.listening(), grading.handed_in(order.assignment, order.submissions) as (found, hand_ins):
        result = _graded(console, order, found, hand_ins)
    if not result.complete:
        raise KeyboardInterrupt
    changes = between(order.before, result)
    print_changes(changes, console)
    console.print("Nothing is written; without --diff it is.", style="dim")
    return changes


def _graded(
    console: Console, order: Order, assignment: Assignment, hand_ins: Sequence[HandIn]
) -> ClassResult:
    from grader import grading, journal, pipeline
    from grader.recorder import Looker

    plan = pipeline.Plan(assignment, order.rung, order.seed)
    grading.tell_before(console, order, plan)
    with journal.reading(order.output / journal.NAME) as book:
        recorder = Looker(book, plan)
        others = grading.others_of_class(order, plan, hand_ins, recorder)
        finished = grading.taken_up(console, order, plan, hand_ins, recorder)
    with grading.progress(console, len(hand_ins) - len(finished)) as tick:
        result = pipeline.grade_class(
            plan, hand_ins, jobs=grading.where(console, order), finished=finished, recorder=recorder,
            progress=tick,
        )
    return others.joined_by(result)


def write_json(changes: Changes, path: Path) -> Path:
    """Write who would change, one entry a student."""
    from grader.report.changes import as_list
    from grader.report.files import write_whole

    return write_whole(path, json.dumps(as_list(changes), indent=1, ensure_ascii=False) + "\n")
