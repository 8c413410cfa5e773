"""Pictures in the journal: each is there once, comes back where it was, and is never another one."""

import dataclasses
import json
import os

import pytest

from grader import journal, journal_line, packing
from grader.journal import JournalError
from grader.pipeline import Plan
from grader.recorder import Looker, Recorder
from grader.records import CaseResult, Cell, ItemResult, Source, Submission, SubmissionResult
from grader.report.overview import overview, slim
from grader.sandbox import Rung

SPAN, SCALE = "<svg>" + "<rect/>" * 900 + "×</svg>", "<svg>another</svg>"
STUDENTS = {"ada": (SPAN, SCALE), "bo": (SPAN, ""), "cy": ("", ""), "di": (SCALE, SPAN)}


def result(student, pictures):
    cases = (
        CaseResult(f"test_{n}", "span", "Any", "hidden", "wrong", 0.0, 2.0, student, picture, seconds=n)
        for n, picture in enumerate(pictures)
    )
    item = ItemResult("span", "Span", "wrong", 0.0, 4.0, "no", tuple(cases))
    return SubmissionResult(student, f"{student}.py", "wrong", 0.0, 4.0, (item,))


CLASS = {student: result(student, pictures) for student, pictures in STUDENTS.items()}


def hand_in(student):
    return Submission(student, f"{student}.py", Source((Cell("toy.py", "x = 1"),), is_notebook=False))


class Handed:
    def __init__(self, student):
        self.student = student

    def read(self):
        return hand_in(self.student)


@pytest.fixture
def plan(toy):
    return Plan(toy, Rung("bubblewrap"), 5)


@pytest.fixture
def path(tmp_path, plan):
    """A journal of the four students."""
    path = tmp_path / journal.NAME
    with journal.opened(path) as book:
        recorder = Recorder(book, plan)
        for student, one in CLASS.items():
            recorder.add(recorder.key(hand_in(student)), one)
    return path


def kinds(path):
    return [next(name for name in ("job", "artifact") if name in json.loads(line))
            for line in path.read_bytes().splitlines()]  # fmt: skip


def finished(path, plan):
    """(who need not be graded again, their results, how many lines are damaged)"""
    with journal.opened(path) as book:
        recorder = Recorder(book, plan)
        found = recorder.finished([Handed(student) for student in STUDENTS])
        whole = list(recorder.recorded(list(found.values())))
        return [one.student for one in whole], whole, recorder.damaged


# ------------------------------------------------------------------ once
def test_a_picture_is_written_once_before_the_first_job_that_shows_it(path, plan):
    assert kinds(path) == ["artifact", "artifact", "job", "job", "job", "job"]
    assert finished(path, plan) == (list(STUDENTS), list(CLASS.values()), 0)
    assert path.stat().st_size < 4 * 1000


def test_the_next_run_knows_what_is_there(path, plan):
    with journal.opened(path) as book:
        recorder = Recorder(book, dataclasses.replace(plan, seed=6))
        recorder.add("another", result("ed", (SPAN,)))
    assert kinds(path)[-2:] == ["job", "job"]


def test_picture_and_job_are_on_the_disk_with_one_sync(tmp_path, plan, monkeypatch):
    synced, real = [], os.fsync
    with journal.opened(tmp_path / journal.NAME) as book:
        monkeypatch.setattr(journal.os, "fsync", lambda fd: (synced.append(os.fstat(fd).st_size), real(fd)))
        Recorder(book, plan).add("k", CLASS["ada"])
    assert synced == [(tmp_path / journal.NAME).stat().st_size]


def test_an_older_journal_has_its_pictures_in_the_results(tmp_path, plan):
    """Nothing that was graded with it is lost, and it goes on in the new way."""
    path = tmp_path / journal.NAME
    with journal.opened(path) as book:
        recorder = Recorder(book, plan)
        for student in ("ada", "bo"):
            one = CLASS[student]
            book.add({
                "key": recorder.key(hand_in(student)), "plan": recorder._of_plan, "assignment": "toy",
                "seed": 5, "student": student, "outcome": one.outcome, "score": one.score,
                "result": packing.pack(one),
            })  # fmt: skip
    with journal.opened(path) as book:
        recorder = Recorder(book, plan)
        recorder.add(recorder.key(hand_in("di")), CLASS["di"])
    assert kinds(path) == ["job", "job", "artifact", "artifact", "job"]
    assert finished(path, plan)[:2] == (["ada", "bo", "di"], [CLASS[name] for name in ("ada", "bo", "di")])


