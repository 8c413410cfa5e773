"""Hand-ins found in folders and zips; what is hostile is refused by itself, and the others go on."""

import io
import os
import stat
import zipfile
from pathlib import Path

import pytest

from grader.errors import SubmissionError
from grader.intake.collect import hand_ins, has_hand_ins
from grader.intake.names import is_usable
from grader.sandbox.limits import DEFAULTS

CODE = b"x = 1\n"


def collected(where, assignment="toy"):
    """{student: (path, refusal)} in order."""
    with hand_ins(where, assignment) as found:
        read = [hand_in.read() for hand_in in found]
    for submission in read:
        assert (submission.source is None) == bool(submission.refusal)
    return {submission.student: (submission.path, submission.refusal) for submission in read}


def put(root, **files):
    """Files by path, ``__`` for a slash and ``_dot_`` for a point."""
    for name, data in files.items():
        path = root / name.replace("__", "/").replace("_dot_", ".")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    return root


def archive(path, files, compression=zipfile.ZIP_STORED):
    """A zip of (name or ZipInfo, bytes)."""
    with zipfile.ZipFile(path, "w", compression) as out:
        for name, data in files:
            out.writestr(name, data)
    return path


# ------------------------------------------------------------------ layouts
def test_nbgrader_layout(tmp_path, notebook):
    put(
        tmp_path,
        bela__toy__toy_dot_ipynb=notebook("x = 1"),
        ada__toy__toy_dot_py=CODE,
        ada__toy__timestamp_dot_txt=b"2026",
        chen__other__other_dot_py=CODE,  # handed in something else
        dana__toy__notes_dot_txt=b"",
    )
    assert collected(tmp_path) == {
        "ada": ("ada/toy/toy.py", ""),
        "bela": ("bela/toy/toy.ipynb", ""),
        "dana": ("dana/toy", "no notebook (.ipynb) and no module (.py) was handed in"),
    }


def test_flat_layout(tmp_path, notebook):
    put(tmp_path, bela_dot_ipynb=notebook("x = 1"), ada_dot_py=CODE, list_dot_csv=b"", _dot_x_dot_py=CODE)
    assert collected(tmp_path) == {"ada": ("ada.py", ""), "bela": ("bela.ipynb", "")}


@pytest.mark.parametrize("name", ["test_anna.py", "conftest.py", "anna.PY", "anna.IPYNB"])
def test_every_flat_notebook_and_module_counts(tmp_path, name, notebook):
    (tmp_path / name).write_bytes(notebook("x = 1") if name.endswith("B") else CODE)
    assert collected(tmp_path) == {name.rpartition(".")[0]: (name, "")}
    assert collected(tmp_path / name) == {name.rpartition(".")[0]: (name, "")}


def test_one_file(tmp_path):
    put(tmp_path, ada_dot_py=CODE, bela_dot_py=CODE)
    assert collected(tmp_path / "ada.py") == {"ada": ("ada.py", "")}


def test_one_file_in_nbgrader_layout_is_its_students(tmp_path, monkeypatch):
    put(tmp_path, ada__toy__toy_dot_py=CODE, ada__other__toy_dot_py=CODE)
    assert collected(tmp_path / "ada" / "toy" / "toy.py") == {"ada": ("ada/toy/toy.py", "")}
    assert collected(tmp_path / "ada" / "other" / "toy.py") == {"toy": ("toy.py", "")}
    monkeypatch.chdir(tmp_path / "ada" / "toy")
    assert collected(Path("toy.py")) == {"ada": ("ada/toy/toy.py", "")}


@pytest.mark.parametrize("around", ["", "submitted/"])
@pytest.mark.parametrize("names", [["ada/toy/toy.py", "bela/toy/toy.py"], ["ada.py", "bela.py"]])
def test_zip_of_either_with_or_without_a_folder_around(tmp_path, around, names):
    path = archive(tmp_path / "class.zip", [(around + name, CODE) for name in names])
    assert collected(path) == {"ada": (names[0], ""), "bela": (names[1], "")}


