"""Bytes -> source: what Jupyter and editors write, what magics become, what is refused with a sentence."""

import time

import pytest

from grader.errors import SubmissionError
from grader.intake import extract
from grader.intake.extract import MAX_REST, notebook_source
from grader.records import Cell
from grader.sandbox.limits import DEFAULTS


def cell(source, kind="code", **marks):
    metadata = {"nbgrader": marks} if marks else {}
    return {"cell_type": kind, "metadata": metadata, "outputs": [], "source": source}


def texts(source):
    return [cell.text for cell in source.cells]


# ------------------------------------------------------------------ notebooks
def test_code_cells_are_named_by_their_place(notebook):
    data = notebook(
        cell("# Title", "markdown"), "import numpy as np", "", cell(["def f(x):\n", "    return x"])
    )
    source = notebook_source(data)
    assert source.is_notebook
    assert source.cells == (Cell("cell 2", "import numpy as np"), Cell("cell 4", "def f(x):\n    return x"))
    assert source.notes == ()


def test_the_tests_are_left_out_and_solutions_kept(notebook):
    data = notebook(
        cell('check("f")', grade=True, solution=False),
        cell("def f(): ...", grade=False, solution=True),
        cell("def g(): ...", grade=True, solution=True),  # graded by hand
    )
    assert texts(notebook_source(data)) == ["def f(): ...", "def g(): ..."]


@pytest.mark.parametrize(
    ("line", "left"),
    [
        ("%matplotlib inline", "pass  # %matplotlib inline"),
        ("!pip install numpy", "pass  # !pip install numpy"),
        ("    !ls", "    pass  # !ls"),
        ("np.max?", "pass  # np.max?"),
        ("?np.max", "pass  # ?np.max"),
        ("files = !ls", "pass  # files = !ls"),
        ("%%time", "# %%time"),
    ],
)
def test_magics_are_no_python(line, left, notebook):
    indented = "if True:\n" if line.startswith(" ") else ""
    source = notebook_source(notebook(f"{indented}{line}\n"))
    assert texts(source) == [f"{indented}{left}\n"]
    noted = () if line == "%%time" else (f"cell 1: the line {line.strip()!r} is left out, it is not Python",)
    assert source.notes == noted


def test_a_cell_in_another_language_is_left_out(notebook):
    """It stays as a comment, in which the loader finds what the student misses."""
    source = notebook_source(notebook("\n%%bash\nrm -rf /", "x = 1"))
    note = "cell 1 is left out: '%%bash' is not Python"
    assert texts(source) == [f"# {note}\n# \n# %%bash\n# rm -rf /", "x = 1"]
    assert source.notes == (note,)


def test_the_notes_are_counted_after_the_first_twenty(notebook):
    source = notebook_source(notebook("%m\n" * 15_000, "%%html"))
    assert source.notes[:19] == ("cell 1: the line '%m' is left out, it is not Python",) * 19
    assert source.notes[20:] == ("and 14981 more lines or cells are left out",)


@pytest.mark.parametrize(
    "text",
    [
        "x = (10\n% 3)",
        "x = 10 \\\n% 3",
        's = """\n%matplotlib\n!ls\nreally?\n"""',
        "x = 1  # right?",
        'print("100%")',
        "x = {\n    'a': b\n    if c else d}",
        "x = 'a\\\n!b'",
        "x = (')', # )\n%s)",
        "x = '''it's \\'\n%s'''",
        "x = 'a''''b\n%s\n!c'''",
        'x = "" """\n%s"""',
        'x = "\'" \'"\' """\n!\n"""',
    ],
)
def test_what_only_looks_like_a_magic_stays(text, notebook):
    source = notebook_source(notebook(text))
    assert (texts(source), source.notes) == ([text], ())


@pytest.mark.parametrize(
    "text", ["!echo (", "!echo \"it's", "!echo '''", "!ls \\", "# it's (\\", "x = 'open", "x = 1)", r"'\'"]
)
def test_what_looks_unfinished_does_not_hide_a_magic(text, notebook):
    source = notebook_source(notebook(f"{text}\n%m"))
    assert texts(source)[0].endswith("\npass  # %m")