# ------------------------------------------------------------------ damage
@pytest.mark.parametrize("place", [0, 20, 60, 100, 110, 130, 200, -30, -2])
def test_a_damaged_picture_costs_those_who_show_it(path, plan, place):
    """The first line is SPAN's: ada, bo and di are graded again, and then it is there again."""
    lines = path.read_bytes().splitlines(keepends=True)
    damaged = bytearray(lines[0])
    damaged[place] ^= 1
    path.write_bytes(bytes(damaged) + b"".join(lines[1:]))
    assert finished(path, plan)[0] == ["cy"]
    with journal.opened(path) as book:
        recorder = Recorder(book, plan)
        recorder.add(recorder.key(hand_in("ada")), CLASS["ada"])
    assert kinds_of_whole(path)[-2:] == ["artifact", "job"]
    assert finished(path, plan)[:2] == (list(STUDENTS), list(CLASS.values()))


def kinds_of_whole(path):
    found = []
    for line in path.read_bytes().splitlines(keepends=True):
        try:
            found.append(journal_line.decode(line)[0])
        except ValueError:
            found.append("damaged")
    return found


def test_a_torn_picture_is_cut_off(path, plan):
    """Killed while it wrote a picture and its job, at any byte: what came before is whole."""
    whole = path.read_bytes()
    with journal.opened(path) as book:
        Recorder(book, plan).add("k", result("ed", ("<svg>" + "new" * 99,)))
    longer = path.read_bytes()
    first = longer.index(b"\n", len(whole)) + 1
    for end in range(len(whole) + 1, len(longer), 37):
        path.write_bytes(longer[:end])
        assert finished(path, plan)[:2] == (list(STUDENTS), list(CLASS.values()))
        assert path.read_bytes() == longer[: first if end >= first else len(whole)]


def test_a_picture_under_a_wrong_name_is_none(tmp_path, plan):
    """Whoever can make checksums can write results, but not one picture in another's place by chance."""
    path = tmp_path / journal.NAME
    swapped = {**journal_line.packed(SCALE), "sha256": journal_line.name_of(SPAN)}
    path.write_bytes(journal_line.encode("artifact", swapped))
    with journal.opened(path) as book:
        recorder = Recorder(book, plan)
        recorder.add("k", CLASS["bo"])
        assert book.find("k") is None
        recorder.add("k", CLASS["bo"])
        assert book.find("k") == CLASS["bo"]


def test_a_full_disk_between_picture_and_job(path, plan, monkeypatch):
    """Neither is there, and the result is in the class all the same; the grading stops."""
    whole, real = path.read_bytes(), os.write
    one = result("ed", ("<svg>" + "".join(map(str, range(900))), ""))

    def full(fd, data):
        if len(data) < 400:
            raise OSError(28, "No space left on device")
        return real(fd, data[: len(data) - 300])

    with journal.opened(path) as book:
        recorder = Recorder(book, plan)
        monkeypatch.setattr(journal.os, "write", full)
        with pytest.raises(JournalError, match="No space left on device"):
            recorder.add("k", one)
        monkeypatch.undo()
        assert path.read_bytes() == whole
        assert list(recorder.recorded(["k"])) == [one]
        recorder.add("k", one)
        assert book.find("k") == one


# ------------------------------------------------------------------ the class, read when it is asked for
@pytest.fixture
def recorded(path, plan):
    with journal.opened(path) as book:
        recorder = Recorder(book, plan)
        keys = recorder.finished([Handed(student) for student in STUDENTS])
        return recorder.recorded([keys[place] for place in (2, 0, 3)])


def test_a_class_is_read_after_the_journal_is_closed(recorded, path):
    """In the order that was asked for, again and again; another grader may have the journal by now."""
    with journal.opened(path):
        for _ in range(2):
            assert [one.student for one in recorded] == ["cy", "ada", "di"]
    assert len(recorded) == 3
    assert (recorded[1], recorded[-1]) == (CLASS["ada"], CLASS["di"])
    assert list(recorded[1:]) == [CLASS["ada"], CLASS["di"]]
    with pytest.raises(IndexError):
        recorded[3]


def test_its_overview_is_in_memory(recorded, path):
    path.write_bytes(b"")
    assert recorded.overview == tuple(slim(CLASS[name]) for name in ("cy", "ada", "di"))
    assert recorded[1:].overview == recorded.overview[1:]
    with pytest.raises(JournalError, match="was changed while it was read"):
        recorded[0]


def test_a_journal_that_was_removed_can_still_be_read(recorded, path):
    """As the results of a class that is graded do not depend on its name."""
    path.unlink()
    assert recorded[1] == CLASS["ada"]


def test_what_is_only_looked_at_is_an_overview(path, plan):
    before = path.read_bytes()
    with journal.reading(path) as book:
        recorder = Looker(book, plan)
        (key,) = recorder.finished([Handed("ada")]).values()
    recorder.add("k", result("ed", (SPAN,)))
    found = recorder.recorded([key, "k"])
    assert found == (slim(CLASS["ada"]), slim(result("ed", (SPAN,))))
    assert path.read_bytes() == before


def test_the_overview_function_takes_it_from_there(recorded, plan):
    from grader.records import ClassResult

    whole = ClassResult(plan.assignment, recorded, plan.sandbox, 5, "", "", "0")
    assert overview(whole).submissions is recorded.overview
