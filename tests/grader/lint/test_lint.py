"""A sound assignment is found sound; each weakness planted in it is found, with its name and place."""

import math

import pytest

from grader import cases
from grader.diagnosis import bank as banks
from grader.errors import AssignmentError
from grader.lint import answers, ideas, lint, mutation, statement
from grader.lint.records import Fate, Mutant

HIDDEN, BANK, NOTEBOOK = "grading/test_hidden.py", "grading/misconceptions.py", "means.ipynb"
#: A loop that ends after one round, and a way out that is never taken.
LOOP = """floor, done = int(np.floor(position)), False
    while not done:
        done = True
    if floor > position:
        __import__("os")._exit(3)
    return floor"""
BELOW_ZERO = "    expect(student.cell_of(-cell - 0.25), -cell - 1)\n"


def drawn(assignment):
    bank = banks.load(assignment)
    return bank, ideas.draws(assignment, bank, 0)


def collected(assignment):
    return cases.collect(
        assignment.folder, {assignment.public_tests: "public", assignment.hidden_tests: "hidden"}
    )


def right(assignment):
    return banks.load(assignment).candidate()


def test_a_sound_assignment(lesson):
    report = lint(lesson())
    assert {check.title: check.problems for check in report.checks if not check.is_ok} == {}
    assert report.is_ok
    marks = {row.idea.name: row.marks for row in report.rows}
    # one_cell, one_window; cells, windows, over_the_border, no_cells
    assert marks == {
        "nearest_cell": "x·xx··",
        "toward_zero": "··x···",
        "largest": "·x·xx·",
        "channels_mixed": "···xxx",
        "rounded_up": "x·xx··",
    }
    assert [report.cases[place].name for place in report.smallest.places] == ["test_cells", "test_windows"]
    assert report.smallest.is_proven
    lost = {row.idea.name: row.lost for row in report.rows}
    assert lost == {
        "nearest_cell": 7, "toward_zero": 4, "largest": 5.25, "channels_mixed": 5.75, "rounded_up": 7,
    }  # fmt: skip
    margins = {row.idea.name: row.margin for row in report.rows}
    assert margins["toward_zero"] == math.inf  # integers are compared exactly
    assert margins["largest"] > 1e4


# ------------------------------------------------------------------ the solution, the stub
def test_a_function_that_the_notebook_lacks(lesson):
    weak = lesson((NOTEBOOK, "def window_mean(", "def mean_of_window("))
    said = "means.ipynb defines no window_mean, for which assignment.toml asks"
    assert answers.full_marks(weak, right(weak), 0).problems[0] == said


def test_a_case_that_the_solution_fails(lesson):
    weak = lesson((HIDDEN, "values[:, :4].mean(axis=1)", "values[:, :5].mean(axis=1)"))
    assert answers.full_marks(weak, right(weak), 0).problems == (
        "test_hidden.py:23: test_over_the_border finds means.ipynb wrong",
        "test_hidden.py:23: test_over_the_border finds misconceptions.py wrong",
    )


def test_a_solution_of_the_bank_that_is_none(lesson):
    weak = lesson((BANK, "return cells.mean(axis=1)", "return cells.sum(axis=1)"))
    assert answers.full_marks(weak, right(weak), 0).problems[0] == (
        "test_public.py:14: test_one_window finds misconceptions.py wrong"
    )


def test_a_stub_that_earns_points(lesson):
    answer = "    return int(np.floor(position))\n"
    begin = "    ### BEGIN SOLUTION\n"
    weak = lesson((NOTEBOOK, begin + answer, answer + begin + answer))
    found = answers.stub(weak, 0)
    assert found.problems == ("test_hidden.py:6: test_cells gives points for it",)
    assert found.detail == "4 of 10 points"


# ------------------------------------------------------------------ points, sections, sentences
def test_points_that_the_notebook_does_not_say(lesson):
    weak = lesson((HIDDEN, "points=3", "points=2.5"))
    assert statement.points(weak, collected(weak)).problems == (
        "cell 8 of means.ipynb says 6.0 points for window_mean; its cases have 5.5",
    )


def test_a_rubric_item_without_a_hidden_case(lesson):
    moved = (HIDDEN, '"cell_of", points=4', '"window_mean", points=4')
    weak = lesson(moved, ("test_public.py", "points=0)", "points=4)"))
    assert "cell_of: no hidden case gives points for it" in statement.points(weak, collected(weak)).problems


def test_a_section_that_is_not_there(lesson):
    weak = lesson((BANK, '"Step 2. The mean of a window"', '"Step 2. The mean"'))
    assert statement.sections(weak, banks.load(weak)).problems == (
        "misconceptions.py: largest leads to 'Step 2. The mean', no heading of means.ipynb",
        "misconceptions.py: channels_mixed leads to 'Step 2. The mean', no heading of means.ipynb",
    )


def test_a_sentence_that_nobody_reads(lesson):
    weak = lesson((BANK, "The largest value was taken.", "The largest value was taken. " * 8))
    assert statement.sentences(banks.load(weak)).problems == (
        "misconceptions.py: the sentence of largest has 231 characters",
    )


