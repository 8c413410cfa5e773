"""Results by content: found again by whoever may, and nothing else is ever taken for one."""

import base64
import dataclasses
import json
import os
import shutil
import stat
import zlib
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from grader import cache, course, fingerprint, packing
from grader.errors import GraderError
from grader.pipeline import Plan
from grader.records import CaseResult, Cell, Diagnosis, ItemResult, Source, Submission, SubmissionResult
from grader.sandbox import Rung


def result(student="ada", outcome="wrong", score=3.0, sentence="end 1: expected 5", **more):
    marks = outcome, score, 4.0, sentence, "<svg>×</svg>"
    case = CaseResult("test_span", "span", "Any start", "hidden", *marks)
    item = ItemResult("span", "Span", outcome, score, 4.0, sentence, (case,))
    return SubmissionResult(student, f"{student}.py", outcome, score, 4.0, (item,), ("a note",), 0.25, **more)


def hand_in(student="ada", text="x = 1", label="cell 1", **more):
    source = Source((Cell(label, text),), is_notebook=True, notes=(f"{student}'s note",), **more)
    return Submission(student, f"{student}/toy/toy.ipynb", source)


def add(book, result, **of):
    book.add(book.key(hand_in(**of)), result)


@pytest.fixture
def plan(toy):
    return Plan(toy, Rung("bubblewrap", ()), 5)


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "results"


@pytest.fixture
def book(folder, plan):
    """A folder that knows the result of one source."""
    made = cache.opened(folder, plan)
    add(made, result())
    assert made.problem == ""
    return made


def entries(folder):
    return [path for path in folder.rglob("*") if path.is_file()]


@pytest.fixture
def spoil(book):
    """Function of the entry's bytes -> what the same folder finds after it."""

    def run(change):
        (path,) = entries(book.folder)
        path.write_bytes(change(path.read_bytes()))
        return book.find(hand_in())

    return run


# ------------------------------------------------------------------ found again
def test_a_result_is_found_by_another_run(book, folder, plan):
    assert cache.opened(folder, plan).find(hand_in()) == replace(
        result(), path="ada/toy/toy.ipynb", notes=("ada's note",)
    )


def test_somebody_else_with_the_same_code_gets_it_under_their_own_name(book):
    found = book.find(hand_in("bo"))
    assert (found.student, found.path, found.notes) == ("bo", "bo/toy/toy.ipynb", ("bo's note",))
    assert (found.items, found.score) == (result().items, 3.0)


def test_nothing_in_the_folder_says_whose_code_it_was(book):
    (path,) = entries(book.folder)
    packed = path.read_bytes().split(b" ")[-1]
    plain = zlib.decompress(base64.b64decode(packed))
    assert b"ada" not in plain
    assert b"test_span" in plain


@pytest.mark.parametrize(
    "other",
    [
        {"text": "x = 2"}, {"label": "cell 2"}, {"modules": (Cell("beside.py", "y = 1"),)},
    ],
)  # fmt: skip
def test_other_code_is_not_found(book, other):
    assert book.find(hand_in(**other)) is None


def test_a_module_is_not_a_notebook(book):
    submission = hand_in()
    as_module = replace(submission, source=replace(submission.source, is_notebook=False))
    assert book.find(as_module) is None


def test_what_was_refused_is_not_looked_up(book):
    refused = Submission("ada", "ada.py", None, "the file is no text")
    book.add(book.key(refused), result())
    assert book.find(refused) is None
    assert len(entries(book.folder)) == 1


# ------------------------------------------------------------------ what a result depends on
@pytest.mark.parametrize(
    "other",
    [
        {"seed": 6}, {"rung": Rung("reduced", ("files",))},
    ],
)  # fmt: skip
def test_another_seed_or_sandbox_finds_nothing(book, folder, plan, other):
    assert cache.opened(folder, replace(plan, **other)).find(hand_in()) is None


def test_other_limits_find_nothing(book, folder, plan):
    slower = replace(plan.assignment, limits={"call_seconds": 3})
    assert cache.opened(folder, replace(plan, assignment=slower)).find(hand_in()) is None


def test_another_roikit_finds_nothing(book, folder, plan, monkeypatch):
    monkeypatch.setattr(fingerprint, "engine", lambda: ["0.2", "other code"])
    assert cache.opened(folder, plan).find(hand_in()) is None


