"""Text from strangers in every report: it is shown, and does nothing.

The same class is reported twice, once with hostile texts and once with plain words in their places: both
times the pages have the same elements with the same attributes, so none of them came out of a text.
"""

import csv
import io
import json
import re
from dataclasses import replace
from html.parser import HTMLParser

import pytest
from rich.console import Console

from grader.errors import GraderError
from grader.report import html, results_json, scores_csv, terminal

TEXTS = (
    "<script>alert(1)</script>",
    "</title></style></script><svg onload=alert(1)>",
    '" onmouseover="alert(1)',
    "' style='background:url(//127.0.0.1:9/x)",
    "</style><style>@import url(//127.0.0.1:9)</style>",
    "javascript:alert(1)",
    "[x](javascript:alert(1)) ![x](//127.0.0.1:9/x.png)",
    "--><!-- <![CDATA[ <?x",
    "<meta http-equiv=refresh content='0;url=//127.0.0.1:9'>",
    "<base href=//127.0.0.1:9/><link rel=stylesheet href=x>",
    "<iframe srcdoc='<script>alert(1)</script>'>",
    "</pre></details><form action=//127.0.0.1:9><input autofocus onfocus=alert(1)>",
    "<math><mtext></form><form><mglyph><style></math><img src onerror=alert(1)>",
    "`<img src=x onerror=alert(1)>` &lt;b&gt; &#x3c;script&#x3e;",
    "{{ 7 * 7 }} {% raw %} ${alert(1)}",
    "\x1b[2J\x1b]0;owned\x07\x9b31mALL PASSED",
    "\u202egnp.exe\u2066 \u200b\ufeff\u2028",
    "\ud800<b>\udfff",
    "[bold red]ALL PASSED[/] [link=http://127.0.0.1:9]x[/link]",
    "=HYPERLINK(\"http://127.0.0.1:9\";\"x\")",
    "+cmd|' /C calc'!A0",
    "@SUM(A1)\n=1+1",
    "\t=1+1",
    "\uff1d1+1",
    "ada;=1+1,-2+3",
    "ada\",=\"\",\"'=1+1",
)
WORDS = tuple(f"word{number}" for number in range(len(TEXTS)))
PAGE = re.compile(r"((\.\./)?(students|feedback)/|\.\./)?[\w.-]+\.html")
#: Where a spreadsheet begins to calculate, whatever stands between cells there.
RUNS = re.compile("[=+\\-@\uff1d\uff0b\uff0d\uff20]")
UNSAFE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ud800-\udfff]")


@pytest.fixture
def told(make_class):
    """Texts -> a class in which a student, a path, a sentence, a traceback and a note say each of them."""

    def make(texts):
        students = {f"s{k}": {"test_five": ("error", "x")} for k in range(len(texts))}
        result = make_class(students)
        pairs = zip(result.submissions, texts, strict=True)
        return replace(result, submissions=tuple(say(submission, text) for submission, text in pairs))

    return make


def say(submission, text):
    """The submission, with `text` wherever a stranger can put one."""
    items = []
    for item in submission.items:
        cases = [
            replace(case, sentence=text, traceback=text) if case.outcome == "error" else case
            for case in item.cases
        ]
        items.append(replace(item, cases=tuple(cases), sentence=text if item.outcome == "error" else ""))
    return replace(submission, student=text, path=f"class/{text}", notes=(text,), items=tuple(items))


class Elements(HTMLParser):
    """The elements of a page with the names of their attributes, where its links lead, and the text."""

    def __init__(self, page):
        super().__init__()
        self.elements, self.links, self.text = [], [], ""
        self.feed(page)

    def handle_starttag(self, tag, attributes):
        self.links += [value for name, value in attributes if name == "href"]
        self.elements.append((tag, *((name, value) for name, value in attributes if name != "href")))

    def handle_data(self, data):
        self.text += data

    def handle_comment(self, data):
        self.elements.append(("comment",))

    handle_decl = unknown_decl = handle_pi = handle_comment


def pages(result, folder):
    """The class page, and the two pages of each student in order."""
    index = html.write(result, folder)
    names = html.page_names(submission.student for submission in result.submissions)
    places = [folder / kind / f"{name}.html" for name in names for kind in ("students", "feedback")]
    return [Elements(place.read_text(encoding="utf-8")) for place in (index, *places)]


def test_no_element_and_no_attribute_comes_out_of_a_text(told, tmp_path):
    for hostile, plain in zip(
        pages(told(TEXTS), tmp_path / "hostile"), pages(told(WORDS), tmp_path / "plain"), strict=True
    ):
        assert hostile.elements == plain.elements
        assert len(hostile.links) == len(plain.links)
        assert all(PAGE.fullmatch(link) for link in hostile.links)