def test_an_idea_without_a_sentence(lesson):
    weak = lesson((BANK, '    """The largest value was taken."""\n', ""))
    with pytest.raises(AssignmentError, match="largest needs a docstring"):
        lint(weak)


def test_a_function_without_probes(lesson):
    weak = lesson(("grading/probes.py", 'yield "cell_of"', 'yield "window_mean"'))
    first, *others = statement.probes(banks.load(weak), 0).problems
    assert first == "probes.py: none calls cell_of"
    assert others[0].startswith("probes.py: the solution fails at a call of window_mean: TypeError")


def test_probes_that_cannot_be_drawn(lesson):
    weak = lesson(("grading/probes.py", "rng.uniform(-4, 8)", "rng.uniform(-4, start)"))
    with pytest.raises(AssignmentError, match=r"probes\.py: UnboundLocalError: "):
        lint(weak)


# ------------------------------------------------------------------ trivial answers
def test_zeros_that_earn_half(lesson):
    weak = lesson((HIDDEN, "expect(student.window_mean(values, 0, 1), values[:, 0])\n", "pass\n"),
                  (HIDDEN, "points=0.75", "points=8"))  # fmt: skip
    problems = answers.trivial(weak, right(weak), 0).problems
    assert "zeros: 8 points, from test_no_cells" in problems
    by_heart = "public examples by heart, else zeros: 8.25 points, from test_one_window, test_no_cells"
    assert by_heart in problems
    assert len(problems) == 2


def test_public_examples_that_are_the_grade(lesson):
    weak = lesson(("test_public.py", "points=0.25", "points=3"))
    problems = answers.trivial(weak, right(weak), 0).problems
    assert len(problems) == 6  # by heart, beside whatever else
    assert problems[0] == "public examples by heart, else zeros: 3 points, from test_one_window"


# ------------------------------------------------------------------ ideas
def test_an_idea_that_keeps_all_points(lesson):
    bank, found = drawn(lesson((HIDDEN, BELOW_ZERO, "")))
    assert ideas.losing(bank, found).problems == tuple(
        f"toward_zero keeps all points with seed {seed}" for seed in range(3)
    )
    [row] = [row for row in ideas.rows(bank, found) if row.idea.name == "toward_zero"]
    assert (row.lost, row.marks) == (0, "······")


def test_an_idea_that_is_caught_by_luck(lesson):
    """In one draw of three the position is not below zero."""
    piece = (HIDDEN, BELOW_ZERO, BELOW_ZERO.replace("    expect", "    if rng.integers(2): expect"))
    bank, found = drawn(lesson(piece))
    lucky = [draw.seed for draw in found if not draw.wrong["toward_zero"][2].has_passed]
    assert 0 < len(lucky) < ideas.DRAWS
    assert len(ideas.losing(bank, found).problems) == ideas.DRAWS - len(lucky)


def test_two_ideas_that_no_case_tells_apart(lesson):
    halves = "    return int(np.ceil(position - 0.5))"
    twin = f'def halves_down(position):\n    """Halves were rounded down."""\n{halves}\n\n'
    weak = lesson(
        (BANK, "def toward_zero", f"{twin}def toward_zero"),
        (BANK, "(nearest_cell,", "(nearest_cell, halves_down,"),
        (HIDDEN, "9.5)", "9.75)"),
    )
    _, found = drawn(weak)
    check, _ = ideas.separated(banks.load(weak), found)
    assert check.problems == ("nearest_cell and halves_down: no case tells them apart with seed 0, 1, 2",)
    assert check.detail == "20 of 21 pairs, the solution among them"


def test_something_else_that_is_let_through(lesson):
    """What an idea changes in place is seen by nobody who does not look."""
    body = "    cells *= 1.5\n    return cells.mean(axis=1) / 1.5\n\n"
    idea = f'def changed(cells):\n    """They were changed in place."""\n{body}'
    weak = lesson((BANK, "def largest", f"{idea}def largest"), (BANK, "(largest,", "(changed, largest,"))
    bank, found = drawn(weak)
    assert ideas.rows(bank, found)[2].marks == "·~·~~~"
    assert ideas.losing(bank, found).problems[0] == "changed keeps all points with seed 0"


def test_a_case_that_breaks_at_an_idea(lesson):
    asks = "    assert [0][student.cell_of(0.75)] == 0\n"
    _, found = drawn(lesson((HIDDEN, "    expect(student.cell_of(cell + 0.75), cell)\n", asks)))
    [problem] = ideas.faults(found).problems
    assert problem.startswith("test_hidden.py:10: IndexError in the test: list index out of range (")