def test_changed_tests_find_nothing(folder, plan, toy, tmp_path):
    copy = shutil.copytree(toy.folder, tmp_path / "toy")
    plan = replace(plan, assignment=replace(toy, folder=copy))
    add(cache.opened(folder, plan), result())
    assert cache.opened(folder, plan).find(hand_in()) is not None
    with open(copy / "grading" / "test_hidden.py", "a") as file:
        file.write("\n# clearer now\n")
    assert cache.opened(folder, plan).find(hand_in()) is None


# ------------------------------------------------------------------ what is not kept
@pytest.mark.parametrize("outcome", ["timeout", "memory", "crashed", "output_limit", "internal_error"])
def test_what_a_busy_machine_can_cause_is_not_kept(folder, plan, outcome):
    made = cache.opened(folder, plan)
    one = result(outcome="wrong")
    case = replace(one.items[0].cases[0], outcome=outcome)  # hidden behind a worse one
    add(made, replace(one, items=(replace(one.items[0], cases=(case,)),)))
    add(made, result(score=None))
    add(made, result(diagnosis=Diagnosis(problem="TooLong: took more than 30 s")))
    add(made, result(sentence="end 1: expected 5 (no picture: TooLong)"))
    assert entries(folder) == []


@pytest.mark.parametrize("outcome", ["correct", "wrong", "error", "refused", "skipped"])
def test_what_the_code_alone_decides_is_kept(folder, plan, outcome):
    made = cache.opened(folder, plan)
    add(made, result(outcome=outcome))
    assert made.find(hand_in()).outcome == outcome


def test_a_forged_entry_of_that_kind_is_not_taken(book, spoil):
    key = book.key(hand_in())
    assert spoil(lambda entry: cache._entry(key, result(outcome="timeout"))) is None
    assert spoil(lambda entry: cache._entry(key, result())) is not None


# ------------------------------------------------------------------ damaged, foreign, hostile
@pytest.mark.parametrize("place", [0, 14, 20, 90, 160, 300, -1])
def test_one_damaged_byte_is_a_miss(spoil, place):
    def damage(entry):
        changed = bytearray(entry)
        changed[place] ^= 1
        return bytes(changed)

    assert spoil(damage) is None


@pytest.mark.parametrize("end", [0, 1, 60, 200, -1])
def test_a_torn_entry_is_a_miss(spoil, end):
    assert spoil(lambda entry: entry[:end]) is None


def test_the_entry_of_other_code_is_a_miss(book, spoil):
    other = book.key(hand_in(text="x = 2"))
    assert spoil(lambda entry: cache._entry(other, result(score=4.0))) is None


def test_another_version_is_a_miss(spoil):
    assert spoil(lambda entry: entry.replace(b"roikit-result-1", b"roikit-result-2")) is None


def packed(value):
    text = value if isinstance(value, str) else json.dumps(value)
    return base64.b64encode(zlib.compress(text.encode())).decode()


@pytest.mark.parametrize(
    "value",
    [
        {}, [], "", "null", "[" * 100_000, '{"a":' * 50_000, "9" * 10_000,
        {**dataclasses.asdict(result()), "score": "4"}, {**dataclasses.asdict(result()), "extra": 1},
        {**dataclasses.asdict(result()), "items": [{"id": "span"}]},
    ],
)  # fmt: skip
def test_wrong_fields_with_the_right_checksum_are_a_miss(book, spoil, monkeypatch, value):
    with monkeypatch.context() as patch:
        patch.setattr(packing, "pack", lambda result: packed(value))
        forged = cache._entry(book.key(hand_in()), result())
    assert spoil(lambda entry: forged) is None


def test_a_huge_entry_is_neither_read_nor_written(book, spoil, monkeypatch):
    whole = spoil(lambda entry: entry)
    monkeypatch.setattr(cache, "MAX_ENTRY", 100)
    assert whole is not None
    assert book.find(hand_in()) is None
    add(book, result(), text="x = 2")
    assert len(entries(book.folder)) == 1


def test_a_link_or_a_pipe_in_an_entrys_place_is_a_miss(book, tmp_path):
    (path,) = entries(book.folder)
    elsewhere = path.rename(tmp_path / "elsewhere")
    path.symlink_to(elsewhere)
    assert book.find(hand_in()) is None
    path.unlink()
    os.mkfifo(path)
    assert book.find(hand_in()) is None