def test_every_text_is_there_to_be_read(told, tmp_path):
    index, *others = pages(told(TEXTS), tmp_path)
    for number, text in enumerate(TEXTS):
        words = [word for word in re.split(r"[^\x20-\x7e]+|\s+", text) if word]
        for page in (index, others[2 * number], others[2 * number + 1]):
            assert all(word in page.text for word in words), text
            assert not UNSAFE.search(page.text)


@pytest.mark.parametrize("encoding", ["utf-8", "ascii"])
def test_the_terminal_gets_colours_of_ours_and_nothing_else(told, encoding):
    out = io.TextIOWrapper(io.BytesIO(), encoding=encoding)
    console = Console(file=out, force_terminal=True, width=80, color_system="standard", legacy_windows=False)
    terminal.print_class(told(TEXTS), console)
    out.flush()
    printed = out.buffer.getvalue().decode(encoding)
    assert "[bold red]ALL" in printed
    assert "http://127.0.0.1:9\x1b\\" not in printed
    plain = re.sub(r"\x1b\[[0-9;]*m", "", printed)
    assert not UNSAFE.search(plain)


def test_results_json_holds_no_control_characters(told, tmp_path):
    path = results_json.write(told(TEXTS), tmp_path / "results.json")
    assert not UNSAFE.search(path.read_text(encoding="utf-8").replace("\n", ""))
    json.loads(path.read_bytes())


# ------------------------------------------------------------------ scores.csv
def rows(path):
    with open(path, encoding="utf-8", newline="") as file:
        return list(csv.reader(file, strict=True))


def test_scores_are_a_row_a_student_and_a_column_an_item(make_class, tmp_path):
    """dorothy lost 3 of 10 in roi_pool; mary was not graded in quantize_roi, which is no 0."""
    result = make_class()
    path = scores_csv.write(result, tmp_path / "scores.csv")
    header, *students = rows(path)
    assert header == [
        "student", "file", "outcome", "score", "max score",
        "quantize_roi", "bin_edges", "roi_pool", "conventions", "looks like",
    ]  # fmt: skip
    assert len(students) == 18
    found = {row[0]: row[1:] for row in students}
    assert found["ada"] == ["class/ada.ipynb", "correct", "20.0", "20.0", "3.0", "4.0", "10.0", "3.0", ""]
    assert found["dorothy"][:4] == ["class/dorothy.ipynb", "wrong", "17.0", "20.0"]
    assert found["dorothy"][4:] == ["3.0", "4.0", "7.0", "3.0", "started at zero"]
    assert found["joan"][-1] == "nearest ends + overlapping bins"
    assert found["mary"][1:5] == ["internal_error", "", "20.0", ""]
    assert b'"dorothy","class/dorothy.ipynb","wrong",17.0,20.0,' in path.read_bytes()
    assert path.read_bytes().count(b"\r\n") == path.read_bytes().count(b"\n") == 19


def test_an_item_without_a_result_is_empty(make_class, tmp_path):
    result = make_class({"ada": {}})
    lost = replace(result.submissions[0], items=result.submissions[0].items[1:])
    path = scores_csv.write(replace(result, submissions=(lost,)), tmp_path / "scores.csv")
    assert rows(path)[1][5:] == ["", "4.0", "10.0", "3.0", ""]


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
@pytest.mark.parametrize("keeps_quotes", [True, False])
def test_no_cell_calculates(told, tmp_path, separator, keeps_quotes):
    """However a spreadsheet takes the lines apart, with or without minding the quotes."""
    path = scores_csv.write(told(TEXTS), tmp_path / "scores.csv")
    text = path.read_text(encoding="utf-8")
    assert not UNSAFE.search(text.replace("\r\n", "\n"))
    if keeps_quotes:
        lines = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
        cells = [cell for line in lines for cell in line]
    else:
        cells = [cell for line in text.split("\r\n") for cell in line.split(separator)]
    for cell in cells:
        assert not RUNS.match(cell.strip().strip('"').strip()), cell


def test_names_that_calculate_nothing_stay_as_they_are(told, tmp_path):
    names = ["ada-b", "a@b.org", "o'neil", "ada, countess", "Jos\u00e9 (2)", "李", "1e5", "  ada"]
    path = scores_csv.write(told(names), tmp_path / "scores.csv")
    assert [row[0] for row in rows(path)[1:]] == names


def test_a_score_that_is_no_number_is_not_written(make_class, tmp_path):
    result = make_class({"ada": {}})
    odd = replace(result.submissions[0], score=float("nan"))
    with pytest.raises(GraderError, match="a score is not a finite number"):
        scores_csv.write(replace(result, submissions=(odd,)), tmp_path / "scores.csv")
    assert list(tmp_path.iterdir()) == []