# ------------------------------------------------------------------ tolerances
def test_a_tolerance_that_is_too_wide(lesson):
    """A mean that is off by a thousandth is let through, or nearly so."""
    body = "    return cells.mean(axis=1) + 1e-3\n\n"
    idea = f'def a_bit_more(cells):\n    """A thousandth too much."""\n{body}'
    pieces = (
        (BANK, "def largest", f"{idea}def largest"),
        (BANK, "(largest,", "(a_bit_more, largest,"),
        (HIDDEN, "values[:, 2:9].mean(axis=1))", "values[:, 2:9].mean(axis=1), rtol=0, atol=4e-4)"),
        (HIDDEN, "values[:, :4].mean(axis=1))", "values[:, :4].mean(axis=1), atol=0.01)"),
        (HIDDEN, "values[:, 9:].mean(axis=1))", "values[:, 9:].mean(axis=1), atol=0.01)"),
        (HIDDEN, "values[:, 0])", "values[:, 0], atol=0.01)"),
        ("test_public.py", "[3.0])", "[3.0], atol=0.01)"),
    )
    bank, found = drawn(lesson(*pieces))
    assert ideas.clear(bank, found).problems == tuple(
        f"a_bit_more differs by 2.5 tolerances at most, with seed {seed}" for seed in range(3)
    )
    row = ideas.rows(bank, found)[2]
    assert (row.marks, round(row.margin, 6)) == ("·~·x~~", 2.5)


def test_a_tolerance_that_is_too_narrow_for_float32(lesson):
    """On maps of three axes, as all layers have them."""
    pieces = [
        (HIDDEN, "student.window_mean(values, 2.25", "student.window_mean(values[None], 2.25"),
        (HIDDEN, "values[:, 2:9].mean(axis=1))", "values[:, 2:9].mean(axis=1), rtol=0, atol=1e-14)"),
    ]
    pieces += [(file, "values[:,", "values.reshape(-1, values.shape[-1])[:,") for file in (BANK, NOTEBOOK)]
    weak = lesson(*pieces)
    assert answers.full_marks(weak, right(weak), 0).is_ok
    [problem] = answers.rounded(weak, right(weak), 0).problems
    assert problem.startswith("test_hidden.py:17: test_windows finds it wrong on maps of float32, by ")


# ------------------------------------------------------------------ mutants
def killers(fates, after):
    return [fate.killer for fate in fates if fate.mutant.after == after]


def test_a_mutant_that_survives(lesson):
    """Nothing is asked about windows that begin left of the first cell."""
    asked = "    expect(student.window_mean(values, -3.25, 4), values[:, :4].mean(axis=1))\n"
    weak = lesson((HIDDEN, asked, ""))
    found = mutation.fates(weak, 0)
    slip = "cells = values[:, cell_of(start) : max(cell_of(end), 0)]"
    [survivor] = [fate for fate in found if fate.is_survivor and fate.mutant.after == slip]
    assert survivor.mutant.place == "cell 7, line 4"
    assert survivor.witness.startswith("window_mean(<3×9>, -")
    [problem] = mutation.check(found).problems
    assert problem.startswith("cell 7: ")
    assert problem.endswith(" in line 4")


def test_a_mutant_that_is_equal(lesson):
    found = mutation.fates(lesson(), 0)
    swapped = "cells = values[:, max(cell_of(start), 0) : max(0, cell_of(end))]"
    [equal] = [fate for fate in found if fate.mutant.after == swapped]
    assert equal.is_equal
    assert killers(found, "if not (cells.shape[1] == 0):") == ["test_windows"]
    assert mutation.check(found).detail == "100.0% of 38; 2 more are probably equal to the solution"


def test_a_case_that_the_solution_fails_catches_no_mutant(lesson):
    """The case about cells wants one too many: only the others count."""
    found = mutation.fates(lesson((HIDDEN, "0.75), cell)", "0.75), cell + 1)")), 0)
    assert {fate.killer for fate in found} == {"", "test_windows", "test_over_the_border", "test_no_cells"}


def test_a_case_without_points_catches_no_mutant(lesson):
    """A hand-in that fails it has full marks all the same."""
    found = mutation.fates(lesson((HIDDEN, "points=0.75", "points=0")), 0)
    assert {fate.killer for fate in found} == {"", "test_cells", "test_windows", "test_over_the_border"}
    assert mutation.check(found).problems


def test_a_mutant_that_takes_all_memory(lesson):
    body = "return int(np.floor(position)) + np.ones(10**12 - 10**12).size"
    found = mutation.fates(lesson((NOTEBOOK, "return int(np.floor(position))", body)), 0)
    assert killers(found, body.replace("- 10**12", "+ 10**12")) == ["test_cells"]


def test_mutants_that_hang_or_end_the_process(lesson):
    """A loop that is never done, and an exit that takes the process along, count as caught."""
    found = mutation.fates(lesson((NOTEBOOK, "return int(np.floor(position))", LOOP)), 0)
    assert killers(found, "done = False") == ["test_cells"]
    assert killers(found, "if not (floor > position):") == ["the grading process died (exit code 3)"]


def test_mutants_that_nothing_calls():
    """None is caught, and none survives."""
    found = mutation.check((Fate(Mutant("cell 4", 2, "return 1", "return 0", "return 0")),))
    assert found.problems == ("no case and no probe tells any of them from the solution",)
    assert found.detail == "none; 1 more are probably equal to the solution"
