"""A graded cell in nbgrader and JupyterLab: score, table, picture, idea; and the comment on the answer."""

import base64
import re
from dataclasses import replace
from html.parser import HTMLParser

import nbformat
import pytest
from nbconvert import HTMLExporter
from nbgrader.utils import determine_grade

from grader.attempts import Attempt
from grader.case import Case
from grader.errors import GraderError
from grader.records import CallOutcome, CallRecord
from grader.report import graded_cell, html, summary

PICTURE = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="432" height="90" aria-label="RoI 0, &lt;bins&gt;">'
    '<rect width="9" height="9"/></svg>'
)
FOUND = "bin 0: expected (0, 2), got (0, 3)"


@pytest.fixture
def item(make_class):
    """Failures -> the item `bin_edges` as its student may see it."""

    def make(**failures):
        (submission,) = make_class({"ada": failures}).submissions
        return next(item for item in summary.for_student(submission).items if item.id == "bin_edges")

    return make


@pytest.fixture
def joan(class_result):
    """What is behind joan's results: overlapping bins here, nearest ends elsewhere."""
    return next(one.diagnosis for one in class_result.submissions if one.student == "joan")


@pytest.fixture
def nothing(class_result):
    return class_result.submissions[0].diagnosis


def with_cases(item, **changes):
    return replace(item, cases=tuple(replace(case, **changes) for case in item.cases))


class Page(HTMLParser):
    """The elements of a page, its pictures and its text."""

    def __init__(self, *pages):
        super().__init__()
        self.elements, self.styles, self.images, self.text = [], [], [], ""
        for page in pages:
            self.feed(page)
        self.close()

    def handle_starttag(self, tag, attributes):
        found = dict(attributes)
        self.styles.append(found.pop("style", ""))
        if tag == "img":
            self.images.append(found)
        self.elements.append((tag, tuple(found)))

    def handle_data(self, data):
        self.text += data


def page_of(outputs):
    return Page(*(output["data"]["text/html"] for output in outputs))


# ------------------------------------------------------------------ what is there to be read
def test_score_then_what_was_asked_and_what_came(item, nothing):
    """Half of the points; a hidden case that fails shows its idea alone."""
    found = item(test_five=("wrong", FOUND), test_cover=("wrong", "secret"))
    score, table = graded_cell.outputs(found, nothing)
    assert Page(score["data"]["text/html"]).text.strip() == "◐ partly Split a side into bins: 2 / 4"
    assert table["data"]["text/plain"].splitlines() == [
        "◐ Split a side into bins: 2 / 4",
        "  ✗ 5 cells in 2 bins: 2 + 3.",
        f"      {FOUND}",
        "  ✓ Bins touch, and do not overlap.",
        "  ✗ Every cell of the side is in a bin.",
    ]
    assert [" ".join(line.split()) for line in Page(table["data"]["text/html"]).text.split("\n") if line] == [
        "✗ wrong",
        "5 cells in 2 bins: 2 + 3. (0 / 0.5)",
        FOUND,
        "✓ correct",
        "Bins touch, and do not overlap. (hidden test, 2 / 2)",
        "✗ wrong",
        "Every cell of the side is in a bin. (hidden test, 0 / 1.5)",
    ]


def test_the_idea_behind_it_stands_below(item, joan):
    """Overlapping bins explain a case of this item; joan's other idea has to do with another item."""
    _, table = graded_cell.outputs(item(test_disjoint=("wrong", "secret")), joan)
    idea = "These are overlapping bins, as Caffe and torchvision cut them; here no two bins share a cell."
    back = "Go back to “Step 2. Cut a length into bins”."
    assert table["data"]["text/plain"].splitlines()[4:] == [
        "  Where your numbers differ, they follow another convention of the field: "
        "not a slip, but not what is asked for here.",
        f"    1. {idea} (another convention)",
        f"       This explains `bin_edges` and `roi_pool`. {back}",
    ]
    text = Page(table["data"]["text/html"]).text
    assert idea in text
    assert back in text


def test_pictures_are_images_at_most_two_and_not_large(item, nothing):
    """As an image nothing in it can run, and a viewer that does not trust the notebook shows it."""
    found = with_cases(item(test_five=("wrong", FOUND)), picture=PICTURE)
    first, second = page_of(graded_cell.outputs(found, nothing)).images
    assert base64.b64decode(first["src"].removeprefix("data:image/svg+xml;base64,")).decode() == PICTURE
    assert first["alt"] == "RoI 0, <bins>"
    assert second == first

    for no_picture in ("<svg", "<html/>", "<svg/>", PICTURE.replace("<rect", f"<!--{'x' * 200_000}--><rect")):
        assert page_of(graded_cell.outputs(with_cases(found, picture=no_picture), nothing)).images == []