def test_leftovers_are_ignored(tmp_path):
    names = (".ipynb_checkpoints/toy.py", "__MACOSX/toy.py", "._toy.py", "__pycache__/toy.py", ".hidden.py")
    put(tmp_path, **{f"ada/toy/{name}": CODE for name in (*names, "toy.py")})
    assert collected(tmp_path) == {"ada": ("ada/toy/toy.py", "")}
    path = archive(tmp_path / "c.zip", [(f"ada/toy/{name}", CODE) for name in (*names, "toy.py")])
    assert collected(path) == {"ada": ("ada/toy/toy.py", "")}


@pytest.mark.parametrize(
    ("names", "chosen"),
    [
        (["toy.ipynb", "toy.py", "draft.ipynb"], "toy.ipynb"),
        (["toy.py", "draft.ipynb"], "toy.py"),
        (["my solution.ipynb", "test_public.py"], "my solution.ipynb"),
        (["helper.py"], "helper.py"),
        (["test_mine.py", "test_public.py"], "test_mine.py"),
        (["Toy.IPYNB", "draft.ipynb", "Test_public.PY"], "Toy.IPYNB"),
    ],
)
def test_which_file_is_the_submission(tmp_path, names, chosen, notebook):
    put(tmp_path, **{f"ada/toy/{name}": notebook("x = 1") for name in names})
    assert collected(tmp_path) == {"ada": (f"ada/toy/{chosen}", "")}


def test_no_file_is_the_submission(tmp_path):
    put(tmp_path, **{"ada/toy/a.py": CODE, "ada/toy/b.py": CODE})
    assert collected(tmp_path)["ada"][1] == (
        "several files could be the submission: 'a.py', 'b.py'; name the one that counts toy.ipynb"
    )


def test_a_flat_student_with_two_files(tmp_path, notebook):
    put(tmp_path, ada_dot_py=CODE, ada_dot_ipynb=notebook("x = 1"))
    assert collected(tmp_path)["ada"][1] == "several files could be the submission: 'ada.ipynb', 'ada.py'"


def test_nothing_to_grade(tmp_path):
    with pytest.raises(SubmissionError, match="holds nothing to grade"):
        collected(tmp_path)
    with pytest.raises(SubmissionError, match="there is no file or folder"):
        collected(tmp_path / "missing")
    assert not has_hand_ins(tmp_path, "toy")


# ------------------------------------------------------------------ hostile folders
def test_links_are_not_followed(tmp_path):
    secret = tmp_path / "secret.py"
    secret.write_bytes(CODE)
    root = put(tmp_path / "class", **{"good/toy/toy.py": CODE})
    for student in ("file", "folder"):
        (root / student).mkdir()
    (root / "file" / "toy").mkdir()
    (root / "file" / "toy" / "toy.py").symlink_to(secret)
    (root / "folder" / "toy").symlink_to(root / "good" / "toy", target_is_directory=True)
    (root / "student").symlink_to(root / "good", target_is_directory=True)
    (root / "flat.py").symlink_to(secret)
    refusals = {student: refusal for student, (_, refusal) in collected(root).items()}
    assert refusals == {
        "good": "",
        "file": "the file is a symbolic link",
        "folder": "the folder is a symbolic link",
        "student": "the folder is a symbolic link",
        "flat": "the file is a symbolic link",
    }


def test_a_pipe_does_not_hang(tmp_path):
    os.mkfifo(tmp_path / "ada.py")
    put(tmp_path, bela_dot_py=CODE)
    assert collected(tmp_path) == {
        "ada": ("ada.py", "the file is not a regular file"),
        "bela": ("bela.py", ""),
    }


def test_a_large_file(tmp_path):
    with open(tmp_path / "ada.ipynb", "wb") as file:
        file.truncate(DEFAULTS.notebook + 1)
    assert collected(tmp_path)["ada"][1] == "the notebook is larger than 80 MiB"


