"""Files that vanish, change, or may not be read: a sentence for their student, and the others go on."""

import errno
import os
import shutil
import socket
import stat

import pytest

from grader.errors import SubmissionError
from grader.intake.collect import folders_without, hand_ins

CODE = b"x = 1\n"
GONE = "the file cannot be read: No such file or directory"
LINK = "the file is a symbolic link"
SPECIAL = "the file is not a regular file"
CHANGED = "the file changed while it was read; grade again when nobody writes to it"


@pytest.fixture
def root(tmp_path):
    """A class of two; bela's hand-in is good to the end."""
    for student in ("ada", "bela"):
        (tmp_path / "class" / student / "toy").mkdir(parents=True)
        (tmp_path / "class" / student / "toy" / "toy.py").write_bytes(CODE)
    return tmp_path / "class"


def ada_of(root, meanwhile=lambda path: None):
    """What becomes of ada when something happens between finding and reading: (is it ours, the sentence)."""
    with hand_ins(root, "toy") as found:
        meanwhile(root / "ada" / "toy" / "toy.py")
        ada, bela = (hand_in.read() for hand_in in found)
    assert bela.source is not None
    assert (ada.source is None) == bool(ada.refusal)
    return ada.is_ours, ada.refusal


# ------------------------------------------------------------------ before it is read
def no_student(path):
    shutil.rmtree(path.parents[1])


def another_name(path):
    path.parent.rename(path.parents[1] / "other")


def a_linked_folder(path):
    another_name(path)
    path.parent.symlink_to("other", target_is_directory=True)


def a_pipe(path):
    path.unlink()
    os.mkfifo(path)


def a_folder(path):
    path.unlink()
    path.mkdir()


def a_link_to_bela(path):
    path.unlink()
    path.symlink_to("../../bela/toy/toy.py")


def a_link_to_itself(path):
    path.unlink()
    path.symlink_to(path.name)


def a_link_to_nothing(path):
    path.unlink()
    path.symlink_to("nothing")


def a_socket(path):
    path.unlink()
    here = os.open(path.parent, os.O_DIRECTORY)
    with socket.socket(socket.AF_UNIX) as made:  # its own path may be too long
        made.bind(f"/proc/self/fd/{here}/{path.name}")
    os.close(here)


@pytest.mark.parametrize("vanishes", [os.unlink, no_student, another_name])
def test_a_file_that_vanishes_is_nobody_s_zero(root, vanishes):
    assert ada_of(root, vanishes) == (True, GONE)


@pytest.mark.parametrize(
    ("becomes", "sentence"),
    [
        (a_pipe, SPECIAL),
        (a_folder, SPECIAL),
        (a_socket, SPECIAL),
        (a_link_to_bela, LINK),
        (a_link_to_itself, LINK),
        (a_link_to_nothing, LINK),
        (a_linked_folder, "the folder is a symbolic link"),
    ],
)
def test_what_a_file_becomes_is_refused(root, becomes, sentence):
    """Only the student makes a link or a pipe of a hand-in: none is followed, none makes us wait."""
    assert ada_of(root, becomes) == (False, sentence)


# ------------------------------------------------------------------ while it is read
@pytest.mark.parametrize(
    "change",
    [
        lambda file: file.write(b"y = 2\n"),
        lambda file: file.truncate(2),
        lambda file: file.truncate(1 << 40),
        lambda file: os.utime(file.fileno(), (1, 1)),
    ],
    ids=["grows", "shrinks", "grows to a tebibyte", "is written anew"],
)
def test_a_file_that_changes_while_it_is_read(root, monkeypatch, change):
    """Somebody writes to it between our first look and our last."""
    looks = []

    def look(fd):
        state = os.stat(fd)
        looks.append(state)
        if len(looks) == 1:
            with open(root / "ada" / "toy" / "toy.py", "ab") as file:
                change(file)
        return state

    monkeypatch.setattr("grader.intake.folder.os.fstat", look)
    assert ada_of(root) == (True, CHANGED)
    assert stat.S_ISREG(looks[0].st_mode)


# ------------------------------------------------------------------ rights
@pytest.fixture
def refuse(monkeypatch):
    """A call of the operating system does not work on a path: root has all rights, so they are played."""

    def play(call, refused):
        real = getattr(os, call)

        def called(path, *args, **kwargs):
            if str(path) == str(refused):
                raise PermissionError(errno.EACCES, "Permission denied", str(path))
            return real(path, *args, **kwargs)

        monkeypatch.setattr(os, call, called)

    return play


@pytest.mark.parametrize("name", ["ada", "toy.py"])
def test_a_file_that_may_not_be_read(root, refuse, name):
    (root / "bela" / "toy" / "toy.py").rename(root / "bela" / "toy" / "mine.py")
    found = ada_of(root, lambda path: refuse("open", name))
    assert found == (True, "the file cannot be read: Permission denied")


@pytest.mark.parametrize("calls", [["scandir"], ["lstat", "scandir"]], ids=["to list", "to enter"])
def test_a_folder_that_may_not_be_read(root, refuse, calls):
    """ada is there, and not graded: nobody goes missing by the rights of a folder."""
    for call in calls:
        refuse(call, root / "ada" / "toy")
    assert ada_of(root) == (True, "the folder toy cannot be read: Permission denied")
    assert folders_without(root, "toy") == ()


def test_a_class_that_may_not_be_read(root, refuse):
    refuse("scandir", root)
    with pytest.raises(SubmissionError, match="the folder class cannot be read: Permission denied"):
        ada_of(root)


def test_too_many_files_cost_only_their_own_student(root, monkeypatch):
    monkeypatch.setattr("grader.intake.folder.MAX_ENTRIES", 5)
    for number in range(6):
        (root / "ada" / "toy" / f"{number}.txt").write_bytes(b"")
    assert ada_of(root) == (False, "toy holds more than 5 entries")


def test_folders_without_a_hand_in_are_told(root):
    (root / "chen" / "other").mkdir(parents=True)
    (root / "dana").mkdir()
    (root / "dana" / "toy").write_bytes(b"a file")
    (root / ".git").mkdir()
    (root / "latest").symlink_to("chen")
    assert folders_without(root, "toy") == ("chen", "dana", "latest")
