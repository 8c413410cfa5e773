"""What is told of wrong outputs, and when nothing is: on a row of cells, small enough to follow by hand."""

import pytest

from grader import cases
from grader.examiner import Examiner
from grader.records import CallOutcome, Diagnosis


def ideas(diagnosis):
    return {finding.idea.name for finding in diagnosis.findings}


# ------------------------------------------------------------------ ideas of the bank
def test_a_right_solution_has_no_diagnosis(diagnosed):
    assert diagnosed("") == Diagnosis()


def test_a_misconception_is_named_with_its_section_and_evidence(diagnosed):
    (found,) = diagnosed("""
def pool(rows, bins):
    return [[sum(row[s:e]) / (e - s) for s, e in edges(len(row), bins)] for row in rows]
""").findings
    assert (found.idea.name, found.idea.kind, found.idea.section) == (
        "averaged", "misconception", "Step 2. Pool"
    )  # fmt: skip
    assert found.functions == ("pool",)
    assert (found.agreeing, found.against) == (3, 0)
    assert found.confidence == 0.875
    assert set(found.cases) == {"test_two_bins", "test_rows", "test_below_zero"}


def test_another_convention_is_no_mistake(diagnosed):
    (found,) = diagnosed("""
def edges(length, bins):
    return [(length * p // bins, -(length * (p + 1) // -bins)) for p in range(bins)]
""").findings
    assert (found.idea.name, found.idea.kind) == ("overlapping", "convention")
    assert found.functions == ("edges", "pool")


def test_ideas_that_act_together_are_all_named(diagnosed):
    diagnosis = diagnosed("""
def pool(rows, bins):
    rows += 1
    return [[max(0, max(r[s:e]) - 1) for s, e in edges(len(r), bins)][::-1] for r in rows]
""")
    assert ideas(diagnosis) == {"started_at_zero", "bins_reversed", "rows_changed"}
    assert diagnosis.unexplained == ()


def test_two_ideas_that_the_cases_cannot_tell_apart_are_asked_about(row, box, monkeypatch):
    """Of 3 k + 2 cells in 3 bins both give the rest away; with 2 left over they differ."""
    wrong = box("""
def edges(length, bins):
    size = length // bins
    return [(p * size, length if p == bins - 1 else (p + 1) * size) for p in range(bins)]
""")

    def body(attempts):
        recorded = sum(len(attempt.calls) for attempt in attempts(wrong))
        wrong.calls = 0
        return recorded, Examiner(row, attempts, 1).run(wrong)[1]

    recorded, diagnosis = cases.with_attempts(row, 1, body)
    assert ideas(diagnosis) == {"last_takes_the_rest"}
    assert recorded < wrong.calls <= recorded + 8


def test_an_exception_of_its_own_does_not_hide_an_idea(diagnosed):
    (found,) = diagnosed("""
def pool(rows, bins):
    if rows.max() < 0:
        raise ValueError("a negative map")
    return [[sum(row[s:e]) / (e - s) for s, e in edges(len(row), bins)] for row in rows]
""").findings
    assert found.idea.name == "averaged"
    assert found.against >= 1


# ------------------------------------------------------------------ silence
@pytest.mark.parametrize(
    "body", ["max(row[s:e]) ** 2", "row[(s + e) // 2]", "float('nan')", "max(row[s:e]) + row[0]"]
)
def test_what_no_idea_gives_is_not_named(diagnosed, body):
    diagnosis = diagnosed(f"""
def pool(rows, bins):
    return [[{body} for s, e in edges(len(row), bins)] for row in rows]
""")
    assert diagnosis.findings == ()
    assert diagnosis.unexplained == ("pool",)


@pytest.mark.parametrize(
    "body", ["raise NotImplementedError", "return None", "return 'five'", "return [[1], [2, 3]]", "return {}"]
)
def test_no_numbers_speak_for_themselves(diagnosed, body):
    assert diagnosed(f"def pool(rows, bins):\n    {body}\n") == Diagnosis()


def test_an_idea_that_is_right_now_and_then_is_not_named(diagnosed):
    """The average where there are three rows, the maximum elsewhere: the one idea gives only some of it."""
    assert diagnosed("""
def pool(rows, bins):
    take = np.mean if len(rows) == 3 else (lambda cells: max(cells) / 2)
    return [[take(row[s:e]) for s, e in edges(len(row), bins)] for row in rows]
""").findings == ()


