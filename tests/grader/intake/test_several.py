"""Several files of one student: which is the submission, what goes with it, what is left aside and told."""

import zipfile
from pathlib import Path

import pytest

from grader.intake.beside import MAX_MODULES, own_source
from grader.intake.collect import hand_ins
from grader.sandbox.limits import Limits

STUB = "def scale(x, spatial_scale):\n    raise NotImplementedError\n"


@pytest.fixture
def read(tmp_path, toy):
    """{name: bytes or text} of ada's folder -> her submission."""

    def submission(files, where="class", limits=None):
        folder = tmp_path / "class" / "ada" / "toy"
        folder.mkdir(parents=True)
        for name, data in files.items():
            if isinstance(data, Path):
                (folder / name).symlink_to(data)
            else:
                (folder / name).write_bytes(data.encode() if isinstance(data, str) else data)
        with hand_ins(tmp_path / where, "toy", limits or Limits(), toy) as (ada,):
            return ada.read()

    return submission


@pytest.fixture
def marked(notebook, right):
    """A solved notebook whose test cell has kept nbgrader's marks."""
    marks = {"nbgrader": {"grade": True, "solution": False, "grade_id": "scale"}}
    test = {"cell_type": "code", "metadata": marks, "outputs": [], "source": "check('scale')"}
    return notebook(right, test)


# ------------------------------------------------------------------ which one it is
def test_the_assignment_s_name_wins(read, notebook, marked):
    found = read({"toy.ipynb": notebook("x = 1"), "toy (1).ipynb": marked, "toy.py": STUB})
    assert found.path == "ada/toy/toy.ipynb"
    assert found.source.notes == ("graded is 'toy.ipynb'; left aside: 'toy (1).ipynb', 'toy.py'",)


def test_a_renamed_notebook_is_known_by_its_cells(read, notebook, marked, right):
    found = read({"Ada toy.ipynb": marked, "scratch.ipynb": notebook(right), "helper.py": right})
    assert found.path == "ada/toy/Ada toy.ipynb"
    assert found.source.notes == ("graded is 'Ada toy.ipynb'; left aside: 'helper.py', 'scratch.ipynb'",)


def test_without_marks_by_its_functions(read, notebook, right):
    found = read({"mine.ipynb": notebook("import numpy", right), "scratch.ipynb": notebook("scale = 1")})
    assert found.path == "ada/toy/mine.ipynb"


def test_the_only_module_with_the_functions(read, right):
    assert read({"a.py": "def helper(): pass", "b.py": right, "c.ipynb": b"{"}).path == "ada/toy/b.py"


@pytest.mark.parametrize("how", ["marked", "right", "neither"])
def test_two_of_them_are_for_their_author_to_tell_apart(read, marked, right, how):
    data = {"marked": marked, "right": right, "neither": "x = 1"}[how]
    suffix = "ipynb" if how == "marked" else "py"
    assert read({f"a.{suffix}": data, f"b.{suffix}": data}).refusal == (
        f"several files could be the submission: 'a.{suffix}', 'b.{suffix}'; "
        "name the one that counts toy.ipynb"
    )


def test_many_files_are_not_looked_into(read, right):
    files = {f"f{k}.py": "x = 1" for k in range(8)}
    assert read(files | {"mine.py": right}).refusal.startswith("several files could be")


# ------------------------------------------------------------------ what it imports
def test_a_module_beside_the_notebook_goes_with_it(read, notebook, right):
    found = read({
        "toy.ipynb": notebook("from my_pool import scale, span"),
        "my_pool.py": "import deeper\n" + right,
        "deeper.py": "twice = 2",
        "draft.py": "x = 1",
        "test_public.py": "import pytest",
    })  # fmt: skip
    assert [module.label for module in found.source.modules] == ["deeper.py", "my_pool.py"]
    assert found.source.notes == (
        "graded is 'toy.ipynb'; with what it may import: 'deeper.py', 'my_pool.py'; left aside: 'draft.py'",
    )


@pytest.mark.parametrize(
    "line",
    [
        "import my_pool", "import os, my_pool as mp", "    from my_pool import *", "try: import my_pool",
        "from my_pool import (", "pool = __import__('my_pool')", "importlib.import_module('my_pool')",
    ],
)  # fmt: skip
def test_every_way_to_import(read, notebook, line):
    found = read({"toy.ipynb": notebook("x = 1", line), "my_pool.py": "y = 2"})
    assert [module.text for module in found.source.modules] == ["y = 2"]


