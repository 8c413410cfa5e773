"""What the diagnosis is measured by: right programs are right, wrong ones are not, labels are ideas."""

import sys
from pathlib import Path

import numpy as np
import pytest

from grader import assignment, cases
from grader.diagnosis import load as load_bank
from grader.examiner import Examiner
from grader.student import LocalBox

BENCHMARKS = Path(__file__).parents[2] / "benchmarks"


@pytest.fixture(scope="module")
def benchmarks():
    """The benchmark's own modules, importable as they are when it runs as a script."""
    sys.path.insert(0, str(BENCHMARKS))
    import diagnosis_mutants
    import diagnosis_programs

    yield diagnosis_programs, diagnosis_mutants
    sys.path.remove(str(BENCHMARKS))


@pytest.fixture(scope="module")
def programs(benchmarks):
    return benchmarks[0]


@pytest.fixture(scope="module")
def mutants(benchmarks):
    return benchmarks[1]


@pytest.fixture(params=["roi_pool", "bilinear", "roi_align"])
def lesson(request):
    return assignment.load(request.param)


def failed(lesson, these):
    """The programs that some case says no to."""

    def says_no(attempts, program):
        tried = list(attempts(LocalBox.from_source(program.source)))
        return any(attempt.raised is not None for attempt in tried)

    return cases.with_attempts(
        lesson, 1, lambda attempts: {program.name for program in these if says_no(attempts, program)}
    )


def test_right_programs_are_right(lesson, programs):
    assert failed(lesson, programs.load(lesson.name, "right")) == set()


@pytest.mark.parametrize("kind", ["wrong", "held_out"])
def test_wrong_programs_are_wrong(lesson, programs, kind):
    wrong = programs.load(lesson.name, kind)
    assert failed(lesson, wrong) == {program.name for program in wrong}


def test_labels_are_ideas_of_the_bank(lesson, programs, mutants):
    ideas = {idea.name for idea in load_bank(lesson).ideas}
    written = programs.load(lesson.name, "wrong") + programs.load(lesson.name, "held_out")
    labelled = written + mutants.labelled(lesson.name, np.random.default_rng(0))
    unknown = {p.name: set().union(*p.labels) - ideas for p in labelled if set().union(*p.labels) - ideas}
    assert unknown == {}


def test_there_are_enough_of_them(programs, mutants):
    rng = np.random.default_rng(0)
    written = [p for name in programs.ASSIGNMENTS for p in programs.load(name, "wrong")]
    right = [p for name in programs.ASSIGNMENTS for p in programs.load(name, "right")]
    made = [p for name in programs.ASSIGNMENTS for p in mutants.labelled(name, rng)]
    held_out = [p for name in programs.ASSIGNMENTS for p in programs.load(name, "held_out")]
    assert len(written) >= 150
    assert len(held_out) >= 45
    assert len(right) >= 40
    assert len(made) >= 30


@pytest.mark.parametrize(
    ("faults", "labels"),
    [
        ("nearest_ends", [{"nearest_ends"}]),
        ("nearest_ends + overlapping_bins", [{"nearest_ends", "overlapping_bins"}]),
        ("resized | averaged + always_float64", [{"resized"}, {"averaged", "always_float64"}]),
        ("none", [set()]),
    ],
)
def test_header(tmp_path, programs, faults, labels):
    path = tmp_path / "toy" / "wrong" / "mine.py"
    path.parent.mkdir(parents=True)
    path.write_text(f"# faults: {faults}\n# style: short\nscale = 1\n")
    program = programs.read(path)
    assert list(program.labels) == labels
    assert (program.name, program.assignment, program.style) == ("wrong/mine.py", "toy", "short")


@pytest.mark.parametrize("kind", ["wrong", "held_out"])
@pytest.mark.parametrize(
    "header", ["", "# style: short\n", "# faults: none\n", "# fault: none\n# style: short\n"]
)
def test_header_that_is_not_well_formed(tmp_path, programs, header, kind):
    path = tmp_path / "toy" / kind / "mine.py"
    path.parent.mkdir(parents=True)
    path.write_text(f"{header}scale = 1\n")
    with pytest.raises(ValueError, match=r"mine\.py: the header has"):
        programs.read(path)


def test_a_mutant_differs_in_its_one_mistake(programs, mutants):
    made = mutants.labelled("roi_pool", np.random.default_rng(0), per_operator=99)
    (mutant,) = [p for p in made if p.name == "mutants/x_and_y_swapped in by_the_notebook.py"]
    assert mutant.labels == (frozenset({"x_and_y_swapped"}),)
    assert "y1, x1, y2, x2 = quantize_roi(rois[k, 1:], spatial_scale)" in mutant.source.cells[0].text


def test_mutants_come_from_the_seed(mutants):
    def texts(seed):
        made = mutants.at_random("bilinear", np.random.default_rng(seed), 5)
        return [program.source.cells[0].text for program in made]

    assert texts(1) == texts(1)
    assert texts(1) != texts(2)


# ------------------------------------------------------------------ a part of the benchmark
def test_of_every_tenth_program_nine_in_ten_are_named_right(lesson, programs):
    """All of them, in the sandbox and with mutants: ``make bench``."""
    some = programs.load(lesson.name, "wrong")[::10]

    def body(attempts):
        examiner = Examiner(lesson, attempts, 1)
        return {p: examiner.run(LocalBox.from_source(p.source))[1] for p in some}

    said = {
        program: frozenset(f.idea.name for f in diagnosis.findings if f.idea.kind != "behaviour")
        for program, diagnosis in cases.with_attempts(lesson, 1, body).items()
    }
    right = [program.name for program, names in said.items() if names in program.labels]
    wrong = [p.name for p, names in said.items() if not any(names <= label for label in p.labels)]
    assert wrong == []
    assert len(right) >= 0.9 * len(some)