# ------------------------------------------------------------------ behaviours
@pytest.mark.parametrize(
    ("body", "name"),
    [
        ("out * 0 + 7", "always_the_same"),
        ("(out + 3)", "constant_offset"),
        ("(out * 2)", "constant_factor"),
        ("out.T", "axes_permuted"),
    ],
)
def test_a_regularity_is_told_where_no_idea_fits(diagnosed, body, name):
    diagnosis = diagnosed(f"""
def pool(rows, bins):
    out = np.array([[max(row[s:e]) for s, e in edges(len(row), bins)] for row in rows])
    return {body}
""")
    assert [(f.idea.name, f.idea.kind, f.functions) for f in diagnosis.findings] == [
        (name, "behaviour", ("pool",))
    ]


def test_what_is_kept_between_calls_shows_where_calls_share_a_process(diagnosed):
    (found,) = diagnosed("""
seen = []
def pool(rows, bins):
    seen.append(bins)
    return [[max(row[s:e]) * len(seen) for s, e in edges(len(row), bins)] for row in rows]
""").findings
    assert (found.idea.name, found.idea.kind) == ("other_when_called_again", "behaviour")


# ------------------------------------------------------------------ signatures
WRONG = """
def pool(rows, bins):
    return [[row[s] * {} for s, e in edges(len(row), bins)] for row in rows]
"""


def test_equal_wrong_outputs_have_equal_signatures(diagnosed):
    first, same, other = (diagnosed(WRONG.format(f)).signatures[0] for f in ("3", "(1 + 2)", "4"))
    assert first == same
    assert first.digest != other.digest
    assert (first.function, first.calls, first.explained) == ("pool", 2, False)


def test_signatures_say_whether_an_idea_explains_them(diagnosed):
    (found,) = diagnosed("""
def pool(rows, bins):
    return [[max(0, max(row[s:e])) for s, e in edges(len(row), bins)] for row in rows]
""").signatures
    assert found.explained


# ------------------------------------------------------------------ hostile or unlucky
class Dying:
    """A box that is right until `after` calls, then its sandbox is gone."""

    def __init__(self, box, problem):
        self.box, self.problem, self.recorded = box, problem, 4

    def call(self, *arguments):
        self.recorded -= 1
        if self.recorded < 0:
            raise self.problem
        return self.box.call(*arguments)


def test_the_cases_stand_where_the_diagnosis_fails(row, box):
    last = "size = length // bins; return [(p * size, min((p + 1) * size, length)) for p in range(bins)]"
    wrong = Dying(box(f"def edges(length, bins):\n    {last}\n"), RuntimeError("gone"))

    def body(attempts):
        return Examiner(row, attempts, 1).run(wrong)

    results, diagnosis = cases.with_attempts(row, 1, body)
    assert [case.outcome for case in results] == ["correct", "wrong", "wrong", "correct"]
    assert diagnosis == Diagnosis(problem="RuntimeError: gone")


def test_a_function_that_hangs_when_asked_further_is_not_asked_again(row, box):
    wrong = box("def edges(length, bins):\n    return [(p, p + 1) for p in range(bins)]\n")
    asked = []

    class Hanging:
        def call(self, function, args, kwargs, seed=0):
            asked.append(function)
            return wrong.call(function, args, kwargs, seed) if len(asked) <= 4 else CallOutcome("timeout")

    cases.with_attempts(row, 1, lambda attempts: Examiner(row, attempts, 1).run(Hanging()))
    assert len(asked) <= 5


def test_students_numbers_do_not_go_into_our_functions(row, box):
    """A case that hands the student's own edges on would make this process allocate a terabyte."""
    from grader.diagnosis import Diagnoser, load

    huge = box("def edges(length, bins):\n    return [(0, 10**12)] * bins\n")

    def body(attempts):
        found = tuple(attempts(huge))
        diagnoser = Diagnoser(load(row), attempts, 1)
        return {fact.key for e in diagnoser._evidence(found) for fact in e.wrong} - diagnoser._own_inputs

    assert cases.with_attempts(row, 1, body) == set()


def test_a_diagnosis_is_the_same_every_time(diagnosed):
    text = WRONG.format("1")
    assert diagnosed(text) == diagnosed(text)
