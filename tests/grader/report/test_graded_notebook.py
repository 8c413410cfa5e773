"""The notebook that a person grades by hand: the student's answers, the course's frame, nothing that runs."""

import json
from html.parser import HTMLParser

import nbformat
import pytest

from grader.report.graded_notebook import graded_notebook, marked_cells, prose
from grader.report.inert import inert

PNG = "iVBORw0KGgo="


def cell(kind, source, **more):
    return {"cell_type": kind, "metadata": {}, "source": source, **more}


def marked(kind, source, grade_id, outputs=(), **marks):
    return cell(kind, source, metadata={"nbgrader": {"grade_id": grade_id, **marks}}, outputs=list(outputs))


def notebook(*cells):
    return json.dumps({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}).encode()


COURSE = marked_cells(
    notebook(
        cell("markdown", "# RoI pooling"),
        marked("code", "from roikit import examples", "tools", locked=True),
        marked("code", "def bin_edges(): ...", "solve_bin_edges", solution=True),
        marked("code", "check('bin_edges')", "bin_edges", grade=True, locked=True, points=1),
        marked("markdown", "the model answer", "mask_question", grade=True, solution=True, points=4),
    )
)


@pytest.fixture
def graded(make_class):
    def graded_with(handed_in, failures=(), diagnosis=None):
        result = make_class({"ada": dict(failures)}, {"ada": diagnosis} if diagnosis else None)
        made = graded_notebook(result.assignment, COURSE, handed_in, result.submissions[0])
        nbformat.validate(made)
        return made["cells"]

    return graded_with


def sources(cells):
    return [cell["source"] for cell in cells]


def test_the_marks_are_read():
    assert [(m.grade_id, m.graded, m.solution, m.locked) for m in COURSE] == [
        ("tools", False, False, True),
        ("solve_bin_edges", False, True, False),
        ("bin_edges", True, False, True),
        ("mask_question", True, True, False),
    ]


def test_answers_stay_and_the_courses_cells_come_back(graded):
    """A student changed the check and its points, and added a cell: the check is the course's again."""
    cells = graded(
        notebook(
            marked("code", "import os", "tools"),
            marked("code", "def bin_edges(a, b): return 1", "solve_bin_edges", solution=True),
            cell("code", "bin_edges(5, 2)"),
            marked("code", "pass", "bin_edges", grade=True, points=100),
            marked("markdown", "It is cut.", "mask_question", grade=True, solution=True),
        )
    )
    assert sources(cells) == [
        "from roikit import examples",
        "def bin_edges(a, b): return 1",
        "bin_edges(5, 2)",
        "check('bin_edges')",
        "It is cut.",
    ]
    assert cells[3]["metadata"]["nbgrader"]["points"] == 4.0  # the rubric's
    assert cells[2]["metadata"] == {}


def test_the_courses_own_text_is_shown_as_it_was_written(make_class):
    """Its links, pictures and line ends; one letter more and it is the student's text."""
    words = "See <b>here</b> [x](https://example.org)\nand go on."
    own = prose(notebook(cell("markdown", words), cell("code", "1"), marked("markdown", "a", "essay")))
    assert own == {words}
    result = make_class({"ada": {}})
    texts = (words, words + "!", ["Se", "e"])
    handed_in = notebook(*(cell("markdown", text) for text in texts))
    first, second, third, *_ = sources(
        graded_notebook(result.assignment, COURSE, handed_in, result.submissions[0], own)["cells"]
    )
    assert first == words
    assert "<b>" not in second
    assert third == "See"


def test_cells_that_were_deleted_are_put_back(graded):
    cells = graded(notebook(cell("markdown", "nothing")))
    assert sources(cells)[1:] == [
        "from roikit import examples",
        "# This cell is not in the hand-in.",
        "check('bin_edges')",
        "*This cell is not in the hand-in.*",
    ]


def test_a_deleted_cell_comes_back_where_it_stood(graded):
    """After the nearest cell before it in the course that is there, wherever a student moved that."""
    cells = graded(
        notebook(
            cell("markdown", "my name"),
            marked("markdown", "It is cut.", "mask_question", grade=True, solution=True),
            marked("code", "def bin_edges(a, b): return 1", "solve_bin_edges", solution=True),
            cell("code", "bin_edges(5, 2)"),
        )
    )
    assert sources(cells) == [
        "from roikit import examples",  # none is before it
        "my name",
        "It is cut.",
        "def bin_edges(a, b): return 1",
        "check('bin_edges')",
        "bin_edges(5, 2)",
    ]
    ids = [cell["id"] for cell in cells]
    assert len(set(ids)) == len(ids)


