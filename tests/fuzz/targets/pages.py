"""Reports for people: pages, terminal, notebook. Nothing raises, and no stranger's text is more than text."""

import io
import json
import re
from contextlib import suppress
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from unittest import mock

import jsonschema
import nbformat
from rich.console import Console
from targets import _classes, _folder
from targets._choices import Choices
from targets.text import is_harmless

from grader.errors import GraderError
from grader.report import html, terminal
from grader.report.graded_notebook import Marked, graded_notebook

templates = cache(html.templates)  # compiling them takes most of a page's time
#: Where a page of ours may lead.
_LINK = re.compile(r"(\.\./)?((class|students|feedback)/)?[A-Za-z0-9_.-]+\.html(#[\w-]+)?|#[\w-]+")
_OF_A_CELL = {
    "b", "br", "code", "details", "div", "img", "p", "pre", "span", "summary", "table", "td", "tr",
    "alt", "class", "colspan", "src", "style",
}  # fmt: skip
_FRAME = (
    Marked("answer", "code", "def f(): ...", {"grade_id": "answer", "solution": True, "grade": False}),
    Marked("item_0", "code", "check()", {"grade_id": "item_0", "grade": True, "solution": False}),
    Marked("item_9", "markdown", "Why?", {"grade_id": "item_9", "grade": True, "solution": True}),
)


def seeds():
    for start in range(12):
        yield bytes((start * 41 + 13 * k) % 256 for k in range(240))
    cell = b'{"cell_type": "markdown", "source": "<evil>", "attachments": {"a": {}}}'
    yield bytes(range(64)) + b'{"cells": [' + cell + b"]}"


def check(data):
    made = _classes.Maker(choices := Choices(data))
    held(made.result)
    printed(made.result, choices.pick(("utf-8", "ascii")))
    for submission in made.result.submissions[:1]:
        noted(made.result.assignment, choices, submission)


def held(result):
    """The pages: our elements, our attributes and our links, and no other."""
    folder = _folder.PATH
    with mock.patch.object(html, "templates", templates):
        html.write(result, folder)
    pages = [path.read_text(encoding="utf-8") for path in folder.rglob("*.html")]
    assert len(pages) == 2 + 2 * len(result.submissions)  # the class, identical results, and each student's
    for page in pages:
        assert is_harmless(page)
        parser = Elements()
        parser.feed(page)
        parser.close()
        assert not any("evil" in name for name in parser.names), parser.names
        assert all(_LINK.fullmatch(link) for link in parser.links), parser.links
        assert not parser.names & {"script", "iframe", "img", "object", "embed", "onerror", "onload"}


def inert(page):
    """A cell's output: our elements and attributes, and our pictures in it."""
    parser = Elements()
    parser.feed(page)
    parser.close()
    assert parser.names <= _OF_A_CELL, parser.names
    assert all(link.startswith("data:image/svg+xml;base64,") for link in parser.links), parser.links


class Elements(HTMLParser):
    """The names of all elements and attributes of a page, and where it leads."""

    def __init__(self):
        super().__init__()
        self.names, self.links = set(), []

    def handle_starttag(self, tag, attributes):
        self.names |= {tag, *(name for name, _ in attributes)}
        self.links += [value for name, value in attributes if name in ("href", "src", "action", "xlink:href")]


def printed(result, encoding):
    """The terminal: plain characters alone, and ASCII where no other can be shown."""
    file = io.TextIOWrapper(io.BytesIO(), encoding=encoding)
    console = Console(file=file, width=80)
    terminal.print_class(result, console)
    for submission in result.submissions:
        cases = [case for item in submission.items for case in item.cases]
        terminal.print_check(cases, console, submission.diagnosis)
    file.flush()
    assert is_harmless(file.buffer.getvalue().decode(encoding))


def noted(assignment, choices, submission):
    """The notebook for grading by hand: of a right format, and nothing of a stranger's in it that runs."""
    if not all(item.score is None or 0 <= item.score <= item.max_score for item in submission.items):
        with suppress(GraderError):  # what no score can be is one sentence
            graded_notebook(assignment, _FRAME, None, submission)
        return
    made = graded_notebook(assignment, _FRAME, choices.rest() or None, submission)
    text = json.dumps(made, ensure_ascii=False)
    assert is_harmless(text)
    schema().validate(made)
    for cell in made["cells"]:
        for output in cell.get("outputs", ()):
            assert set(output["data"]) <= {"text/html", "text/plain"}
            inert(output["data"].get("text/html", ""))
        assert cell["cell_type"] == "code" or "<" not in cell["source"]
        assert set(cell["metadata"]) <= {"nbgrader"}


@cache
def schema():
    path = Path(nbformat.__file__).parent / "v4" / "nbformat.v4.5.schema.json"
    return jsonschema.Draft4Validator(json.loads(path.read_text(encoding="utf-8")))
