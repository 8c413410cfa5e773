"""Files of hand-ins: a source that the sandbox can take and Python can judge, or one sentence."""

import ast
import json
import re
import sys
import warnings

from targets.text import check_sentence

from grader.errors import SubmissionError
from grader.intake import extract
from grader.sandbox import loader, protocol

#: What the compiler may say of a text; anything else would be the grader's own failure.
COMPLAINTS = {
    "SyntaxError", "IndentationError", "TabError", "ValueError", "OverflowError", "RecursionError",
    "MemoryError",
}  # fmt: skip
_CELLS = (
    "import numpy as np\n\ndef roi_pool(x):\n    '''Doc %s'''\n    return x\n",
    "%matplotlib inline\nx = (1\n% 2)", "%%time\nx = 1\n!ls\ny = '''\n%m\n'''", "np.max?\nfiles = !ls\n  %m",
    "x = 'a' 'b' # it's\n\\\n%m", 'f"{x!r:>{1}}"\n"""a\n!b"""', "%%bash\nrm",
    "for i in [1,\n2]: pass\n\x0cx = {\n}", "\ufeffx = 1\r\ny = 2\r",
)  # fmt: skip

# From Python 3.12 on, a line may end within one, in which a quote says nothing.
_F_STRING = re.compile(r"[fF][rR]?['\"]" if sys.version_info >= (3, 12) else r"(?!)")


def seeds():
    yield from (cell.encode() for cell in _CELLS)
    yield b"\x0c".join(cell.encode() for cell in _CELLS)
    yield as_notebook(_CELLS)
    marks = {"metadata": {"nbgrader": {"grade": True, "solution": False}}, "attachments": {}, "outputs": [{}]}
    yield json.dumps({"cells": [{"cell_type": "code", "source": ["x\n", "y"], **marks}, None, 5]}).encode()
    yield b"# -*- coding: latin-1 -*-\nx = '\xe9'\n"
    yield b"#!/usr/bin/python\n# vim: set fileencoding=utf-7 :\nx = 1\n"


def as_notebook(texts):
    cells = [{"cell_type": "code", "metadata": {}, "outputs": [], "source": text} for text in texts]
    return json.dumps({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}).encode()


def check(data):
    read("ada.ipynb", data)
    read("ada.py", data)
    texts = data.decode("utf-8", "replace").split("\x0c")
    read("ada.ipynb", as_notebook(texts))
    kept_if_python(data.decode("utf-8", "replace"))


def read(name, data):
    """The source of a file, held to all that follows it relies on; None where it is refused."""
    try:
        source = extract.source(name, data)
    except SubmissionError as problem:
        check_sentence(str(problem))
        return None
    assert source.is_notebook == name.endswith(".ipynb")
    assert len(source.notes) <= extract.MAX_NOTES + 1
    for note in source.notes:
        check_sentence(note)
    cells = [[cell.label, cell.text] for cell in source.cells]
    assert not any("\0" in text or "\r" in text for _, text in cells)
    head, payload = protocol.unpack(protocol.pack({}, json.dumps(cells).encode()))
    assert (head, json.loads(bytes(payload))) == ({}, cells)
    compiled(cells, source.is_notebook)
    return source


def compiled(cells, is_notebook):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        found = loader.compile_cells(cells, is_notebook)
    assert [cell.label for cell in found] == [label for label, _ in cells]
    for cell, (_, text) in zip(found, cells, strict=True):
        if cell.failure:
            assert cell.failure.kind in COMPLAINTS, cell.failure
            assert len(cell.failure.message) <= 500, cell.failure
            assert 1 <= cell.failure.line <= text.count("\n") + 2, cell.failure


def kept_if_python(text):
    """What Python can read holds no magics, whatever it looks like."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    source = read("ada.ipynb", as_notebook([text]))
    if source is not None and text.strip() and is_python(text) and not _F_STRING.search(text):
        assert [cell.text for cell in source.cells] == [text]
        assert source.notes == ()


def is_python(text):
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False
    return True