def test_what_was_printed_is_said_once(item, nothing):
    found = with_cases(item(test_five=("error", "E")), printed="here\n<b>1</b>", traceback="line 3\nline 4")
    _, table = graded_cell.outputs(found, nothing)
    assert "      printed:\n        here\n        <b>1</b>" in table["data"]["text/plain"]
    page = Page(table["data"]["text/html"])
    assert page.text.count("here\n<b>1</b>") == page.text.count("line 3\nline 4") == 1


@pytest.fixture
def printing():
    """What is kept of what one call of a case printed."""

    def kept(text, outcome="wrong", visibility="public"):
        case = Case("test_five", "bin_edges", 1.0, "5 cells in 2 bins.", visibility, "test_public.py:3")
        raised = AssertionError(FOUND) if outcome == "wrong" else None
        call = CallRecord("bin_edges", (), {}, CallOutcome("returned", stdout=text, stderr="E"))
        return Attempt(case, raised, "test_public.py:5", 0.0, 1.0, (call,)).result().printed

    return kept


def test_what_was_printed_is_cut(printing):
    assert printing("one\n\x1b[2Jtwo\n") == "one\n\ufffd[2Jtwo\nE"
    assert printing("line\n" * 1000).split("\n") == ["line"] * 19 + ["…"]
    assert len(printing("x" * 100_000)) == 1000


@pytest.mark.parametrize(("outcome", "visibility"), [("wrong", "hidden"), ("correct", "public")])
def test_of_hidden_and_of_right_cases_nothing_printed_is_kept(printing, outcome, visibility):
    assert printing("x", outcome, visibility) == ""


def test_a_refused_file_and_our_own_failure_say_so(item, nothing, make_class):
    refused = replace(item(), cases=(), outcome="refused", score=0.0, sentence="the file is no notebook")
    score, table = graded_cell.outputs(refused, nothing)
    assert "R refused" in score["data"]["text/html"]
    assert "the file is no notebook" in Page(table["data"]["text/html"]).text
    assert table["data"]["text/plain"].endswith("\n  the file is no notebook")

    _, table = graded_cell.outputs(item(test_five=("internal_error", "our test failed")), nothing)
    for text in table["data"].values():
        assert summary.NOT_GRADED in text
        assert "our test failed" not in text


# ------------------------------------------------------------------ nbgrader's own reading of a score
@pytest.fixture
def read(nothing):
    """What ``nbgrader``'s SaveAutoGrades would make of an item's cell."""

    def read_by_nbgrader(item):
        marks = {"grade_id": item.id, "grade": True, "solution": False, "points": item.max_score}
        cell = nbformat.v4.new_code_cell("check()", metadata={"nbgrader": {**marks, "schema_version": 3}})
        cell["outputs"] = [nbformat.from_dict(output) for output in graded_cell.outputs(item, nothing)]
        nbformat.validate(nbformat.v4.new_notebook(cells=[cell]))
        return determine_grade(cell)

    return read_by_nbgrader


ALL = ("test_five", "test_disjoint", "test_cover")


@pytest.mark.parametrize(
    ("failures", "score"), [((), 4.0), (("test_five",), 3.5), (("test_five", "test_cover"), 2.0), (ALL, 0.0)]
)
@pytest.mark.parametrize("outcome", ["wrong", "error"])
def test_nbgrader_would_read_the_very_score(item, read, failures, score, outcome):
    """It takes a number for partial credit, an error or stderr for 0, and anything else for full marks."""
    found = item(**dict.fromkeys(failures, (outcome, "0.25")))
    assert (found.score, read(found)) == (score, (score, 4.0))


def test_of_what_is_not_graded_nbgrader_reads_nothing(item, read):
    """Neither full marks nor 0: it stops."""
    with pytest.raises(KeyError, match="text/plain"):
        read(item(test_five=("internal_error", "ours")))


@pytest.mark.parametrize("score", [float("nan"), float("inf"), -0.5, 4.5])
def test_a_score_that_cannot_be_is_never_written(item, nothing, score):
    with pytest.raises(GraderError, match=r"bin_edges: a score of .* is not between 0 and 4"):
        graded_cell.outputs(replace(item(), score=score), nothing)


# ------------------------------------------------------------------ what stands in other people's pages
#: What JupyterLab 4 leaves of a style in a notebook that it does not trust, of what is used here.
STYLES = {
    "background", "background-color", "border", "border-collapse", "border-left", "border-radius",
    "border-top", "color", "cursor", "display", "font-size", "font-weight", "height", "line-height", "margin",
    "margin-top", "max-height", "max-width", "min-width", "opacity", "overflow", "overflow-wrap",
    "overflow-x", "padding", "table-layout", "text-align", "vertical-align", "white-space", "width",
    "word-break",
}  # fmt: skip
TAGS = {
    "b", "br", "code", "details", "div", "img", "pre", "span", "summary", "table", "tbody", "td", "tr",
}  # fmt: skip
HOSTILE = (
    "<script>alert(1)</script>",
    "</td></tr></table></div><style>body{display:none}</style>",
    "\" onmouseover=\"alert(1)' style='background:url(//127.0.0.1:9)",
    "<img src=x onerror=alert(1)> [x](javascript:alert(1))",
    "<div class=tex2jax_process>$x$</div><math><mi>x</mi></math>",
    "\\href{javascript:alert(1)}{x} \\(\\url{javascript:x}\\) $\\style{position:fixed}{x}$",
    "{{ 7 * 7 }} {% raw %} &lt;b&gt; &#60;b>",
    "]]> --> */ \u202e \x1b[2J",
)


