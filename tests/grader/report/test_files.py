"""File names that students cannot choose, and files that are never half there."""

import errno
import os
from pathlib import Path

import pytest

from grader.errors import GraderError
from grader.report.files import (
    make_writable,
    page_names,
    remove_unfinished,
    write_many,
    write_whole,
    written_aside,
)


def test_a_plain_id_names_its_page():
    assert page_names(["ada", "s1234567", "a.b-c_d"]) == ["ada", "s1234567", "a.b-c_d"]


HOSTILE = [
    "../../x",
    "/etc/passwd",
    "..",
    ".",
    "",
    "CON",
    "con.txt",
    "lpt1",
    "a" * 300,
    "ada/../bob",
    "a\\b",
    "a\nb",
    "a\x00b",
    "<script>",
    "a b",
    "-rf",
    ".hidden",
    "trailing.",
    "\u202eevil",
    "\ud800",
    "Ada Lövelace",
    "index",
    "C:",
    "%2e%2e",
]


@pytest.mark.parametrize("student", HOSTILE)
def test_any_other_id_becomes_a_slug_and_a_hash(student):
    (name,) = page_names([student])
    assert name != student
    assert len(name) <= 80
    assert set(name) <= set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.-")
    assert name[0] not in ".-"
    assert name[-1] != "."


def test_no_two_ids_share_a_page_on_any_file_system():
    ids = [*HOSTILE, *HOSTILE, "ada", "Ada", "ADA", "a/b", "a\\b"]
    names = page_names([*ids, *page_names(ids)])
    assert len({name.lower() for name in names}) == len(names)


def test_a_failed_write_leaves_the_old_file_alone(tmp_path):
    path = write_whole(tmp_path / "new folder" / "page.html", "old")
    with pytest.raises(UnicodeEncodeError):
        write_whole(path, "new \ud800")
    assert path.read_text() == "old"
    assert [p.name for p in path.parent.iterdir()] == ["page.html"]


def test_what_a_killed_run_left_is_removed(tmp_path):
    (tmp_path / "page.html").touch()
    for name in (".writing-0a1b", ".writing-0a1b-journal"):
        (tmp_path / name).touch()
    remove_unfinished(tmp_path)
    assert [p.name for p in tmp_path.iterdir()] == ["page.html"]
    remove_unfinished(tmp_path / "nowhere")


def test_what_fails_beside_a_file_leaves_nothing(tmp_path):
    """SQLite makes further files beside the one that it is told to make."""

    def write():
        with written_aside(tmp_path / "gradebook.db") as temporary:
            for name in (temporary.name, f"{temporary.name}-journal"):
                (tmp_path / name).touch()
            raise OSError(errno.ENOSPC, "disk full")

    with pytest.raises(OSError, match=r"disk full: '.*gradebook\.db'"):
        write()
    assert list(tmp_path.iterdir()) == []


@pytest.fixture
def calls(monkeypatch):
    """The names of the calls that make a file last, as they come."""
    seen = []
    for name in ("fsync", "replace"):
        real = getattr(os, name)
        monkeypatch.setattr(os, name, lambda *a, name=name, real=real: (seen.append(name), real(*a)))
    return seen


def test_a_file_is_on_the_disk_before_it_has_its_name(calls, tmp_path):
    """fsync, rename, fsync of the folder: in this order nothing is half there after a power cut."""
    write_whole(tmp_path / "page.html", b"bytes")
    assert calls == ["fsync", "replace", "fsync"]


def test_many_files_are_followed_by_one_sync_of_their_folder(calls, tmp_path):
    write_many((tmp_path / f"{student}.html", student) for student in ("ada", "bela"))
    assert calls == ["fsync", "replace"] * 2 + ["fsync"]


def test_a_file_that_is_the_same_is_left_alone(calls, tmp_path):
    (tmp_path / "ada.html").write_text("old")
    write_many([(tmp_path / "ada.html", "old")])
    assert calls == []
    write_many([(tmp_path / "ada.html", "new")])  # as long
    assert (tmp_path / "ada.html").read_text() == "new"


@pytest.mark.parametrize("make", [os.mkfifo, lambda path: path.symlink_to(__file__)], ids=["pipe", "link"])
def test_what_is_no_file_is_replaced(tmp_path, make):
    make(tmp_path / "page.html")
    content = Path(__file__).read_bytes()
    write_whole(tmp_path / "page.html", content)
    assert not (tmp_path / "page.html").is_symlink()
    assert (tmp_path / "page.html").read_bytes() == content


def test_a_folder_is_tried_before_it_is_needed(tmp_path):
    make_writable(tmp_path / "new" / "folder")
    assert list((tmp_path / "new" / "folder").iterdir()) == []
    (tmp_path / "file").write_text("")
    for place in (tmp_path / "file", tmp_path / "file" / "folder"):
        with pytest.raises(GraderError, match="is no folder that can be written to: "):
            make_writable(place)
    (tmp_path / "link").symlink_to(tmp_path / "gone")
    for place in (tmp_path / "link", tmp_path / "link" / "folder"):
        with pytest.raises(GraderError, match="is no folder that can be written to: the link leads"):
            make_writable(place)
