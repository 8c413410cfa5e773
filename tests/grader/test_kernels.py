"""A student's CUDA C behind the sandbox's walls: what tests see of it, and kernels that mean harm."""

import dataclasses
import json
import os
import re
import secrets
import tempfile
from pathlib import Path

import numpy as np
import pytest

from grader import cases, kernel_report, kernel_run, kernels
from grader.attempts import Attempt
from grader.errors import SandboxError
from grader.kernels import KernelWrong, StudentKernels
from grader.records import CallOutcome
from grader.sandbox import choose_rung, command, watchdog
from grader.sandbox.command import LIMITS, CommandBox
from grader.student import LocalBox
from grader.testing import StudentFailure
from roikit import simt

CORPUS = sorted((Path(__file__).parent / "attacks_cuda").glob("*.cu"))
MIB = 1 << 20
UNSAFE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
#: Short enough that a hostile kernel is over in seconds.
SHORT = dataclasses.replace(
    LIMITS, call_seconds=40.0, cpu_seconds=50, memory=320 * MIB, files=2000, file_size=32 * MIB,
    tmpfs=48 * MIB, reply=32 * MIB, prints_end=1 * MIB,
)  # fmt: skip
TWICE = """
extern "C" __global__ void twice(const float* x, float* y, int n) {
    int i = blockIdx.x * blockDim.x + threadIdx.x;
    if (i < n) y[i] = 2 * x[i];
}
"""


@pytest.fixture(scope="module")
def make(rung):
    """Limits -> StudentKernels on the best rung of this machine, closed in the end."""
    made = []

    def make_kernels(limits=SHORT):
        made.append(StudentKernels(CommandBox(limits, rung)))
        return made[-1]

    yield make_kernels
    for each in made:
        each.close()


@pytest.fixture(scope="module")
def student_kernels(make):
    """One hand-in's."""
    return make()


def launch(kernel, n=50, seed=0):
    """``(output, twice the input)`` of a launch with fresh inputs."""
    x = np.random.default_rng(seed).normal(size=n).astype(np.float32)
    y = simt.empty(n, np.float32)
    kernel((2,), (32,), [x, y, np.int32(n)])
    return np.asarray(y), 2 * x


# ------------------------------------------------------------------ what it is for
@pytest.mark.parametrize("mode", ["fast", "check"])
def test_a_right_kernel(student_kernels, mode):
    kernel = student_kernels(TWICE, "twice", mode=mode)
    for seed in range(2):
        got, expected = launch(kernel, seed=seed)
        assert np.array_equal(got, expected)


def test_a_kernel_is_compiled_once(student_kernels):
    assert student_kernels(TWICE, "twice") is student_kernels(TWICE, "twice")
    assert student_kernels(TWICE, "twice", mode="fast") is not student_kernels(TWICE, "twice")


def test_an_error_has_the_students_own_line(student_kernels):
    text = TWICE.replace("2 * x[i]", "2 * z[i]")
    for _ in range(2):  # the second time without the compiler
        with pytest.raises(StudentFailure) as failure:
            student_kernels(text, "twice")
        outcome = failure.value.outcome
        assert outcome.status == "error"
        assert outcome.sentence.startswith("twice does not compile: kernel.cu:4:")
        assert "was not declared" in outcome.traceback


@pytest.mark.parametrize("text", [None, 7, b"bytes", "\0", "x" * (1 << 20), np.zeros(3)])
def test_what_is_no_text_is_an_error(student_kernels, text):
    with pytest.raises(StudentFailure, match="the text of twice"):
        student_kernels(text, "twice")


def test_a_finding_is_wrong_with_its_sentence(student_kernels):
    kernel = student_kernels(TWICE.replace("i < n", "true"), "twice")
    with pytest.raises(KernelWrong, match=r"kernel\.cu:4: .*but x has 50 elements"):
        launch(kernel)


def test_a_kernel_changes_its_outputs_alone(student_kernels):
    text = TWICE.replace("const float* x", "float* x").replace("2 * x[i];", "x[i] = 0;")
    kernel = student_kernels(text, "twice", mode="fast")
    x = np.ones(50, np.float32)
    with pytest.raises(KernelWrong, match="twice changed its argument 0, which is an input"):
        kernel((2,), (32,), [x, simt.empty(50, np.float32), np.int32(50)])
    assert np.all(x == 1)
    kernel((2,), (32,), [x, simt.empty(50, np.float32), np.int32(50)], writes=[0])
    assert np.all(x == 0)


def test_a_launch_that_does_not_fit_the_kernel(student_kernels):
    with pytest.raises(StudentFailure, match="twice cannot be launched: twice takes 3 arguments"):
        student_kernels(TWICE, "twice")((1,), (32,), [np.zeros(3, np.float32)])


