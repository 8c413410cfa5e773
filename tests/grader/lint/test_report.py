"""What the lint prints: the same facts in wide and narrow terminals, with and without Unicode."""

import io
import re
from dataclasses import replace

import pytest
from rich.console import Console

from grader.case import Case
from grader.lint import run
from grader.lint.records import Check, Fate, IdeaRow, LintReport, Mutant, SmallestSet
from grader.lint.report import print_report
from grader.records import Idea

MUTANT = Mutant("cell 9", 3, "return x < y", "return x <= y", "")
TWICE = Mutant("cell 9", 4, "return max(x, 0)", "return max(0, x)", "")


def case(name, rubric, visibility):
    return Case(name, rubric, 1.0, "An idea.", visibility, "test_hidden.py:3")


CASES = (
    case("test_small", "cut", "public"), case("test_cut", "cut", "hidden"), case("test_far", "cut", "hidden"),
    case("test_pool", "pool", "hidden"),
)  # fmt: skip


def idea(name, kind="misconception"):
    return Idea(name, kind, "A sentence.", "Step 1")


@pytest.fixture
def report():
    return LintReport(
        name="pooling",
        checks=(
            Check("the solution earns everything", "pooling.ipynb: 4 points"),
            Check("every idea loses points", "2 ideas", ("started_at_zero keeps all points with seed 1",)),
        ),
        cases=CASES,
        rows=(
            IdeaRow(idea("started_at_zero"), "·~x·", 0.0, 1234.5),
            IdeaRow(idea("nearest_ends", "convention"), "xx!x", 2.75, float("inf")),
        ),
        smallest=SmallestSet((1, 3), True),
        fates=(
            Fate(MUTANT, seed=2, witness="cut(<2×3×4>, 2)"), Fate(TWICE, seed=0), Fate(MUTANT, "test_far"),
        ),
        seconds=12.3,
    )  # fmt: skip


def printed(report, width=100, encoding="utf-8"):
    file = io.TextIOWrapper(io.BytesIO(), encoding=encoding)
    print_report(report, Console(file=file, width=width, legacy_windows=False))
    file.seek(0)
    return [line.rstrip() for line in file.read().splitlines()]


def test_a_line_a_check(report):
    lines = printed(report)
    assert lines[:3] == [
        "ok      the solution earns everything: pooling.ipynb: 4 points",
        "missing every idea loses points: 2 ideas",
        "        started_at_zero keeps all points with seed 1",
    ]
    assert lines[-1] == "1 of 2 checks missing: pooling, 12 s"


def test_cases_and_ideas(report):
    lines = printed(report)
    start = lines.index("idea            1  23 4  lost   margin")
    assert lines[start - 1 : start + 4] == [
        "                   *  *",
        "idea            1  23 4  lost   margin",
        "started_at_zero ·  ~x ·     0  1.2e+03",
        "other conventions",
        "nearest_ends    x  x! x  2.75    exact",
    ]
    assert "cut (public): 1:small" in lines
    assert "cut (hidden): 2:cut, 3:far" in lines
    assert "2 of 4 cases tell all ideas apart (no smaller set does): 2:cut, 4:pool" in lines


def test_mutants(report):
    lines = printed(report)
    start = lines.index("Mutants that no hidden case catches:")
    assert lines[start + 1 : start + 8] == [
        "cell 9, line 3",
        "  - return x < y",
        "  + return x <= y",
        "  not with seed 2; another answer to cut(<2×3×4>, 2)",
        "",
        "Probably equal to the solution, as no probe tells them apart:",
        "  cell 9, line 4: return max(0, x)",
    ]


def test_a_narrow_terminal_has_no_room_for_the_margins(report):
    lines = printed(report, width=80)
    assert "idea            1  23 4  lost" in lines
    assert max(map(len, lines)) <= 80


def test_a_name_without_room_is_cut(report):
    lines = printed(report, width=24)
    assert "started_at ·  ~x ·     0" in lines
    assert max(map(len, lines)) <= 24


def test_a_terminal_without_unicode(report):
    text = "\n".join(printed(report, encoding="ascii"))
    assert text.isascii()
    assert "started_at_zero .  ~x .     0  1.2e+03" in text
    assert "cut(<2x3x4>, 2)" in text


def test_a_set_that_may_not_be_the_smallest(report):
    lines = printed(replace(report, smallest=SmallestSet((1,), False)))
    assert "1 of 4 cases tell all ideas apart (a smaller one may exist): 2:cut" in lines


def test_run_prints_and_says_whether_all_is_well(lesson):
    file = io.StringIO()
    assert run(Console(file=file, width=100), str(lesson().folder)) is True
    assert re.search(r"\nAll is well: means, \d+ s\n$", file.getvalue())