def test_a_cell_handed_in_twice_counts_once(graded):
    twice = marked("markdown", "It is cut.", "mask_question", grade=True, solution=True)
    cells = graded(notebook(twice, twice))
    assert [c["metadata"].get("nbgrader", {}).get("grade_id") for c in cells[-2:]] == ["mask_question", None]


def test_a_module_is_shown_as_one_cell(graded):
    cells = graded(b"def bin_edges(length, bins):\n    return []\n")
    assert cells[0]["source"] == "def bin_edges(length, bins):\n    return []\n"


def test_findings_are_the_outputs_of_the_graded_cell(graded):
    """Score and table; see test_graded_cell.py. What was handed in as an output is gone."""
    found = {"test_five": ("wrong", "bin 0: expected (0, 2), got (0, 3)")}
    handed_in = marked("code", "pass", "bin_edges", grade=True, outputs=[{"output_type": "stream"}])
    check = graded(notebook(handed_in), found)[2]
    score, table = check["outputs"]
    assert score["data"]["text/plain"] == "3.5"
    assert "bin 0: expected (0, 2), got (0, 3)" in table["data"]["text/html"]


def test_nothing_of_a_strangers_can_run(graded):
    """Outputs, raw HTML cells, metadata, attachments that are no pixels: gone. HTML in Markdown: text."""
    script = "<script>alert(1)</script>"
    shown = {"output_type": "display_data", "metadata": {}, "data": {"text/html": script}}
    evil = {
        "a.png": {"image/png": PNG},
        "b.svg": {"image/svg+xml": script},
        "c.png": {"image/png": '"><script>'},
    }
    made = graded(
        notebook(
            cell("code", "1", outputs=[shown], execution_count=1),
            cell("raw", script, metadata={"raw_mimetype": "text/html"}),
            cell("markdown", f"{script} [x](javascript:alert(1)) &#106;avascript: a<b", attachments=evil),
            cell("markdown", ["x"], metadata=script),
            cell("markdown", {"no": "text"}),
        )
    )
    assert made[0]["outputs"] == []
    assert made[1]["cell_type"] == "markdown"
    assert made[2]["attachments"] == {"a.png": {"image/png": PNG}}
    text = json.dumps(made)
    assert not any(bad in text for bad in ("<script", "[x]", "&#106"))


# ------------------------------------------------------------------ as the formgrader shows it
class Found(HTMLParser):
    """Every (tag, attribute, value) and the text of a page."""

    def __init__(self, page):
        super().__init__()
        self.tags, self.attributes, self.text = [], [], ""
        self.feed(page)

    def handle_starttag(self, tag, attributes):
        self.tags.append(tag)
        self.attributes += [(tag, name, value) for name, value in attributes]

    def handle_data(self, data):
        self.text += data


@pytest.fixture(scope="module")
def shown():
    """Markdown -> what a browser finds in it, by the exporter and the filter that the formgrader uses."""
    from nbconvert import HTMLExporter

    exporter = HTMLExporter(template_name="basic")

    def show(markdown, pictures=None):
        made = nbformat.v4.new_markdown_cell(inert(markdown, pictures or {}), attachments=pictures or {})
        return Found(exporter.from_notebook_node(nbformat.v4.new_notebook(cells=[made]))[0])

    return show


