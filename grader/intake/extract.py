"""Bytes of a hand-in -> `grader.records.Source`. Everything is read as hostile; only code cells matter.

Outputs, attachments and metadata of a notebook are never used. A notebook's tests (the cells that nbgrader
grades) and its magics are left out: the grader brings its own tests, and a magic is no Python.
"""

from __future__ import annotations

import codecs
import io
import json
import re
import tokenize
from typing import Any

from grader.errors import SubmissionError
from grader.intake.outputs import without_outputs
from grader.records import Cell, Source
from grader.sandbox.limits import DEFAULTS, Limits, show_size

MAX_CELLS = 2000
MAX_MEMORY = 256 << 20  # bytes that a notebook may take while it is read, by the weights below
MAX_REST = 20 << 20  # bytes of a notebook without its outputs; pasted pictures may be large
MAX_NOTES = 20  # on what was left out of a notebook
#: Cell magics that only measure or hide output: their cell's code counts.
TRANSPARENT = ("%%time", "%%timeit", "%%capture")

#: What Python decodes, and no editor writes; the first takes quadratic time.
_NO_TEXT = ("punycode", "idna", "unicode-escape", "raw-unicode-escape")
_NO_JSON = "the file is not a notebook: it is not valid JSON"
# Bytes of memory that the reader of JSON needs for each of these characters, at most.
_WEIGHTS = {b"{": 190, b"[": 72, b'"': 49, b",": 36}
# %magic, !command, ?name, name?, and name = %magic or !command
_MAGIC = re.compile(r"\s*(%{1,2}\w|!|\?|[\w.]+\?{1,2}\s*$|[\w.]+\s*=\s*[!%]\w)")
# All that decides whether a statement goes on in the next line; in a string other things do.
_MARK = re.compile(r"""\\.?|'''|\"\"\"|['"#()\[\]{}]""")
_IN_STRING = {quote: re.compile(rf"\\.?|{quote}") for quote in ("'", '"', "'''", '"""')}


def source(name: str, data: bytes, limits: Limits = DEFAULTS) -> Source:
    """Read one file.

    Parameters
    ----------
    name : str
        Its file name; ``.ipynb`` or ``.py`` decides how it is read.
    data : bytes
        Its content.
    limits : Limits, optional
        ``notebook`` and ``code`` bound what is read.

    Raises
    ------
    SubmissionError
        One sentence that says why it cannot be read; the submission is then ``refused``.
    """
    if name.endswith(".ipynb"):
        return notebook_source(data, limits)
    if name.endswith(".py"):
        return module_source(name, data, limits)
    raise SubmissionError(f"{shown(name)} is neither a notebook (.ipynb) nor a module (.py)")


def shown(name: str, limit: int = 60) -> str:
    """A stranger's file name, quoted, cut and without control characters, for a sentence."""
    text = ascii(name) if not name.isprintable() else repr(name)
    return text if len(text) <= limit else text[: limit - 2] + "…'"


# ------------------------------------------------------------------ a module
def module_source(name: str, data: bytes, limits: Limits = DEFAULTS) -> Source:
    """A ``.py`` file, decoded as Python does (byte order mark, PEP 263 line)."""
    if len(data) > limits.code:
        raise SubmissionError(f"the file is larger than {show_size(limits.code)}")
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        raise SubmissionError("the file is UTF-16 text; save it as UTF-8")
    try:
        encoding, _ = tokenize.detect_encoding(io.BytesIO(data).readline)
        if codecs.lookup(encoding).name in _NO_TEXT:
            raise LookupError
        text = data.decode(encoding)
    except (SyntaxError, UnicodeError, LookupError):
        raise SubmissionError("the file is not UTF-8 text and names no other encoding") from None
    return Source((Cell(name, _code(text, "the file")),), is_notebook=False)


def _code(text: str, where: str) -> str:
    if "\0" in text:
        raise SubmissionError(f"{where} holds a NUL character")
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        raise SubmissionError(f"{where} holds half a character (a lone surrogate)") from None
    return text.replace("\r\n", "\n").replace("\r", "\n")


# ------------------------------------------------------------------ a notebook
def notebook_source(data: bytes, limits: Limits = DEFAULTS) -> Source:
    """The student's code cells of a notebook, in order, named by their place among all its cells."""
    return source_of(notebook_cells(data, limits), limits)


def source_of(notebook: list[Any], limits: Limits = DEFAULTS) -> Source:
    """The same, of its cells."""
    raw = []
    for number, cell in enumerate(notebook, 1):
        if isinstance(cell, dict) and cell.get("cell_type") == "code" and not is_test(cell):
            label = f"cell {number}"
            raw.append((label, _code(cell_text(cell, label), label)))
    if sum(len(text.encode()) for _, text in raw) > limits.code:
        raise SubmissionError(f"the notebook has more than {show_size(limits.code)} of code")
    cells, notes = [], []
    for label, text in raw:
        python, left_out = _without_magics(label, text)
        notes += left_out
        if python.strip():
            cells.append(Cell(label, python))
    if len(notes) > MAX_NOTES:
        notes[MAX_NOTES:] = [f"and {len(notes) - MAX_NOTES} more lines or cells are left out"]
    return Source(tuple(cells), is_notebook=True, notes=tuple(notes))


