"""The journal: what is written comes back, and what is damaged is noticed."""

import dataclasses
import json
import os
import subprocess
import sys
import tracemalloc

import pytest

from grader import fingerprint, journal, packing, pipeline
from grader.errors import GraderError
from grader.journal import Journal, JournalError
from grader.pipeline import Plan
from grader.recorder import Recorder
from grader.records import CaseResult, Cell, ItemResult, Source, Submission, SubmissionResult
from grader.sandbox import Rung


def result(student="ada", outcome="wrong", score=3.0, picture="<svg>×</svg>"):
    said = "end 1: expected 5, got \ud800"
    marks = outcome, score, 4.0, said, picture
    case = CaseResult("test_span", "span", "Any start", "hidden", *marks, seconds=0.1)
    item = ItemResult("span", "Span", outcome, score, 4.0, "end 1", (case,))
    return SubmissionResult(student, f"{student}.py", outcome, score, 4.0, (item,), ("a note",), 0.25)


def job(key="k1", student="ada", plan="p1", seed=5, assignment="toy", **more):
    one = result(student, **more)
    return {
        "key": key, "plan": plan, "assignment": assignment, "seed": seed, "student": student,
        "outcome": one.outcome, "score": one.score, "result": packing.pack(one),
    }  # fmt: skip


@pytest.fixture
def path(tmp_path):
    return tmp_path / journal.NAME


@pytest.fixture
def written(path):
    """A journal of three jobs."""
    with journal.opened(path) as book:
        for number, student in enumerate(("ada", "bo", "cy")):
            book.add(job(f"k{number}", student))
    return path


def found(path, *keys):
    """(which of the jobs k0 to k2 are there, how many lines are damaged)"""
    with journal.opened(path) as book:
        return [key for key in keys or ("k0", "k1", "k2") if book.find(key) is not None], book.damaged


# ------------------------------------------------------------------ a result as text
def test_a_result_comes_back_as_it_was():
    assert packing.unpack(packing.pack(result())) == result()
    assert packing.unpack(packing.pack(result(score=None, outcome="internal_error"))).score is None


def test_pictures_pack_well():
    """An explanation's picture, some 15 KiB of SVG, is why results are packed at all."""
    picture = "<svg>" + "".join(f'<rect x="{10 * i}" y="5" fill="#eee"/>' for i in range(400)) + "</svg>"
    assert len(packing.pack(result(picture=picture))) < len(picture) / 5


@pytest.mark.parametrize(
    "change",
    [
        {"score": "3"}, {"score": True}, {"score": float("nan")}, {"outcome": "fine"}, {"student": None},
        {"items": {}}, {"items": [{}]}, {"notes": [1]}, {"extra": 1}, {"seconds": [0.1]},
    ],
)  # fmt: skip
def test_a_result_of_another_kind_is_refused(change):
    plain = dataclasses.asdict(result())
    with pytest.raises(packing.NoResult):
        packing.from_plain(SubmissionResult, {**plain, **change})


@pytest.mark.parametrize("text", ["", "x", "é", "eJwDAAAAAAE=", packing.pack(result())[:-8], "[" * 9000])
def test_text_that_is_no_result_is_refused(text):
    with pytest.raises(packing.NoResult):
        packing.unpack(text)


# ------------------------------------------------------------------ lines
def test_every_line_is_found_again(written):
    assert found(written) == (["k0", "k1", "k2"], 0)
    lines = written.read_bytes().splitlines()
    assert [json.loads(line)["job"]["student"] for line in lines] == ["ada", "bo", "cy"]


def test_the_line_is_on_the_disk_before_add_returns(path, monkeypatch):
    synced = []
    real = os.fsync
    monkeypatch.setattr(journal.os, "fsync", lambda fd: (synced.append(os.fstat(fd).st_size), real(fd)))
    with journal.opened(path) as book:
        synced.clear()
        book.add(job())
        assert synced == [path.stat().st_size]


def test_a_torn_last_line_is_cut_off(written):
    """At whichever byte it is torn, the lines before it count, and the next one begins a line of its own."""
    whole = written.read_bytes()
    last = whole.rindex(b"\n", 0, -1) + 1
    for end in (*range(last + 1, len(whole), 97), len(whole) - 1):
        written.write_bytes(whole[:end])
        assert found(written) == (["k0", "k1"], 1)
        assert written.read_bytes() == whole[:last]
    with journal.opened(written) as book:
        book.add(job("k2", "cy"))
    assert written.read_bytes() == whole


@pytest.mark.parametrize("place", [0, 20, 60, 110, 140, 400, -30, -2])
def test_a_damaged_byte_costs_its_own_line(written, place):
    lines = written.read_bytes().splitlines(keepends=True)
    damaged = bytearray(lines[1])
    damaged[place] ^= 1
    written.write_bytes(lines[0] + bytes(damaged) + lines[2])
    assert found(written) == (["k0", "k2"], 1)