@pytest.mark.parametrize(
    "piece",
    ["%m\n", "x\n", "\n", "(", "(\n", "\\", "\\\n", "\\'", "'\\'", "'\n", '"""', "x ", " ", "é", "a?\n"],
)
def test_a_mebibyte_of_anything_is_read_at_once(piece, notebook):
    """The time is linear in the text: less than a second each, where a quadratic one takes hours."""
    text = "%m\n" + piece * ((DEFAULTS.code - 3) // len(piece.encode()))
    start = time.process_time()
    assert notebook_source(notebook(text)).notes
    assert time.process_time() - start < 10


def test_what_is_too_large_is_refused_before_it_is_read(notebook, monkeypatch):
    monkeypatch.setattr(extract, "_without_magics", None)
    half = "%m\n" * (DEFAULTS.code // 6 + 1)
    with pytest.raises(SubmissionError, match="2 MiB of code"):
        notebook_source(notebook(half, half))


def test_a_byte_order_mark_and_windows_lines(notebook):
    assert texts(notebook_source(b"\xef\xbb\xbf" + notebook("x = 1\r\ny = 2"))) == ["x = 1\ny = 2"]


def test_outputs_may_be_large_and_odd(notebook):
    """A hundred figures are no crime, and plotly writes NaN."""
    big = cell("x = 1")
    big["outputs"] = [{"data": {"image/png": "A" * 5_000_000, "x": float("nan")}}]
    assert texts(notebook_source(notebook(big))) == ["x = 1"]


REFUSED = {
    b"": "not valid JSON",
    b"[]": "format 4",
    b'{"worksheets": []}': "format 4",
    b'{"cells": 5}': "format 4",
    b"[" * 500_000: "too deep",
    b'{"cells": ' + b"9" * 10_000 + b"}": "not valid JSON",
    b'{"cells": [], "cells": []}': "key twice",
    "{}".encode("utf-16"): "not valid JSON",
    b'{"cells": [{"cell_type": "code", "source": 5}]}': "cell 1 of the notebook has a source",
    b'{"cells": [{"cell_type": "code", "source": [1]}]}': "cell 1 of the notebook has a source",
    b'{"cells": [{"cell_type": "code", "source": "\\ud800"}]}': "half a character",
    b'{"cells": [{"cell_type": "code", "source": "\\u0000"}]}': "NUL",
    b'{"cells": [' + b",".join([b"{}"] * 3000) + b"]}": "3000 cells",
    b" " * (DEFAULTS.notebook + 1): "larger than 80 MiB",
    b'{"cells": [], "metadata": "' + b"x" * MAX_REST + b'"}': "larger than 20 MiB, outputs not counted",
    b'{"cells": [{"cell_type": "code", "source": "' + b"x" * 2_100_000 + b'"}]}': "2 MiB of code",
}


@pytest.mark.parametrize(("data", "sentence"), REFUSED.items(), ids=range(len(REFUSED)))
def test_refused_notebooks(data, sentence):
    with pytest.raises(SubmissionError, match=sentence):
        notebook_source(data)


@pytest.mark.parametrize(
    "odd", [None, 5, "text", [], {"cell_type": []}, {"cell_type": "code", "metadata": 3}]
)
def test_odd_cells_are_no_error(odd, notebook):
    assert texts(notebook_source(notebook(odd, "x = 1")))[-1:] == ["x = 1"]


# ------------------------------------------------------------------ modules
@pytest.mark.parametrize(
    "data",
    [
        "é = 1\n".encode(),
        b"\xef\xbb\xbf" + "é = 1\n".encode(),
        "# -*- coding: latin-1 -*-\né = 1\n".encode("latin-1"),
        "é = 1\r\n".encode(),
    ],
)
def test_modules_are_decoded_as_python_does(data):
    source = extract.source("ada.py", data)
    assert not source.is_notebook
    assert source.cells[0].label == "ada.py"
    assert source.cells[0].text.endswith("é = 1\n")


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        ("é = 1".encode("latin-1"), "not UTF-8"),
        ("x = 1".encode("utf-16"), "UTF-16"),
        (b"# coding: no-such-code\n", "not UTF-8"),
        (b"# coding: hex\n3a", "not UTF-8"),
        (b"# coding: unicode-escape\nx = '\\q'", "not UTF-8"),
        (b"# coding: punycode\n" + b"x" * 900_000 + b"-" + b"a" * 900_000, "not UTF-8"),  # takes minutes
        (b"x = 1\0", "NUL"),
        (b"#" * (DEFAULTS.code + 1), "larger than 2 MiB"),
    ],
)
def test_refused_modules(data, sentence):
    with pytest.raises(SubmissionError, match=sentence):
        extract.source("ada.py", data)


def test_other_files_are_refused():
    with pytest.raises(SubmissionError, match=r"'ada\.docx' is neither a notebook"):
        extract.source("ada.docx", b"")


def test_a_stranger_s_name_is_shown_harmless():
    assert extract.shown("a\x1b[2Jb") == "'a\\x1b[2Jb'"
    assert len(extract.shown("x" * 1000)) <= 60