def notebook_cells(data: bytes, limits: Limits = DEFAULTS) -> list[Any]:
    """The cells of a version 4 notebook, without outputs; what is in the list is not yet looked at."""
    if len(data) > limits.notebook:
        raise SubmissionError(f"the notebook is larger than {show_size(limits.notebook)}")
    try:
        data = without_outputs(data)
    except ValueError:
        raise SubmissionError(_NO_JSON) from None
    if len(data) > MAX_REST:
        raise SubmissionError(f"the notebook is larger than {show_size(MAX_REST)}, outputs not counted")
    if sum(weight * data.count(mark) for mark, weight in _WEIGHTS.items()) > MAX_MEMORY:
        raise SubmissionError("the notebook holds too many small pieces to be read; clear its outputs")
    try:
        notebook = json.loads(data.decode("utf-8-sig"), object_pairs_hook=_unique)
    except RecursionError:
        raise SubmissionError("the notebook's JSON is nested too deep") from None
    except ValueError:  # also UnicodeDecodeError, and integers of thousands of digits
        raise SubmissionError(_NO_JSON) from None
    cells = notebook.get("cells") if isinstance(notebook, dict) else None
    if not isinstance(cells, list):
        raise SubmissionError("the file is not a notebook of format 4 (no list of cells)")
    if len(cells) > MAX_CELLS:
        raise SubmissionError(f"the notebook has {len(cells)} cells; at most {MAX_CELLS} are read")
    return cells


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Two readers must not see two notebooks in one file."""
    found = dict(pairs)
    if len(found) != len(pairs):
        raise SubmissionError("the notebook's JSON has a key twice")
    return found


def cell_text(cell: dict[str, Any], label: str) -> str:
    """A cell's source, which the format allows to be one text or a list of lines."""
    lines = cell.get("source", "")
    if isinstance(lines, list) and all(isinstance(line, str) for line in lines):
        return "".join(lines)
    if not isinstance(lines, str):
        raise SubmissionError(f"{label} of the notebook has a source that is not text")
    return lines


def nbgrader_of(cell: dict[str, Any]) -> dict[str, Any]:
    """nbgrader's marks on a cell, or nothing."""
    metadata = cell.get("metadata")
    marks = metadata.get("nbgrader") if isinstance(metadata, dict) else None
    return marks if isinstance(marks, dict) else {}


def is_test(cell: dict[str, Any]) -> bool:
    """nbgrader's automatically graded cells: the course's tests, not the student's code."""
    marks = nbgrader_of(cell)
    return marks.get("grade") is True and marks.get("solution") is not True


# ------------------------------------------------------------------ magics
def _without_magics(label: str, text: str) -> tuple[str, list[str]]:
    """The cell's Python, and a note for each thing left out of it. Its time is linear, whatever the text."""
    lines = text.split("\n")
    suspects = {i for i, line in enumerate(lines) if _MAGIC.match(line)}
    if not suspects:
        return text, []
    first = min(suspects)
    magic = lines[first].strip()
    if magic.startswith("%%") and not any(line.strip() for line in lines[:first]):
        if magic.split()[0] not in TRANSPARENT:
            note = f"{label} is left out: {shown(magic.split()[0])} is not Python"
            return "\n".join("# " + line for line in (note, *lines)), [note]  # the loader looks into it
        lines[first] = "# " + magic
        suspects.remove(first)
    notes, quote, depth, goes_on = [], "", 0, False
    for i, line in enumerate(lines):
        if i in suspects and not (quote or depth or goes_on):
            bare = line.lstrip()
            lines[i] = line[: -len(bare)] + "pass  # " + bare
            notes.append(f"{label}: the line {shown(bare.rstrip())} is left out, it is not Python")
        else:
            quote, depth, goes_on = _left_open(line, quote, depth)
    return "\n".join(lines), notes


def _left_open(line: str, quote: str, depth: int) -> tuple[str, int, bool]:
    """What a line leaves open for the next: the string's quote, the number of brackets, a last backslash."""
    mark, at = "", 0
    while found := (_IN_STRING[quote] if quote else _MARK).search(line, at):
        mark, at = found[0], found.end()
        if mark == quote:
            quote = ""
        elif quote:
            continue
        elif mark == "#":
            break
        elif mark[0] in "'\"":
            quote = mark
        elif mark in "([{":
            depth += 1
        elif mark in ")]}":
            depth = max(0, depth - 1)
    goes_on = mark == "\\"
    return quote if len(quote) == 3 or goes_on else "", depth, goes_on