def test_a_line_break_in_a_line_costs_that_line(written):
    lines = written.read_bytes().splitlines(keepends=True)
    written.write_bytes(lines[0] + lines[1][:200] + b"\n" + lines[1][200:] + lines[2])
    assert found(written) == (["k0", "k2"], 2)


def test_a_line_with_the_right_checksum_and_the_wrong_result(path):
    """Somebody edits a score and knows how to make the checksum: what is no result is still none."""
    edited = dataclasses.replace(result(), outcome="splendid")
    with journal.opened(path) as book:
        book.add({**job("k0"), "result": packing.pack(edited)})
        book.add({**job("k1"), "result": "nothing"})
        book.add(job("k2"))
    assert found(path) == (["k2"], 2)


@pytest.mark.parametrize(
    "text", [b"a diary\n", b'{"job": 1}\n{"job": 2}\n', b"\x00" * 5000, b'{"roikit-journal":2,"x":1}\n']
)
def test_another_file_of_that_name_is_left_alone(path, text):
    path.write_bytes(text)
    with pytest.raises(GraderError, match="is no journal of this roikit"), journal.opened(path):
        pass
    assert path.read_bytes() == text


@pytest.mark.parametrize("make", [os.mkfifo, os.mkdir])
def test_what_is_no_file_at_all(path, make):
    make(path)
    with pytest.raises((GraderError, OSError)), journal.opened(path):
        pass


def test_a_link_is_no_journal(path):
    path.symlink_to("elsewhere")
    with pytest.raises(GraderError, match=r"journal.jsonl is a link: move it"), journal.opened(path):
        pass


def test_the_first_line_torn_is_an_empty_journal(path):
    """The grader was killed while it wrote its very first line."""
    with journal.opened(path) as book:
        book.add(job())
    path.write_bytes(path.read_bytes()[:20])
    assert found(path) == ([], 1)
    assert path.read_bytes() == b""


def test_a_full_disk_costs_no_line(written, monkeypatch):
    whole, real = written.read_bytes(), os.write

    def full(fd, data):
        if len(data) < 100:
            raise OSError(28, "No space left on device")
        return real(fd, data[:100])

    with journal.opened(written) as book:
        monkeypatch.setattr(journal.os, "write", full)
        with pytest.raises(JournalError, match=r"journal.jsonl cannot be written: No space left on device"):
            book.add(job("k3", "di", picture=""))
        monkeypatch.undo()
        assert written.read_bytes() == whole
        book.add(job("k3", "di"))
    assert found(written, "k3") == (["k3"], 0)


# ------------------------------------------------------------------ one at a time
def test_a_second_grader_is_refused(written):
    refused = pytest.raises(GraderError, match="another roikit is grading into")
    with journal.opened(written), refused, journal.opened(written):
        pass


def test_the_lock_ends_with_the_process(written):
    """Whatever ended it: the lock is the kernel's, not a file that is left behind."""
    code = (
        "import os, sys; from pathlib import Path; from grader import journal\n"
        "with journal.opened(Path(sys.argv[1])): os.kill(os.getpid(), 9)"
    )
    assert subprocess.run([sys.executable, "-c", code, written], cwd=written.parent).returncode == -9
    assert found(written)[0] == ["k0", "k1", "k2"]


# ------------------------------------------------------------------ the seed, and which job it is
def test_the_seed_is_the_assignment_s_last(path):
    with journal.opened(path) as book:
        assert book.seed("toy") is None
        book.add(job("k0", seed=5))
        book.add(job("k1", seed=6))
        book.add(job("k2", seed=7, assignment="other"))
    with journal.opened(path) as book:
        assert (book.seed("toy"), book.seed("other"), book.seed("new")) == (6, 7, None)


@pytest.fixture
def plan(toy):
    return Plan(toy, Rung("bubblewrap"), 5)