def test_a_crash_does_not_tell_what_was_printed(student_kernels):
    """It may have printed a hidden test's inputs."""
    text = TWICE.replace("if (i", 'if (i == 0) { fprintf(stderr, "secret"); abort(); }\n    if (i')
    with pytest.raises(StudentFailure) as failure:
        launch(student_kernels(text, "twice"))
    assert (failure.value.outcome.status, str(failure.value)) == ("crashed", "twice crashed (SIGABRT)")


def test_a_missing_compiler_is_our_fault(monkeypatch):
    monkeypatch.setenv("ROIKIT_CXX", "no-such-compiler")
    with pytest.raises(SandboxError, match="no-such-compiler"):
        kernels.of(None)


# ------------------------------------------------------------------ the fixture
HIDDEN = '''
import numpy as np
import pytest
from roikit import simt
from grader.testing import expect

@pytest.mark.rubric("scale", points=1)
def test_kernel(student, student_kernel):
    """Each value is doubled."""
    x = np.arange(50, dtype=np.float32)
    y = simt.empty(50, np.float32)
    student_kernel(student.source(), "twice")((2,), (32,), [x, y, np.int32(50)])
    expect(np.asarray(y), 2 * x)
'''


@pytest.mark.parametrize(
    ("is_own_code", "text", "outcome", "sentence"),
    [
        (True, TWICE, "correct", ""),
        (True, TWICE.replace("2 * x", "3 * x"), "wrong", "expected 2, got 3"),
        (False, TWICE, "correct", ""),
        (False, TWICE.replace("2 * x", "3 * x"), "wrong", "expected 2, got 3"),
        (False, TWICE.replace("i < n", "true"), "wrong", "kernel.cu:4: "),
        (False, TWICE.replace(";\n}", "\n}"), "error", "twice does not compile: kernel.cu:"),
        (False, None, "error", "the text of twice must be a string"),
    ],
)
def test_outcomes_of_a_case(toy, tmp_path, rung, monkeypatch, is_own_code, text, outcome, sentence):
    (tmp_path / "grading").mkdir()
    (tmp_path / "grading" / "test_hidden.py").write_text(HIDDEN)
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    monkeypatch.setattr(LocalBox, "is_own_code", is_own_code)
    monkeypatch.setattr(kernels, "choose_rung", lambda name: rung)
    box = LocalBox({"source": lambda: text})
    folder = dataclasses.replace(toy, folder=tmp_path)
    (found,) = cases.with_cases(folder, 0, lambda run: run(box), visibility="hidden")
    assert found.outcome == outcome, found.sentence
    assert sentence in found.sentence
    assert not list(tmp_path.glob("roikit-*/0"))


# ------------------------------------------------------------------ the corpus
@pytest.fixture
def open_folder():
    """Where everybody may read."""
    with tempfile.TemporaryDirectory(prefix="roikit-secrets-") as folder:
        os.chmod(folder, 0o755)
        yield Path(folder)


class Trial:
    """One hostile kernel, and all that came out of it."""

    def __init__(self, make, path, monkeypatch, open_folder):
        self.expected = re.search(r"// expect: (\S+)", path.read_text())[1].split("|")
        self.said = []
        limits = dataclasses.replace(SHORT, call_seconds=6.0) if "timeout" in self.expected else SHORT
        token = f"roikit-canary-{secrets.token_hex(8)}"
        monkeypatch.setenv("ROIKIT_SECRET", token)
        (open_folder / "test_hidden.py").write_text(f"expected = '{token}'")
        before = set(watchdog.descendants(os.getpid()))
        monkeypatch.setattr(command, "MARGIN_SECONDS", 1.0)
        self.kernels = make(limits)
        run = self.kernels._commands.run

        def listening(*args):
            ran = run(*args)
            self.said += [ran.sentence, ran.stdout, ran.stderr]
            return ran

        monkeypatch.setattr(self.kernels._commands, "run", listening)
        self.outcome = self._outcome(path.read_text())
        self.kernels.close()
        self.survivors = set(watchdog.descendants(os.getpid())) - before
        self.has_leaked = any(token in text for text in self.said)

    def _outcome(self, text):
        """Of two launches, unless the first one is not right."""
        seconds = 0.5 if "timeout" in self.expected else 5.0
        try:
            kernel = self.kernels(text, "twice", mode="fast", seconds=seconds)
            right = [np.array_equal(*launch(kernel, seed=seed)) for seed in range(2)]
            return "correct" if all(right) else "wrong"
        except KernelWrong as wrong:
            self.said.append(str(wrong))
            return "wrong"
        except StudentFailure as failure:
            self.said += [failure.outcome.sentence, failure.outcome.traceback]
            return failure.outcome.status