@pytest.mark.parametrize(
    "name",
    [b"a\x1b[2Jb.py", b"a\nb.py", b"\xff\xfe.py", b"a:b.py", b"x" * 150 + b".py", "学.py".encode() * 40],
)
def test_odd_names_are_refused(tmp_path, name):
    with open(os.path.join(os.fsencode(tmp_path), name), "wb") as file:
        file.write(CODE)
    put(tmp_path, zoe_dot_py=CODE)
    found = collected(tmp_path)
    assert found.pop("zoe") == ("zoe.py", "")
    ((student, (path, refusal)),) = found.items()
    assert student.isascii()
    assert (student + path + refusal).isprintable()
    assert refusal.endswith("cannot be used as a name")


def test_twins_of_the_longest_name_get_names_that_can_be_used(tmp_path):
    put(tmp_path, **{f"{'a' * 100}/toy/toy.py": CODE, f"{'A' * 100}/toy/toy.py": CODE})
    with hand_ins(tmp_path, "toy") as found:
        assert all(is_usable(hand_in.student) for hand_in in found)
        assert all(hand_in.is_ours for hand_in in found)


def test_no_name_is_cleaned_into_another_student_s(tmp_path):
    put(tmp_path, **{"zoe.py": CODE, "zoe\n.py": CODE, "zoe\x1b/toy/toy.py": CODE})
    found = collected(tmp_path)
    assert found.pop("zoe") == ("zoe.py", "")
    assert all(student.startswith("zoe-") for student in found)


@pytest.mark.parametrize("name", ["Ада.py", "José María.py", "o'neil (2).py", "李.py", "a.b@c.py"])
def test_people_s_names_are_fine(tmp_path, name):
    (tmp_path / name).write_bytes(CODE)
    assert collected(tmp_path) == {name[:-3]: (name, "")}


def test_names_that_are_too_much_alike_are_the_class_s_problem(tmp_path):
    put(tmp_path, Ada_dot_py=CODE, ada_dot_py=CODE, bela_dot_py=CODE)
    with hand_ins(tmp_path, "toy") as found:
        read = {s.student: (s.is_ours, s.refusal) for s in (hand_in.read() for hand_in in found)}
    assert read.pop("bela") == (False, "")
    assert len(read) == 2
    for is_ours, refusal in read.values():
        assert is_ours
        assert refusal.startswith("these hand-ins have names that are too much alike: ")
        assert "'Ada.py'" in refusal
        assert "'ada.py'" in refusal


def test_one_name_twice_is_for_a_person_to_look_at(tmp_path):
    put(tmp_path, ada_dot_py=CODE, ada__toy__toy_dot_py=CODE)
    with hand_ins(tmp_path, "toy") as found:
        read = [hand_in.read() for hand_in in found]
    assert [submission.student for submission in read] == ["ada", "ada~2"]
    for submission in read:
        assert submission.refusal == "these hand-ins are of one name: 'ada/toy/toy.py', 'ada.py'"
        assert submission.is_ours  # somebody else may have put the second one there


# ------------------------------------------------------------------ hostile archives
def entry(name, mode=stat.S_IFREG | 0o644, method=zipfile.ZIP_STORED):
    made = zipfile.ZipInfo(name)
    made.filename = made.orig_filename = name  # as it is, NUL and backslash included
    made.external_attr, made.compress_type = mode << 16, method
    return made


@pytest.mark.parametrize(
    ("name", "what"),
    [
        ("../../owned.py", "leaves the folder"),
        ("/etc/cron.d/owned.py", "leaves the folder"),
        ("..\\..\\owned.py", "leaves the folder"),
        ("C:/owned.py", "leaves the folder"),
        ("ow\nned.py", "cannot be used as a name"),
    ],
)
def test_traversal(tmp_path, name, what):
    found = collected(archive(tmp_path / "c.zip", [(entry(name), CODE), ("zoe.py", CODE)]))
    assert found.pop("zoe") == ("zoe.py", "")
    ((_, refusal),) = found.values()
    assert refusal.endswith(what)


def test_windows_separators(tmp_path):
    path = archive(tmp_path / "c.zip", [(entry("ada\\toy\\toy.py"), CODE)])
    assert collected(path) == {"ada": ("ada/toy/toy.py", "")}


