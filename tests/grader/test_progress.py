"""What a log and a terminal say while a class is graded, by a clock that the test moves."""

import io
import re
from types import SimpleNamespace

import pytest
from rich.console import Console

from grader.progress import FEW, LAST_LINE, SILENCE, progress


class Clock:
    """Seconds that pass when the test says so."""

    def __init__(self):
        self.now = 1000.0

    def __call__(self):
        return self.now


def graded(student="ada", outcome="correct"):
    return SimpleNamespace(student=student, outcome=outcome, score=None)


def log(count, results, each=0.2, **options):
    """What is printed for these results, one every `each` seconds."""
    out, clock = io.StringIO(), Clock()
    console = Console(file=out, width=80, **options)
    with progress(console, count, clock) as tick:
        for result in results:
            clock.now += each
            tick(result)
    return out.getvalue()


# ------------------------------------------------------------------ the last line
def test_the_last_line():
    outcomes = ["correct"] * 241 + ["wrong"] * 40 + ["error"] * 12 + ["timeout"] * 5 + ["internal_error"] * 2
    text = log(300, [graded(outcome=one) for one in reversed(outcomes)])
    expected = (
        "graded 300 of 300: 241 correct, 40 wrong, 12 error, 5 timeout, 2 internal_error in 60.0 s (300/min)"
    )
    assert text.splitlines()[-1] == expected


@pytest.mark.parametrize(
    ("count", "results", "expected"),
    [
        (0, [], "graded 0 of 0: nothing in 0.0 s (0/min)"),
        (5, [], "graded 0 of 5: nothing in 0.0 s (0/min)"),
        (5, [graded(), graded(outcome="wrong")], "graded 2 of 5: 1 correct, 1 wrong in 0.4 s (300/min)"),
    ],
)
def test_the_last_line_of_little(count, results, expected):
    line = log(count, results).splitlines()[-1]
    assert line == expected
    assert re.fullmatch(LAST_LINE, line)


def test_it_is_one_line_on_a_terminal_too():
    results = [graded(outcome=one) for one in ("correct", "wrong", "error", "timeout", "memory", "crashed")]
    (line,) = re.findall(r"graded \d.*", log(6, results, force_terminal=True))
    assert re.fullmatch(LAST_LINE, line)
    assert len(line) > 80


def test_an_interrupted_run_has_it():
    out, clock = io.StringIO(), Clock()
    with pytest.raises(KeyboardInterrupt), progress(Console(file=out), 9, clock) as tick:  # noqa: PT012
        clock.now += 2
        tick(graded())
        raise KeyboardInterrupt
    assert out.getvalue().splitlines()[-1] == "graded 1 of 9: 1 correct in 2.0 s (30/min)"


# ------------------------------------------------------------------ a log
def test_of_few_each_has_a_line():
    lines = log(FEW, [graded(f"s{k}") for k in range(FEW)]).splitlines()
    assert len(lines) == FEW + 1
    assert lines[6] == "7/200 s6: correct"


def test_of_many_there_is_a_line_now_and_then():
    """20,000 at 300 a minute: 200 lines and the last one."""
    outcomes = ("correct", "correct", "wrong", "internal_error")
    lines = log(20_000, [graded(outcome=outcomes[k % 4]) for k in range(20_000)]).splitlines()
    assert len(lines) == 201
    expected = "5000/20000: 2500 correct, 1250 wrong, 1250 internal_error; 300/min, 50 min left"
    assert lines[49] == expected
    assert lines[-2] == "20000/20000: 10000 correct, 5000 wrong, 5000 internal_error; 300/min"


def test_a_slow_run_is_not_silent():
    """Three, each taking longer than a run may be silent."""
    lines = log(1000, [graded()] * 3, each=SILENCE + 1).splitlines()
    assert lines[:3] == [
        "1/1000: 1 correct; 0/min, 83 h 32 min left",
        "2/1000: 2 correct; 0/min, 83 h 27 min left",
        "3/1000: 3 correct; 0/min, 83 h 22 min left",
    ]


def test_a_name_is_no_markup_and_no_control():
    text = log(1, [graded("[red]ada\x1b[2J\u202e")])
    assert text.splitlines()[0] == "1/1 [red]ada\ufffd[2J\ufffd: correct"


# ------------------------------------------------------------------ a terminal
def test_the_bar_has_count_rate_time_left_and_outcomes():
    """Drawn after each change, since the test's clock stands still between."""
    from grader import progress as module

    clock = Clock()
    console = Console(file=io.StringIO(), width=80)
    tally = module.Tally(400, clock)
    clock.now += 60
    for outcome in ["correct"] * 90 + ["timeout"] * 10:
        tally.add(graded(outcome=outcome))
    console.print(module._drawn(console, tally, {"correct": 90, "time limit": 10}, "ada"))
    bar, outcomes, name = (" ".join(line.split()) for line in console.file.getvalue().splitlines())
    assert bar.endswith("100/400 100/min, 3 min left")
    assert outcomes == "✓ 90 correct T 10 time limit"
    assert name == "ada"


def test_the_bar_leaves_nothing_but_the_last_line():
    text = log(2, [graded("[red]ada\x1b[2J"), graded(outcome="wrong")], force_terminal=True)
    assert "\x1b[2J" not in text
    assert re.sub(r"\x1b\[[?\d;]*[A-Za-z]|\r", "", text.splitlines()[-1]).startswith("graded 2 of 2")


def test_a_terminal_without_unicode():
    out = io.TextIOWrapper(io.BytesIO(), encoding="ascii", newline="\n")
    with progress(Console(file=out, force_terminal=True, width=80), 1, Clock()) as tick:
        tick(graded("学生", "wrong"))
    out.flush()
    assert b"graded 1 of 1" in out.buffer.getvalue()