HOSTILE = [
    "[x](javascript:alert(1))",
    "[x](javascript&colon;alert(1))",
    "[x](javascript\\:alert(1))",
    "[x](java&Tab;script:alert(1))",
    "[x](java\tscript:alert(1))",
    "[x](\u00a0javascript:alert(1))",
    "[x](<javascript:alert(1)>)",
    "[x](&#106;avascript:alert(1) 'title')",
    "[x][1]\n\n[1]: javascript&colon;alert(2)",
    "[1]\n\n  [1]:\n   <javascript:alert(2)>\n   'title'",
    "[a [nested](javascript:alert(1)) b](javascript:alert(2))",
    "\\[x](javascript:alert(1)) \\\\[x](javascript:alert(1))",
    "[x](data:text/html;base64,PHNjcmlwdD4=) [y](vbscript:x) [z](file:///etc/passwd)",
    "![p](http://evil.example/x.png) ![p][q]\n\n[q]: http://evil.example/y.png",
    "[![p](attachment:nope.png)](javascript:alert(1)) ![p](attachment:../../x)",
    "![x](attachment:a.png)(javascript:alert(1)) [![](attachment:a.png)](javascript:alert(1))",
    "<javascript:alert(1)> <JaVaScRiPt:alert(1)>",
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)><svg/onload=alert(1)>\n<iframe src=//evil.example>",
    "<!-- --><style>*{background:url(//evil.example)}</style><![CDATA[<b>]]><?php ?>",
    "&lt;script&gt;alert(1)&#60;/script>",
    "```mermaid\ngraph TD; A-->B\n<script>alert(1)</script>\n```",
    "~~~mermaid\n<img src=x onerror=alert(1)>\n~~~",
    "`a```mermaid\n<img src=x onerror=alert(1)>\n```",
    "    <script>alert(1)</script>\n\n\t[x](javascript:alert(1))",
    "$\\href{javascript:alert(1)}{x}$ \\\\href{javascript:alert(1)}{x} \\(\\url{javascript:x}\\)",
    "$ a\n\n[x](javascript:alert(1)) <script>alert(1)</script> $",
    "$$ a\n\n[x](javascript:alert(1)) <script>alert(1)</script>\n\n $$",
    "\\begin{a}\n\n[x](javascript:alert(1))<script>\n\n\\end{a}",
    "`[x](javascript:alert(1))` `` <script> `` `$` [x](javascript:alert(1)) `$`",
    "# <img src=x onerror=alert(1)> [x](javascript:alert(1))",
    "| a |\n|---|\n| [x](javascript:alert(1)) <img src=x onerror=alert(1)> |",
    "- [ ] [x](javascript:alert(1))\n> [y]\n>\n> [y]: javascript:alert(1)",
    'https://evil.example/"onmouseover="alert(1) javascript://evil.example/%0aalert(1)',
    "word\n: [x](javascript:alert(1))\u2028<script>alert(1)</script>",
]


@pytest.mark.parametrize("markdown", HOSTILE)
def test_hostile_markdown_is_inert(shown, markdown):
    picture = {"a.png": {"image/png": PNG}}
    page = shown(markdown, picture)
    assert not {"script", "style", "iframe", "svg", "object", "form"} & set(page.tags)
    for tag, name, value in page.attributes:
        assert not name.startswith("on")
        assert value != "mermaid"
        if name == "href":
            assert value.startswith(("#", "http://", "https://"))
        if name == "src":
            assert (tag, value) == ("img", f"data:image/png;base64,{PNG}")
    assert "\\href" not in page.text
    assert "\\url" not in page.text


def test_prose_looks_as_it_was_written(shown):
    page = shown(
        "# Why\n\n**Bins** of `roi_pool` (see https://example.org/paper):\n- first\n- second\n\n| a | b |\n"
        "|---|---|\n| 1 | 2 |\n\na[0] < b & c > d\nnext line\n"
    )
    assert {"h1", "strong", "code", "ul", "li", "table", "td", "br"} <= set(page.tags)
    assert ("a", "href", "https://example.org/paper") in page.attributes
    assert "a[0] < b & c > d\nnext line" in page.text


def test_code_keeps_its_lines_and_its_indentation(shown):
    page = shown("```python\ndef f(x):\n    return x[0] < 1\n```")
    assert "```python\ndef f(x):\n\xa0\xa0\xa0\xa0return x[0] < 1\n```" in page.text


def test_short_code_is_code_whatever_stands_in_it(shown):
    page = shown("`rois[k]` is `a < b`, **row k** of `x*y*z_` and `$x$` &amp; `<b>`.")
    assert page.tags.count("code") == 5
    assert "rois[k] is a < b, row k of x*y*z_ and $x$ &amp; <b>." in page.text
    assert {"em", "b"}.isdisjoint(page.tags)


def test_mathematics_stays(shown):
    page = shown("$x_1 < y$ and\n$$\n\\begin{matrix} a & b \\\\ c & d \\end{matrix} [0]\n$$\n")
    assert "$x_1 \\lt  y$" in page.text
    assert "\\begin{matrix} a &  b \\\\ c &  d \\end{matrix} \\lbrack 0\\rbrack" in page.text
    assert "em" not in page.tags


def test_a_pasted_picture_is_shown(shown):
    page = shown("Look: ![my drawing](attachment:a.png)", {"a.png": {"image/png": PNG}})
    assert ("img", "src", f"data:image/png;base64,{PNG}") in page.attributes


@pytest.mark.parametrize("data", [b"", b"\xff\xfe\x00", b"[1, 2", b'{"cells": [1, "x", null]}'])
def test_a_file_that_is_no_notebook_is_no_obstacle(graded, data):
    assert "check('bin_edges')" in sources(graded(data))