def test_a_link_on_the_way_to_an_entry_is_a_miss(book, tmp_path):
    inner = book.folder / "toy"
    inner.rename(tmp_path / "elsewhere")
    inner.symlink_to(tmp_path / "elsewhere")
    assert book.find(hand_in()) is None
    add(book, result(), text="x = 2")
    assert "there is a link in it" in book.problem
    assert len(entries(tmp_path / "elsewhere")) == 1


def test_an_entry_that_everybody_can_change_is_a_miss(book):
    (path,) = entries(book.folder)
    path.chmod(0o666)
    assert book.find(hand_in()) is None


# ------------------------------------------------------------------ the folder
def mode(path):
    return stat.S_IMODE(path.stat().st_mode)


def test_it_is_made_for_its_owner_alone(book):
    (path,) = entries(book.folder)
    assert (mode(book.folder), mode(path)) == (0o700, 0o600)


def test_in_a_course_it_is_for_those_who_may_enter_the_course(tmp_path, toy, plan):
    home = tmp_path / "vision"
    course.init(home, [str(toy.folder)])
    home.chmod(0o2750)
    folder = cache.of_course(home / "graded" / "toy")
    assert folder == home / ".roikit" / "results"
    add(cache.opened(folder, plan), result())
    assert cache.opened(cache.of_course(home / "graded" / "again"), plan).find(hand_in()) is not None
    inside = list(home.joinpath(".roikit").rglob("*"))
    assert {mode(path) for path in inside if path.is_dir()} == {0o2750}
    assert {mode(path) for path in inside if path.is_file()} == {0o640}


def test_elsewhere_there_is_none_unless_asked_for(tmp_path):
    assert cache.of_course(tmp_path / "graded" / "toy") is None


@pytest.mark.parametrize(
    ("make", "reason"),
    [
        (lambda folder: (folder.mkdir(), folder.chmod(0o777)), "everybody can write into"),
        (lambda folder: (folder.mkdir(), folder.chmod(0o1777)), "everybody can write into"),
        (lambda folder: (folder.mkdir(), folder.parent.chmod(0o777)), "everybody can write into"),
        (lambda folder: folder.symlink_to(folder.parent), "is a link"),
        (lambda folder: folder.write_text(""), "it is no folder"),
    ],
)
def test_a_folder_that_strangers_can_change_is_refused(folder, plan, make, reason):
    make(folder)
    with pytest.raises(GraderError, match=f"results are not looked up in .*{reason}"):
        cache.opened(folder, plan)


def test_somebody_elses_folder_is_refused(folder, plan, monkeypatch):
    folder.mkdir()
    owner = folder.stat().st_uid
    monkeypatch.setattr(cache.os, "geteuid", lambda: owner + 1)
    monkeypatch.setattr(cache, "ROOT", owner + 2)
    with pytest.raises(GraderError, match="it is somebody else's"):
        cache.opened(folder, plan)
    folder.chmod(0o770)  # and of a group of ours
    assert cache.opened(folder, plan).find(hand_in()) is None


def test_a_full_disk_costs_the_entry_alone(book, monkeypatch):
    def written_aside(path, sync):
        raise OSError(28, "No space")

    monkeypatch.setattr(cache, "written_aside", written_aside)
    add(book, result(), text="x = 2")
    assert book.problem == f"{book.folder} cannot be written: No space"
    assert book.find(hand_in()) is not None


# ------------------------------------------------------------------ several graders at once
def test_graders_at_once_read_whole_entries(folder, plan):
    def fill(_):
        book = cache.opened(folder, plan)
        found = []
        for turn in range(40):
            found.append(book.find(hand_in(text=f"x = {turn}")))
            add(book, result(), text=f"x = {turn}")
        return book.problem, [one.score for one in found if one is not None]

    with ThreadPoolExecutor(4) as graders:
        told = list(graders.map(fill, range(4)))
    assert {problem for problem, _ in told} == {""}
    assert {score for _, scores in told for score in scores} <= {3.0}
    book = cache.opened(folder, plan)
    assert all(book.find(hand_in(text=f"x = {turn}")) for turn in range(40))
    assert len(entries(folder)) == 40
