"""A case is called without pytest's steps where that comes to the same, and where it might not, with them."""

from dataclasses import replace
from pathlib import Path

import pytest

from grader import assignment, cases
from grader.diagnosis import load
from grader.rehearsal import NONSENSE, _Absent, _Nonsense, solution
from grader.student import LocalBox

DATA = Path(__file__).parent / "data" / "plain_cases"
RIGHT = "def scale(x, s):\n    return [v * s if isinstance(v, int) else v for v in x]"
HEAD = "import pytest\nlog = []\nworth = pytest.mark.rubric('scale', points=1)\n"
LOG = "@worth\ndef test_{}(student):\n    'Idea.'\n    student.scale(list(log), 1)\n"
#: With one of these, nothing in a file is plain.
WHOLE_FILE = {
    "autouse": "@pytest.fixture(autouse=True)\ndef f():\n    log.append('up'); yield; log.append('down')",
    "set-up of the module": "def setup_module(): log.append('up')\ndef teardown_module(): log.append('down')",
    "set-up of functions": "def setup_function(): log.append('up')",
    "hooks": "pytest_plugins = ['hooks_of_a_test']",
    "fixture of our name": "@pytest.fixture\ndef student(student): log.append('own'); return student",
    "mark": "pytestmark = pytest.mark.filterwarnings('error')",
}


@pytest.fixture
def lesson(toy, tmp_path):
    """Text of the public tests -> an assignment."""

    def made(text):
        (tmp_path / "grading").mkdir()
        (tmp_path / "test_public.py").write_text(text)
        (tmp_path / "grading" / "test_hidden.py").write_text(HEAD + LOG.format("log_of_hidden"))
        return replace(toy, folder=tmp_path, limits={"case_seconds": 1})

    return made


@pytest.fixture
def both_ways(monkeypatch):
    """What every case comes to, with the short way and without it; and the names of the plain cases."""

    def run(lesson, boxes):
        def all_told(attempts):
            return [told(attempt) for box in boxes() for attempt in attempts(box)]

        plain = []

        def noted(item, decide=cases.plain_case):
            found = decide(item)
            plain.extend([item.name] if found else [])
            return found

        monkeypatch.setattr(cases, "plain_case", noted)
        short = cases.with_attempts(lesson, 3, all_told)
        monkeypatch.setattr(cases, "plain_case", lambda item: None)
        return short, cases.with_attempts(lesson, 3, all_told), plain

    return run


def told(attempt):
    """Everything but the time."""
    calls = [repr((c.function, c.args, c.kwargs, replace(c.outcome, seconds=0))) for c in attempt.calls]
    raised = type(attempt.raised), str(attempt.raised).split("\n")[0]
    return attempt.case, raised, attempt.line, attempt.fault, replace(attempt.result(), seconds=0), calls


def names(short):
    return {case.name for case, *_ in short}


@pytest.mark.parametrize("name", assignment.names())
def test_our_assignments_are_plain(name, both_ways):
    lesson = assignment.load(name)
    bank = load(lesson)
    wrong = bank.candidate(bank.ideas[0].name)

    def boxes():
        return [LocalBox.from_source(solution(lesson)), _Absent(), _Nonsense(NONSENSE[-1]), wrong]

    short, long, plain = both_ways(lesson, boxes)
    assert short == long
    assert set(plain) == names(short)


def test_a_plain_case_ends_as_with_pytest(lesson, both_ways, module):
    made = lesson((DATA / "plain.py").read_text())
    short, long, plain = both_ways(made, lambda: [LocalBox.from_source(module(RIGHT))])
    assert short == long
    assert set(plain) == names(short)


def test_what_needs_pytest_gets_it(lesson, both_ways, module):
    """And plain cases beside it see its fixtures come and go at the same moments."""
    made = lesson((DATA / "mixed.py").read_text())
    box = LocalBox.from_source(module(RIGHT))
    short, long, plain = both_ways(made, lambda: [box, _Absent(), box])
    assert short == long
    assert set(plain) == {name for name in names(short) if name.startswith("test_log")}
    assert "of_module is down" in str(short)


@pytest.mark.parametrize("oddity", WHOLE_FILE)
def test_a_file_without_plain_cases(oddity, lesson, both_ways, module, tmp_path, monkeypatch):
    hook = "def pytest_runtest_setup(item):\n    item.module.log.append(item.name)\n"
    (tmp_path / "hooks_of_a_test.py").write_text(hook)
    monkeypatch.syspath_prepend(tmp_path)
    made = lesson(HEAD + WHOLE_FILE[oddity] + "\n" + LOG.format("here") + LOG.format("again"))
    box = LocalBox.from_source(module(RIGHT))
    short, long, plain = both_ways(made, lambda: [box, box])
    assert short == long
    assert plain in ([], ["test_log_of_hidden"])
    assert (oddity == "mark") or ("up" in str(short)) or ("own" in str(short)) or ("test_here" in str(short))


def test_a_package_may_have_a_set_up(lesson, both_ways, tmp_path):
    made = lesson(HEAD + LOG.format("here"))
    (tmp_path / "__init__.py").write_text("def setup_module(): pass")
    short, long, plain = both_ways(made, lambda: [_Absent()])
    assert short == long
    assert plain == []


def test_ctrl_c_ends_the_session(lesson):
    class Interrupted:
        def call(self, function, args, kwargs, seed=0):
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        cases.with_cases(lesson(HEAD + LOG.format("here")), 1, lambda run: run(Interrupted()))


def test_recorded_arguments_are_copies(lesson):
    """A test may change its lists after the call; a list may hold itself."""
    text = "    x = [[1], {'a': [2]}]; student.scale(x, 1)\n"
    text += "    x[0].append(5); x.append(x); student.scale(x, 1)\n"
    made = lesson(f"{HEAD}@worth\ndef test_change(student):\n    'Idea.'\n" + text)
    first, *_ = cases.with_attempts(made, 1, lambda attempts: list(attempts(_Nonsense(0))))
    assert first.calls[0].args == ([[1], {"a": [2]}], 1)
    assert first.calls[1].args[0][2][2][0] == [1, 5]