@pytest.mark.parametrize(
    ("mode", "sentence"),
    [
        (stat.S_IFLNK | 0o777, "the file is a symbolic link"),
        (stat.S_IFCHR | 0o666, "the file is not a regular file"),
        (stat.S_IFIFO | 0o666, "the file is not a regular file"),
    ],
)
def test_special_entries(tmp_path, mode, sentence):
    path = archive(tmp_path / "c.zip", [(entry("ada.py", mode), b"/etc/passwd"), ("bela.py", CODE)])
    assert collected(path) == {"ada": ("ada.py", sentence), "bela": ("bela.py", "")}


def test_a_bomb_is_cut(tmp_path):
    path = archive(
        tmp_path / "c.zip", [("ada.ipynb", bytes(90 << 20)), ("bela.py", CODE)], zipfile.ZIP_DEFLATED
    )
    assert path.stat().st_size < 100_000
    assert collected(path) == {
        "ada": ("ada.ipynb", "the notebook is larger than 80 MiB"),
        "bela": ("bela.py", ""),
    }


def test_a_lying_size(tmp_path):
    """The list says 10 bytes, the stream holds 30 MB."""
    path = archive(tmp_path / "c.zip", [("ada.ipynb", bytes(30 << 20))], zipfile.ZIP_DEFLATED)
    data = bytearray(path.read_bytes())
    at = data.rfind(b"PK\x01\x02")
    data[at + 24 : at + 28] = data[22:26] = (10).to_bytes(4, "little")
    path.write_bytes(data)
    assert collected(path)["ada"][1]


def test_encrypted_and_unusual(tmp_path):
    path = archive(tmp_path / "c.zip", [("ada.py", CODE), (entry("bela.py", method=zipfile.ZIP_BZIP2), CODE)])
    data = bytearray(path.read_bytes())
    at = data.find(b"PK\x01\x02")
    data[at + 8] |= 1
    data[6] |= 1
    path.write_bytes(data)
    assert {student: refusal for student, (_, refusal) in collected(path).items()} == {
        "ada": "the file is encrypted",
        "bela": "the file is compressed in an unusual way",
    }


def test_damage_costs_only_its_own_student(tmp_path):
    path = archive(tmp_path / "c.zip", [("ada.py", CODE * 50), ("bela.py", CODE)])
    data = bytearray(path.read_bytes())
    data[60] ^= 0xFF
    path.write_bytes(data)
    found = collected(path)
    assert found["ada"][1].startswith("the file is damaged in the archive")
    assert found["bela"][1] == ""


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_one_path_twice(tmp_path):
    path = archive(
        tmp_path / "c.zip",
        [("ada/toy/toy.py", CODE), ("ada/toy/toy.py", b"x = 2"), ("bela/toy/toy.py", CODE)],
    )
    assert collected(path)["ada"][1] == "the archive holds 'toy.py' twice"
    assert collected(path)["bela"][1] == ""


@pytest.mark.parametrize(
    "data", [b"", b"PK", b"\0" * 5000, b"PK\x05\x06" + bytes(18), b"PK\x05\x06" + b"\xff" * 18]
)
def test_no_zip_at_all(tmp_path, data):
    path = tmp_path / "c.zip"
    path.write_bytes(data)
    with pytest.raises(SubmissionError):
        collected(path)


def test_a_list_of_a_million_files_is_not_read(tmp_path):
    path = tmp_path / "c.zip"
    length = 100 << 20
    with open(path, "wb") as file:
        file.truncate(length)
        file.seek(length)
        file.write(b"PK\x05\x06" + bytes(8) + length.to_bytes(4, "little") + bytes(6))
    with pytest.raises(SubmissionError, match="lists too many files"):
        collected(path)


def test_the_archive_is_not_written_to(tmp_path):
    path = archive(tmp_path / "c.zip", [("ada.py", CODE)])
    before = path.read_bytes()
    collected(path)
    assert path.read_bytes() == before
    assert io.BytesIO(before).read(2) == b"PK"
    assert list(tmp_path.iterdir()) == [path]