@pytest.mark.parametrize("path", CORPUS, ids=lambda path: path.stem)
def test_attack(make, path, monkeypatch, open_folder):
    trial = Trial(make, path, monkeypatch, open_folder)
    assert trial.outcome in trial.expected, trial.said
    assert not [text for text in trial.said if "PWNED" in text]
    assert not trial.has_leaked
    assert not [text for text in trial.said if UNSAFE.search(text)]
    assert trial.survivors == set()


@pytest.mark.parametrize(
    ("name", "fault"),
    [("reads_files", "PWNED a file"), ("network", "PWNED a socket"), ("searches_everything", "PWNED")],
)
def test_a_missing_wall_is_noticed(name, fault, monkeypatch, open_folder):
    """Without walls the same kernels get what they are after, so the corpus can fail."""
    path = next(path for path in CORPUS if path.stem == name)
    trial = Trial(
        lambda limits: StudentKernels(CommandBox(limits, choose_rung("none"))), path, monkeypatch, open_folder
    )
    assert any(fault in text for text in trial.said)
    assert trial.has_leaked == (name == "searches_everything")


def test_the_corpus_has_every_kind_of_outcome():
    expected = {re.search(r"// expect: (\S+)", path.read_text())[1] for path in CORPUS}
    assert len(CORPUS) >= 50
    assert {word for words in expected for word in words.split("|")} == {
        "correct", "wrong", "error", "timeout", "memory", "output_limit", "crashed",
    }  # fmt: skip


# ------------------------------------------------------------------ what tools say
def test_symbols_with_odd_names_are_left_out():
    plain = "_ZZ5twicePKfE4tile  |0000000000000000|   B  |               TLS|0000000000000080|     |.tbss\n"
    odd = "a|zz|D|TLS|7|8|9\nb|0000000000000000|B|TLS|zz||.tbss\n\nSymbols from program:\n"
    assert kernel_run._plain_symbols(odd + plain) == plain


def test_lines_are_cut():
    assert kernel_run._cut("1" * 9999 + "\nkernel.cu:7\n") == "1" * kernel_run.MAX_LINE + "\nkernel.cu:7\n"


# ------------------------------------------------------------------ reports
@pytest.mark.parametrize(
    "line",
    [
        '{"kind": "end", "seconds": 0.5, "threads": 64, "switches": 0}',
        '{"kind": "uninitialised", "pc": "0x401234", "thread": [0,0,0], "block": [0,0,0], "access": "read",'
        ' "array": "größe", "space": "shared", "index": 3}',
    ],
)
def test_an_honest_line(tmp_path, line):
    (tmp_path / "report").write_text(line + "\n" + line[:20])  # the last one cut short
    kernel_report.check(tmp_path / "report")


@pytest.mark.parametrize(
    "line",
    [
        "[]", "7", "null", "", "{", "not JSON", '{"kind": 7}', '{"kind": "<script>"}', '{"seconds": 1}',
        '{"kind": "end"}', '{"kind": "end", "seconds": NaN, "threads": 1}',
        '{"kind": "end", "seconds": 1e999, "threads": 1}', '{"kind": "race"}',
        '{"kind": "end", "seconds": 1, "threads": 1, "what": "\\u001b[2J"}',
        '{"kind": "end", "seconds": 1, "threads": 1, "what": "\\ud800"}',
        '{"kind": "traffic", "pc": "--help"}', '{"kind": "traffic", "pc": "0x1", "requests": -1}',
        '{"kind": "end", "seconds": 1, "threads": 1, "more": [1]}',
        '{"kind": "timeout", "seconds": 1}', "[" * 100_000,
    ],
)  # fmt: skip
def test_a_forged_line(tmp_path, line):
    (tmp_path / "report").write_text(line + "\n")
    with pytest.raises(kernel_report.Forged):
        kernel_report.check(tmp_path / "report")


def test_a_long_report(tmp_path):
    line = json.dumps({"kind": "end", "seconds": 1, "threads": 1}) + "\n"
    for text in (line * 5000, "x" * (5 * MIB)):
        (tmp_path / "report").write_text(text)
        with pytest.raises(kernel_report.Forged):
            kernel_report.check(tmp_path / "report")


def test_a_failure_is_never_ours():
    """What `StudentFailure` carries has an outcome of its own; only a SandboxError is not graded."""
    failure = StudentFailure(CallOutcome("crashed", "twice crashed (SIGSEGV)"))
    assert Attempt(None, failure, "test_hidden.py:9", 0.0, 1.0).fault == ""
    assert Attempt(None, SandboxError("no compiler"), "test_hidden.py:9", 0.0, 1.0).fault