@pytest.mark.parametrize("name", ["json", "numpy", "random", "roikit", "grader", "submission"])
def test_no_module_takes_another_s_place(read, notebook, name):
    found = read({"toy.ipynb": notebook(f"import {name}"), f"{name}.py": "evil = 1"})
    assert found.source.modules == ()
    assert found.source.notes == (f"graded is 'toy.ipynb'; left aside: '{name}.py'",)


def test_what_cannot_be_read_says_so_when_it_is_imported(read, notebook, tmp_path):
    secret = tmp_path / "secret.py"
    secret.write_text("answer = 42")
    files = {"toy.ipynb": notebook("import odd, linked, big"), "odd.py": "é".encode("latin-1")}
    files |= {"linked.py": secret, "big.py": "#" * 3000}
    found = read(files, limits=Limits(code=2000))
    assert [module.text for module in found.source.modules] == [
        "raise OSError('big.py cannot be read: the file is larger than 1.953 KiB')\n",
        "raise OSError('linked.py cannot be read: the file is a symbolic link')\n",
        "raise OSError('odd.py cannot be read: the file is not UTF-8 text and names no other encoding')\n",
    ]


def test_all_code_together_is_bounded(read, notebook):
    files = {f"m{k}.py": "#" * 800 for k in range(3)}
    found = read({"toy.ipynb": notebook("import m0, m1, m2"), **files}, limits=Limits(code=2000))
    assert found.refusal == "the code with what it imports is more than 1.953 KiB"


def test_the_number_of_modules_is_bounded(read, notebook):
    files = {f"m{k}.py": f"import m{k + 1}" for k in range(MAX_MODULES + 1)}
    found = read({"toy.ipynb": notebook("import m0"), **files})
    assert found.refusal == f"more than {MAX_MODULES} files beside the submission are imported"


def test_modules_that_import_each_other(read, notebook):
    found = read({"toy.ipynb": notebook("import a"), "a.py": "import b", "b.py": "import a, toy"})
    assert [module.label for module in found.source.modules] == ["a.py", "b.py"]


def test_a_flat_class_has_no_files_beside(tmp_path, notebook, toy):
    """There, they are other students'."""
    (tmp_path / "ada.ipynb").write_bytes(notebook("from bela import scale"))
    (tmp_path / "bela.py").write_text(STUB)
    with hand_ins(tmp_path, "toy", lesson=toy) as (ada, _):
        assert ada.read().source.modules == ()


def test_a_single_file_is_read_as_in_its_class(read, notebook, tmp_path):
    files = {"toy.ipynb": notebook("import my_pool"), "my_pool.py": "y = 2", "draft.ipynb": notebook("")}
    found = read(files, where="class/ada/toy/toy.ipynb")
    with hand_ins(tmp_path / "class", "toy") as (ada,):
        assert ada.read() == found
    assert [module.label for module in found.source.modules] == ["my_pool.py"]


def test_in_one_s_own_archive(tmp_path, notebook, toy):
    """Modules of the same folder; others of their name do not count."""
    with zipfile.ZipFile(tmp_path / "ada.zip", "w") as packed:
        packed.writestr("work/mine.ipynb", notebook("import my_pool, other\ndef scale(x, s): ..."))
        packed.writestr("work/my_pool.py", "y = 2")
        packed.writestr("other.py", "z = 3")
    with hand_ins(tmp_path, "toy", lesson=toy) as (ada,):
        found = ada.read()
    assert [module.text for module in found.source.modules] == ["y = 2"]
    assert found.source.notes == (
        "graded is 'work/mine.ipynb'; with what it may import: 'work/my_pool.py'; left aside: 'other.py'",
    )


def test_a_self_check_imports_the_same(tmp_path, notebook):
    (tmp_path / "my_pool.py").write_text("y = 2")
    (tmp_path / "draft.py").write_text("x = 1")
    found = own_source(tmp_path / "toy.ipynb", notebook("from my_pool import y"))
    assert [module.text for module in found.modules] == ["y = 2"]
