"""Outputs are cut out before a notebook is read: exactly they, whatever their size, in little time."""

import json
import time

import pytest

from grader.errors import SubmissionError
from grader.intake import outputs
from grader.intake.extract import notebook_cells, notebook_source
from grader.intake.outputs import without_outputs


def of(*cells, **more):
    return {"cells": list(cells), "metadata": {}, "nbformat": 4, "nbformat_minor": 5, **more}


def cell(source="x = 1", **more):
    return {"cell_type": "code", "source": source, **more}


TRICKY = [
    'print("]")',
    '"outputs": [1',
    '\\" ] } \\\\',
    "\\" * 9 + '"',
    "\n" * 30 + "]",
    '\n' * 8 + '"',
    "é 学 😀 \u2028 [",
]


@pytest.mark.parametrize("indent", [None, 1])
@pytest.mark.parametrize("text", TRICKY)
def test_only_outputs_are_cut(text, indent):
    """Wherever a text stands, its quotes and brackets are none."""
    output = {"text": [text, [text]], "outputs": [{"outputs": []}], "[": {text: "]"}}
    before = of(
        cell(text, outputs=[output, text, 7, None], metadata={"outputs": [text]}),
        cell([text], outputs=[], metadata={text: [1, {text: 2}]}),
        cell(text),
        outputs=[text],
    )
    after = json.loads(without_outputs(json.dumps(before, indent=indent).encode()))
    for one in before["cells"]:
        one.update({"outputs": []} if "outputs" in one else {})
    assert after == before
    raw = json.dumps(before, ensure_ascii=False).encode()
    assert json.loads(without_outputs(raw)) == before


@pytest.mark.parametrize(
    "data", [b"", b"]", b'{"cells": [{"outputs": [', b'{"cells": [{"outputs": ["a', b"[" * 9, b"\xff\xfe{}"]
)
def test_what_is_no_json_is_no_json_afterwards(data):
    with pytest.raises(ValueError, match=r"JSON|Expecting|Extra|decode|Unterminated"):
        json.loads(without_outputs(data))


FIFTY_MB = {
    "a picture": b'{"data": {"image/png": "' + b"iVBORw0KGgo=" * 4_200_000 + b'"}}',
    "prints": b'{"text": ["' + b'12345\\n", "' * 4_700_000 + b'"]}',
    "a plot": b'{"data": {"x": [' + b"0.25," * 10_100_000 + b"1]}}",
    "html": b'{"data": {"text/html": "' + b'<td class=\\"a\\">\\n' * 2_900_000 + b'"}}',
}


@pytest.mark.parametrize("kind", FIFTY_MB)
def test_fifty_megabytes_of_outputs_are_no_crime(kind):
    data = b'{"cells": [{"cell_type": "code", "outputs": [' + FIFTY_MB[kind] + b'], "source": "x = 1"}]}'
    assert len(data) > 50_000_000
    start = time.process_time()
    assert [one.text for one in notebook_source(data).cells] == ["x = 1"]
    assert time.process_time() - start < 20


PIECES = [b'""', b'" ', b"[", b"{}", b'"' + b"\\n" * 9 + b'"', b'\\"', b"\\", b" ", b'"a"' + b" " * 50]


@pytest.mark.parametrize("piece", PIECES)
def test_the_time_is_linear(piece):
    """Seconds where a quadratic one takes days; too many pieces are refused."""
    data = b'{"cells": [{"outputs": [' + piece * (10_000_000 // len(piece))
    start = time.process_time()
    with pytest.raises(SubmissionError, match=r"too many small pieces|not valid JSON|too deep"):
        notebook_cells(data)
    assert time.process_time() - start < 20


def test_too_many_pieces(monkeypatch):
    monkeypatch.setattr(outputs, "MAX_STEPS", 20)
    assert without_outputs(b"[]" * 9)
    with pytest.raises(SubmissionError, match="clear its outputs"):
        without_outputs(b"[]" * 10)