def test_what_a_job_depends_on(plan, hand_in, toy, tmp_path, monkeypatch):
    """The tests, the notebook, the toml, limits, seed, sandbox, engine, NumPy, Python, and the submission."""
    import platform
    import shutil

    import numpy as np

    same = fingerprint.of_plan(plan)
    others = [
        dataclasses.replace(plan, seed=6),
        dataclasses.replace(plan, rung=Rung("reduced", ("no walls",))),
        dataclasses.replace(plan, assignment=dataclasses.replace(toy, limits={"call_seconds": 3})),
    ]
    for name in ("test_public.py", "grading/test_hidden.py", "grading/assignment.toml", "toy.ipynb"):
        folder = shutil.copytree(toy.folder, tmp_path / name.replace("/", "-") / "toy")
        moved = dataclasses.replace(plan, assignment=dataclasses.replace(toy, folder=folder))
        assert fingerprint.of_plan(moved) == same
        with open(folder / name, "a") as file:
            file.write(" ")
        others.append(moved)
    hashes = [fingerprint.of_plan(other) for other in others]
    for module, attribute in ((np, "__version__"), (platform, "python_version")):
        with monkeypatch.context() as patch:
            patch.setattr(module, attribute, "0" if module is np else lambda: "0")
            hashes.append(fingerprint.of_plan(plan))
    with monkeypatch.context() as patch:
        patch.setattr(fingerprint, "engine", lambda: "newer")
        hashes.append(fingerprint.of_plan(plan))
    assert len({same, *hashes}) == 1 + len(hashes)


def test_whose_it_is_and_how_it_reads(hand_in, right):
    jobs = [
        hand_in(right),
        hand_in(right + "\n"),
        hand_in(right, "bo"),
        Submission("ada", "ada.py", None, "a link"),
        Submission("ada", "ada.py", None, "a link", True),
        Submission("ada", "ada.ipynb", Source((Cell("toy.py", right),), is_notebook=True)),
    ]
    keys = [fingerprint.of_submission("plan", one) for one in jobs]
    assert len(set(keys)) == len(keys)
    assert fingerprint.of_submission("plan", hand_in(right)) == keys[0]
    assert fingerprint.of_submission("other", hand_in(right)) != keys[0]


# ------------------------------------------------------------------ the recorder
class Handed:
    """A hand-in that is made when it is read."""

    def __init__(self, student, text):
        self.student, self._text = student, text

    def read(self):
        return Submission(self.student, "", Source((Cell("toy.py", self._text),), is_notebook=False))


def test_what_was_graded_is_not_graded_again(path, plan):
    ada, bo, cy = (Handed(name, f"# {name}") for name in ("ada", "bo", "cy"))
    with journal.opened(path) as book:
        recorder = Recorder(book, plan)
        assert recorder.finished([ada, bo, cy]) == {}
        recorder.add(recorder.key(ada.read()), result("ada"))
        recorder.add(recorder.key(cy.read()), result("cy", "internal_error", None))
    with journal.opened(path) as book:
        recorder = Recorder(book, plan)
        finished = recorder.finished([Handed("aa", "new"), ada, bo, cy])
        assert finished == {1: recorder.key(ada.read())}
        assert list(recorder.recorded(list(finished.values()))) == [result("ada")]
        assert Recorder(book, dataclasses.replace(plan, seed=6)).finished([ada]) == {}
        assert recorder.of_student("cy") == recorder.key(cy.read())
        assert recorder.of_student("bo") == ""


def test_a_class_is_never_in_memory_as_a_whole(path, plan, monkeypatch):
    """Neither while the keys are computed nor while it is graded: 60 hand-ins of 1 MB each."""
    names = [f"s{n}" for n in range(60)]
    hand_ins = [Handed(name, "x") for name in names]
    for one in hand_ins:
        one.read = lambda name=one.student: Submission(name, "", Source((Cell("a", name * 300_000),), False))

    def serve(plan, jobs, done, place):
        for number, submission in jobs:
            done(number, result(submission.student))

    monkeypatch.setattr(pipeline.Plan, "serve", serve)
    tracemalloc.start()
    try:
        with journal.opened(path) as book:
            recorder = Recorder(book, plan)
            graded = pipeline.grade_class(plan, hand_ins, recorder=recorder)
            assert len(recorder.finished(hand_ins)) == len(graded.submissions) == 60
        assert tracemalloc.get_traced_memory()[1] < 25e6
    finally:
        tracemalloc.stop()


def test_grading_stops_where_nothing_can_be_written_down(path, plan, monkeypatch):
    """What came before is kept, what came last is in the results."""

    def serve(plan, jobs, done, place):
        for number, submission in jobs:
            done(number, result(submission.student))

    real = Journal.add

    def fails(book, one, artifacts):
        if one["student"] == "cy":
            raise JournalError("journal.jsonl cannot be written: No space left on device")
        real(book, one, artifacts)

    monkeypatch.setattr(pipeline.Plan, "serve", serve)
    monkeypatch.setattr(Journal, "add", fails)
    hand_ins = [Handed(name, "x") for name in ("ada", "bo", "cy", "di")]
    with journal.opened(path) as book:
        recorder = Recorder(book, plan)
        graded = pipeline.grade_class(plan, hand_ins, recorder=recorder)
        assert [one.student for one in graded.submissions] == ["ada", "bo", "cy"]
        assert not graded.complete
        assert str(recorder.problem) == "journal.jsonl cannot be written: No space left on device"