@pytest.mark.parametrize("text", HOSTILE)
def test_no_element_and_no_style_comes_out_of_a_text(item, joan, text):
    def page(said):
        found = item(test_five=("error", said), test_disjoint=("wrong", "secret"))
        found = with_cases(found, traceback=said, printed=said, picture=PICTURE)
        return page_of(graded_cell.outputs(found, joan))

    hostile, plain = page(text), page("word")
    assert (hostile.elements, hostile.styles) == (plain.elements, plain.styles)
    assert {tag for tag, _ in hostile.elements} <= TAGS
    assert {name for _, names in hostile.elements for name in names} == {"class", "colspan", "src", "alt"}
    for tex in ("\\href", "\\url", "\\style", "\x1b"):
        assert tex not in hostile.text
    assert "".join(re.findall("[a-z]+", text.replace("\\", "")))[:20] in re.sub("[^a-z]", "", hostile.text)


def test_all_of_it_is_kept_from_mathjax_and_none_of_it_leaks(item, joan):
    for output in graded_cell.outputs(item(test_disjoint=("wrong", "$x$")), joan):
        page = output["data"]["text/html"]
        assert page.startswith('<div class="tex2jax_ignore mathjax_ignore" ')
        assert page.count("<div") == page.count("</div>")
        assert page.endswith("</div>\n")
        assert not re.search(r"<style|<script|url\(|var\(|href|\bid=|!important", page)
        used = {name for style in Page(page).styles for name in re.findall(r"([a-z-]+):", style)}
        assert used <= STYLES


def test_a_page_that_lets_no_html_of_outputs_through_still_tells_it(item, joan):
    """As ``jupyter nbconvert --HTMLExporter.sanitize_html=True`` makes one."""
    found = item(test_five=("wrong", FOUND), test_disjoint=("wrong", "secret"))
    cell = nbformat.v4.new_code_cell("check()")
    cell["outputs"] = [nbformat.from_dict(output) for output in graded_cell.outputs(found, joan)]
    exporter = HTMLExporter(template_name="basic", sanitize_html=True)
    page = Page(exporter.from_notebook_node(nbformat.v4.new_notebook(cells=[cell]))[0])
    words = " ".join(page.text.split())
    for told in ("✗ wrong", "1.5 / 4", FOUND, "Bins touch, and do not overlap.", "overlapping bins"):
        assert told in words


# ------------------------------------------------------------------ the comment
def test_a_comment_is_short_and_names_the_idea(item, joan, nothing):
    hidden = item(test_disjoint=("wrong", "secret"))
    assert graded_cell.comment(hidden, joan).split("\n\n") == [
        "Split a side into bins: Does not hold yet (wrong): Bins touch, and do not overlap.",
        "To revisit (another convention): These are overlapping bins, as Caffe and torchvision cut them; "
        "here no two bins share a cell. Go back to “Step 2. Cut a length into bins”.",
    ]
    public = item(test_five=("wrong", FOUND))
    assert graded_cell.comment(public, nothing) == f"Split a side into bins: {FOUND}"


@pytest.mark.parametrize("text", HOSTILE)
def test_a_comment_is_no_html_no_link_and_no_formula(item, nothing, text):
    made = graded_cell.comment(item(test_five=("error", text)), nothing)
    assert not re.search(r"<\S|&\S|\]\(|://|\$|\\|\x1b|\u202e", made)
    assert len(graded_cell.comment(item(test_five=("error", "x" * 5000)), nothing)) < 700


# ------------------------------------------------------------------ the page for the student
def test_the_feedback_page_has_the_same_four_in_the_same_order(make_class, class_result, tmp_path):
    """What was asked, what came, the picture, the idea to revisit; and what was printed."""
    (joan,) = (one for one in class_result.submissions if one.student == "joan")
    index = html.write(replace(class_result, submissions=(joan,)), tmp_path)
    page = (index.parent / "feedback" / "joan.html").read_text(encoding="utf-8")
    item = page[page.index("Pool every bin</h3>") : page.index("The two other conventions</h3>")]
    asked, came = item.index("The 8×8 map with RoI"), item.index("expected 0.97, got 0.69")
    assert asked < came < item.index("<svg") < item.index("To revisit")
    assert "These are overlapping bins" in item[item.index("To revisit") :]
